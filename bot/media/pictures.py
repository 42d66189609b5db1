"""The state of each picture on its way to Telegram: known by an id, held ready for upload, or failed.

A picture's URL is its name. Calls that want the same picture at the same time share one fetch; once Telegram
has the picture, its id serves all of them.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlsplit

from bot.log import Event
from bot.media.image_worker import ImageWorker
from bot.metrics import PICTURES
from bot.model.clock import Clock
from bot.model.errors import MediaError
from bot.store.engine.database import UNAVAILABLE, Database
from bot.store.newsroom import file_ids

log = logging.getLogger(__name__)

TRUSTED = timedelta(hours=1)
"""For so long an address counts as unchanged; then it is fetched again and compared."""

FAILED_SECONDS = 600.0
"""For so long a picture that failed is not tried again."""

MOST_HELD = 64 * 1024 * 1024
"""The most bytes that may wait for their upload, in all."""

MOST_KNOWN = 4096


@dataclass(frozen=True, slots=True)
class FileId:
    """Telegram's id of a picture that Telegram has."""

    value: str


@dataclass(frozen=True, slots=True)
class Upload:
    """A picture to upload. `encoded` says that the bytes are ours; `digest` is the fetched bytes' SHA-256."""

    content: bytes
    name: str
    digest: str
    encoded: bool


@dataclass(frozen=True, slots=True)
class Address:
    """The address of a picture that we can't reach; Telegram may reach it."""

    url: str


Given = FileId | Upload | Address
Fetch = Callable[[str], Awaitable[bytes]]


