"""What may be spent on paid broadcasts: a ceiling a day and the bot's balance of Stars.

`allow_paid_broadcast` costs 0.1 Star for each message above the free 30 of a second, and wants 10,000 Stars
on the balance (core.telegram.org/bots/faq). Telegram names no price in its answers, so it is counted here.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

from bot.model.clock import Clock
from bot.model.delivery import Lane
from bot.store.engine.database import Database
from bot.store.operations import paid_usage

FREE_A_SECOND, MESSAGES_A_STAR = 30, 10
LEAST_BALANCE = 10_000
AHEAD = 2000
"""Messages that are counted as spent before they are, so that a crash never overruns the ceiling."""

MOST_MESSAGES = 10
"""Of one call: an album's."""

REFUSED_SECONDS = 3600.0


class PaidBudget:
    """Says whether a message may be paid for, and keeps count across restarts. Times are monotonic seconds."""

    def __init__(
        self,
        db: Database,
        bot_id: int,
        clock: Clock,
        *,
        lanes: frozenset[Lane],
        stars_a_day: float,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._db = db
        self._bot_id = bot_id
        self._clock = clock
        self._lanes = lanes
        self._ceiling = int(stars_a_day * MESSAGES_A_STAR)
        self._now = now
        self._day = ""
        self._used = self._granted = 0
        self._balance: int | None = None
        self._spent_since = 0
        self._second, self._in_second = 0, 0
        self._refused_until = float("-inf")

    @property
    def why_not(self) -> str:
        """Why nothing is paid for now: "ceiling", "balance", "refused"; empty where it is."""
        if self._now() < self._refused_until:
            return "refused"
        if self._ceiling - self._used < MOST_MESSAGES:
            return "ceiling"
        left = (self._balance or 0) - self._spent_since / MESSAGES_A_STAR
        return "balance" if left < LEAST_BALANCE else ""

    @property
    def stars_today(self) -> float:
        """How many Stars were spent today, as far as is known here."""
        return self._used / MESSAGES_A_STAR

    def pays(self, lane: Lane) -> bool:
        """Return whether messages of a lane are to be paid for now."""
        room = min(self._granted, self._ceiling) - self._used
        return lane in self._lanes and room >= MOST_MESSAGES and not self.why_not

    def take(self, messages: int = 1) -> bool:
        """Pay for a call's messages; False where that would overrun the ceiling or the balance."""
        second = int(self._now())
        if second != self._second:
            self._second, self._in_second = second, 0
        cost = max(0, self._in_second + messages - FREE_A_SECOND) - max(0, self._in_second - FREE_A_SECOND)
        if self.why_not or self._used + cost > min(self._granted, self._ceiling):
            return False
        self._in_second += messages
        self._used += cost
        self._spent_since += cost
        return True

    def refused(self) -> None:
        """Pay for nothing for an hour: Telegram does not take it."""
        self._refused_until = self._now() + REFUSED_SECONDS

    async def look(self, balance: int, now: datetime) -> None:
        """Take note of the balance, and count ahead what may be spent until the next look."""
        self._balance, self._spent_since = balance, 0
        day = f"{now:%Y-%m-%d}"
        if day != self._day:
            async with self._db.read() as tx:
                self._used = self._granted = await paid_usage.on_day(tx, self._bot_id, day)
            self._day = day
        await self._grant(min(self._ceiling, self._used + AHEAD))

    async def top_up(self, now: datetime) -> None:
        """Count ahead again, where half of it is spent."""
        if self._day and self._granted - self._used < AHEAD // 2:
            await self._grant(min(self._ceiling, self._used + AHEAD))

    async def close(self) -> None:
        """Give back what was counted ahead."""
        if self._day:
            await self._grant(self._used)

    async def _grant(self, messages: int) -> None:
        if messages != self._granted:
            async with self._db.write() as tx:
                await paid_usage.put(tx, self._bot_id, self._day, messages)
            self._granted = messages
