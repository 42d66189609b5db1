"""The running bot: `start` builds it and sets its loops going, `App` waits for its end and stops it."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from aiogram import Bot as Client
from aiogram.exceptions import TelegramAPIError, TelegramNotFound, TelegramUnauthorizedError

from bot.conversations.editor.cards import show_open_again
from bot.conversations.menus import present
from bot.errands import Errands
from bot.factory import Factory
from bot.log import Event
from bot.model.clock import Clock
from bot.model.errors import SetupError
from bot.operations.file_watch import until_gone
from bot.operations.lease import Lease
from bot.operations.loops import Loops
from bot.operations.readiness.probe import Probe
from bot.operations.readiness.readiness import Readiness
from bot.operations.ticker import Schedule
from bot.outbox.courier import Courier
from bot.rendering.check import checked_templates
from bot.services import Services
from bot.settings import DEFAULT_NEWSROOM, Settings
from bot.sources.fetch.fetcher import Fetcher
from bot.sources.fetch.pictures import PictureFetcher
from bot.sources.newsroom.adoption import apply
from bot.sources.newsroom.entries import NO_FILE, Newsroom
from bot.sources.newsroom.file import load_newsroom
from bot.sources.parser_pool import ParserPool
from bot.store.engine.database import UNAVAILABLE, Database, why
from bot.store.operations import bots
from bot.updates.polling import Polling
from bot.updates.protocol import Updates
from bot.web.health import health_routes
from bot.web.probes import probe_routes
from bot.web.server import WebServer

log = logging.getLogger(__name__)

STOP_SECONDS = 7.0
"""How long a stop waits for calls on their way to Telegram, and for answers to what people said."""

AGAIN_SECONDS = 5.0
"""How long a start waits before it tries again to reach Telegram."""


class Failure:
    """Why the bot can't go on, once there is such a reason."""

    def __init__(self) -> None:
        self.reason = ""
        self._told = asyncio.Event()

    def tell(self, reason: str) -> None:
        """Say in one sentence why the bot must end."""
        log.error(Event("bot.failed", reason=reason))
        self.reason = reason
        self._told.set()

    async def token_refused(self) -> None:
        """Say that Telegram no longer knows the token."""
        self.tell("BOT_TOKEN was refused by Telegram: nothing can be sent with it any more")

    async def wait(self) -> None:
        """Return when there is a reason."""
        await self._told.wait()


@dataclass(frozen=True)
class App:
    """A running bot, as `start` returns it. `parts` ends what runs and closes what is open, the last begun first."""

    services: Services
    courier: Courier
    schedule: Schedule
    failure: Failure
    parts: AsyncExitStack

    async def wait(self, stop: asyncio.Event) -> None:
        """Return when `stop` is set. Raises SetupError where the bot can't go on."""
        waits = [asyncio.create_task(stop.wait()), asyncio.create_task(self.failure.wait())]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for each in waits:
            each.cancel()
        if self.failure.reason and not stop.is_set():
            raise SetupError(self.failure.reason)

    async def stop(self) -> None:
        """Finish what is on its way, write down its results, and give the lease back, within ten seconds."""
        await self.parts.aclose()
        log.info(Event("bot.stopped", username=self.services.bot.username))


async def start(settings: Settings, db: Database, clock: Clock, stop: asyncio.Event) -> App | None:
    """Start a bot; None where `stop` was set before the bot ran.

    Raises SetupError, in one sentence, where the bot can't be started.
    """
    async with AsyncExitStack() as parts:
        lease, failure = Lease(db, settings.bot_id, clock), Failure()
        parts.push_async_callback(_as_far_as_it_goes, lease.release)
        if not await lease.take(stop):
            return None
        factory = Factory(settings, db, clock, lambda: lease.sure)
        newsroom = _newsroom(settings)
        templates = checked_templates(
            settings.templates_dir, agency=newsroom.name, names=newsroom.names, clock=clock
        )
        fetch = await parts.enter_async_context(
            PictureFetcher(allow_private=settings.allow_private_feeds, seconds=settings.media_seconds)
        )
        pictures = factory.pictures(fetch.fetch)
        parts.push_async_callback(pictures.close)
        line = factory.line(pictures, factory.paid_budget())
        parts.push_async_callback(_as_far_as_it_goes, line.close)
        username = await _meet_telegram(line.client, lease, stop)
        if username is None:
            return None
        services = factory.services(factory.bot(username, newsroom.style), line, templates)
        await _take_up(services, newsroom)
        await line.wait_on()
        await line.look_at_balance(clock.now())
        fetcher = await parts.enter_async_context(Fetcher(allow_private=settings.allow_private_feeds))
        outbox = factory.outbox(services, line, failure.token_refused)
        parsers = await parts.enter_async_context(ParserPool())
        feeds = factory.feeds(fetcher, parsers)
        parts.push_async_callback(feeds.close)
        schedule = factory.schedule(services, line, feeds)
        updates: Updates = Polling(factory.dispatcher(services, parsers), line.client, db)
        loops = Loops()
        readiness = _readiness(services, lease, loops, updates)
        if settings.web_port:
            health = partial(_health, username, lease, loops, updates)
            routes = [*health_routes(health), *probe_routes(lambda: loops.ended, readiness.checks)]
            server = WebServer(settings.web_host, settings.web_port, routes)
            await parts.enter_async_context(server)
        # What ends the loops, in the order in which it is done: the last is pushed first.
        parts.push_async_callback(loops.stop)
        parts.push_async_callback(_finish, outbox.courier, updates, services.errands)
        loops.keep("matcher", outbox.matcher.run)
        loops.keep("courier", outbox.courier.run)
        loops.keep("schedule", schedule.run)
        loops.keep("lease", partial(_keep_lease, lease, failure))
        loops.keep("conversations", updates.run)
        loops.keep("readiness", readiness.run)
        if db.file:
            loops.once("database file", partial(_watch_file, db.file, failure))
        loops.once("menus", partial(present, services))
        loops.once("open cards", partial(show_open_again, services))
        loops.once("halt", partial(_halt, outbox.courier, failure))
        _freeze()
        log.info(Event("bot.started", username=username))
        return App(services, outbox.courier, schedule, failure, parts.pop_all())


