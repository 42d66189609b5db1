"""The lease on a bot's token: one process speaks for the bot, any other process stands by to take over."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.log import Event
from bot.model.clock import Clock
from bot.store.engine.database import UNAVAILABLE, Database, why
from bot.store.operations import leases
from bot.store.operations.leases import Held

log = logging.getLogger(__name__)

TTL = timedelta(seconds=12)
"""How long a lease holds after its last renewal."""

RENEW_SECONDS, LOOK_SECONDS = 3.0, 0.5
"""How often the holder renews the lease, and how often a process that stands by looks at the lease."""


def awake_or_asleep() -> float:
    """Return seconds that also pass while the machine is suspended; those of `time.monotonic` stop on Linux."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


def holder_name(process: int) -> str:
    """Return a name under which that process of this machine may hold a lease."""
    return f"{_host()}:{process}:{uuid.uuid4().hex[:8]}"


class Lease:
    """This process's claim to speak for one bot. The process that holds the lease must renew it."""

    def __init__(
        self,
        db: Database,
        bot_id: int,
        clock: Clock,
        *,
        holder: str | None = None,
        seconds: Callable[[], float] = awake_or_asleep,
    ) -> None:
        """Take who would hold the lease, this process where nobody is named, and what tells passing seconds."""
        self._db = db
        self._clock = clock
        self._name = f"bot:{bot_id}"
        self._owner = holder or holder_name(os.getpid())
        self._seconds = seconds
        self._until = float("-inf")
        self._seen: Held | None = None
        self._seen_at = 0.0

    @property
    def sure(self) -> bool:
        """Whether no other process can hold the lease now. False where this process slept through its renewals."""
        return self._seconds() < self._until

    async def take(self, stop: asyncio.Event) -> bool:
        """Take the lease, after standing by while another process has it. Return False when told to stop."""
        said = ""
        while not stop.is_set():
            try:
                if await self.take_if_free():
                    log.info(Event("lease.taken", lease=self._name))
                    return True
                reason = "already running: another process speaks for this bot; standing by to take over"
            except UNAVAILABLE as error:
                reason = why(error)
            if said != reason:
                said = reason
                log.warning(Event("lease.waits", lease=self._name, reason=reason))
            try:
                await asyncio.wait_for(stop.wait(), LOOK_SECONDS)
            except TimeoutError:
                continue
        return False

    async def take_if_free(self) -> bool:
        """Take the lease where nobody holds it; return whether this process has it now."""
        began = self._seconds()
        now = self._clock.now()
        async with self._db.read() as tx:
            held = await leases.held(tx, self._name)
        if held != self._seen:
            self._seen, self._seen_at = held, began
        if held and held.owner != self._owner and not self._is_free(held, now, began - self._seen_at):
            return False
        async with self._db.write() as tx:
            taken = await leases.take(tx, self._name, self._owner, now, ttl=TTL, free=held)
        if taken:
            self._until = began + TTL.total_seconds()
        return taken

    def _is_free(self, held: Held, now: datetime, unchanged: float) -> bool:
        """Return whether a lease may be taken that nobody has renewed for `unchanged` seconds.

        Where the holder is a process of this machine, the lease's own end does not decide: a clock that is
        set ahead would end every lease at once, and a clock that is set back would end none for long.
        """
        if unchanged >= TTL.total_seconds():
            return True
        alive = lives(held.owner)
        return held.until <= now if alive is None else not alive

    async def renew(self) -> bool:
        """Prolong the lease. Return False where another process has taken the lease since."""
        began = self._seconds()
        async with self._db.write() as tx:
            renewed = await leases.renew(tx, self._name, self._owner, self._clock.now(), ttl=TTL)
        if not renewed:
            log.error(Event("lease.lost", lease=self._name))
            self._until = float("-inf")
            return False
        self._until = began + TTL.total_seconds()
        return True

    async def keep(self) -> None:
        """Prolong the lease until it is lost."""
        while await self.renew():  # noqa: ASYNC110 (time itself is what is waited for)
            await asyncio.sleep(RENEW_SECONDS)

    async def release(self) -> None:
        """Give the lease up, so that a process that stands by need not wait for its end."""
        if self._until > float("-inf"):
            try:
                async with self._db.write() as tx:
                    await leases.release(tx, self._name, self._owner)
            except UNAVAILABLE as error:
                # It runs out by itself.
                log.warning(Event("lease.release_failed", lease=self._name, reason=why(error)))


def _host() -> str:
    return socket.gethostname()[:24]


def lives(holder: str) -> bool | None:
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
