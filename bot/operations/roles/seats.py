"""Which roles this process has: it stands by for those that another has, and renews its own together."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping, Sequence

from bot.log import Event, Outage
from bot.operations.roles.lease import LOOK_SECONDS, RENEW_SECONDS, TTL, Lease, awake_or_asleep
from bot.operations.roles.process_role import ALONE, ProcessRole, Seat, listed, seat_of
from bot.store.engine.database import UNAVAILABLE, Database, why
from bot.store.operations import leases

log = logging.getLogger(__name__)

PATIENCE = TTL.total_seconds() / 2
"""How many seconds a question to the database may take: an answer that comes later says nothing."""


class Seats:
    """The leases on the seats that a process would have. Roles that need none are had from the start."""

    def __init__(self, db: Database, wanted: Mapping[Seat, Lease], free: Collection[ProcessRole]) -> None:
        self._db = db
        self._wanted = dict(wanted)
        self.held: set[Seat] = set(map(Seat, free))
        self.taken = asyncio.Event()
        """Set whenever a role was taken; whoever begins its work clears it."""

    @property
    def sure(self) -> bool:
        """Whether no other process can have any of the roles that this one took."""
        return all(lease.sure for seat, lease in self._wanted.items() if seat in self.held)

    @property
    def roles(self) -> set[ProcessRole]:
        """The roles that this process has, for whichever bot."""
        return {seat.role for seat in self.held}

    def roles_of(self, bot_id: int) -> set[ProcessRole]:
        """Return the roles that this process has in the work for that bot."""
        return {seat.role for seat in self.held if seat.bot_id in (0, bot_id)}

    def serves(self, bot_id: int, role: ProcessRole) -> bool:
        """Return whether this process has the role now, in the work for that bot."""
        return seat_of(role, bot_id) in self.held and self.sure

    async def take_some(self, stop: asyncio.Event) -> bool:
        """Wait until this process has a role of those that one alone may have, where it wants any.

        Return False where it is told to stop before.
        """
        said = ""
        while not stop.is_set():
            try:
                await self._take_free()
                if not self._wanted or self.held & self._wanted.keys():
                    return True
                reason = "already running: another process speaks for this bot; standing by to take over"
            except UNAVAILABLE as error:
                reason = why(error)
            if said != reason:
                said = reason
                log.warning(
                    Event("lease.waits", roles=listed({seat.role for seat in self._wanted}), reason=reason)
                )
            try:
                await asyncio.wait_for(stop.wait(), LOOK_SECONDS)
            except TimeoutError:
                continue
        return False

    async def keep(self) -> None:
        """Renew what is held, and take what becomes free. Returns where another process took one of the roles."""
        renewed = awake_or_asleep()
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                if awake_or_asleep() - renewed >= RENEW_SECONDS:
                    began = awake_or_asleep()
                    if not await self.renew():
                        return
                    renewed = began
                elif self._missing:
                    async with asyncio.timeout(PATIENCE):
                        await self._take_free()
            except UNAVAILABLE as error:
                # Tried again at the next look: after a longer rest the leases would have run out.
                log.error(Outage("lease.not_renewed", reason=why(error), again_in=LOOK_SECONDS))

    async def renew(self) -> bool:
        """Prolong all that is held in one statement. Return False where another process has one of the roles."""
        mine = {lease.name: lease for seat, lease in self._wanted.items() if seat in self.held}
        if not mine:
            return True
        one = next(iter(mine.values()))
        began = one.seconds()
        async with asyncio.timeout(PATIENCE), self._db.write() as tx:
            renewed = await leases.renew(tx, list(mine), one.owner, one.now(), ttl=TTL)
        for name, lease in mine.items():
            lease.renewed(began if name in renewed else None)
        return renewed == mine.keys()

    async def release(self) -> None:
        """Give all up, so that a process that stands by need not wait for their end."""
        mine = [lease for seat, lease in self._wanted.items() if seat in self.held]
        if not mine:
            return
        try:
            async with self._db.write() as tx:
                for lease in mine:
                    await leases.release(tx, lease.name, lease.owner)
            self.held.difference_update(self._wanted)
        except UNAVAILABLE as error:
            # They run out by themselves.
            log.warning(Event("lease.release_failed", reason=why(error)))

    @property
    def _missing(self) -> list[Seat]:
        return [seat for seat in self._wanted if seat not in self.held]

    async def _take_free(self) -> None:
        for seat in self._missing:
            if await self._wanted[seat].take_if_free():
                self.held.add(seat)
                self.taken.set()
                log.info(Event("lease.taken", lease=self._wanted[seat].name))


def open_seats(
    db: Database,
    bot_ids: Sequence[int],
    wanted: Collection[ProcessRole],
    lease_on: Callable[[str], Lease],
) -> Seats:
    """Return the seats of a process that would have these roles for those bots.

    `lease_on` gives the lease of that name on a seat that one process alone may have.
    """
    alone = [role for role in ProcessRole if role in wanted and role in ALONE]
    seats = dict.fromkeys(seat_of(role, bot_id) for role in alone for bot_id in bot_ids)
    leases_on = {seat: lease_on(seat.lease_name) for seat in seats}
    return Seats(db, leases_on, [each for each in wanted if each not in ALONE])
