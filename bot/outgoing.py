"""Builds what carries bulletins to the chats: pace, purse, gate, client, courier, matcher."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from aiogram.exceptions import TelegramAPIError

from bot.matching.matcher import Matcher
from bot.media.pictures import Pictures
from bot.metrics import (
    PACE_ALLOWED,
    PACE_PAUSED_SECONDS,
    PACE_USED,
    PACE_WAITING,
    PAID_STARS,
    STAR_BALANCE,
)
from bot.model.clock import Clock
from bot.model.delivery import Lane
from bot.model.form import Style
from bot.outbox.carrying import Carrier
from bot.outbox.courier import Courier
from bot.outbox.floods import Floods
from bot.outbox.pace import Pace
from bot.outbox.purse import Purse
from bot.outbox.settling import Settler
from bot.outbox.showing import Showing
from bot.rendering.article import ArticleRenderer
from bot.rendering.digest import DigestRenderer
from bot.settings import Settings
from bot.store.database import Database
from bot.telegram.client import make_bot
from bot.telegram.gate import Gate
from bot.telegram.refusals import RichRefusals
from bot.telegram.sender import Sender

log = logging.getLogger(__name__)

AHEAD_SECONDS, MOST_AHEAD = 0.5, 512
"""What the courier claims ahead of the pace, in seconds' worth of calls and in deliveries."""

LEAST_CONNECTIONS, MOST_CONNECTIONS = 100, 1000
"""More than 1,000 calls on the way are refused (tdlib/telegram-bot-api: Client.cpp, on_cmd)."""

PAID_RATE = 1000
"""Calls a second that a paid broadcast may make (core.telegram.org/bots/faq)."""

PAID_LANES = {
    "off": frozenset[Lane](),
    "flash": frozenset({Lane.FLASH}),
    "all": frozenset({Lane.FLASH, Lane.STORY, Lane.DIGEST}),
}


class Outgoing:
    """The way out. `bot` is the client that everything is sent with; `build` adds what sends by itself."""

    def __init__(
        self,
        settings: Settings,
        db: Database,
        clock: Clock,
        allowed: Callable[[], bool],
        pictures: Pictures,
    ) -> None:
        self._settings = settings
        self._db = db
        self._clock = clock
        self._allowed = allowed
        lanes = PAID_LANES[settings.paid_broadcast]
        self._rate = max(settings.global_rate, PAID_RATE if lanes else 0)
        self._connections = min(MOST_CONNECTIONS, max(LEAST_CONNECTIONS, int(self._rate / 2)))
        self._paces = {"free": self._pace(settings.global_rate)}
        self.purse: Purse | None = None
        if lanes:
            self._paces["paid"] = self._pace(PAID_RATE, self._paces["free"])
            self.purse = Purse(db, settings.bot_id, clock, lanes, settings.paid_stars_a_day)
        self._floods = Floods(db, settings.bot_id, clock)
        gate = Gate(
            self._paces["free"],
            (self._paces["paid"], self.purse) if self.purse else None,
            allowed=allowed,
            all_wait=self._floods.note,
        )
        self.bot = make_bot(
            settings.token,
            settings.bot_api_url,
            gate,
            connections=len(self._paces) * self._connections + 2,
            pictures=pictures,
            picture_seconds=settings.media_seconds,
        )
        self.refusals = RichRefusals()
        self.news = asyncio.Event()
        self.courier: Courier | None = None

    def build(
        self,
        username: str,
        articles: ArticleRenderer,
        digests: DigestRenderer,
        style: Style,
        token_refused: Callable[[], Awaitable[None]],
    ) -> tuple[Courier, Matcher]:
        """Build courier and matcher and return them; `username` is the bot's."""
        settings, db, clock = self._settings, self._db, self._clock
        settler = Settler(db, clock)
        showing = Showing(
            db, clock, settings.bot_id, username, articles, digests, settings.time_zone, style, self.refusals
        )
        carrier = Carrier(
            db,
            clock,
            Sender(self.bot),
            showing,
            settler,
            token_refused,
            left_in_doubt=settings.leave_in_doubt,
            purse=self.purse,
        )
        window = min(MOST_AHEAD, max(8, int(self._rate * AHEAD_SECONDS)))
        courier = self.courier = Courier(
            db,
            settings.bot_id,
            clock,
            carrier,
            settler,
            window=window,
            allowed=self._allowed,
            runners=self._connections + window,
        )
        lives = {
            Lane.FLASH: timedelta(seconds=settings.flash_ttl),
            Lane.STORY: timedelta(seconds=settings.story_ttl),
        }
        return courier, Matcher(db, clock, self.news, lives, courier.look_again)

    def ring(self) -> None:
        """Say that something was decided."""
        self.news.set()
        if self.courier is not None:
            self.courier.look_again()

    async def wait_on(self) -> None:
        """Go on with a wait that Telegram asked an earlier process for."""
        if left := await self._floods.left():
            log.warning("Telegram asked the bot to wait; nothing goes out for %g s more", left)
            for pace in self._paces.values():
                pace.pause(left)

    async def look_at_balance(self, now: datetime) -> None:
        """Learn how many Stars there are to pay with, if anything is paid for."""
        if self.purse is None:
            return
        try:
            balance = (await self.bot.get_my_star_balance()).amount
        except TelegramAPIError as error:
            log.warning("the balance of Stars can't be learnt: %s", error.message)
            return
        STAR_BALANCE.set(balance)
        await self.purse.look(balance, now)

    async def top_up(self, now: datetime) -> None:
        """Count ahead what may be paid for until the next look."""
        if self.purse is not None:
            await self.purse.top_up(now)

    def show_figures(self) -> None:
        """Bring the pace's figures at /metrics up to date."""
        now = asyncio.get_running_loop().time()
        for name, pace in self._paces.items():
            PACE_ALLOWED.labels(name).set(pace.rate.allowed)
            PACE_USED.labels(name).set(pace.rate.used(now))
            PACE_WAITING.labels(name).set(pace.waiting)
            PACE_PAUSED_SECONDS.labels(name).set(pace.paused_for)
        if self.purse is not None:
            PAID_STARS.set(self.purse.stars_today)

    async def stop(self, seconds: float) -> None:
        """Finish what is on the way within so many seconds, and settle it."""
        if self.courier is not None:
            await self.courier.stop(seconds)
        if self.purse is not None:
            await self.purse.close()

    def halt(self, why: str) -> None:
        """Let nothing more be claimed."""
        if self.courier is not None:
            self.courier.halted = why

    def _pace(self, rate: float, beside: Pace | None = None) -> Pace:
        settings = self._settings
        return Pace(
            global_rate=rate,
            chat_rate=settings.chat_rate,
            chat_burst=settings.chat_burst,
            group_rate=settings.group_rate,
            most=self._connections,
            beside=beside,
        )
