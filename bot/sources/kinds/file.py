"""A file on this machine: agency copy, our JSON, a page or a feed."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.sources.item import SourceError
from bot.sources.parser_pool import ParserPool
from bot.sources.source import Batch, Cursor


class FileSource:
    """The file at a path. Its cursor is when the file was changed last."""

    def __init__(self, address: str, _fetcher: object, parsers: ParserPool) -> None:
        self._path = Path(address)
        self._parsers = parsers

    async def fetch(self, cursor: Cursor) -> Batch:
        """Return the file's stories; none where the file is as old as `cursor` says."""
        try:
            changed: Cursor = {"modified": str(self._path.stat().st_mtime_ns)}
            if changed == cursor:
                return Batch((), changed)
            body = await asyncio.to_thread(self._path.read_bytes)
        except OSError as error:
            raise SourceError("unreadable", f"can't be read ({error.strerror})") from None
        return Batch(tuple(await self._parsers.stories(str(self._path), body)), changed)
