"""Makes blocks of the elements that hold words: headings, lists, quotes, tables and the like."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace

from lxml.html import HtmlElement

from bot.model.story.content import (
    Block,
    Cell,
    Details,
    Divider,
    Footnotes,
    Heading,
    ListBlock,
    Mark,
    Paragraph,
    Preformatted,
    Quote,
    Table,
    Text,
    plain,
)
from bot.sources.html.notes import is_note, without_returns
from bot.sources.html.tree import is_last
from bot.sources.html.walk import Walk
from bot.sources.text.builder import PLAIN, Look, join, trimmed

_DASHES = " \n\u00a0-–—―"
_TABS = 4


def heading(walk: Walk, element: HtmlElement) -> list[Block]:
    """Return the heading of an `<h1>` to `<h6>`, and after it the media that stood in it."""
    text, media = walk.text(element)
    return [*([Heading(text, int(str(element.tag)[1]))] if text else []), *media]


def divider(_: Walk, __: HtmlElement) -> list[Block]:
    """Return the divider of an `<hr>`."""
    return [Divider()]


def bullets(walk: Walk, element: HtmlElement) -> list[Block]:
    """Return the list of an element, or the footnotes where its items are footnotes."""
    if any(is_note(item, walk.notes) for item in element):
        return notes(walk, element)
    items = _stray(walk, element.text)
    for child in element:
        inside = [*walk.around(child), *(block for item in _stray(walk, child.tail) for block in item)]
        if child.tag != "li" and items:
            # An old way to nest: the list stands beside its item, not in it.
            items[-1] += inside
        elif inside:
            items.append(inside)
    made = ListBlock(tuple(tuple(item) for item in items), element.tag == "ol")
    return [_numbered(made, element)] if items else []


def _stray(walk: Walk, words: str | None) -> list[list[Block]]:
    """Return words that stand in a list but in no item of it as an item."""
    text = " ".join((words or "").split())
    return [[Paragraph((walk.look.run(text),))]] if text else []


def _numbered(bullets: ListBlock, element: HtmlElement) -> ListBlock:
    if not bullets.ordered:
        return bullets
    style, counts_down = element.get("type", "1"), "reversed" in element.attrib
    first = _whole(element.get("start", ""), len(bullets.items) if counts_down else 1)
    return replace(
        bullets, start=first, reversed=counts_down, style=style if style in ("1", "a", "A", "i", "I") else "1"
    )


def notes(walk: Walk, element: HtmlElement) -> list[Block]:
    """Return an element's items as footnotes, each with the label that the text refers to."""
    found = []
    for item in element:
        label = is_note(item, walk.notes)
        without_returns(item, walk.notes)
        if text := walk.text(item)[0]:
            found.append((label or "", text))
    return [Footnotes(tuple(found))] if found else []


def note_paragraph(walk: Walk, element: HtmlElement) -> list[Block]:
    """Return the footnote of a paragraph, without its own number."""
    return notes(walk, _boxed(element))


def _boxed(element: HtmlElement) -> HtmlElement:
    box: HtmlElement = element.makeelement("div", {})
    copied = deepcopy(element)
    copied.tail = None
    box.append(copied)
    return box


def quote(walk: Walk, element: HtmlElement) -> list[Block]:
    """Return the quotation of an element, with its credit."""
    named = walk.take_out(
        element, lambda each: each.tag in ("cite", "footer") and is_last(each, element), stop={"blockquote"}
    )
    credit = _undashed(join(named))
    inner = tuple(walk.blocks(element))
    pull = "pullquote" in element.get("class", "") or element.tag == "aside"
    return [Quote(inner, credit, pull=pull)] if inner or credit else []


def _undashed(credit: Text) -> Text:
    bare = trimmed(credit, " \n\u00a0")
    if not bare:
        return ()
    first = bare[0].text.lstrip(_DASHES)
    return (replace(bare[0], text=first), *bare[1:]) if first else bare[1:]


