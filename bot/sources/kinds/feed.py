"""A feed over HTTP: RSS, Atom, RDF or JSON Feed, asked for only where it has changed."""

from __future__ import annotations

from bot.sources.fetch.fetcher import Fetched, Fetcher
from bot.sources.parser_pool import ParserPool
from bot.sources.source import Batch, Cursor


class FeedSource:
    """The feed at an address. Its cursor is what RFC 9110, section 13.1, lets a client send back."""

    def __init__(self, address: str, fetcher: Fetcher, parsers: ParserPool) -> None:
        self._address = address
        self._fetcher = fetcher
        self._parsers = parsers

    async def fetch(self, cursor: Cursor) -> Batch:
        """Return the feed's items; none where the feed is still the version that `cursor` names."""
        etag, modified = cursor.get("etag"), cursor.get("last_modified")
        fetched = await self._fetcher.fetch(self._address, etag=etag, last_modified=modified)
        if fetched.body is None:
            # An answer that nothing has changed need not repeat what names the version.
            return Batch((), {**cursor, **_cursor(fetched)})
        told = await self._parsers.told(fetched.body, fetched.content_type, fetched.url)
        return Batch(tuple(told.items), _cursor(fetched), told.lost)


def _cursor(fetched: Fetched) -> Cursor:
    named = {"etag": fetched.etag, "last_modified": fetched.last_modified}
    return {name: value for name, value in named.items() if value}