async def _meet_telegram(client: Client, lease: Lease, stop: asyncio.Event) -> str | None:
    """Return the bot's username, None where told to stop; wait while Telegram can't be reached."""
    while not stop.is_set():
        try:
            return (await client.me()).username or ""
        except (TelegramUnauthorizedError, TelegramNotFound):
            raise SetupError("BOT_TOKEN was refused by Telegram: ask @BotFather for the right one") from None
        except TelegramAPIError as error:
            log.warning(Event("telegram.unreachable", reason=error.message, again_in=AGAIN_SECONDS))
        try:
            await asyncio.wait_for(stop.wait(), AGAIN_SECONDS)
        except TimeoutError:
            await lease.renew()
    return None


async def _take_up(services: Services, newsroom: Newsroom) -> None:
    """Keep who the bot is, and what the newsroom's file says of topics and feeds."""
    bot, now = services.bot, services.now()
    async with services.db.write() as tx:
        await bots.put(tx, bot.id, bot.username, now)
    async with services.db.write(durable=True) as tx:
        await apply(tx, newsroom, now)


async def _keep_lease(lease: Lease, failure: Failure) -> None:
    await lease.keep()
    failure.tell("another process speaks for this bot now")


async def _watch_file(path: Path, failure: Failure) -> None:
    await until_gone(path)
    failure.tell(f"the database {path} was moved away or replaced: bring it back, then start the bot again")


async def _finish(courier: Courier, updates: Updates, errands: Errands) -> None:
    """Finish what is on its way to the chats, and answer what people said, both within the same time."""
    await asyncio.gather(
        _as_far_as_it_goes(partial(courier.stop, STOP_SECONDS)), _answer_all(updates, errands)
    )


async def _answer_all(updates: Updates, errands: Errands) -> None:
    loop = asyncio.get_running_loop()
    ends = loop.time() + STOP_SECONDS
    await updates.stop(STOP_SECONDS)
    await errands.close(max(0.0, ends - loop.time()))


async def _halt(courier: Courier, failure: Failure) -> None:
    """Let nothing more be claimed once the bot can't go on."""
    await failure.wait()
    courier.halted = failure.reason


async def _health(username: str, lease: Lease, loops: Loops, updates: Updates) -> dict[str, object]:
    ended, trouble = loops.ended, updates.trouble
    well = lease.sure and not ended and not trouble
    return {"ok": well, "bot": username, "ended": ended, "no_updates": trouble}


def _readiness(services: Services, lease: Lease, loops: Loops, updates: Updates) -> Readiness:
    return Readiness(
        Probe(services.db, services.bot.id, services.clock),
        sure=lambda: lease.sure,
        ended=lambda: loops.ended,
        deaf=lambda: updates.trouble,
        problems=services.talk.problems,
    )


async def _as_far_as_it_goes(work: Callable[[], Awaitable[None]]) -> None:
    """Do a part of stopping; where the database can't be written, the next start takes care of it."""
    try:
        await work()
    except UNAVAILABLE as error:
        # The next start takes care of what was not written.
        log.error(Event("bot.stop_unfinished", reason=why(error)))


def _newsroom(settings: Settings) -> Newsroom:
    path = settings.newsroom_file
    if path == DEFAULT_NEWSROOM and not path.exists():
        log.warning(Event("newsroom.missing", note="topics and feeds stay as they are: see /setup"))
        return NO_FILE
    return load_newsroom(path, settings.language)


def _freeze() -> None:
    """Keep full collections from going through all that was built so far: a third of a second, again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