def details(walk: Walk, element: HtmlElement) -> list[Block]:
    """Return the block of a `<details>`: summary and hidden blocks."""
    summary = walk.take_out(element, lambda each: each.tag == "summary", stop={"details"})
    inner = tuple(walk.blocks(element))
    return [Details(join(summary), inner, "open" in element.attrib)] if summary or inner else []


def verse(walk: Walk, element: HtmlElement) -> list[Block]:
    """Return a poem as a paragraph that keeps its lines and indents."""
    runs = [replace(run, text=_indented(run.text)) for run in _set(walk, element, walk.look)]
    text = trimmed(tuple(runs), "\n")
    return [Paragraph(text)] if plain(text).strip() else []


def _indented(text: str) -> str:
    return text.replace("\t", " " * _TABS).replace("  ", "\u00a0 ").replace("\n ", "\n\u00a0")


def preformatted(walk: Walk, element: HtmlElement) -> list[Block]:
    """Return the block of a `<pre>`, with spaces, lines, links and emphasis."""
    code = element.find(".//code")
    classes = f"{element.get('class', '')} {code.get('class', '') if code is not None else ''}".split()
    names = (each.partition("-") for each in classes)
    language = next((name for prefix, _, name in names if prefix in ("language", "lang") and name), "")
    runs = _set(walk, element, PLAIN)
    text = trimmed(tuple(replace(run, marks=run.marks - {Mark.CODE}) for run in runs), "\n")
    return [Preformatted(text, language)] if plain(text).strip() else []


def _set(walk: Walk, element: HtmlElement, look: Look) -> Text:
    """Return an element's words with every space in its place."""
    said: list[tuple[Look, list[str]]] = []
    for text, of in _pieces(walk, element, look):
        if text and said and said[-1][0] == of:
            said[-1][1].append(text)
        elif text:
            said.append((of, [text]))
    return tuple(of.run("".join(words).replace("\r\n", "\n")) for of, words in said)


def _pieces(walk: Walk, element: HtmlElement, look: Look) -> Iterator[tuple[str, Look]]:
    yield element.text or "", look
    for child in element:
        if child.tag == "br":
            yield "\n", look
        elif child.tag != "img" and "hidden" not in child.attrib:
            yield from _pieces(walk, child, walk.look_of(child, look))
        yield child.tail or "", look


def table(walk: Walk, element: HtmlElement) -> list[Block]:
    """Return the table; of a table that only lays out the page, the blocks in its cells."""
    rows = [row for row in element.iter("tr") if next(row.iterancestors("table")) is element]
    cells = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]
    if element.find(".//table") is not None or all(len(row) < 2 for row in cells):
        return walk.blocks(element)
    media: list[Block] = []
    made = tuple(tuple(_cell(walk, cell, media) for cell in row) for row in cells if row)
    return [Table(made, join(walk.text(each)[0] for each in element.iter("caption"))), *media]


def _cell(walk: Walk, element: HtmlElement, media: list[Block]) -> Cell:
    text, found = walk.text(element)
    media += found
    align = next((side for side in ("center", "right") if side in _alignment(element)), "")
    return Cell(text, element.tag == "th", _span(element, "colspan"), _span(element, "rowspan"), align)


def _alignment(element: HtmlElement) -> str:
    style = element.get("style", "").replace(" ", "")
    drawn = style.partition("text-align:")[2].partition(";")[0]
    named = next(
        (each for each in element.get("class", "").split() if each.startswith("has-text-align-")), ""
    )
    return f"{element.get('align', '')} {element.get('data-align', '')} {drawn} {named}".lower()


def _span(element: HtmlElement, name: str) -> int:
    return min(max(_whole(element.get(name, ""), 1), 1), 100)


def _whole(value: str, otherwise: int) -> int:
    digits = value.strip().removeprefix("-")
    return int(value) if digits.isascii() and digits.isdecimal() and len(digits) < 6 else otherwise