class Pictures:
    """The pictures of one bot.

    `fetch` returns an address's bytes or raises MediaError; without `fetch` Telegram gets addresses.
    `now` is a monotonic clock in seconds.
    """

    def __init__(
        self,
        db: Database,
        bot_id: int,
        clock: Clock,
        fetch: Fetch | None = None,
        *,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._db = db
        self._bot_id = bot_id
        self._clock = clock
        self._fetch = fetch
        self._now = now
        self._worker = ImageWorker()
        self._known: OrderedDict[str, file_ids.Known] = OrderedDict()
        self._failed: OrderedDict[str, tuple[str, float]] = OrderedDict()
        self._ready: OrderedDict[str, Upload | Address] = OrderedDict()
        self._under_way: dict[str, asyncio.Task[Given]] = {}

    def known(self, url: str) -> str | None:
        """Return Telegram's id of a picture where it is in memory and younger than an hour, else None."""
        found = self._known.get(url)
        return found.file_id if found and self._is_trusted(found) else None

    def failed(self, url: str) -> str | None:
        """Return why a picture failed within the last ten minutes (a short slug), else None."""
        reason, until = self._failed.get(url, ("", 0.0))
        return reason if self._now() < until else None

    async def get(self, url: str, *, checked: bool = True) -> Given:
        """Return the id, upload or address to give Telegram. Raises MediaError where the picture can't be had.

        Unless `checked`, an id of any age will do. A cancelled caller does not stop the fetch.
        """
        found = self._known.get(url) or await self._load(url)
        # While the database was asked, another may have learnt it.
        found = self._known.get(url, found)
        if found and (not checked or self._is_trusted(found)):
            return FileId(found.file_id)
        if reason := self.failed(url):
            raise MediaError(reason)
        if ready := self._ready.get(url):
            return ready
        task = self._under_way.get(url)
        if task is None:
            task = self._under_way[url] = asyncio.create_task(self._bring(url, found))
            task.add_done_callback(lambda done: self._brought(url, done))
        return await asyncio.shield(task)

    async def learn(self, url: str, file_id: str | None, given: Given) -> None:
        """Keep the id that Telegram gave a picture. Without an id, Telegram gets the address next time."""
        if isinstance(given, FileId):
            return
        self._ready.pop(url, None)
        if file_id is None:
            self._hold(url, Address(url))
            return
        await self._keep(url, file_id, given.digest if isinstance(given, Upload) else None)

    async def refused(self, url: str, given: Given) -> bool:
        """Note that Telegram refused a picture in the form `given`; return whether there is another form to try."""
        match given:
            case FileId(value):
                await self._forget_id(value)
                return True
            case Upload(encoded=False):
                return await self._encode(url, given)
        self._fail(url, "refused")
        return False

    async def close(self) -> None:
        """Cancel all fetches and wait for their end."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _load(self, url: str) -> file_ids.Known | None:
        async with self._db.read() as tx:
            found = await file_ids.known(tx, self._bot_id, url)
        if found and url not in self._known:
            self._remember(url, found)
        return found

    async def _bring(self, url: str, found: file_ids.Known | None) -> Given:
        """Fetch a picture and make it fit; the same bytes are never uploaded twice."""
        if self._fetch is None:
            return FileId(found.file_id) if found else Address(url)
        try:
            content = await self._fetch(url)
            digest = await asyncio.to_thread(_digest, content)
            async with self._db.read() as tx:
                file_id = await file_ids.alike(tx, self._bot_id, digest)
            if file_id:
                PICTURES.labels("by-id").inc()
                await self._keep(url, file_id, digest)
                return FileId(file_id)
            # Above what may be held, a picture is made lighter, however good it is.
            name, made = await self._worker.fit(content, force=self._weight() + len(content) > MOST_HELD)
        except MediaError as error:
            if found:
                # What once stood there is better than nothing.
                self._remember(url, replace(found, learnt_at=self._clock.now()))
                return FileId(found.file_id)
            if not error.elsewhere:
                raise
            PICTURES.labels("by-address").inc()
            return self._hold(url, Address(url))
        PICTURES.labels("encoded" if made else "as-it-is").inc()
        return self._hold(url, Upload(made or content, name, digest, made is not None))

    def _brought(self, url: str, task: asyncio.Task[Given]) -> None:
        del self._under_way[url]
        if task.cancelled() or (error := task.exception()) is None:
            return
        if not isinstance(error, MediaError):
            log.error(Event("picture.failed", host=urlsplit(url).hostname), exc_info=error)
        self._fail(url, error.reason if isinstance(error, MediaError) else "unforeseen")

    async def _encode(self, url: str, given: Upload) -> bool:
        if self._ready.get(url) not in (given, None):
            return True  # another has done so meanwhile
        try:
            name, made = await self._worker.fit(given.content, force=True)
        except MediaError as error:
            self._fail(url, error.reason)
            return False
        self._hold(url, replace(given, content=made or given.content, name=name, encoded=True))
        return True

    def _hold(self, url: str, ready: Upload | Address) -> Upload | Address:
        """Keep a picture until Telegram has it; above 64 MiB in all the oldest are dropped."""
        self._ready[url] = ready
        self._ready.move_to_end(url)
        while len(self._ready) > 1 and self._weight() > MOST_HELD:
            self._ready.popitem(last=False)
        return ready

    def _weight(self) -> int:
        return sum(len(each.content) for each in self._ready.values() if isinstance(each, Upload))

    def _fail(self, url: str, reason: str) -> None:
        PICTURES.labels(reason).inc()
        self._ready.pop(url, None)
        self._failed[url] = (reason, self._now() + FAILED_SECONDS)
        if len(self._failed) > MOST_KNOWN:
            self._failed.popitem(last=False)

    async def _keep(self, url: str, file_id: str, digest: str | None) -> None:
        now = self._clock.now()
        self._remember(url, file_ids.Known(file_id, now))
        try:
            async with self._db.write() as tx:
                await file_ids.learn(tx, self._bot_id, url, file_id, at=now, digest=digest)
        except UNAVAILABLE as error:
            # The message stands, and must not be sent again for this: a full disk, an address without end.
            log.warning(Event("file_id.not_saved", error=type(error).__name__))

    async def _forget_id(self, file_id: str) -> None:
        for url in [url for url, found in self._known.items() if found.file_id == file_id]:
            del self._known[url]
        async with self._db.write() as tx:
            await file_ids.forget(tx, self._bot_id, file_id)

    def _remember(self, url: str, found: file_ids.Known) -> None:
        self._known[url] = found
        self._known.move_to_end(url)
        if len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)

    def _is_trusted(self, found: file_ids.Known) -> bool:
        return self._clock.now() - found.learnt_at < TRUSTED


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
