"""Reads a story's web page, or the HTML of its body alone."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

from bot.model.story.content import (
    Block,
    Blocks,
    Heading,
    Media,
    MediaKind,
    Paragraph,
    Run,
    plain,
    plain_text,
)
from bot.sources.fetch.encodings import decode_html
from bot.sources.html.blocks import blocks_of, to_blocks
from bot.sources.html.escapes import said_plainly
from bot.sources.html.tree import parse
from bot.sources.item import Item, SourceError, digest
from bot.sources.page.body import find_body
from bot.sources.page.metadata import PageMetadata, page_metadata
from bot.sources.text.plain import one_line, paragraphs
from bot.sources.text.repeats import letters

_WHOLE = re.compile(r"<(?:html|head|body)[\s>]", re.IGNORECASE)
_HEADLINE_WITHIN = 3
# So many times the letters that are shown, and so many more.
_PART, _LEAST = 2, 80


def read_page(data: bytes, content_type: str = "", url: str = "") -> Item:
    """Return the story of a page at `url`, or of a fragment of HTML. Raises SourceError where there is no story."""
    html = decode_html(data, content_type)
    if not _WHOLE.search(html):
        return _fragment(html, url)
    metadata = page_metadata(html, url)
    root = parse(html)
    blocks = blocks_of(find_body(root, told=bool(metadata.story)), metadata.base) if root is not None else ()
    headline, blocks = _without_headline(metadata.headline, _fuller(blocks, metadata))
    if not blocks:
        raise SourceError("empty", "there is no story in it")
    return _item(replace(metadata, headline=headline), blocks)


def _item(metadata: PageMetadata, blocks: Blocks) -> Item:
    return Item(
        uid=metadata.url or digest(metadata.headline),
        headline=metadata.headline,
        lead=metadata.lead,
        blocks=blocks,
        picture=Media(MediaKind.PICTURE, metadata.picture) if metadata.picture else None,
        url=metadata.url,
        categories=metadata.categories,
        published=metadata.published,
        language=metadata.language,
        source_name=metadata.site,
    )


def _fuller(blocks: Blocks, metadata: PageMetadata) -> Blocks:
    """Return the story that the page tells to machines alone, where what it shows is a small part of that."""
    if len(letters(metadata.story)) <= _PART * len(letters(plain_text(blocks))) + _LEAST:
        return blocks
    html = said_plainly(metadata.story)
    if "<" in html:
        return to_blocks(html, metadata.base)
    return tuple(Paragraph((Run(each),)) for each in paragraphs(unescape(html)))


def _fragment(html: str, url: str) -> Item:
    headline, blocks = _without_headline("", to_blocks(html, url or None))
    if not headline and not blocks:
        raise SourceError("empty", "there is no story in it")
    return Item(uid=url or digest(headline, html), headline=headline, blocks=blocks, url=url or None)


def _without_headline(headline: str, blocks: Blocks) -> tuple[str, Blocks]:
    """Return the headline (the first highest heading where none is known), and the blocks without it."""
    for at, block in enumerate(blocks[:_HEADLINE_WITHIN]):
        if isinstance(block, Heading) and _is_headline(block, headline):
            return headline or one_line(plain(block.text)), (*blocks[:at], *blocks[at + 1 :])
    return headline, blocks


def _is_headline(block: Block, headline: str) -> bool:
    assert isinstance(block, Heading)
    said = one_line(plain(block.text)).casefold()
    return said == headline.casefold() if headline else block.level == 1
