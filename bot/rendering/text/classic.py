"""Writes blocks as Telegram's classic HTML. Every word stays; media and wide tables become words and links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby

from bot.model.story.content import (
    Block,
    Details,
    Divider,
    Embed,
    Figure,
    Footnotes,
    Gallery,
    Heading,
    ListBlock,
    Mark,
    MediaKind,
    Paragraph,
    Preformatted,
    Quote,
    Run,
    Table,
    Text,
    plain,
)
from bot.rendering.text.links import address_of, safe_url
from bot.rendering.text.spans import clean, escape
from bot.rendering.text.tables import table_lines
from bot.rendering.text.typography import typeset_runs

_TAGS = {
    Mark.BOLD: "b",
    Mark.ITALIC: "i",
    Mark.UNDERLINE: "u",
    Mark.STRIKE: "s",
    Mark.SPOILER: "tg-spoiler",
    Mark.MARKED: "u",
}
_ORDER = tuple(_TAGS)
SIGNS = {MediaKind.PICTURE: "🖼", MediaKind.VIDEO: "▶️", MediaKind.AUDIO: "🎧", MediaKind.FILE: "📎"}
_RAISED = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_BULLETS = ("•", "◦", "▪")
_INDENT = "\u2003"
_DIVIDER = "* * *"
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)


@dataclass(frozen=True, slots=True)
class Setting:
    """The settings of blocks: their text's language (IETF code), and the names of media without a caption.

    Without `typeset` every sign stays as it was written.
    """

    language: str
    words: Mapping[MediaKind, str] = field(default_factory=dict)
    typeset: bool = True


def blocks_html(blocks: Iterable[Block], setting: Setting) -> str:
    """Return the blocks as HTML, an empty line between two."""
    return "\n\n".join(_each(blocks, setting))


def _each(blocks: Iterable[Block], setting: Setting, *, quoted: bool = False, depth: int = 0) -> list[str]:
    return [html for block in blocks if (html := _block(block, setting, quoted, depth)).strip()]


def _block(block: Block, setting: Setting, quoted: bool, depth: int) -> str:
    """Return one block; `quoted` is set inside a quote, where Telegram allows no other."""
    match block:
        case Paragraph(text):
            return text_html(text, setting)
        case Heading(text):
            return _bold(text, setting)
        case Quote():
            return _quote(block, setting, quoted, depth)
        case ListBlock():
            return _list(block, setting, quoted, depth)
        case Figure():
            return _figure(block, setting)
        case Gallery(found, caption):
            lines = [*(_figure(figure, setting) for figure in found), text_html(caption, setting)]
            return "\n".join(filter(None, lines))
        case Table():
            return _table(block, setting)
        case Preformatted(text):
            return f"<pre>{_plain_html(text)}</pre>" if plain(text).strip() else ""
        case Details():
            return _details(block, setting, quoted, depth)
        case Embed():
            return _embed(block, setting)
        case Footnotes(notes):
            return "\n".join(f"{escape(clean(label))} {text_html(note, setting)}" for label, note in notes)
        case Divider():
            return _DIVIDER


def _quote(quote: Quote, setting: Setting, quoted: bool, depth: int) -> str:
    inner = _each(quote.blocks, setting, quoted=True, depth=depth)
    credit = text_html(quote.credit, setting)
    said = "\n\n".join(inner)
    if credit:
        said += f"\n— {credit}" if said else f"— {credit}"
    return said if quoted or not said else f"<blockquote>{said}</blockquote>"


def _details(block: Details, setting: Setting, quoted: bool, depth: int) -> str:
    hidden = "\n\n".join(_each(block.blocks, setting, quoted=True, depth=depth))
    said = "\n".join(filter(None, [_bold(block.summary, setting), hidden]))
    tag = "blockquote" if block.open else "blockquote expandable"
    return said if quoted or not said else f"<{tag}>{said}</blockquote>"


def _list(block: ListBlock, setting: Setting, quoted: bool, depth: int) -> str:
    lines: list[str] = []
    bullet = _BULLETS[min(depth, len(_BULLETS) - 1)]
    for number, item in enumerate(block.items):
        # A quote inside an item would tear the list apart.
        inner = _each(item, setting, quoted=True, depth=depth + 1)
        sign = f"{_numeral(block, number)}." if block.ordered else bullet
        lines.append(_INDENT * depth + f"{sign} " + "\n".join(inner))
    return "\n".join(lines)


def _numeral(block: ListBlock, at: int) -> str:
    """Return how the item at that place is numbered: in digits, letters or Roman numerals."""
    number = block.start - at if block.reversed else block.start + at
    numeral = ""
    if block.style in "aA" and number > 0:
        left = number
        while left:
            left, letter = divmod(left - 1, 26)
            numeral = chr(ord("a") + letter) + numeral
    elif block.style in "iI" and 0 < number < 4000:
        left = number
        for value, sign in _ROMAN:
            numeral += sign * (left // value)
            left %= value
    return (numeral.upper() if block.style in "AI" else numeral) or str(number)


def _figure(figure: Figure, setting: Setting) -> str:
    media = figure.media
    name = text_html(figure.caption, setting)
    credit = text_html(figure.credit, setting)
    sign, url = SIGNS[media.kind], safe_url(media.url)
    if url:
        label = clean(media.alt).strip() or setting.words.get(media.kind, media.kind.value)
        # A caption may hold links of its own, and links can't nest: then the sign's word is the link.
        if name and "<a " not in name:
            shown = f'<a href="{_attribute(url)}">{name}</a>'
        else:
            link = f'<a href="{_attribute(url)}">{escape(label)}</a>'
            shown = f"{link}: {name}" if name else link
    else:
        shown = name or escape(clean(media.alt).strip())
    leads = safe_url(figure.href)
    link = f'<a href="{_attribute(leads)}">🔗</a>' if leads and leads != url else ""
    said = " ".join(filter(None, [shown, link, f"<i>{credit}</i>" if credit else ""]))
    return f"{sign} {said}" if said else ""


def _embed(embed: Embed, setting: Setting) -> str:
    title = escape(clean(embed.title or embed.provider or embed.url).strip())
    url = safe_url(embed.url)
    shown = f'<a href="{_attribute(url)}">{title}</a>' if url else title
    if embed.provider and embed.title:
        shown += f" ({escape(clean(embed.provider))})"
    caption = text_html(embed.caption, setting)
    return "\n".join(filter(None, [f"🔗 {shown}" if shown else "", caption]))


def _table(table: Table, setting: Setting) -> str:
    caption = _bold(table.caption, setting)
    aligned, lines = table_lines(table, lambda text: text_html(text, setting))
    rows = "\n".join(lines)
    body = f"<pre>{rows}</pre>" if aligned and rows.strip() else rows
    return "\n".join(filter(None, [caption, body]))


def _bold(text: Text, setting: Setting) -> str:
    return text_html(tuple(replace(run, marks=run.marks | {Mark.BOLD}) for run in text), setting)


def _plain_html(text: Text) -> str:
    return escape(clean(plain(text)))


def text_html(text: Text, setting: Setting) -> str:
    """Return runs as inline HTML; neighbouring runs with the same marks become one."""
    shown = typeset_runs(text, setting.language) if setting.typeset else text
    set_alike = groupby(shown, key=lambda run: (run.marks, run.href, run.unix, run.note))
    return "".join(_run(Run("".join(run.text for run in runs), *how)) for how, runs in set_alike).strip()


def _run(run: Run) -> str:
    marks = run.marks if run.note is None else run.marks | {Mark.SUPERSCRIPT}
    html = escape(_scripted(clean(run.text), marks))
    if not html.strip():
        return html
    url = safe_url(run.href)
    if Mark.CODE in run.marks and not url:
        return f"<code>{html}</code>"
    if run.unix is not None and 0 < run.unix < 2**31 and not url:
        html = f'<tg-time unix="{run.unix}">{html}</tg-time>'
    for mark in _ORDER:
        if mark in run.marks:
            html = f"<{_TAGS[mark]}>{html}</{_TAGS[mark]}>"
    if url:
        return f'<a href="{_attribute(url)}">{html}</a>'
    address = address_of(run.href)
    return f"{html} ({escape(address)})" if address and address not in run.text else html


def _scripted(text: str, marks: frozenset[Mark]) -> str:
    """Return raised or lowered digits as signs of their own, where all of the text has such."""
    for mark, signs in ((Mark.SUPERSCRIPT, _RAISED), (Mark.SUBSCRIPT, _LOWERED)):
        if mark in marks and all(ord(sign) in signs or sign.isspace() for sign in text):
            return text.translate(signs)
    return text


def _attribute(url: str) -> str:
    return escape(url).replace('"', "&quot;")
