"""A story's web page, or the HTML of its body alone."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.model.content import Block, Blocks, Heading, Media, MediaKind, plain
from bot.sources.encodings import decode_html
from bot.sources.item import Item, SourceError, digest
from bot.sources.markup import blocks_of, to_blocks
from bot.sources.markup_tree import parse
from bot.sources.page_body import find_body
from bot.sources.page_facts import PageFacts, page_facts
from bot.sources.runs import one_line

_WHOLE = re.compile(r"<(?:html|head|body)[\s>]", re.IGNORECASE)
_HEADLINE_WITHIN = 3


def read_page(data: bytes, content_type: str = "", url: str = "") -> Item:
    """Return the story of a page at `url`, whole or a fragment. Raises SourceError where there is none."""
    html = decode_html(data, content_type)
    if not _WHOLE.search(html):
        return _fragment(html, url)
    facts = page_facts(html, url)
    root = parse(html)
    blocks = blocks_of(find_body(root), facts.base) if root is not None else ()
    headline, blocks = _without_headline(facts.headline, blocks)
    if not blocks:
        raise SourceError("empty", "there is no story in it")
    return _item(replace(facts, headline=headline), blocks)


def _item(facts: PageFacts, blocks: Blocks) -> Item:
    return Item(
        uid=facts.url or digest(facts.headline),
        headline=facts.headline,
        lead=facts.lead,
        blocks=blocks,
        picture=Media(MediaKind.PICTURE, facts.picture) if facts.picture else None,
        url=facts.url,
        categories=facts.categories,
        published=facts.published,
        language=facts.language,
        source_name=facts.site,
    )


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
