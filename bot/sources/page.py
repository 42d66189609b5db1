"""A story's web page, or the HTML of its body alone."""

from __future__ import annotations

from bot.model.content import Heading, plain
from bot.sources.encodings import decode_text
from bot.sources.item import Item, SourceError, digest
from bot.sources.markup import to_blocks


def read_page(data: bytes, content_type: str = "", url: str = "") -> Item:
    """Return the story of a page at `url`. Raises SourceError where there is none."""
    blocks = to_blocks(decode_text(data), url or None)
    if not blocks:
        raise SourceError("empty", "there is no story in it")
    headline = ""
    if isinstance(blocks[0], Heading):
        headline, blocks = plain(blocks[0].text), blocks[1:]
    return Item(uid=url or digest(headline), headline=headline, blocks=blocks, url=url or None)
