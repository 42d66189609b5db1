"""Builds everything, starts and stops the loops. The only wiring."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from datetime import datetime, timedelta

from aiogram import Bot, Dispatcher
from aiogram.exceptions import TelegramAPIError, TelegramNotFound, TelegramUnauthorizedError

from bot.conversations.context import Context
from bot.conversations.editor.cards import refresh
from bot.conversations.menus import set_commands
from bot.conversations.owners import tell_owners
from bot.conversations.routers import build_dispatcher
from bot.desk.release_due import release_due
from bot.lease import Lease
from bot.matching.digest import plan_due
from bot.matching.matcher import Matcher
from bot.media.pictures import Pictures
from bot.model.clock import Clock
from bot.model.delivery import Lane
from bot.model.errors import SetupError
from bot.model.form import Style
from bot.outbox.carrying import Carrier
from bot.outbox.courier import Courier
from bot.outbox.pace import Pace
from bot.outbox.settling import Settler
from bot.outbox.showing import Showing
from bot.rendering.article import ArticleRenderer
from bot.rendering.digest import DigestRenderer
from bot.rendering.environment import Templates
from bot.rendering.talk import Talk
from bot.schedule import Schedule, Tick
from bot.settings import DEFAULT_NEWSROOM, Settings
from bot.sources.fetch import Fetcher
from bot.sources.newsroom import Newsroom, apply, load_newsroom
from bot.sources.pictures import PictureFetcher
from bot.sources.poll import poll_due
from bot.store import bots, told
from bot.store.database import Database, writes, writes_durably
from bot.telegram.client import make_bot
from bot.telegram.gate import Gate
from bot.telegram.refusals import RichRefusals
from bot.telegram.sender import Sender
from bot.web.server import WebServer

log = logging.getLogger(__name__)

STOP_SECONDS = 8.0
AGAIN_SECONDS = 5.0
AHEAD_SECONDS, MOST_AHEAD = 0.3, 512
"""What the courier claims ahead of the pace, in seconds' worth of calls and in deliveries."""

LEAST_CONNECTIONS, MOST_CONNECTIONS = 100, 1000
"""More than 1,000 calls on the way are refused (tdlib/telegram-bot-api: Client.cpp, on_cmd)."""

