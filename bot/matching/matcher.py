"""Turns bulletins into deliveries, a page of chats at a time, the most urgent first."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.bulletin import Bulletin, BulletinKind
from bot.model.clock import Clock
from bot.model.delivery import Lane
from bot.store import bulletins, digest_revisions, plan
from bot.store.database import Database, writes, writes_unchecked

log = logging.getLogger(__name__)

FIRST_PAGE, PAGE = 500, 15_000
"""How many chats' numbers a page spans: small at first, so that the first reader waits for nothing."""

_sweep_page = writes(bulletins.sweep_page)

LOOK_SECONDS = 0.5
"""How often it looks by itself: another process (`import --publish`) can't ring the bell."""


class Matcher:
    """Plans bulletins until cancelled; `planned` is told after each page in which lane something waits."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        bell: asyncio.Event,
        lives: Mapping[Lane, timedelta],
        planned: Callable[[Lane | None], None],
    ) -> None:
        self._db = db
        self._clock = clock
        self._bell = bell
        self._lives = lives
        self._planned = planned

    async def run(self) -> None:
        """Plan whatever there is, again and again."""
        while True:
            self._bell.clear()
            if not await self.step():
                try:
                    async with asyncio.timeout(LOOK_SECONDS):
                        await self._bell.wait()
                except TimeoutError:
                    pass

    async def step(self) -> bool:
        """Plan one page of the most urgent bulletin; where there is none, sweep one after a stop or a pause.

        Return whether there was any.
        """
        lane = await _plan_page(self._db, self._clock.now(), self._lives)
        if lane is None and not await _sweep_page(self._db, PAGE, self._clock.now()):
            return False
        self._planned(lane)
        return True


@writes_unchecked
async def _plan_page(tx: AsyncConnection, now: datetime, lives: Mapping[Lane, timedelta]) -> Lane | None:
    waiting = await bulletins.unfinished(tx, limit=1, lock=True)
    if not waiting:
        return None
    told = waiting[0]
    end = min(told.ceiling, told.cursor + min(PAGE, max(FIRST_PAGE, told.cursor)))
    await _plan(tx, told, end, now, lives.get(told.lane))
    await plan.advance(tx, told, end, now)
    return told.lane


async def _plan(tx: AsyncConnection, told: Bulletin, end: int, now: datetime, life: timedelta | None) -> None:
    if told.kind is BulletinKind.NEW:
        await plan.add_page(tx, told, end, now, told.created_at + life if life else None)
        return
    if told.kind is BulletinKind.CORRECTED:
        if told.cursor == 0:
            await bulletins.lift_refusals(tx, told.article_id)
        await plan.raise_page(tx, told, end, now)
        if await digest_revisions.reads_otherwise(tx, told):
            await digest_revisions.raise_page(tx, told, end, now)
        return
    await plan.withdraw_page(tx, told, end, now)
    await digest_revisions.raise_page(tx, told, end, now)
