"""Turns bulletins into deliveries, a page of chats at a time, the most urgent first."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.bell import Bell
from bot.log import Event
from bot.matching import alerts
from bot.matching.alert_index import AlertIndex
from bot.model.bulletin import Bulletin, BulletinKind
from bot.model.clock import Clock
from bot.model.delivery import Lane
from bot.store.engine.database import Database, Transaction
from bot.store.ledger import bulletins, digest_revisions, plan

log = logging.getLogger(__name__)

FIRST_PAGE, PAGE = 500, 15_000
"""How many chats' numbers a page spans: small at first, so that the first reader waits for nothing."""


LOOK_SECONDS = 0.5
"""How often it looks by itself: another process (`import --publish`) can't ring the bell."""


class Matcher:
    """Plans bulletins until cancelled; `planned` is told after each page in which lane something waits."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        bell: Bell,
        *,
        lives: Mapping[Lane, timedelta],
        planned: Callable[[Lane | None], None],
    ) -> None:
        self._db = db
        self._clock = clock
        self._rung = asyncio.Event()
        bell.listen(self._rung.set)
        self._lives = lives
        self._planned = planned
        self.alerts = AlertIndex()

    async def run(self) -> None:
        """Plan whatever there is, again and again."""
        async with self._db.read() as tx:
            # Where many chats watch for words this takes a second, for which no page of chats has to wait.
            await self.alerts.refresh(tx)
        while True:
            self._rung.clear()
            seconds = await self._rest()
            if not seconds and await self.step():
                continue
            try:
                async with asyncio.timeout(seconds or LOOK_SECONDS):
                    await self._rung.wait()
            except TimeoutError:
                pass

    async def _rest(self) -> float:
        """Return for how many seconds there is nothing to do: a bulletin that waits for its time starts on time.

        A look beside the writer: most looks find nothing.
        """
        async with self._db.read() as tx:
            start = await bulletins.next_work(tx)
        seconds = (start - self._clock.now()).total_seconds() if start else LOOK_SECONDS
        return max(0.0, min(LOOK_SECONDS, seconds))

    async def step(self) -> bool:
        """Plan one page of the most urgent bulletin; where there is none, sweep one after a stop or a pause.

        Return whether there was any.
        """
        now = self._clock.now()
        told = await _plan_page(self._db, now, self._lives, self.alerts)
        if told is None:
            async with self._db.write() as tx:
                if not await bulletins.sweep_page(tx, PAGE, now):
                    return False
        elif told.planned_at is not None:
            seconds = (now - told.created_at).total_seconds()
            fields = {"article": told.article_id, "deliveries": told.deliveries, "seconds": seconds}
            log.info(Event("bulletin.planned", bulletin=told.id, **fields))
        self._planned(told.lane if told else None)
        return True


async def _plan_page(
    db: Database, now: datetime, lives: Mapping[Lane, timedelta], index: AlertIndex
) -> Bulletin | None:
    """Plan a page of the most urgent bulletin, and return the bulletin as it stands after that page."""
    async with db.write(checked=False) as tx:
        waiting = await bulletins.unfinished(tx, limit=1, lock=True, now=now)
        if not waiting:
            return None
        told = waiting[0]
        end = min(told.ceiling, told.cursor + min(PAGE, max(FIRST_PAGE, told.cursor)))
        if told.cursor == 0:
            await alerts.note(tx, told, now, index)
        life = lives.get(told.lane)
        count = await _plan(tx, told, end, now, expires_at=told.created_at + life if life else None)
        await plan.advance(tx, told, end, now, deliveries=count)
        planned_at = now if end >= told.ceiling else None
        return replace(told, cursor=end, planned_at=planned_at, deliveries=told.deliveries + count)


async def _plan(
    tx: Transaction, told: Bulletin, end: int, now: datetime, *, expires_at: datetime | None
) -> int:
    """Write or change the deliveries of a page, and return how many."""
    if told.kind is BulletinKind.NEW:
        return await plan.add_page(tx, told, end, now, expires_at=expires_at)
    if told.kind is BulletinKind.CORRECTED:
        if told.cursor == 0:
            await bulletins.lift_refusals(tx, told.article_id)
        count = await plan.raise_page(tx, told, end, now)
        if await digest_revisions.reads_otherwise(tx, told):
            count += await digest_revisions.raise_page(tx, told, end, now)
        return count
    return await plan.withdraw_page(tx, told, end, now) + await digest_revisions.raise_page(
        tx, told, end, now
    )
