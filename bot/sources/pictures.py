"""Fetches pictures: within narrower bounds than feeds, because a story waits for them."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from bot.model.errors import MediaError
from bot.sources.addresses import shown
from bot.sources.fetch import Fetcher, FetchError

log = logging.getLogger(__name__)

MAX_BYTES = 20 * 1024 * 1024
"""More than Telegram takes: what is too heavy is made lighter."""

ACCEPT = "image/jpeg, image/png, image/*;q=0.8, */*;q=0.1"
SLOW_FOR, SLOW_SECONDS = 300.0, 2.0
"""For how long a host whose answer never came is given but so many seconds."""

# Telegram gets there no better, or must not be led there: its server may stand in our own network.
_FINAL = frozenset(
    {"private-address", "bad-address", "too-big", "timeout", "redirects", "http-404", "http-410"}
)


class PictureFetcher:
    """Fetches pictures with two fetchers: one for hosts that answer, one for those that lately did not."""

    def __init__(
        self, *, allow_private: bool, seconds: float, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._patient, self._short = (
            Fetcher(allow_private=allow_private, max_bytes=MAX_BYTES, total_seconds=total, accept=ACCEPT)
            for total in (seconds, min(seconds, SLOW_SECONDS))
        )
        self._now = now
        self._slow: dict[str, float] = {}

    async def __aenter__(self) -> PictureFetcher:
        await self._patient.__aenter__()
        await self._short.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._patient.__aexit__(None, None, None)
        await self._short.__aexit__(None, None, None)

    async def fetch(self, url: str) -> bytes:
        """Return what is at `url`. Raises MediaError."""
        host = _host(url)
        try:
            found = await (self._short if self.is_slow(url) else self._patient).fetch(url)
        except FetchError as error:
            log.info("a picture can't be had from %s: %s", shown(url), error)
            if error.reason == "timeout":
                self._slow[host] = self._now() + SLOW_FOR
            raise MediaError(error.reason, elsewhere=error.reason not in _FINAL) from None
        self._slow.pop(host, None)
        return found.body or b""

    def is_slow(self, url: str) -> bool:
        """Return whether the host of the address lately gave no answer."""
        return self._slow.get(_host(url), 0.0) > self._now()


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
