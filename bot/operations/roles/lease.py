"""A lease on a role: one process has the role, any other process stands by to take over."""

from __future__ import annotations

import logging
import os
import socket
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import blake2s
from pathlib import Path

from bot.log import Event
from bot.model.clock import Clock
from bot.store.engine.database import Database
from bot.store.operations import leases
from bot.store.operations.leases import Held

log = logging.getLogger(__name__)

TTL = timedelta(seconds=8)
"""How long a lease holds after its last renewal."""

RENEW_SECONDS, LOOK_SECONDS = 2.0, 0.5
"""How often the holder renews the lease, and how often a process that stands by looks at the lease."""


BOOT, NUMBERS = Path("/proc/sys/kernel/random/boot_id"), Path("/proc/self/ns/pid")
"""What names this start of the machine, and the space of process numbers (man 7 pid_namespaces)."""


def awake_or_asleep() -> float:
    """Return seconds that also pass while the machine is suspended; those of `time.monotonic` stop on Linux."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


def holder_name(process: int) -> str:
    """Return a name under which that process of this machine may hold a lease."""
    return f"{_host()}:{process}:{uuid.uuid4().hex[:8]}"


class Lease:
    """This process's claim to a role. The process that holds the lease must renew it."""

    def __init__(
        self,
        db: Database,
        name: str,
        clock: Clock,
        *,
        holder: str | None = None,
        seconds: Callable[[], float] = awake_or_asleep,
    ) -> None:
        """Take who would hold the lease, this process where nobody is named, and what tells passing seconds."""
        self._db = db
        self._clock = clock
        self.name = name
        self.owner = holder or holder_name(os.getpid())
        self.seconds = seconds
        self._until = float("-inf")
        self._seen: Held | None = None
        self._seen_at = 0.0

    @property
    def sure(self) -> bool:
        """Whether no other process can hold the lease now. False where this process slept through its renewals."""
        return self.seconds() < self._until

    def now(self) -> datetime:
        """Return the time by the lease's clock."""
        return self._clock.now()

    async def take_if_free(self) -> bool:
        """Take the lease where nobody holds it; return whether this process has it now."""
        began = self.seconds()
        now = self._clock.now()
        async with self._db.read() as tx:
            held = await leases.held(tx, self.name)
        if held != self._seen:
            self._seen, self._seen_at = held, began
        if held and held.owner != self.owner and not self._is_free(held, now, began - self._seen_at):
            return False
        async with self._db.write() as tx:
            taken = await leases.take(tx, self.name, self.owner, now, ttl=TTL, free=held)
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

    def renewed(self, began: float | None) -> None:
        """Note that the lease was prolonged by what began at that second; None: another process has taken it."""
        if began is None:
            log.error(Event("lease.lost", lease=self.name))
        self._until = float("-inf") if began is None else began + TTL.total_seconds()


def _host() -> str:
    """Return a name of what gives processes their numbers: this machine since its start, or this container.

    The host name alone would not do: many machines are called alike, and a process of another would seem dead here.
    """
    parts = [socket.gethostname()]
    # Where the machine is not Linux, the host name must do.
    with suppress(OSError):
        parts += [BOOT.read_text(encoding="ascii").strip(), os.readlink(NUMBERS)]
    return f"{parts[0][:15].replace(':', '-')}-{blake2s(' '.join(parts).encode(), digest_size=4).hexdigest()}"


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
