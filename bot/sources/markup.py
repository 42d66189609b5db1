"""Web HTML to content blocks: every word once and in order, what is not the story left out.

A browser's own parser (html5ever, in nh3) mends and cleans the HTML; only then it is walked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from lxml.html import HtmlElement

from bot.model.content import Block, Blocks, Footnotes, Paragraph, plain
from bot.sources import markup_figures as figures
from bot.sources import markup_text as words
from bot.sources.embeds import embed_alone, is_post
from bot.sources.furniture import without_tails
from bot.sources.markup_media import background
from bot.sources.markup_notes import find_notes, is_note
from bot.sources.markup_tree import FIGURE, GALLERY, parse
from bot.sources.markup_walk import Handler, Walk
from bot.sources.runs import one_line
from bot.sources.shortcodes import without_shortcodes

_HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), words.heading),
    **dict.fromkeys(("ul", "ol", "menu"), words.bullets),
    **dict.fromkeys(("video", "audio"), figures.play),
    "blockquote": words.quote,
    "details": words.details,
    "figure": figures.figure,
    "hr": words.divider,
    "iframe": figures.frame,
    "img": figures.image,
    "pre": words.preformatted,
    "table": words.table,
}
_BACKED = re.compile(
    r"(?:^|\s)(?:wp-block-cover[\w-]*|wp-block-media-text__media|has-background-image)(?:\s|$)"
)
# Where any of these stands, an empty line in the source is only how it was typed.
_LAID_OUT = ("p", "div", "br", "section", "article")


def to_blocks(html: str, base: str | None = None) -> Blocks:
    """Return what the HTML of a page at `base` says. Takes anything at all."""
    root = parse(without_shortcodes(html))
    if root is None:
        return ()
    lines = next(root.iterdescendants(*_LAID_OUT), None) is None
    return blocks_of([root], base, lines=lines)


def blocks_of(elements: Iterable[HtmlElement], base: str | None = None, *, lines: bool = False) -> Blocks:
    """Return what these elements of one parsed page at `base` say, as `to_blocks` does.

    With `lines` an empty line parts paragraphs, as in WordPress's editor.
    """
    elements = list(elements)
    if not elements:
        return ()
    notes = find_notes(elements[0].getroottree().getroot())
    walk = Walk(lambda each: _choose(each, notes), base, notes, lines=lines)
    found = [block for element in elements for block in walk.blocks(element)]
    return tuple(without_tails(_gathered(found)))


def to_text(html: str) -> str:
    """Return the words of the HTML on one line."""
    root = parse(html)
    return (
        one_line(plain(Walk(lambda each: _choose(each, {}), None).text(root)[0])) if root is not None else ""
    )


def _choose(element: HtmlElement, notes: Mapping[str, str]) -> Handler | None:
    """Return what makes blocks of such an element, None where it only holds others."""
    tag, classes = str(element.tag), element.get("class", "")
    if is_post(classes):
        return figures.post
    if tag == "pre" and "wp-block-verse" in classes:
        return words.verse
    if tag == "aside" and "pull" in classes:
        return words.quote
    if tag in ("p", "div") and notes and not _holds_more(element) and is_note(element, notes):
        return words.note_paragraph
    if tag in ("div", "dl", "span", "p") and FIGURE.search(classes):
        return figures.figure
    if tag in ("div", "ul") and GALLERY.search(classes):
        return figures.gallery
    if tag == "div" and "wp-block-file" in classes.split():
        return figures.attachment
    if tag in ("div", "figure", "section") and _BACKED.search(classes) and background(element):
        return figures.backdrop
    return _HANDLERS.get(tag)


def _holds_more(element: HtmlElement) -> bool:
    return any(
        each.tag in ("p", "div", "li", "ol", "ul", "table", "blockquote")
        for each in element.iterdescendants()
    )


def _gathered(blocks: list[Block]) -> list[Block]:
    """Return the blocks, footnotes that follow one another as one, an address alone as what it embeds."""
    kept: list[Block] = []
    for block in blocks:
        if isinstance(block, Paragraph) and (shown := embed_alone(plain(block.text))):
            kept.append(shown)
            continue
        last = kept[-1] if kept else None
        if isinstance(block, Footnotes) and isinstance(last, Footnotes):
            kept[-1] = Footnotes((*last.notes, *block.notes))
        else:
            kept.append(block)
    return kept
