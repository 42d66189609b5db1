"""The lease on a bot's token: one process speaks for it, any other stands by to take over."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import time
import uuid
from datetime import datetime, timedelta

from bot.model.clock import Clock
from bot.store import leases
from bot.store.database import UNAVAILABLE, Database, reads, why, writes
from bot.store.leases import Held

log = logging.getLogger(__name__)

TTL = timedelta(seconds=12)
RENEW_SECONDS, LOOK_SECONDS = 3.0, 0.5

_take = writes(leases.take)
_renew = writes(leases.renew)
_release = writes(leases.release)
_held = reads(leases.held)


class Lease:
    """This process's claim to speak for one bot."""

    def __init__(self, db: Database, bot_id: int, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._name = f"bot:{bot_id}"
        self._owner = f"{_host()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        self._until = float("-inf")
        self._seen: Held | None = None
        self._seen_at = 0.0

    @property
    def sure(self) -> bool:
        """Whether nobody else can have it now, also where this process slept through its renewals."""
        return _awake_or_asleep() < self._until

    async def take(self, stop: asyncio.Event) -> bool:
        """Take the lease, standing by while another process has it. False when told to stop."""
        said = ""
        while not stop.is_set():
            try:
                if await self._try():
                    return True
                waits = "already running: another process speaks for this bot; standing by to take over"
            except UNAVAILABLE as error:
                waits = f"the bot's lease can't be taken ({why(error)}); trying again"
            if said != waits:
                said = waits
                log.warning(waits)
            try:
                await asyncio.wait_for(stop.wait(), LOOK_SECONDS)
            except TimeoutError:
                continue
        return False

    async def _try(self) -> bool:
        began = _awake_or_asleep()
        now = self._clock.now()
        held = await _held(self._db, self._name)
        if held != self._seen:
            self._seen, self._seen_at = held, began
        if held and held.owner != self._owner and not self._is_free(held, now, began - self._seen_at):
            return False
        taken = await _take(self._db, self._name, self._owner, now, TTL, held)
        if taken:
            self._until = began + TTL.total_seconds()
        return taken

    def _is_free(self, held: Held, now: datetime, unchanged: float) -> bool:
        """Return whether a lease may be taken that nobody has renewed for so many seconds.

        Its time alone does not say so where its holder lives on this machine: a clock that is set ahead ends
        every lease at once, and one that is set back none for long.
        """
        if unchanged >= TTL.total_seconds():
            return True
        lives = _lives(held.owner)
        return held.until <= now if lives is None else not lives

    async def renew(self) -> bool:
        """Prolong the lease; False where another process has taken it since."""
        began = _awake_or_asleep()
        if not await _renew(self._db, self._name, self._owner, self._clock.now(), TTL):
            self._until = float("-inf")
            return False
        self._until = began + TTL.total_seconds()
        return True

    async def keep(self) -> None:
        """Prolong the lease until it is lost."""
        while await self.renew():  # noqa: ASYNC110 (time itself is what is waited for)
            await asyncio.sleep(RENEW_SECONDS)

    async def release(self) -> None:
        """Give the lease up, so that who stands by need not wait for its end."""
        if self._until > float("-inf"):
            try:
                await _release(self._db, self._name, self._owner)
            except UNAVAILABLE as error:
                log.warning("the lease can't be given up (%s); it runs out by itself", why(error))


def _awake_or_asleep() -> float:
    """Return seconds that also pass while the machine is suspended; those of `time.monotonic` stop on Linux."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


def _host() -> str:
    return socket.gethostname()[:24]


def _lives(holder: str) -> bool | None:
    """Return whether a lease's holder is a process that runs; None where it is another machine's."""
    host, _, rest = holder.partition(":")
    number = rest.partition(":")[0]
    if host != _host() or not number.isdecimal():
        return None
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return int(number) != os.getpid()
