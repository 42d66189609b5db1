"""Tells which links lead nowhere."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.sources.fetch.fetcher import Fetcher, FetchError

SECONDS, MOST_BYTES = 8.0, 64 * 1024
"""How long a link may take as a rule, and how much of an answer is read: that there is one is enough."""

DEAD = (
    *("http-404", "http-410", "no-host", "no-connection", "certificate", "bad-address", "redirects"),
    "private-address",
)
"""What says that readers get nowhere. A server that is slow, or asks for a password, may be there for them."""


async def dead_links(
    links: Sequence[str], *, allow_private: bool = False, seconds: float = SECONDS
) -> list[str]:
    """Return those of the links that lead nowhere, all asked side by side; each may take so many seconds."""
    async with Fetcher(
        allow_private=allow_private, max_bytes=MOST_BYTES, total_seconds=seconds, accept="*/*"
    ) as fetcher:
        gone = await asyncio.gather(*(_is_dead(fetcher, each) for each in links))
    return [each for each, dead in zip(links, gone, strict=True) if dead]


async def _is_dead(fetcher: Fetcher, link: str) -> bool:
    try:
        await fetcher.fetch(link)
    except FetchError as error:
        return error.reason in DEAD
    return False
