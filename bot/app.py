"""The running bot: `start` builds it and sets its loops going, `App` waits for its end and stops it."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
from collections.abc import Callable, Collection
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bot.factory import Factory
from bot.log import Event
from bot.model.clock import Clock
from bot.model.errors import SetupError
from bot.operations.file_watch import until_gone
from bot.operations.loops import Loops
from bot.operations.readiness.probe import Probe
from bot.operations.readiness.readiness import Readiness
from bot.operations.roles.lease import Lease, holder_name
from bot.operations.roles.process_role import ALL, ProcessRole, lease_name, listed
from bot.operations.roles.seats import Seats, open_seats
from bot.operations.ticker import Schedule
from bot.outbox.courier import Courier
from bot.process.failure import Failure, TakenOver
from bot.process.one_bot import OneBot, open_bot
from bot.process.operator_page import operator_page
from bot.process.shared_parts import SharedParts, open_shared
from bot.process.shutdown import as_far_as_it_goes, finish
from bot.process.update_source import door_of, door_routes
from bot.services import Services
from bot.settings import Settings
from bot.store.engine.database import Database
from bot.web.health import health_routes
from bot.web.probes import probe_routes
from bot.web.server import WebServer

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class App:
    """A running bot, as `start` returns it. `parts` ends what runs and closes what is open, the last begun first."""

    services: Services
    courier: Courier
    schedule: Schedule
    failure: Failure
    parts: AsyncExitStack

    async def wait(self, stop: asyncio.Event) -> None:
        """Return when `stop` is set.

        Raises SetupError where the bot can't go on, TakenOver where another process does.
        """
        waits = [asyncio.create_task(stop.wait()), asyncio.create_task(self.failure.wait())]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for each in waits:
            each.cancel()
        if self.failure.reason and not stop.is_set():
            raise (TakenOver if self.failure.taken_over else SetupError)(self.failure.reason)

    async def stop(self) -> None:
        """Finish what is on its way, write down its results, and give the lease back, within ten seconds."""
        await self.parts.aclose()
        log.info(Event("bot.stopped", username=self.services.bot.username))


async def start(
    settings: Settings,
    db: Database,
    clock: Clock,
    stop: asyncio.Event,
    *,
    roles: Collection[ProcessRole] = ALL,
) -> App | None:
    """Start the roles of a bot that no other process has, and take the others of `roles` as they become free.

    None where `stop` was set before the bot ran. Raises SetupError, in one sentence, where the bot can't be started.
    """
    async with AsyncExitStack() as parts:
        mine, failure = _seats(settings, db, clock, roles), Failure()
        parts.push_async_callback(as_far_as_it_goes, mine.release)
        if not await mine.take_some(stop):
            return None
        factory = Factory(settings, db, clock, lambda: mine.sure, serves=mine.serves)
        shared = await open_shared(parts, settings, db, clock)
        bot = await open_bot(parts, settings, factory, shared, seats=mine, failure=failure, stop=stop)
        if bot is None:
            return None
        loops = Loops()
        readiness = _readiness(bot, mine, loops)
        if settings.web_port and ProcessRole.WEB in roles:
            health, handles = partial(_health, bot, mine, loops), partial(mine.serves, ProcessRole.POLLER)
            routes = [
                *health_routes(health),
                *probe_routes(lambda: loops.ended, readiness.checks),
                *door_routes(settings, door_of(bot.updates, bot.services, handles)),
                *parts.enter_context(operator_page(settings, bot.services, bot.line, health)),
            ]
            server = WebServer(settings.web_host, settings.web_port, routes)
            await parts.enter_async_context(server)
        # What ends the loops, in the order in which it is done: the last is pushed first.
        parts.push_async_callback(loops.stop)
        parts.push_async_callback(finish, bot.outbox.courier, bot.updates, bot.services.errands)
        _begin(loops, bot, shared, seats=mine, failure=failure)
        loops.keep("readiness", readiness.run)
        if db.file:
            loops.once("database file", partial(_watch_file, db.file, failure))
        _freeze()
        username = bot.services.bot.username
        log.info(Event("bot.started", username=username, roles=listed(mine.held)))
        return App(bot.services, bot.outbox.courier, bot.schedule, failure, parts.pop_all())


def _seats(settings: Settings, db: Database, clock: Clock, roles: Collection[ProcessRole]) -> Seats:
    holder = holder_name(os.getpid())
    return open_seats(
        db, roles, lambda role: Lease(db, lease_name(role, settings.bot_id), clock, holder=holder)
    )


def _begin(loops: Loops, bot: OneBot, shared: SharedParts, *, seats: Seats, failure: Failure) -> None:
    loops.keep("lease", partial(_keep_seats, seats, failure))
    loops.keep("roles", partial(_take_up_roles, seats, bot, bot.work(loops)))
    loops.keep("schedule", bot.schedule.run)
    loops.once("halt", partial(_halt, bot.outbox.courier, failure))
    if carriers := shared.bell.carriers():
        for name, work in carriers.items():
            loops.keep(name, work)
        loops.keep("flood waits", bot.line.follow_waits)


async def _take_up_roles(mine: Seats, bot: OneBot, work: dict[ProcessRole, Callable[[], None]]) -> None:
    """Begin the work of each role as it is taken, once."""
    while True:
        bot.keep_to_its_part(mine.held)
        for role in [each for each in work if each in mine.held]:
            work.pop(role)()
        await mine.taken.wait()
        mine.taken.clear()


async def _keep_seats(mine: Seats, failure: Failure) -> None:
    await mine.keep()
    failure.lost()


async def _watch_file(path: Path, failure: Failure) -> None:
    await until_gone(path)
    failure.tell(f"the database {path} was moved away or replaced: bring it back, then start the bot again")


async def _halt(courier: Courier, failure: Failure) -> None:
    """Let nothing more be claimed once the bot can't go on."""
    await failure.wait()
    courier.halted = failure.reason


async def _health(bot: OneBot, mine: Seats, loops: Loops) -> dict[str, object]:
    ended, flow = loops.ended, bot.services.update_flow
    well = mine.sure and not ended and not flow.trouble
    username, roles = bot.services.bot.username, listed(mine.held)
    facts = {"ok": well, "bot": username, "roles": roles, "ended": ended, "no_updates": flow.trouble}
    if flow.way == "webhook":
        facts |= {"webhook_pending": flow.pending, "webhook_error": flow.last_error}
    return facts


def _readiness(bot: OneBot, mine: Seats, loops: Loops) -> Readiness:
    services = bot.services
    hears = partial(mine.serves, ProcessRole.POLLER)
    return Readiness(
        Probe(services.db, services.bot.id, services.clock),
        sure=lambda: mine.sure,
        ended=lambda: loops.ended,
        deaf=lambda: services.update_flow.trouble if hears() else "",
        problems=services.talk.problems,
    )


def _freeze() -> None:
    """Keep full collections from going through all that was built so far: a third of a second, again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
