"""What a story is made of: blocks of text, pictures and tables. Never HTML.

Text is a tuple of flat runs, so that it can be measured, cut and typeset without parsing anything.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Mn", "Me"})
_FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters of no width and the empty Braille sign, which Unicode counts as visible."""


class Mark(StrEnum):
    """Emphasis of a run; several may lie on one run."""

    BOLD = "bold"
    ITALIC = "italic"
    UNDERLINE = "underline"
    STRIKE = "strike"
    CODE = "code"
    SPOILER = "spoiler"
    MARKED = "marked"
    SUBSCRIPT = "sub"
    SUPERSCRIPT = "sup"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text set alike.

    `href` is an absolute URL (http, https, mailto or tel); `unix` makes it a time (seconds, UTC); `note`
    makes it the reference to the footnote of that label.
    """

    text: str
    marks: frozenset[Mark] = frozenset()
    href: str | None = None
    unix: int | None = None
    note: str | None = None


Text = tuple[Run, ...]


class MediaKind(StrEnum):
    """What a figure shows."""

    PICTURE = "picture"
    VIDEO = "video"
    AUDIO = "audio"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Media:
    """A picture, video, sound or file: by URL, or as Telegram's `file_id` (valid for one bot alone).

    `alt` says in words what it shows; `poster` is the URL of the picture that stands for a video. A `barred`
    one Telegram can't have: it is shown as a link.
    """

    kind: MediaKind
    url: str | None = None
    file_id: str | None = None
    alt: str = ""
    width: int | None = None
    height: int | None = None
    poster: str | None = None
    barred: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the body."""

    text: Text


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside the body; `level` 1 (highest) to 6."""

    text: Text
    level: int = 2


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation. A pull quote repeats words of the story to catch the eye."""

    blocks: tuple[Block, ...]
    credit: Text = ()
    pull: bool = False


@dataclass(frozen=True, slots=True)
class ListBlock:
    """A list; each item is blocks, so that lists nest.

    `start` numbers the first item of an ordered one, `reversed` counts down from there, and `style` is
    HTML's `type`: one of `1 a A i I`.
    """

    items: tuple[tuple[Block, ...], ...]
    ordered: bool = False
    start: int = 1
    reversed: bool = False
    style: str = "1"


@dataclass(frozen=True, slots=True)
class Figure:
    """One medium with its caption and, apart from it, its credit. `href` is where it leads when pressed."""

    media: Media
    caption: Text = ()
    credit: Text = ()
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Gallery:
    """Several figures shown together."""

    figures: tuple[Figure, ...]
    caption: Text = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """A table's cell, spanning `columns` by `rows`; `align` is left, center, right or empty (as usual)."""

    text: Text
    header: bool = False
    columns: int = 1
    rows: int = 1
    align: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table, row by row."""

    rows: tuple[tuple[Cell, ...], ...]
    caption: Text = ()


@dataclass(frozen=True, slots=True)
class Preformatted:
    """Text whose spaces and line ends count, such as code; `language` is the code's."""

    text: Text
    language: str = ""


@dataclass(frozen=True, slots=True)
class Details:
    """Background that the reader opens by choice; `open` where it stands open at first."""

    summary: Text
    blocks: tuple[Block, ...]
    open: bool = False


@dataclass(frozen=True, slots=True)
class Embed:
    """Something shown from elsewhere (a post, a video, a map): known by its URL and title.

    `caption` is what the page says of it, a post's own words included; `place` is where a map points
    (latitude, longitude in degrees).
    """

    url: str
    title: str = ""
    provider: str = ""
    caption: Text = ()
    place: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Footnotes:
    """Notes at the end, each with the label by which `Run.note` refers to it."""

    notes: tuple[tuple[str, Text], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Divider:
    """A break between two parts."""


Block = (
    Paragraph
    | Heading
    | Quote
    | ListBlock
    | Figure
    | Gallery
    | Table
    | Preformatted
    | Details
    | Embed
    | Footnotes
    | Divider
)
Blocks = tuple[Block, ...]


def plain(text: Text) -> str:
    """Return the text of runs without their marks."""
    return "".join(run.text for run in text)


def is_blank(text: str) -> bool:
    """Return whether a text shows nothing: it has no signs but blanks and such as have no picture of their own."""
    return all(sign in _FILLERS or unicodedata.category(sign) in _UNSEEN for sign in text)


def without_first(text: Text, characters: int) -> Text:
    """Return the text without so many characters (code points) at its beginning."""
    kept = []
    for run in text:
        if characters < len(run.text):
            kept.append(replace(run, text=run.text[characters:]))
        characters = max(characters - len(run.text), 0)
    return tuple(kept)


def texts(blocks: Iterable[Block]) -> Iterator[Text]:  # noqa: PLR0912
    """Yield every text of the blocks in reading order, nested ones included."""
    for block in blocks:
        match block:
            case Paragraph(text) | Heading(text) | Preformatted(text):
                yield text
            case Quote(inner, credit):
                yield from texts(inner)
                yield credit
            case ListBlock(items):
                for item in items:
                    yield from texts(item)
            case Figure(_, caption, credit):
                yield caption
                yield credit
            case Gallery(figures, caption):
                yield from texts(figures)
                yield caption
            case Table(rows, caption):
                yield caption
                for row in rows:
                    yield from (cell.text for cell in row)
            case Details(summary, inner):
                yield summary
                yield from texts(inner)
            case Embed(_, title, _, caption):
                yield (Run(title),) if title else ()
                yield caption
            case Footnotes(notes):
                yield from (note for _, note in notes)
            case Divider():
                pass


def figures(blocks: Iterable[Block]) -> Iterator[Figure]:
    """Yield every figure of the blocks in reading order, nested ones included."""
    for block in blocks:
        match block:
            case Figure():
                yield block
            case Gallery(found):
                yield from found
            case Quote(inner) | Details(_, inner):
                yield from figures(inner)
            case ListBlock(items):
                for item in items:
                    yield from figures(item)
            case _:
                pass


def with_media(blocks: Iterable[Block], change: Callable[[Media], Media]) -> Blocks:
    """Return the blocks with the medium of each figure changed, nested ones included."""
    return tuple(_with_media(block, change) for block in blocks)


def _with_media(block: Block, change: Callable[[Media], Media]) -> Block:
    match block:
        case Figure():
            return replace(block, media=change(block.media))
        case Gallery(found):
            return replace(block, figures=tuple(replace(each, media=change(each.media)) for each in found))
        case Quote(inner) | Details(_, inner):
            return replace(block, blocks=with_media(inner, change))
        case ListBlock(items):
            return replace(block, items=tuple(with_media(item, change) for item in items))
        case _:
            return block


def plain_text(blocks: Iterable[Block]) -> str:
    """Return all words of the blocks, one text a line."""
    return "\n".join(filter(None, (plain(text).strip() for text in texts(blocks))))
