"""The running bot: `start` builds it and sets its loops going, `App` waits for its end and stops it."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
from collections.abc import Callable, Collection, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bot.log import Event
from bot.model.clock import Clock
from bot.model.errors import SetupError
from bot.operations.file_watch import until_gone
from bot.operations.loops import Loops
from bot.operations.roles.lease import Lease, holder_name
from bot.operations.roles.process_role import ALL, ProcessRole, Seat, listed
from bot.operations.roles.seats import Seats, open_seats
from bot.operations.ticker import Schedule
from bot.outbox.courier import Courier
from bot.process.bot_config import BotConfig, bot_configs, of_these
from bot.process.bots import open_bots
from bot.process.doors import open_doors
from bot.process.failure import Failure, TakenOver
from bot.process.one_bot import OneBot
from bot.process.shared_parts import SharedParts, newsroom_of, open_shared
from bot.process.shutdown import as_far_as_it_goes, finish
from bot.process.standby import standing_by
from bot.services import Services
from bot.settings import Settings
from bot.store.engine.database import Database

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class App:
    """The running bots of a process. `parts` ends what runs and closes what is open, the last begun first."""

    bots: Sequence[OneBot]
    schedule: Schedule
    failure: Failure
    parts: AsyncExitStack

    @property
    def services(self) -> Services:
        """The first bot's services."""
        return self.bots[0].services

    @property
    def courier(self) -> Courier:
        """The first bot's courier."""
        return self.bots[0].outbox.courier

    async def wait(self, stop: asyncio.Event) -> None:
        """Return when `stop` is set.

        Raises SetupError where the process can't go on, TakenOver where another process does.
        """
        waits = [asyncio.create_task(stop.wait()), asyncio.create_task(self.failure.wait())]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for each in waits:
            each.cancel()
        if self.failure.reason and not stop.is_set():
            raise (TakenOver if self.failure.taken_over else SetupError)(self.failure.reason)

    async def stop(self) -> None:
        """Finish what is on its way, write down its results, and give the leases back, within ten seconds."""
        await self.parts.aclose()
        log.info(Event("bot.stopped", username=_names(self.bots)))


async def start(
    settings: Settings,
    db: Database,
    clock: Clock,
    stop: asyncio.Event,
    *,
    roles: Collection[ProcessRole] = ALL,
    named: str = "",
) -> App | None:
    """Start the roles of the bots that no other process has, and take the others of `roles` as they become free.

    `named` are the variables of the bots that this process runs, all where none is named. None where `stop` was set
    before a bot ran. Raises SetupError, in one sentence, where no bot can be started.
    """
    async with AsyncExitStack() as parts:
        newsroom = newsroom_of(settings)
        every = bot_configs(settings, newsroom)
        configs = of_these(every, named)
        mine, failure = _seats(configs, db, clock, roles), Failure(len(configs))
        parts.push_async_callback(as_far_as_it_goes, mine.release)
        loops = Loops()
        async with standing_by(settings, roles):
            if not await mine.take_some(stop):
                return None
            parts.push_async_callback(loops.stop)
            loops.keep("lease", partial(_keep_seats, mine, failure))
            shared = await open_shared(parts, settings, newsroom, db=db, clock=clock)
            bots = await open_bots(
                parts,
                configs,
                shared,
                served=[each.settings.bot_id for each in every],
                seats=mine,
                failure=failure,
                stop=stop,
            )
            if not bots:
                return None
        schedule = Schedule([tick for each in bots for tick in each.ticks], clock, lambda: mine.sure)
        # Once nobody listens at the port any more. Whoever stands by need not wait until all else is closed.
        parts.push_async_callback(as_far_as_it_goes, mine.release)
        readiness = await open_doors(parts, settings, bots, loops, mine=mine, failure=failure, roles=roles)
        # What ends the loops, in the order in which it is done: the last is pushed first.
        parts.push_async_callback(loops.stop)
        parts.push_async_callback(_finish, bots)
        _begin(loops, bots, shared, seats=mine, failure=failure)
        loops.keep("schedule", schedule.run)
        loops.keep("readiness", readiness.run)
        if db.file:
            loops.once("database file", partial(_watch_file, db.file, failure))
        _freeze()
        log.info(Event("bot.started", username=_names(bots), roles=listed(mine.roles)))
        return App(bots, schedule, failure, parts.pop_all())


def _seats(configs: Sequence[BotConfig], db: Database, clock: Clock, roles: Collection[ProcessRole]) -> Seats:
    holder = holder_name(os.getpid())
    ids = [each.settings.bot_id for each in configs]
    return open_seats(db, ids, roles, lambda name: Lease(db, name, clock, holder=holder))


def _begin(
    loops: Loops, bots: Sequence[OneBot], shared: SharedParts, *, seats: Seats, failure: Failure
) -> None:
    work = {seat: begin for each in bots for seat, begin in each.work(loops).items()}
    loops.keep("roles", partial(_take_up_roles, seats, bots, work))
    loops.once("halt", partial(_halt, bots, failure))
    if carriers := shared.bell.carriers():
        for name, carry in carriers.items():
            loops.keep(name, carry)
        for each in bots:
            each.follow_waits(loops)


async def _take_up_roles(mine: Seats, bots: Sequence[OneBot], work: dict[Seat, Callable[[], None]]) -> None:
    """Begin the work of each seat as it is taken, once."""
    while True:
        for each in bots:
            each.keep_to_its_part(mine)
        for seat in [each for each in work if each in mine.held]:
            work.pop(seat)()
        await mine.taken.wait()
        mine.taken.clear()


async def _keep_seats(mine: Seats, failure: Failure) -> None:
    await mine.keep()
    failure.lost()


async def _watch_file(path: Path, failure: Failure) -> None:
    await until_gone(path)
    failure.tell(f"the database {path} was moved away or replaced: bring it back, then start the bot again")


async def _halt(bots: Sequence[OneBot], failure: Failure) -> None:
    """Let nothing more be claimed once the process can't go on."""
    await failure.wait()
    for each in bots:
        each.outbox.courier.halted = failure.reason


async def _finish(bots: Sequence[OneBot]) -> None:
    """Finish what every bot has begun, all within the same time."""
    await asyncio.gather(*(finish(each.outbox.courier, each.updates, each.services.errands) for each in bots))


def _names(bots: Sequence[OneBot]) -> str:
    return ", ".join(each.bot.username for each in bots)


def _freeze() -> None:
    """Keep full collections from going through all that was built so far: a third of a second, again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
