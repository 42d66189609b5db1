"""Content blocks to rich HTML: figures in place, real tables and lists, notes that can be jumped to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from urllib.parse import urlsplit

from bot.model.story.content import (
    Block,
    Cell,
    Details,
    Divider,
    Embed,
    Figure,
    Footnotes,
    Gallery,
    Heading,
    ListBlock,
    Mark,
    Media,
    MediaKind,
    Paragraph,
    Preformatted,
    Quote,
    Run,
    Table,
    Text,
    plain,
)
from bot.rendering.rich.tags import COLUMNS
from bot.rendering.text.classic import SIGNS, Setting
from bot.rendering.text.links import address_of, safe_url
from bot.rendering.text.spans import clean, escape, quoted
from bot.rendering.text.tables import table_lines
from bot.rendering.text.typography import typeset_runs

_TAGS = {
    Mark.BOLD: "b",
    Mark.ITALIC: "i",
    Mark.UNDERLINE: "u",
    Mark.STRIKE: "s",
    Mark.MARKED: "mark",
    Mark.SUBSCRIPT: "sub",
    Mark.SUPERSCRIPT: "sup",
    Mark.SPOILER: "tg-spoiler",
}
_MEDIA = {
    MediaKind.PICTURE: ("img", "photo", ()),
    MediaKind.VIDEO: ("video", "video", (".mp4", ".gif")),
    MediaKind.AUDIO: ("audio", "audio", (".mp3", ".ogg", ".m4a", ".oga")),
    MediaKind.FILE: ("tg-document", "document", (".pdf", ".zip")),
}
"""Tag, Telegram's word, and the endings of addresses that Telegram fetches (Bot API, «Sending files»).

