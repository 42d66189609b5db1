"""The loop that makes what each chat is shown equal to what it is wanted to be shown.

until stopped:
    take back what a dead process had claimed (once)
    where the clock was set back, let what was due be due still
    recall what is on its way and wanted otherwise by now
    for each lane with room, the most urgent first:
        claim deliveries
        for each, in its lane and when its chat has nothing else on the way:
            reconcile: send, edit, withdraw
            settle: count the outcome, and have it written down
    where nothing was claimed, rest until the bell rings or something falls due
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta

from bot.log import Event, Outage
from bot.metrics.outcomes import count_outcome
from bot.model.clock import Clock
from bot.model.delivery import Delivery, Lane, Outcome, State
from bot.outbox.chat_queues import ChatQueues
from bot.outbox.clock_watch import ClockWatch
from bot.outbox.delivery_log import FirstSends, fields
from bot.outbox.lanes import Lanes
from bot.outbox.ledger import Ledger
from bot.outbox.reclaim import Reclaim
from bot.outbox.reconcile import Reconciler
from bot.outbox.result_writer import ResultWriter
from bot.outbox.under_way import UnderWay
from bot.store.engine.database import UNAVAILABLE, why

log = logging.getLogger(__name__)

AGAIN_SECONDS = 1.0
AFTER_UNAVAILABLE, AFTER_MISTAKE = timedelta(seconds=5), timedelta(minutes=1)


class Courier:
    """Claims, reconciles and settles until stopped; claims nothing while `halted` gives a reason.

    `window` and `runners` bound what is claimed ahead and what is under way (see Lanes). Nothing is claimed
    while `allowed` says no: another process may speak for the bot by now.
    """

    def __init__(
        self,
        ledger: Ledger,
        clock: Clock,
        reconciler: Reconciler,
        writer: ResultWriter,
        *,
        window: int,
        runners: int = 100,
        allowed: Callable[[], bool] = lambda: True,
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self.reconciler = reconciler
        self._writer = writer
        self._allowed = allowed
        self._lanes = Lanes(window=window, runners=runners)
        self.under_way = UnderWay(ledger, self._lanes.begun)
        self._chats = ChatQueues(self._lanes, self.under_way, writer, self._carry)
        self._watch = ClockWatch(clock, ledger, writer)
        self._reclaim = Reclaim(ledger, clock, writer, allowed=allowed)
        self._first_sends = FirstSends()
        self._stepping = asyncio.Lock()
        self.halted: str | None = None

    @property
    def idle(self) -> bool:
        """Whether nothing that was claimed is still to be carried out."""
        return self._chats.idle and self._lanes.idle

    @property
    def tasks(self) -> list[asyncio.Task[None]]:
        """The tasks that carry deliveries out; whoever ends all at once cancels them."""
        return self._lanes.tasks

    async def run(self) -> None:
        """Carry out deliveries until `stop`. While the database is locked or its disk full, keep trying."""
        while not self._lanes.closed:
            try:
                async with self._stepping:
                    await self._step()
            except UNAVAILABLE as error:
                log.error(Outage("ledger.failed", reason=why(error)))
                await asyncio.sleep(AGAIN_SECONDS)

    async def stop(self, seconds: float) -> None:
        """Claim nothing more, finish what is on the way within so many seconds, and settle it."""
        self.under_way.recall_all()
        await self._lanes.finish(seconds)
        unknown = filter(self.reconciler.refusals.leaves_in_doubt, self.under_way.called())
        await self._lanes.cancel()
        await self._reclaim.at_stop(unknown, self._stepping)

    def ring(self, lane: Lane | None = None) -> None:
        """Say that something new is to be delivered in a lane, or in any."""
        self._lanes.ring(lane)

    def look_again(self, lane: Lane | None = None) -> None:
        """Ask the ledger at once whether what is on its way is still wanted so; news in a lane change none."""
        if lane not in (Lane.FLASH, Lane.STORY, Lane.DIGEST):
            self.under_way.look_at_once()
        self.ring(lane)

    async def _step(self) -> None:
        await self._reclaim.from_the_dead(doubtful=self.reconciler.refusals.left_in_doubt)
        self._lanes.woken.clear()
        await self._look_at_clock()
        await self.under_way.recall_changed()
        if not await self._fill_lanes():
            woken = await self._lanes.rest(self._clock.now())
            if not woken and self.idle:
                await self._reclaim.lost()

    async def _fill_lanes(self) -> bool:
        """Claim what there is room for; return whether there was anything."""
        found = False
        asked = self._lanes.to_look_at()
        # One look at all lanes is cheaper than a claim in each of them, most of which are empty.
        due = await self._ledger.lanes_due(self._watch.now) if len(asked) > 1 else asked
        for lane, room in self._lanes.with_room():
            if self.halted or self._lanes.closed or not self._allowed():
                break
            empty = lane in asked and lane not in due
            claimed = [] if empty else await self._claim(lane, room)
            self._lanes.carry_out(lane, claimed, self._chats.serve)
            found = found or bool(claimed)
        return found

    async def _claim(self, lane: Lane, room: int) -> list[Delivery]:
        """Claim; give back what came to be held up, or to be out of order, while the ledger was being read."""
        just_held = self._chats.just_held
        just_held.clear()
        await self._look_at_clock()
        claimed = await self._ledger.claim(lane, self._watch.now, room)
        was_set_back = self._watch.behind()
        held = [each for each in claimed if was_set_back or each.chat_id in just_held]
        for each in held:
            due = just_held.get(each.chat_id)
            await self._writer.put(Outcome(each, State.WAITING, each.attempts, due_at=due))
        return [each for each in claimed if each not in held] if held else claimed

    async def _carry(self, delivery: Delivery) -> Outcome:
        ticket = self.under_way.begin(delivery, paid=self.reconciler.pays(delivery))
        try:
            outcome = await self.reconciler.reconcile(delivery, ticket)
        except UNAVAILABLE as error:
            log.error(Outage("delivery.retry", **fields(delivery), reason="ledger", detail=why(error)))
            outcome = self._later(delivery, AFTER_UNAVAILABLE, "ledger")
        except Exception:
            log.exception(Event("delivery.retry", **fields(delivery), reason="mistake"))
            outcome = self._later(delivery, AFTER_MISTAKE, "mistake")
        finally:
            self.under_way.end(delivery)
        await self._settle(outcome)
        return outcome

    async def _settle(self, outcome: Outcome) -> None:
        count_outcome(outcome, self._clock.now())
        self._first_sends.note(outcome)
        self._lanes.falls_due(outcome.due_at)
        if outcome.state is not State.WAITING or self._allowed():
            # Where another process may hold the claim by now, only what was done is written down.
            await self._writer.put(outcome)

    def _later(self, delivery: Delivery, wait: timedelta, reason: str) -> Outcome:
        due = self._clock.now() + wait
        return Outcome(delivery, State.WAITING, delivery.attempts + 1, reason=reason, due_at=due)

    async def _look_at_clock(self) -> None:
        if await self._watch.look():
            self._lanes.all_may_be_due()
