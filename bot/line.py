"""The line to Telegram of one token: the client, the paces that its calls keep, and the budget for paid broadcasts."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from aiogram import Bot as Client
from aiogram.exceptions import TelegramAPIError

from bot.log import Event
from bot.metrics import (
    PACE_ALLOWED,
    PACE_PAUSED_SECONDS,
    PACE_USED,
    PACE_WAITING,
    PAID_STARS,
    STAR_BALANCE,
)
from bot.outbox.limits.flood_waits import FloodWaits
from bot.outbox.limits.pace import Pace
from bot.outbox.limits.paid_budget import PaidBudget

log = logging.getLogger(__name__)

LOOK_SECONDS = 2.0
"""How often it is looked whether another process was asked to wait."""


@dataclass(frozen=True)
class Line:
    """What every call of a bot goes through. `paces` has "free", and "paid" where broadcasts are paid for."""

    client: Client
    paces: Mapping[str, Pace]
    floods: FloodWaits
    paid_budget: PaidBudget | None = None

    async def wait_on(self) -> None:
        """Go on with a wait that Telegram asked an earlier process for."""
        if left := await self.floods.left():
            log.warning(Event("telegram.wait_continued", seconds=left))
            for pace in self.paces.values():
                pace.pause(left)

    def keep_to(self, portion: float) -> None:
        """Use no more than that portion of what the token may make in all: other processes speak with it too."""
        for pace in self.paces.values():
            pace.rate.portion = portion

    async def follow_waits(self) -> None:
        """Wait too where Telegram asked another process that speaks with this token to wait. Until cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            left = await self.floods.left()
            for pace in self.paces.values():
                if left > pace.paused_for + 1:
                    pace.pause(left)

    async def look_at_balance(self, now: datetime) -> None:
        """Learn how many Stars there are to pay with, if anything is paid for."""
        if self.paid_budget is None:
            return
        try:
            balance = (await self.client.get_my_star_balance()).amount
        except TelegramAPIError as error:
            log.warning(Event("balance.unknown", reason=error.message))
            return
        STAR_BALANCE.set(balance)
        await self.paid_budget.look(balance, now)

    async def top_up(self, now: datetime) -> None:
        """Count ahead what may be paid for until the next look."""
        if self.paid_budget is not None:
            await self.paid_budget.top_up(now)

    @property
    def unpaid(self) -> str:
        """Why nothing is paid for that should be (see `PaidBudget.why_not`), else empty."""
        return self.paid_budget.why_not if self.paid_budget is not None else ""

    def rate(self) -> float:
        """Return how many calls a second are made at most now, unpaid."""
        return self.paces["free"].rate.used(asyncio.get_running_loop().time())

    def show_figures(self, bot: str) -> None:
        """Bring the paces' figures at /metrics up to date, under the bot's username."""
        now = asyncio.get_running_loop().time()
        for name, pace in self.paces.items():
            PACE_ALLOWED.labels(name, bot).set(pace.rate.allowed)
            PACE_USED.labels(name, bot).set(pace.rate.used(now))
            PACE_WAITING.labels(name, bot).set(pace.waiting)
            PACE_PAUSED_SECONDS.labels(name, bot).set(pace.paused_for)
        if self.paid_budget is not None:
            PAID_STARS.set(self.paid_budget.stars_today)

    async def close(self) -> None:
        """Give back what the paid budget counted ahead, and close the client's connections."""
        try:
            if self.paid_budget is not None:
                await self.paid_budget.close()
        finally:
            await self.client.session.close()
