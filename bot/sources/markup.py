"""Web HTML to content blocks: every word once and in order, what is not the story left out.

A browser's own parser (html5ever, in nh3) mends and cleans the HTML; only then it is walked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from lxml.html import HtmlElement

from bot.model.content import (
    Block,
    Blocks,
    Cell,
    Details,
    Divider,
    Embed,
    Figure,
    Gallery,
    Heading,
    ListBlock,
    Mark,
    Paragraph,
    Preformatted,
    Quote,
    Run,
    Table,
    Text,
    plain,
    texts,
)
from bot.sources.furniture import is_furniture, without_tails
from bot.sources.markup_media import absolute, embed, picture, player
from bot.sources.markup_tree import (
    BOXES,
    EMOJI,
    FIGURE,
    GALLERY,
    MARKS,
    NOSCRIPT,
    is_caption,
    is_credit,
    is_last,
    outermost,
    parse,
)
from bot.sources.runs import Runs, join, one_line

_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
_DASHES = " \n\u00a0-–—"
MEDIA = (Figure, Gallery, Embed, Divider)


def to_blocks(html: str, base: str | None = None) -> Blocks:
    """Return what the HTML of a page at `base` says. Takes anything at all."""
    root = parse(html)
    return tuple(without_tails(_Walk(base).blocks(root))) if root is not None else ()


def blocks_of(elements: Iterable[HtmlElement], base: str | None = None) -> Blocks:
    """Return what these elements of a parsed page at `base` say, as `to_blocks` does."""
    walk = _Walk(base)
    return tuple(without_tails([block for element in elements for block in walk.blocks(element)]))


def to_text(html: str) -> str:
    """Return the words of the HTML on one line."""
    root = parse(html)
    return one_line(plain(_Walk(None).text(root)[0])) if root is not None else ""


class _Walk:
    """One walk over one document. `marks` and `href` are those of the elements around."""

    def __init__(self, base: str | None) -> None:
        self.base = base
        self.marks: frozenset[Mark] = frozenset()
        self.href: str | None = None
        self.special: dict[str, Callable[[HtmlElement], list[Block]]] = {
            **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), self.heading),
            **dict.fromkeys(("ul", "ol", "menu"), self.bullets),
            **dict.fromkeys(("video", "audio"), self.player),
            "blockquote": self.quote,
            "details": self.details,
            "figure": self.figure,
            "hr": lambda _: [Divider()],
            "iframe": self.frame,
            "img": self.image,
            "pre": self.preformatted,
            "table": self.table,
        }

    def blocks(self, element: HtmlElement) -> list[Block]:
        """Return the blocks inside an element."""
        flow = _Flow(self)
        flow.inside(element, self.marks, self.href)
        return flow.end()

    def around(self, element: HtmlElement) -> list[Block]:
        """Return the blocks of an element, itself included."""
        flow = _Flow(self)
        flow.element(element, self.marks, self.href)
        return flow.end()

    def text(self, element: HtmlElement) -> tuple[Text, list[Block]]:
        """Return an element's words as one text, and apart the media that stood among them."""
        inner = self.blocks(element)
        words = [text for block in inner if not isinstance(block, MEDIA) for text in texts((block,))]
        return join(words, "\n"), [block for block in inner if isinstance(block, MEDIA)]

    def handler(self, element: HtmlElement) -> Callable[[HtmlElement], list[Block]] | None:
        """Return what makes blocks of such an element, None where it only holds others."""
        classes = element.get("class", "")
        if element.tag in ("div", "dl") and FIGURE.search(classes):
            return self.figure
        if element.tag in ("div", "ul") and GALLERY.search(classes):
            return self.gallery
        return self.special.get(str(element.tag))

    def heading(self, element: HtmlElement) -> list[Block]:
        text, media = self.text(element)
        return [*([Heading(text, int(str(element.tag)[1]))] if text else []), *media]

    def bullets(self, element: HtmlElement) -> list[Block]:
        items: list[tuple[Block, ...]] = []
        for child in element:
            inside = tuple(self.around(child))
            if child.tag != "li" and items:
                # An old way to nest: the list stands beside its item, not in it.
                items[-1] += inside
            elif inside:
                items.append(inside)
        start = element.get("start", "")
        ordered = element.tag == "ol"
        return [ListBlock(tuple(items), ordered, int(start) if ordered and start.isdecimal() else 1)] * bool(
            items
        )

    def quote(self, element: HtmlElement) -> list[Block]:
        classes = element.get("class", "")
        if "twitter-tweet" in classes or "instagram-media" in classes:
            return self.post(element)
        named = self.take_out(element, lambda each: each.tag in ("cite", "footer") and is_last(each, element))
        credit = _undashed(join(named))
        inner = tuple(self.blocks(element))
        return [Quote(inner, credit, pull="pullquote" in classes)] * bool(inner or credit)

    def post(self, element: HtmlElement) -> list[Block]:
        links = [link.get("href") for link in element.iter("a") if link.get("href")]
        words, media = self.text(element)
        found = embed(links[-1] if links else None, "", self.base, words)
        return [found or Quote((Paragraph(words),)), *media]

    def details(self, element: HtmlElement) -> list[Block]:
        summary = self.take_out(element, lambda each: each.tag == "summary")
        inner = tuple(self.blocks(element))
        return [Details(join(summary), inner)] * bool(summary or inner)

    def preformatted(self, element: HtmlElement) -> list[Block]:
        for line_break in element.iter("br"):
            line_break.tail = "\n" + (line_break.tail or "")
        words = element.text_content().replace("\r\n", "\n").strip("\n")
        code = element.find(".//code")
        classes = (code.get("class", "") if code is not None else "").split()
        language = next((each.partition("-")[2] for each in classes if each.startswith("language-")), "")
        return [Preformatted((Run(words),), language)] * bool(words.strip())

    def table(self, element: HtmlElement) -> list[Block]:
        rows = [row for row in element.iter("tr") if next(row.iterancestors("table")) is element]
        cells = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]
        if element.find(".//table") is not None or all(len(row) < 2 for row in cells):
            # Such a table lays out a page; it tabulates nothing.
            return self.blocks(element)
        media: list[Block] = []
        made = tuple(tuple(self.cell(cell, media) for cell in row) for row in cells if row)
        return [Table(made, join(self.text(each)[0] for each in element.iter("caption"))), *media]

    def cell(self, element: HtmlElement, media: list[Block]) -> Cell:
        text, found = self.text(element)
        media += found
        return Cell(text, element.tag == "th", _span(element, "colspan"), _span(element, "rowspan"))

    def figure(self, element: HtmlElement) -> list[Block]:
        captions = list(outermost(element, is_caption, stop="figure"))
        credit = [text for each in captions for text in self.take_out(each, is_credit)]
        caption = [text for each in captions if (text := self.text(each)[0])]
        for each in captions:
            each.drop_tree()
        inner = self.blocks(element)
        if GALLERY.search(element.get("class", "")):
            inner = _as_gallery(inner)
        if "pullquote" in element.get("class", ""):
            inner = [replace(block, pull=True) if isinstance(block, Quote) else block for block in inner]
        return _captioned(inner, join(caption, "\n"), join(credit))

    def gallery(self, element: HtmlElement) -> list[Block]:
        return _as_gallery(self.blocks(element))

    def image(self, element: HtmlElement) -> list[Block]:
        media = picture(element, self.base)
        return [Figure(media)] if media else []

    def pictures(self, element: HtmlElement) -> list[Block]:
        """Return the pictures in an element, itself included."""
        return [found for image in element.iter("img") for found in self.image(image)]

    def player(self, element: HtmlElement) -> list[Block]:
        media = player(element, self.base)
        return [Figure(media)] if media else []

    def frame(self, element: HtmlElement) -> list[Block]:
        address = element.get("src") or element.get("data-src") or element.get("data-lazy-src")
        found = embed(address, element.get("title", ""), self.base)
        return [found] if found else []

    def take_out(self, element: HtmlElement, wanted: Callable[[HtmlElement], bool]) -> list[Text]:
        """Remove what is wanted from an element, and return its words."""
        found = []
        for each in list(outermost(element, wanted, stop=str(element.tag))):
            found.append(self.text(each)[0])
            each.drop_tree()
        return [text for text in found if text]