_put_bot = writes(bots.put)
_apply = writes_durably(apply)
_forget = writes(told.forget)


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
        self._failed = asyncio.Event()
        self._why = ""
        self._bot: Bot | None = None
        self._dispatcher: Dispatcher | None = None
        self._courier: Courier | None = None
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
        connections = min(MOST_CONNECTIONS, max(LEAST_CONNECTIONS, int(settings.global_rate / 2)))
        pace = Pace(
            global_rate=settings.global_rate,
            chat_rate=settings.chat_rate,
            chat_burst=settings.chat_burst,
            group_rate=settings.group_rate,
            most=connections,
        )
        fetcher = await self._open.enter_async_context(
            PictureFetcher(allow_private=settings.allow_private_feeds, seconds=settings.media_seconds)
        )
        pictures = Pictures(self.db, settings.bot_id, self.clock, fetcher.fetch)
        self._open.push_async_callback(pictures.close)
        self._bot = make_bot(
            settings.token,
            settings.bot_api_url,
            Gate(pace),
            connections=connections + 2,
            pictures=pictures,
            picture_seconds=settings.media_seconds,
        )
        if not await self._meet_telegram(self._bot, stop):
            return
        await _put_bot(self.db, settings.bot_id, self.username, self.clock.now())
        await _apply(self.db, newsroom, self.clock.now())
        self._fetcher = await self._open.enter_async_context(
            Fetcher(allow_private=settings.allow_private_feeds)
        )
        self._build(templates, self._bot, connections, newsroom.style)
        if settings.web_port:
            self._web = WebServer(settings.web_host, settings.web_port, self._health)
            await self._web.start()

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
                log.debug("polling had not begun")
        if self._courier:
            await self._courier.stop(STOP_SECONDS)
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        if self._web:
            await self._web.stop()
        await self._open.aclose()
        if self._bot:
            await self._bot.session.close()
        await self._lease.release()

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

    def _build(self, templates: Templates, bot: Bot, connections: int, style: Style) -> None:
        settings = self.settings
        articles, digests, talk = ArticleRenderer(templates), DigestRenderer(templates), Talk(templates)
        news, refusals = asyncio.Event(), RichRefusals()
        lives = {
            Lane.FLASH: timedelta(seconds=settings.flash_ttl),
            Lane.STORY: timedelta(seconds=settings.story_ttl),
        }
        settler = Settler(self.db, self.clock)
        showing = Showing(
            self.db,
            self.clock,
            settings.bot_id,
            self.username,
            articles,
            digests,
            settings.time_zone,
            style,
            refusals,
        )
        carrier = Carrier(self.db, self.clock, Sender(bot), showing, settler, self._token_refused)
        window = min(MOST_AHEAD, max(8, int(settings.global_rate * AHEAD_SECONDS)))
        courier = self._courier = Courier(
            self.db,
            settings.bot_id,
            self.clock,
            carrier,
            settler,
            window=window,
            allowed=lambda: self._lease.sure,
            runners=connections + window,
        )
        matcher = Matcher(self.db, self.clock, news, lives, courier.look_again)

        def ring() -> None:
            news.set()
            courier.look_again()

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
            ring,
            style,
            refusals,
        )
        self._dispatcher = build_dispatcher(context)
        self.schedule = Schedule(self._ticks(context, bot, news, templates), self.clock)
        self._keep("matcher", matcher.run)
        self._keep("courier", courier.run)
        self._keep("schedule", self.schedule.run)
        self._keep("lease", self._keep_lease)
        self._keep("conversations", lambda: self._listen(bot))
        self._keep("menus", lambda: set_commands(bot, context), once=True)

    def _ticks(self, context: Context, bot: Bot, news: asyncio.Event, templates: Templates) -> list[Tick]:
        async def feeds(now: datetime) -> None:
            assert self._fetcher is not None
            await poll_due(
                self.db,
                self._fetcher,
                now,
                min_interval=self.settings.feed_min_interval,
                edit_delivered=self.settings.edit_delivered,
            )

        async def release(now: datetime) -> None:
            if await release_due(self.db, now):
                news.set()

        async def digests(now: datetime) -> None:
            await plan_due(self.db, self.settings.bot_id, now)

        async def own_templates(now: datetime) -> None:
            await asyncio.to_thread(templates.refresh)

        async def clean_up(now: datetime) -> None:
            await _forget(self.db, now - timedelta(days=30))

        return [
            Tick("feeds", 1, feeds),
            Tick("release", 1, release),
            Tick("digests", 5, digests),
            Tick("cards", 2, lambda now: refresh(context, bot, now)),
            Tick("templates", 2, own_templates),
            Tick("owners", 30, lambda now: tell_owners(context, bot, now)),
            Tick("clean-up", 3600, clean_up),
        ]

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
        if self._courier:
            self._courier.halted = why
        self._failed.set()

    def _keep(self, name: str, work: Callable[[], Awaitable[None]], *, once: bool = False) -> None:
        """Run a loop; where it breaks (a locked database, a full disk), say so and begin it again."""

        async def kept() -> None:
            while True:
                try:
                    await work()
                    return
                except Exception:
                    log.exception("%s broke off and is begun again in %g s", name, AGAIN_SECONDS)
                    if once:
                        return
                    await asyncio.sleep(AGAIN_SECONDS)

        self._tasks.append(asyncio.create_task(kept(), name=name))

    async def _health(self) -> dict[str, object]:
        broken = [task.get_name() for task in self._tasks if task.done() and task.get_name() != "menus"]
        return {"ok": self._lease.sure and not broken, "bot": self.username, "ended": broken}
