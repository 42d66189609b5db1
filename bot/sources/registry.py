"""The kinds of source. A new kind is a file in `bot/sources/kinds` and a line here (docs/adding-a-source.md)."""

from __future__ import annotations

from collections.abc import Callable

from bot.sources.fetch.fetcher import Fetcher
from bot.sources.item import SourceError
from bot.sources.kinds.feed import FeedSource
from bot.sources.kinds.file import FileSource
from bot.sources.parser_pool import ParserPool
from bot.sources.source import Source

FEED = "feed"
"""The kind of a `[[feed]]` that names none."""

KINDS: dict[str, Callable[[str, Fetcher, ParserPool], Source]] = {
    FEED: FeedSource,
    "file": FileSource,
}


def open_source(kind: str, address: str, fetcher: Fetcher, parsers: ParserPool) -> Source:
    """Return the source of that kind at that address. Raises SourceError for a kind that is not known."""
    if kind not in KINDS:
        raise SourceError("unknown-kind", f"no source is of kind {kind!r}")
    return KINDS[kind](address, fetcher, parsers)
