"""The loop that makes what each chat is shown equal to what it is wanted to be shown."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from datetime import timedelta

from bot.metrics import DELIVERIES
from bot.model.clock import Clock
from bot.model.delivery import Delivery, Lane
from bot.outbox.carrying import Carrier
from bot.outbox.settling import Settler
from bot.store import outbox
from bot.store.database import Database, reads, writes

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
LOOK_SECONDS = 1.0
LANES = tuple(lane for lane in Lane if lane is not Lane.REPLY)

_claim = writes(outbox.claim)
_take_back = writes(outbox.take_back)
_next_due = reads(outbox.next_due)


class Courier:
    """Claims, carries and settles until stopped.

    At most `window` deliveries of a lane and those before it are on the way at once, so that what is
    urgent never stands behind what is not: it waits for one slot of the pace, no more.
    """

    def __init__(
        self,
        db: Database,
        bot_id: int,
        clock: Clock,
        bell: asyncio.Event,
        carrier: Carrier,
        settler: Settler,
        *,
        window: int,
    ) -> None:
        self._db = db
        self._bot_id = bot_id
        self._clock = clock
        self._bell = bell
        self._carrier = carrier
        self._settler = settler
        self._window = window
        self._on_the_way: dict[asyncio.Task[None], Lane] = {}
        self._stopping = False
        self.halted: str | None = None

    async def run(self) -> None:
        """Carry out deliveries until `stop`; what a dead process had claimed is taken back first."""
        back = await _take_back(self._db, self._bot_id)
        if back:
            log.warning("%d deliveries were on their way when the bot last ended; they are sent again", back)
        while not self._stopping:
            self._bell.clear()
            if not await self._fill():
                await self._rest()

    async def stop(self, seconds: float) -> None:
        """Claim nothing more, finish what is on the way within so many seconds, and settle it."""
        self._stopping = True
        self._bell.set()
        if self._on_the_way:
            await asyncio.wait(list(self._on_the_way), timeout=seconds)
        for task in list(self._on_the_way):
            task.cancel()
        if self._on_the_way:
            await asyncio.wait(list(self._on_the_way))
        await self._settler.flush()

    async def _fill(self) -> bool:
        """Claim what there is room for; return whether there was anything."""
        found = False
        now = self._clock.now()
        counts = Counter(self._on_the_way.values())
        for lane in LANES:
            ahead = sum(count for other, count in counts.items() if other <= lane)
            room = self._window - ahead
            if room < min(self._window, 8) or self.halted:
                continue
            for delivery in await _claim(self._db, self._bot_id, lane, now, room, LEASE):
                found = True
                counts[lane] += 1
                self._start(delivery)
        return found

    def _start(self, delivery: Delivery) -> None:
        task = asyncio.create_task(self._carry(delivery))
        self._on_the_way[task] = delivery.lane
        task.add_done_callback(self._done)

    async def _carry(self, delivery: Delivery) -> None:
        outcome = await self._carrier.carry(delivery)
        DELIVERIES.labels(delivery.lane.name.lower(), outcome.reason or outcome.state.name.lower()).inc()
        await self._settler.put(outcome)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._on_the_way.pop(task, None)
        self._bell.set()
        if not task.cancelled() and task.exception():
            log.error("a delivery failed unexpectedly; its lease will run out", exc_info=task.exception())

    async def _rest(self) -> None:
        """Wait for the bell, or until something falls due."""
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                await self._bell.wait()
        except TimeoutError:
            await _take_back(self._db, self._bot_id, self._clock.now())
