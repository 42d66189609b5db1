"""Where each picture stands on its way to Telegram: known by an id, held ready for upload, or not to be had.

Pictures are named by their URL. All who want the same one at the same time wait for one fetch; once Telegram
has it, its id serves everybody.
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

from sqlalchemy.exc import SQLAlchemyError

from bot.media.workshop import Workshop
from bot.metrics import PICTURES
from bot.model.clock import Clock
from bot.model.errors import MediaError
from bot.store import media
from bot.store.database import Database, reads, writes

log = logging.getLogger(__name__)

TRUSTED = timedelta(hours=1)
"""How long an address is taken to hold the same picture; then it is fetched again, and compared."""

FAILED_SECONDS = 600.0
"""For how long a picture that can't be had is not asked for again."""

MOST_HELD = 64 * 1024 * 1024
"""Bytes that wait for their upload, in all."""

MOST_KNOWN = 4096

_alike, _known = reads(media.alike), reads(media.known)
_learn, _forget = writes(media.learn), writes(media.forget)


@dataclass(frozen=True, slots=True)
class FileId:
    """Telegram's id of a picture that it has."""

    value: str


@dataclass(frozen=True, slots=True)
class Upload:
    """A picture to be uploaded. `encoded` where we made it anew; `digest` is of what was fetched."""

    content: bytes
    name: str
    digest: str
    encoded: bool


@dataclass(frozen=True, slots=True)
class Address:
    """A picture that we can't reach: Telegram may, by its address."""

    url: str


Given = FileId | Upload | Address
Fetch = Callable[[str], Awaitable[bytes]]


class Pictures:
    """The pictures of one bot. `fetch` raises MediaError; without it Telegram fetches by address."""

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
        self._workshop = Workshop()
        self._known: OrderedDict[str, media.Known] = OrderedDict()
        self._failed: OrderedDict[str, tuple[str, float]] = OrderedDict()
        self._ready: OrderedDict[str, Upload | Address] = OrderedDict()
        self._under_way: dict[str, asyncio.Task[Given]] = {}

    def known(self, url: str) -> str | None:
        """Return Telegram's id of a picture where nothing needs to be asked first."""
        found = self._known.get(url)
        return found.file_id if found and self._is_trusted(found) else None

    def failed(self, url: str) -> str | None:
        """Return why a picture is not to be had for now; None where that is not known."""
        reason, until = self._failed.get(url, ("", 0.0))
        return reason if self._now() < until else None

    async def get(self, url: str, *, checked: bool = True) -> Given:
        """Return what Telegram is to be given. Raises MediaError where the picture can't be had.

        Unless `checked`, any id that was ever learnt will do. What was begun goes on if the caller leaves.
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
        """Keep the id that Telegram has given a picture; where it told none, it may fetch the next itself."""
        if isinstance(given, FileId):
            return
        self._ready.pop(url, None)
        if file_id is None:
            self._hold(url, Address(url))
            return
        await self._keep(url, file_id, given.digest if isinstance(given, Upload) else None)

    async def refused(self, url: str, given: Given) -> bool:
        """Take note that Telegram refused a picture so; return whether it can be given in another way."""
        match given:
            case FileId(value):
                await self._forget_id(value)
                return True
            case Upload(encoded=False):
                return await self._encode(url, given)
        self._fail(url, "refused")
        return False

    async def close(self) -> None:
        """Give up what is being fetched."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _load(self, url: str) -> media.Known | None:
        found = await _known(self._db, self._bot_id, url)
        if found and url not in self._known:
            self._remember(url, found)
        return found

    async def _bring(self, url: str, found: media.Known | None) -> Given:
        """Fetch a picture and make it fit; where its bytes are known, no upload is needed."""
        if self._fetch is None:
            return FileId(found.file_id) if found else Address(url)
        try:
            content = await self._fetch(url)
            digest = await asyncio.to_thread(_digest, content)
            if file_id := await _alike(self._db, self._bot_id, digest):
                PICTURES.labels("by-id").inc()
                await self._keep(url, file_id, digest)
                return FileId(file_id)
            name, made = await self._workshop.fit(content)
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
            log.error("a picture failed unexpectedly", exc_info=error)
        self._fail(url, error.reason if isinstance(error, MediaError) else "unforeseen")

    async def _encode(self, url: str, given: Upload) -> bool:
        if self._ready.get(url) not in (given, None):
            return True  # another has done so meanwhile
        try:
            name, made = await self._workshop.fit(given.content, force=True)
        except MediaError as error:
            self._fail(url, error.reason)
            return False
        self._hold(url, replace(given, content=made or given.content, name=name, encoded=True))
        return True

    def _hold(self, url: str, ready: Upload | Address) -> Upload | Address:
        """Keep what is ready until Telegram has it; what has waited longest gives way."""
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
        self._remember(url, media.Known(file_id, now))
        try:
            await _learn(self._db, self._bot_id, url, file_id, now, digest)
        except SQLAlchemyError as error:
            # The message stands, and must not be sent again for this: a full disk, an address without end.
            log.warning("the id of a picture can't be kept (%s)", type(error).__name__)

    async def _forget_id(self, file_id: str) -> None:
        for url in [url for url, found in self._known.items() if found.file_id == file_id]:
            del self._known[url]
        await _forget(self._db, self._bot_id, file_id)

    def _remember(self, url: str, found: media.Known) -> None:
        self._known[url] = found
        self._known.move_to_end(url)
        if len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)

    def _is_trusted(self, found: media.Known) -> bool:
        return self._clock.now() - found.learnt_at < TRUSTED


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
