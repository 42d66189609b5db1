"""The walk over a clean tree: words gather into paragraphs, which end at each element that is a block."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping
from dataclasses import replace

from lxml.html import HtmlElement

from bot.model.story.content import Block, Divider, Embed, Figure, Gallery, Mark, Paragraph, Text, texts
from bot.sources.html.boilerplate import is_furniture, is_site_block
from bot.sources.html.media import is_emoji, link_target
from bot.sources.html.styles import drawn
from bot.sources.html.tree import BOXES, EMOJI, MARKS, NOSCRIPT, drop, outermost, parse
from bot.sources.text.builder import PLAIN, Look, TextBuilder, join
from bot.sources.text.times import moment

Handler = Callable[["Walk", HtmlElement], list[Block]]
Choice = Callable[[HtmlElement], Handler | None]

MEDIA = (Figure, Gallery, Embed, Divider)
_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
_EMPTY_LINE = re.compile(r"\n[ \t]*\n")
# A day alone is no moment: what a reader's clock would make of it is another day.
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*(?:Z|[+-]\d\d:?\d\d)$")


class Walk:
    """One walk over one document. `look` is the look of the words around the current element.

    `choose` returns the function that makes blocks of an element, None where the element only holds others;
    `base` is the page's address. `notes` maps the ids
    of footnotes to their labels. With `lines` an empty line parts paragraphs, as in WordPress's editor.
    """

    def __init__(
        self, choose: Choice, base: str | None, notes: Mapping[str, str] | None = None, *, lines: bool = False
    ) -> None:
        self.choose = choose
        self.base = base
        self.notes = notes or {}
        self.lines = lines
        self.look = PLAIN

    def blocks(self, element: HtmlElement) -> list[Block]:
        """Return the blocks inside an element."""
        flow = _Flow(self)
        flow.inside(element, self.look)
        return flow.end()

    def around(self, element: HtmlElement) -> list[Block]:
        """Return the blocks of an element, itself included."""
        flow = _Flow(self)
        flow.element(element, self.look)
        return flow.end()

    def text(self, element: HtmlElement) -> tuple[Text, list[Block]]:
        """Return an element's words as one text, and the media that stood among them."""
        inner = self.blocks(element)
        words = [text for block in inner if not isinstance(block, MEDIA) for text in texts((block,))]
        return join(words, "\n"), [block for block in inner if isinstance(block, MEDIA)]

    def take_out(
        self, element: HtmlElement, wanted: Callable[[HtmlElement], bool], *, stop: Container[str]
    ) -> list[Text]:
        """Remove the wanted elements from an element, and return the text of each."""
        found = []
        for each in list(outermost(element, wanted, stop=stop)):
            found.append(self.text(each)[0])
            drop(each)
        return [text for text in found if text]

    def made(self, element: HtmlElement) -> list[Block]:
        """Return the blocks that the element's own function makes, none where it has no function."""
        handler = self.choose(element)
        return handler(self, element) if handler else []

    def pictures(self, element: HtmlElement) -> list[Block]:
        """Return the pictures in an element, itself included."""
        return [found for image in element.iter("img") for found in self.made(image)]

    def look_of(self, element: HtmlElement, around: Look) -> Look:
        """Return the look of an inline element's words, from the look around and its own tag and style."""
        look = _marked(around, _marks(element))
        if element.tag == "a":
            address = element.get("href", "").strip()
            label = self.notes.get(address[1:]) if address.startswith("#") else None
            href = None if label else link_target(address, self.base)
            return replace(look, note=label or look.note, href=href or look.href)
        if element.tag == "time" and _MOMENT.match(element.get("datetime", "")):
            at = moment(element.get("datetime"))
            return replace(look, unix=int(at.timestamp())) if at else look
        return look

    def under(self, look: Look, element: HtmlElement) -> list[Block]:
        """Return the blocks of an element as `made` does, with `look` as the look around it."""
        before, self.look = self.look, look
        try:
            return self.made(element)
        finally:
            self.look = before


class _Flow:
    """Words on their way into paragraphs, between blocks that end them."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.found: list[Block] = []
        self.text = TextBuilder()
        self.beside: list[Block] = []

    def end(self) -> list[Block]:
        self.flush()
        return self.found

    def flush(self) -> None:
        if text := self.text.take():
            self.found.append(Paragraph(text))
        self.found += self.beside
        self.beside = []

    def words(self, text: str, look: Look) -> None:
        if not self.walk.lines:
            self.text.add(text, look)
            return
        for number, part in enumerate(_EMPTY_LINE.split(text)):
            if number:
                self.flush()
            self.text.add(part, look)

    def inside(self, element: HtmlElement, look: Look) -> None:
        self.words(element.text or "", look)
        for child in element:
            self.element(child, look)
            self.words(child.tail or "", look)

    def element(self, child: HtmlElement, look: Look) -> None:
        classes = child.get("class", "")
        if "hidden" in child.attrib or is_furniture(classes, child.get("style", "")) or is_site_block(child):
            return
        if NOSCRIPT in child.attrib:
            self.without_scripts(child)
        elif child.tag == "br":
            self.line_break(look)
        elif child.tag == "img" and (EMOJI.search(classes) or is_emoji(child)):
            self.text.add(child.get("alt", ""), look)
        elif self.walk.choose(child):
            self.block(child, look)
        elif child.tag == "figcaption" and self.captioned(child, look):
            return
        elif child.tag in BOXES:
            self.flush()
            self.inside(child, _marked(look, {Mark.BOLD} if child.tag == "dt" else set()))
            self.flush()
        else:
            self.inline(child, look)

    def block(self, child: HtmlElement, look: Look) -> None:
        if child.tag == "img" and self.text.said():
            # A picture among the words of a line stands after them: a sentence stays whole.
            self.beside += self.walk.under(look, child)
            return
        self.flush()
        self.found += self.walk.under(look, child)

    def captioned(self, child: HtmlElement, look: Look) -> bool:
        """Give a caption outside a figure to the figure right before it; return whether there is one."""
        self.flush()
        last = self.found[-1] if self.found else None
        if not isinstance(last, Figure) or last.caption:
            return False
        before, self.walk.look = self.walk.look, look
        text, media = self.walk.text(child)
        self.walk.look = before
        self.found[-1:] = [replace(last, caption=text), *media]
        return True

    def inline(self, child: HtmlElement, look: Look) -> None:
        look = self.walk.look_of(child, look)
        if child.tag == "q":
            opening, closing = "«»" if _CYRILLIC.search(child.text_content()) else "“”"
            self.text.add(opening, look)
            self.inside(child, look)
            self.text.add(closing, look)
        else:
            self.inside(child, look)

    def without_scripts(self, element: HtmlElement) -> None:
        """Take the picture for readers without scripts where none stands beside it for the others."""
        beside = (element.getprevious(), element.getnext())
        if any(each is not None and self.walk.pictures(each) for each in beside):
            return
        shown = self.walk.pictures(element)
        # Some escape what stands there.
        words = "" if shown else element.text_content()
        if "<img" in words and (inner := parse(words)) is not None:
            shown = self.walk.pictures(inner)
        if shown:
            self.flush()
            self.found += shown

    def line_break(self, look: Look) -> None:
        # Two in a row are how old editors part paragraphs.
        if self.text.at_break():
            self.flush()
        else:
            self.text.add_break(look)


def _marks(element: HtmlElement) -> set[Mark]:
    return drawn(element.get("style", "")) | ({MARKS[element.tag]} if element.tag in MARKS else set())


def _marked(look: Look, marks: set[Mark]) -> Look:
    return replace(look, marks=look.marks | marks) if marks else look