class _Flow:
    """Words on their way into paragraphs, between blocks that end them."""

    def __init__(self, walk: _Walk) -> None:
        self.walk = walk
        self.found: list[Block] = []
        self.runs = Runs()

    def end(self) -> list[Block]:
        self.flush()
        return self.found

    def flush(self) -> None:
        if text := self.runs.take():
            self.found.append(Paragraph(text))

    def inside(self, element: HtmlElement, marks: frozenset[Mark], href: str | None) -> None:
        self.runs.add(element.text or "", marks, href)
        for child in element:
            self.element(child, marks, href)
            self.runs.add(child.tail or "", marks, href)

    def element(self, child: HtmlElement, marks: frozenset[Mark], href: str | None) -> None:
        tag = child.tag
        if "hidden" in child.attrib or is_furniture(child.get("class", ""), child.get("style", "")):
            return
        if NOSCRIPT in child.attrib:
            self.without_scripts(child)
        elif tag == "br":
            self.line_break(marks, href)
        elif tag == "img" and EMOJI.search(child.get("class", "")):
            self.runs.add(child.get("alt", ""), marks, href)
        elif handler := self.walk.handler(child):
            self.flush()
            self.found += self.within(handler, child, marks, href)
        elif tag in BOXES:
            self.flush()
            self.inside(child, marks | ({Mark.BOLD} if tag == "dt" else set()), href)
            self.flush()
        elif tag == "q":
            opening, closing = "«»" if _CYRILLIC.search(child.text_content()) else "“”"
            self.runs.add(opening, marks, href)
            self.inside(child, marks, href)
            self.runs.add(closing, marks, href)
        else:
            self.inside(child, marks | ({MARKS[tag]} if tag in MARKS else set()), self.link(child) or href)

    def without_scripts(self, element: HtmlElement) -> None:
        """Take the picture for readers without scripts where none stands beside it for the others."""
        beside = (element.getprevious(), element.getnext())
        if any(each is not None and self.walk.pictures(each) for each in beside):
            return
        if shown := self.walk.pictures(element):
            self.flush()
            self.found += shown

    def line_break(self, marks: frozenset[Mark], href: str | None) -> None:
        # Two in a row are how old editors part paragraphs.
        if self.runs.at_break():
            self.flush()
        else:
            self.runs.add_break(marks, href)

    def link(self, element: HtmlElement) -> str | None:
        address = element.get("href", "") if element.tag == "a" else ""
        return absolute(address, self.walk.base) if address and not address.startswith("#") else None

    def within(
        self,
        handler: Callable[[HtmlElement], list[Block]],
        child: HtmlElement,
        marks: frozenset[Mark],
        href: str | None,
    ) -> list[Block]:
        walk = self.walk
        before, (walk.marks, walk.href) = (walk.marks, walk.href), (marks, href)
        try:
            return handler(child)
        finally:
            walk.marks, walk.href = before


def _undashed(credit: Text) -> Text:
    first = credit[0].text.lstrip(_DASHES) if credit else ""
    return (replace(credit[0], text=first), *credit[1:]) if first else credit[1:]


def _span(element: HtmlElement, name: str) -> int:
    value = element.get(name, "")
    return min(max(int(value), 1), 100) if value.isdecimal() and len(value) < 6 else 1


def _as_gallery(inner: list[Block]) -> list[Block]:
    figures = tuple(block for block in inner if isinstance(block, Figure))
    others = [block for block in inner if not isinstance(block, Figure)]
    return [*([Gallery(figures)] if len(figures) > 1 else figures), *others]


def _captioned(inner: list[Block], caption: Text, credit: Text) -> list[Block]:
    """Give the caption to what the figure shows, or let it stand as a paragraph."""
    match inner:
        case [Figure() as figure]:
            whole = join((figure.caption, caption), "\n")
            return [replace(figure, caption=whole, credit=join((figure.credit, credit)))]
        case [Gallery() | Embed() | Table() as shown, *others]:
            whole = join((shown.caption, caption, credit), "\n")
            return [replace(shown, caption=whole), *others]
        case _:
            words = join((caption, credit), "\n")
            return [*inner, *([Paragraph(words)] if words else [])]
