"""Builds everything, starts and stops the loops. The only wiring."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress

from aiogram import Bot, Dispatcher
from aiogram.exceptions import TelegramAPIError, TelegramNotFound, TelegramUnauthorizedError

from bot.conversations.context import Context
from bot.conversations.menus import present
from bot.conversations.routers import build_dispatcher
from bot.lease import Lease
from bot.media.pictures import Pictures
from bot.model.clock import Clock
from bot.model.errors import SetupError
from bot.model.form import Style
from bot.outgoing import Outgoing
from bot.rendering.article import ArticleRenderer
from bot.rendering.digest import DigestRenderer
from bot.rendering.environment import Templates
from bot.rendering.talk import Talk
from bot.schedule import Schedule
from bot.settings import DEFAULT_NEWSROOM, Settings
from bot.sources.fetch import Fetcher
from bot.sources.newsroom import Newsroom, apply, load_newsroom
from bot.sources.pictures import PictureFetcher
from bot.store import bots
from bot.store.database import UNAVAILABLE, Database, why, writes, writes_durably
from bot.ticks import ticks
from bot.web.server import WebServer

log = logging.getLogger(__name__)

STOP_SECONDS, ANSWER_SECONDS = 7.0, 1.0
AGAIN_SECONDS = 5.0

_put_bot = writes(bots.put)
_apply = writes_durably(apply)


class App:
    """The running bot: `start`, `wait`, `stop`."""

    def __init__(self, settings: Settings, db: Database, clock: Clock) -> None:
        self.settings = settings
        self.db = db
        self.clock = clock
        self.username = ""
        self.schedule: Schedule | None = None
        self._lease = Lease(db, settings.bot_id, clock)
        self._tasks: list[asyncio.Task[None]] = []
        self._listening: asyncio.Task[None] | None = None
        self._failed = asyncio.Event()
        self._why = ""
        self.outgoing: Outgoing | None = None
        self._dispatcher: Dispatcher | None = None
        self._fetcher: Fetcher | None = None
        self._open = AsyncExitStack()
        self._web: WebServer | None = None

    async def start(self, stop: asyncio.Event) -> None:
        """Start everything. Raises SetupError, in one sentence, where that can't be."""
        settings = self.settings
        if not await self._lease.take(stop):
            return
        newsroom = self._newsroom()
        templates = Templates(settings.templates_dir, newsroom.name, clock=self.clock)
        fetcher = await self._open.enter_async_context(
            PictureFetcher(allow_private=settings.allow_private_feeds, seconds=settings.media_seconds)
        )
        pictures = Pictures(self.db, settings.bot_id, self.clock, fetcher.fetch)
        self._open.push_async_callback(pictures.close)
        self.outgoing = Outgoing(settings, self.db, self.clock, lambda: self._lease.sure, pictures)
        if not await self._meet_telegram(self.outgoing.bot, stop):
            return
        await _put_bot(self.db, settings.bot_id, self.username, self.clock.now())
        await _apply(self.db, newsroom, self.clock.now())
        await self.outgoing.wait_on()
        await self.outgoing.look_at_balance(self.clock.now())
        self._fetcher = await self._open.enter_async_context(
            Fetcher(allow_private=settings.allow_private_feeds)
        )
        self._build(templates, self.outgoing, self._fetcher, newsroom.style)
        if settings.web_port:
            self._web = WebServer(settings.web_host, settings.web_port, self._health)
            await self._web.start()
        # A full collection would go through all that was built so far, a third of a second, again and again.
        gc.collect()
        gc.freeze()
        gc.set_threshold(10_000, 20, 20)

    async def wait(self, stop: asyncio.Event) -> None:
        """Return when `stop` is set. Raises SetupError where the bot can't go on."""
        waits = [asyncio.create_task(stop.wait()), asyncio.create_task(self._failed.wait())]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for each in waits:
            each.cancel()
        if self._failed.is_set() and not stop.is_set():
            raise SetupError(self._why)

    async def stop(self) -> None:
        """Finish what is in flight, settle it, and give the lease back, within ten seconds."""
        if self._dispatcher and self._tasks:
            try:
                await self._dispatcher.stop_polling()
            except RuntimeError:
                # Cancelled once it has begun, aiogram would leave its poller behind.
                if self._listening:
                    self._listening.cancel()
        if self.outgoing:
            await _as_far_as_it_goes(self.outgoing.stop(STOP_SECONDS))
        if self._dispatcher and (answers := self._dispatcher._handle_update_tasks):
            await asyncio.wait(answers, timeout=ANSWER_SECONDS)
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        if self._web:
            await self._web.stop()
        await self._open.aclose()
        if self.outgoing:
            await self.outgoing.bot.session.close()
        await _as_far_as_it_goes(self._lease.release())

    def _newsroom(self) -> Newsroom:
        path = self.settings.newsroom_file
        if path == DEFAULT_NEWSROOM and not path.exists():
            log.warning("there is no newsroom.toml: no topics and no feeds (see newsroom.example.toml)")
            return Newsroom("Vestnik")
        return load_newsroom(path, self.settings.language)

    async def _meet_telegram(self, bot: Bot, stop: asyncio.Event) -> bool:
        """Learn the bot's name; wait for Telegram where it can't be reached. False when told to stop."""
        while not stop.is_set():
            try:
                me = await bot.me()
                self.username = me.username or ""
            except (TelegramUnauthorizedError, TelegramNotFound):
                raise SetupError(
                    "BOT_TOKEN was refused by Telegram: ask @BotFather for the right one"
                ) from None
            except TelegramAPIError as error:
                log.warning("Telegram can't be reached (%s); trying again", error.message)
                try:
                    await asyncio.wait_for(stop.wait(), AGAIN_SECONDS)
                except TimeoutError:
                    await self._lease.renew()
                continue
            return True
        return False

    def _build(self, templates: Templates, outgoing: Outgoing, fetcher: Fetcher, style: Style) -> None:
        settings = self.settings
        articles, digests, talk = ArticleRenderer(templates), DigestRenderer(templates), Talk(templates)
        courier, matcher = outgoing.build(self.username, articles, digests, style, self._token_refused)
        context = Context(
            self.db,
            self.clock,
            settings.bot_id,
            self.username,
            settings.owner_ids,
            talk,
            articles,
            digests,
            settings.language,
            settings.time_zone,
            outgoing.ring,
            style,
            outgoing.refusals,
            lambda: outgoing.purse.why_not if outgoing.purse else "",
        )
        self._dispatcher = build_dispatcher(context)
        jobs = ticks(settings, context, outgoing, templates, fetcher)
        self.schedule = Schedule(jobs, self.clock, lambda: self._lease.sure)
        self._keep("matcher", matcher.run)
        self._keep("courier", courier.run)
        self._keep("schedule", self.schedule.run)
        self._keep("lease", self._keep_lease)
        self._listening = self._keep("conversations", lambda: self._listen(outgoing.bot))
        self._keep("menus", lambda: present(outgoing.bot, context), once=True)

    async def _listen(self, bot: Bot) -> None:
        assert self._dispatcher is not None
        # Telegram gives updates to a webhook or to polling, never to both.
        with suppress(TelegramNotFound):
            await bot.delete_webhook()
        await self._dispatcher.start_polling(bot, handle_signals=False, close_bot_session=False)

    async def _keep_lease(self) -> None:
        await self._lease.keep()
        self._fail("another process speaks for this bot now")

    async def _token_refused(self) -> None:
        self._fail("BOT_TOKEN was refused by Telegram: nothing can be sent with it any more")

    def _fail(self, why: str) -> None:
        log.error(why)
        self._why = why
        if self.outgoing:
            self.outgoing.halt(why)
        self._failed.set()

    def _keep(
        self, name: str, work: Callable[[], Awaitable[None]], *, once: bool = False
    ) -> asyncio.Task[None]:
        """Run a loop; where it breaks (a locked database, a full disk), say so and begin it again."""

        async def kept() -> None:
            while True:
                try:
                    await work()
                    return
                except UNAVAILABLE as error:
                    log.error("%s waits (%s); it goes on as soon as it can", name, why(error))
                except Exception:
                    log.exception("%s broke off and is begun again in %g s", name, AGAIN_SECONDS)
                if once:
                    return
                await asyncio.sleep(AGAIN_SECONDS)

        task = asyncio.create_task(kept(), name=name)
        self._tasks.append(task)
        return task

    async def _health(self) -> dict[str, object]:
        broken = [task.get_name() for task in self._tasks if task.done() and task.get_name() != "menus"]
        return {"ok": self._lease.sure and not broken, "bot": self.username, "ended": broken}


async def _as_far_as_it_goes(work: Awaitable[None]) -> None:
    """Do a part of stopping; where the database can't be written, the next start takes care of it."""
    try:
        await work
    except UNAVAILABLE as error:
        log.error("%s; the next start takes care of what was not written", why(error))
