"""Fetches pictures, within narrower bounds of time than feeds, because a story waits for them."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from bot.log import Event
from bot.model.errors import MediaError
from bot.sources.fetch.addresses import shown
from bot.sources.fetch.byte_budget import ByteBudget
from bot.sources.fetch.fetcher import Fetcher, FetchError

log = logging.getLogger(__name__)

MAX_BYTES = 20 * 1024 * 1024
"""More than Telegram's limit, because heavy pictures are made lighter."""

MOST_IN_FLIGHT = 64 * 1024 * 1024
"""The most bytes of pictures between their fetching and their fitting, over all stories."""

ACCEPT = "image/jpeg, image/png, image/*;q=0.8, */*;q=0.1"
SLOW_FOR, SLOW_SECONDS = 300.0, 2.0
"""After a timeout, the host gets two seconds for the next five minutes."""

# Telegram gets there no better, or must not be led there: its server may stand in our own network.
_FINAL = frozenset(
    {"private-address", "bad-address", "too-big", "timeout", "redirects", "http-404", "http-410"}
)


class PictureFetcher:
    """Fetches pictures with two fetchers: a patient one, and a quick one for hosts that lately did not answer.

    `seconds` is the patient fetcher's limit; `now` is a monotonic clock. At most `most_in_flight` bytes are in memory
    until the tasks that fetched them end.
    """

    def __init__(
        self,
        *,
        allow_private: bool,
        seconds: float,
        most_in_flight: int = MOST_IN_FLIGHT,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        budget = ByteBudget(most_in_flight)
        self._patient, self._short = (
            Fetcher(
                allow_private=allow_private,
                max_bytes=MAX_BYTES,
                total_seconds=total,
                accept=ACCEPT,
                budget=budget,
            )
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
        """Return the bytes at `url`. Raises MediaError; its `elsewhere` says that Telegram may have more luck."""
        host = _host(url)
        try:
            found = await (self._short if self.is_slow(url) else self._patient).fetch(url)
        except FetchError as error:
            log.info(Event("picture.not_fetched", url=shown(url), reason=error))
            if error.reason == "timeout":
                self._slow[host] = self._now() + SLOW_FOR
            raise MediaError(error.reason, elsewhere=error.reason not in _FINAL) from None
        self._slow.pop(host, None)
        return found.body or b""

    def is_slow(self, url: str) -> bool:
        """Return whether the address's host gave no answer within the last five minutes."""
        return self._slow.get(_host(url), 0.0) > self._now()


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