Without endings Telegram fetches any address.
"""

_COLLAGE = 4
DEEPEST_LIST = 4
_ZOOM = 14


@dataclass(slots=True)
class RichWriter:
    """Writes blocks as rich HTML.

    `media` collects the media that Telegram knows by an id of its own, by the name that the HTML gives
    them. `left` is how many media may still be shown; each further one becomes a line with a link to it.
    """

    setting: Setting
    pictures: bool = True
    media: dict[str, Media] = field(default_factory=dict)
    left: int = 10**9

    def blocks(self, blocks: Iterable[Block], depth: int = 0) -> str:
        """Return the blocks as rich HTML; `depth` counts the lists around them."""
        return "".join(self.block(each, depth) for each in blocks)

    def block(self, block: Block, depth: int = 0) -> str:
        """Return one block as rich HTML; `depth` counts the lists around it."""
        match block:
            case Paragraph(text):
                return self.paragraphs(text)
            case Heading(text, level):
                return _wrapped(f"h{min(max(level, 2), 6)}", self.text(text))
            case Quote():
                return self._quote(block, depth)
            case ListBlock():
                return self._list(block, depth)
            case Figure():
                return self._figure(block)
            case Gallery():
                return self._gallery(block)
            case Table():
                return self._table(block)
            case Preformatted(text, language):
                return _preformatted(plain(text), language)
            case Details(summary, inner, is_open):
                head = self.text(summary) or "…"
                held = self.blocks(inner, depth)
                return (
                    f"<details{' open' * is_open}><summary>{head}</summary>{held}</details>" if held else head
                )
            case Embed():
                return self._embed(block)
            case Footnotes(notes):
                return "".join(self._note(label, text) for label, text in notes)
            case Divider():
                return "<hr/>"

    def paragraphs(self, text: Text) -> str:
        """Return a paragraph for each line of the text: rich HTML has no line ends."""
        return "".join(_wrapped("p", self._inline(line)) for line in _lines(self._set(text)))

    def text(self, text: Text) -> str:
        """Return runs as inline rich HTML, on one line."""
        return self._inline(self._set(text)).strip()

    def _set(self, text: Text) -> Text:
        return typeset_runs(text, self.setting.language)

    def _inline(self, text: Text) -> str:
        alike = groupby(text, key=lambda run: (run.marks, run.href, run.unix, run.note))
        return "".join(_run(Run("".join(each.text for each in runs), *how)) for how, runs in alike)

    def _quote(self, quote: Quote, depth: int) -> str:
        cite = _wrapped("cite", self.text(quote.credit))
        if quote.pull and all(isinstance(each, Paragraph) for each in quote.blocks):
            said = " ".join(self.text(each.text) for each in quote.blocks if isinstance(each, Paragraph))
            return _wrapped("aside", f"{said} {cite}" if cite else said)
        return _wrapped("blockquote", self.blocks(quote.blocks, depth) + cite)

    def _list(self, block: ListBlock, depth: int) -> str:
        if depth >= DEEPEST_LIST:
            # Deeper than Telegram's levels of nesting allow: the items stay, one after the other.
            return "".join(self.blocks(item, depth) for item in block.items)
        items = "".join(f"<li>{self.blocks(item, depth + 1)}</li>" for item in block.items)
        if not block.ordered:
            return f"<ul>{items}</ul>"
        start = f' start="{block.start}"' if block.start != 1 or block.reversed else ""
        style = f' type="{block.style}"' if block.style in "aAiI" else ""
        return f"<ol{start}{style}{' reversed' * block.reversed}>{items}</ol>"

    def _figure(self, figure: Figure) -> str:
        shown = self._shown(figure.media)
        caption, credit = self.text(figure.caption), self.text(figure.credit)
        if not shown:
            return self._named(figure, caption, credit)
        said = f"{self._linked(figure, caption)} {_wrapped('cite', credit)}"
        return f"<figure>{shown}{_wrapped('figcaption', said)}</figure>"

    def _linked(self, figure: Figure, caption: str) -> str:
        url = safe_url(figure.href)
        if not url:
            return caption
        if caption and "<a " not in caption:
            return _link(url, caption)
        return f"{caption} {_link(url, '🔗')}".strip()

    def _named(self, figure: Figure, caption: str, credit: str) -> str:
        """Return a figure that is not shown: a line that names it and leads to it."""
        media = figure.media
        caption, url = self._linked(figure, caption), safe_url(media.url)
        label = escape(clean(media.alt).strip()) or escape(
            self.setting.words.get(media.kind, media.kind.value)
        )
        if url:
            said = (
                _link(url, caption) if caption and "<a " not in caption else f"{_link(url, label)} {caption}"
            )
        else:
            said = caption or (escape(clean(media.alt).strip()))
        said = " ".join(filter(None, [said.strip(), f"<i>{credit}</i>" if credit else ""]))
        return _wrapped("p", f"{SIGNS[media.kind]} {said}") if said else ""

    def _shown(self, media: Media) -> str:
        """Return the medium's tag, or nothing where Telegram could not show it."""
        tag, word, endings = _MEDIA[media.kind]
        source = None
        if media.barred or self.left < 1:
            return ""
        if self.pictures and media.file_id:
            source = f"tg://{word}?id={self._name(media)}"
        elif self.pictures and (url := safe_url(media.url)):
            fetched = not endings or urlsplit(url).path.lower().endswith(endings)
            source = url if fetched else None
        if not source:
            return ""
        self.left -= 1
        return (
            f'<{tag} src="{quoted(source)}"/>' if tag == "img" else f'<{tag} src="{quoted(source)}"></{tag}>'
        )

    def _name(self, media: Media) -> str:
        for name, known in self.media.items():
            if known.file_id == media.file_id:
                return name
        name = f"m{len(self.media) + 1}"
        self.media[name] = media
        return name

    def _gallery(self, gallery: Gallery) -> str:
        pairs = [(each, self._shown(each.media)) for each in gallery.figures]
        together = [(each, shown) for each, shown in pairs if shown.startswith(("<img", "<video"))]
        if len(together) < 2:
            caption = self.paragraphs(gallery.caption)
            return "".join(self._figure(each) for each in gallery.figures) + caption
        told = [
            f"{number}/{len(together)} {said}"
            for number, (each, _) in enumerate(together, 1)
            if (said := self._told(each))
        ]
        tag = "tg-slideshow" if told or len(together) > _COLLAGE else "tg-collage"
        said = " · ".join(filter(None, [self.text(gallery.caption), *told]))
        shown = "".join(shown for _, shown in together)
        apart = "".join(
            self._figure(each) for each, _ in pairs if all(each is not one for one, _ in together)
        )
        return f"<{tag}>{shown}{_wrapped('figcaption', said)}</{tag}>{apart}"

    def _told(self, figure: Figure) -> str:
        caption, credit = self._linked(figure, self.text(figure.caption)), self.text(figure.credit)
        return " ".join(filter(None, [caption, f"<i>{credit}</i>" if credit else ""]))

    def _table(self, table: Table) -> str:
        caption = self.text(table.caption)
        rows = [row for row in table.rows if row]
        if _width(rows) > COLUMNS:
            _, lines = table_lines(table, self.text, aligned=False)
            items = "".join(f"<li>{line}</li>" for line in lines)
            return _wrapped("p", f"<b>{caption}</b>" if caption else "") + _wrapped("ul", items)
        said = "".join(f"<tr>{''.join(map(self._cell, row))}</tr>" for row in rows)
        return f"<table bordered striped>{_wrapped('caption', caption)}{said}</table>" if said else caption

    def _cell(self, cell: Cell) -> str:
        spans = "".join(
            f' {name}="{count}"'
            for name, count in (("colspan", cell.columns), ("rowspan", cell.rows))
            if count > 1
        )
        align = f' align="{cell.align}"' if cell.align in ("left", "center", "right") else ""
        tag = "th" if cell.header else "td"
        return f"<{tag}{spans}{align}>{self.text(cell.text)}</{tag}>"

    def _embed(self, embed: Embed) -> str:
        title = escape(clean(embed.title or embed.provider or embed.url).strip())
        url = safe_url(embed.url)
        said = _link(url, title) if url else title
        if embed.provider and embed.title:
            said += f" ({escape(clean(embed.provider))})"
        caption = self.paragraphs(embed.caption)
        if embed.place is None:
            return _wrapped("p", f"🔗 {said}" if said else "") + caption
        lat, long = embed.place
        place = f'<tg-map lat="{lat:.6f}" long="{long:.6f}" zoom="{_ZOOM}"/>'
        return f"<figure>{place}{_wrapped('figcaption', said)}</figure>{caption}"

    def _note(self, label: str, text: Text) -> str:
        shown = escape(clean(label).strip())
        said = f"{shown}{'.' if shown.isalnum() else ''} {self.text(text)}".strip()
        return f'<p><tg-reference name="{note_name(label)}">{said}</tg-reference></p>' if said else ""


