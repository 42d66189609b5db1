"""Turns web HTML into content blocks: every word of the story once and in order, and no word of the page around.

A browser's own parser (html5ever, in nh3) mends and cleans the HTML first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from lxml.html import HtmlElement

from bot.model.story.content import Block, Blocks, Footnotes, Paragraph, plain
from bot.sources.html import figures, text_blocks
from bot.sources.html.boilerplate import without_tails
from bot.sources.html.embeds import embed_alone, is_post
from bot.sources.html.escapes import escaped, said_plainly
from bot.sources.html.notes import find_notes, is_note
from bot.sources.html.shortcodes import without_shortcodes
from bot.sources.html.styles import behind
from bot.sources.html.tree import FIGURE, GALLERY, LONGEST, is_hopeless, parse, show_without_scripts
from bot.sources.html.walk import Handler, Walk
from bot.sources.text.links import absolute
from bot.sources.text.plain import one_line

_HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), text_blocks.heading),
    **dict.fromkeys(("ul", "ol", "menu"), text_blocks.bullets),
    **dict.fromkeys(("video", "audio"), figures.play),
    "blockquote": text_blocks.quote,
    "details": text_blocks.details,
    "figure": figures.figure,
    "hr": text_blocks.divider,
    "iframe": figures.frame,
    "img": figures.image,
    "pre": text_blocks.preformatted,
    "table": text_blocks.table,
}
_BACKED = re.compile(
    r"(?:^|\s)(?:wp-block-cover[\w-]*|wp-block-media-text__media|has-background-image)(?:\s|$)"
)
_BASE = re.compile(r"""<base\s[^<>]{0,200}?href\s*=\s*["']?([^"'<>\s]{1,2000})""", re.IGNORECASE)
# Where any of these stands, an empty line in the source is only how it was typed.
_LAID_OUT = ("p", "div", "br", "section", "article")


def to_blocks(html: str, base: str | None = None) -> Blocks:
    """Return the blocks of any HTML, broken or not. Its links start from `base`, or from a base that it names."""
    html = html[:LONGEST]
    if "<base" in html and (named := _BASE.search(html)):
        base = absolute(named[1], base) or base
    root = parse(html if is_hopeless(html) else without_shortcodes(html))
    if root is None:
        return ()
    show_without_scripts(root)
    lines = next(root.iterdescendants(*_LAID_OUT), None) is None
    return blocks_of([root], base, lines=lines)


def blocks_of(elements: Iterable[HtmlElement], base: str | None = None, *, lines: bool = False) -> Blocks:
    """Return the blocks of some elements of one parsed page, as `to_blocks` does.

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
    """Return the text of the HTML on one line, without tags."""
    root = parse(html)
    return (
        one_line(plain(Walk(lambda each: _choose(each, {}), None).text(root)[0])) if root is not None else ""
    )


def plain_line(text: str) -> str:
    """Return plain text on one line, without markup that was escaped where there is nothing to escape."""
    written = escaped(text)
    said = said_plainly(written)
    return one_line(text) if said == written else to_text(said)


def _choose(element: HtmlElement, notes: Mapping[str, str]) -> Handler | None:
    """Return the function that makes blocks of the element, None where the element only holds others."""
    tag, classes = str(element.tag), element.get("class", "")
    if is_post(classes):
        return figures.post
    if tag == "pre" and "wp-block-verse" in classes:
        return text_blocks.verse
    if tag == "aside" and "pull" in classes:
        return text_blocks.quote
    if tag in ("p", "div") and notes and not _holds_more(element) and is_note(element, notes):
        return text_blocks.note_paragraph
    if tag in ("div", "dl", "span", "p") and FIGURE.search(classes):
        return figures.figure
    if tag in ("div", "ul") and GALLERY.search(classes):
        return figures.gallery
    if tag == "div" and "wp-block-file" in classes.split():
        return figures.attachment
    if tag in ("div", "figure", "section") and _BACKED.search(classes) and behind(element.get("style", "")):
        return figures.backdrop
    if tag == "picture" and not _has_image(element):
        return figures.sources
    return _HANDLERS.get(tag)


def _has_image(element: HtmlElement) -> bool:
    """Return whether an image stands in a `<picture>`, or beside it for readers without scripts."""
    above = element.getparent()
    return (element if above is None else above).find(".//img") is not None


def _holds_more(element: HtmlElement) -> bool:
    return any(
        each.tag in ("p", "div", "li", "ol", "ul", "table", "blockquote")
        for each in element.iterdescendants()
    )


def _gathered(blocks: list[Block]) -> list[Block]:
    """Return the blocks; neighbouring footnotes become one block, an address alone becomes an embed."""
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