def note_name(label: str) -> str:
    """Return the anchor's name of the footnote with that label."""
    plain_label = label.strip()
    if plain_label.isascii() and plain_label.isalnum() and len(plain_label) < 40:
        return f"note-{plain_label}"
    return "note-" + "-".join(f"{ord(sign):x}" for sign in plain_label)[:50].rstrip("-")


def _width(rows: Iterable[Iterable[Cell]]) -> int:
    """Return how many columns the rows take, cells that reach down from above included."""
    reaching: list[int] = []
    widest = 0
    for row in rows:
        width = sum(left > 0 for left in reaching)
        reaching = [left - 1 for left in reaching if left > 1]
        for cell in row:
            width += max(cell.columns, 1)
            reaching += [cell.rows - 1] * (max(cell.columns, 1) if cell.rows > 1 else 0)
        widest = max(widest, width)
    return widest


def _lines(text: Text) -> list[Text]:
    lines: list[list[Run]] = [[]]
    for run in text:
        first, *others = run.text.split("\n")
        for at, words in enumerate((first, *others)):
            if at:
                lines.append([])
            if words:
                lines[-1].append(Run(words, run.marks, run.href, run.unix, run.note))
    return [tuple(line) for line in lines]


def _run(run: Run) -> str:
    html = escape(clean(run.text))
    if not html.strip():
        return html
    if run.note is not None:
        return f'<sup><a href="#{note_name(run.note)}">{html}</a></sup>'
    if Mark.CODE in run.marks:
        html = f"<code>{html}</code>"
    if run.unix is not None and 0 < run.unix < 2**31:
        html = f'<tg-time unix="{run.unix}">{html}</tg-time>'
    for mark, tag in _TAGS.items():
        if mark in run.marks:
            html = f"<{tag}>{html}</{tag}>"
    url = safe_url(run.href) or (run.href if address_of(run.href) else None)
    return _link(url, html) if url else html


def _preformatted(text: str, language: str) -> str:
    said = escape(clean(text)).strip("\n")
    if not said.strip():
        return ""
    if language:
        return f'<pre><code class="language-{quoted(clean(language))}">{said}</code></pre>'
    return f"<pre>{said}</pre>"


def _link(url: str, html: str) -> str:
    return f'<a href="{quoted(url)}">{html}</a>'


def _wrapped(tag: str, html: str) -> str:
    return f"<{tag}>{html}</{tag}>" if html.strip() else ""
