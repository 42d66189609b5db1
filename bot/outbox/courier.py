"""The loop that makes what each chat is shown equal to what it is wanted to be shown."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.model.clock import Clock
from bot.model.delivery import Delivery, Lane, Outcome, State
from bot.outbox.carrying import Carrier
from bot.outbox.counting import count
from bot.outbox.settling import Settler
from bot.store import claims
from bot.store.database import UNAVAILABLE, Database, reads, why, writes
from bot.telegram.gate import Turn, turn

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
LOOK_SECONDS, TAKE_BACK_SECONDS, AGAIN_SECONDS = 0.5, 30.0, 1.0
SETTLE_SECONDS = 1.5
AFTER_UNAVAILABLE, AFTER_MISTAKE = timedelta(seconds=5), timedelta(minutes=1)
SET_BACK = timedelta(seconds=3)
"""By how much the clock must fall behind the time that has passed to count as set back."""

PATIENCE_SECONDS = 2.0
"""How long a delivery keeps its place while its chat can't take a call; then it goes back to the ledger."""

LANES: tuple[Lane, ...] = tuple(lane for lane in Lane if lane is not Lane.REPLY)

_claim = writes(claims.claim)
_claimed = reads(claims.claimed)
_take_back = writes(claims.take_back)
_set_back = writes(claims.set_back)


class Courier:
    """Claims, carries and settles until stopped.

    Little is claimed ahead: at most `window` deliveries of a lane and those before it wait for their slot
    at once, so that what is urgent never stands behind what is not, and what is stopped stops at once.
    At most `runners` of a lane are under way. A chat has one at a time, so that its stories stay in order.
    Nothing is claimed while `allowed` says no: another process may speak for the bot by now.
    """

    def __init__(
        self,
        db: Database,
        bot_id: int,
        clock: Clock,
        carrier: Carrier,
        settler: Settler,
        *,
        window: int,
        runners: int = 100,
        allowed: Callable[[], bool] = lambda: True,
    ) -> None:
        self._db = db
        self._bot_id = bot_id
        self._clock = clock
        self._carrier = carrier
        self._settler = settler
        self._window = window
        self._most = runners
        self._allowed = allowed
        self._buffers: dict[Lane, deque[Delivery]] = {lane: deque() for lane in LANES}
        self._runners: dict[asyncio.Task[None], Lane] = {}
        self._running = dict.fromkeys(LANES, 0)
        self._turns: dict[int, tuple[Delivery, Turn]] = {}
        self._busy: dict[int, list[Delivery]] = {}
        self._just_held: dict[int, datetime | None] = {}
        self._waiting = dict.fromkeys(LANES, 0)
        self._empty_until = dict.fromkeys(LANES, 0.0)
        self._rung: set[Lane] = set()
        self._woken = asyncio.Event()
        self._stepping = asyncio.Lock()
        self._looked_at = self._took_back_at = 0.0
        self._next_due: datetime | None = None
        self._clock_at: tuple[datetime, float] | None = None
        self._began = self._stopping = False
        self.halted: str | None = None

    async def run(self) -> None:
        """Carry out deliveries until `stop`; what a dead process had claimed is taken back first.

        Where the database is locked or its disk full, that is said, and tried again: what is on its way goes on.
        """
        while not self._stopping:
            try:
                async with self._stepping:
                    await self._step()
            except UNAVAILABLE as error:
                log.error("the ledger can't be read or written (%s); trying again", why(error))
                await asyncio.sleep(AGAIN_SECONDS)

    async def _step(self) -> None:
        if not self._began:
            back = await _take_back(self._db, self._bot_id, doubtful=self._carrier.left_in_doubt)
            self._began = True
            if back:
                log.warning("%d deliveries were on their way when the bot last ended", back)
        self._woken.clear()
        await self._now()
        await self._look()
        if not await self._fill():
            await self._rest()

    async def stop(self, seconds: float) -> None:
        """Claim nothing more, finish what is on the way within so many seconds, and settle it."""
        self._stopping = True
        for _, one in self._turns.values():
            one.recall()
        self._woken.set()
        if self._runners:
            await asyncio.wait(list(self._runners), timeout=seconds)
        unknown = [one for one, mine in self._turns.values() if mine.called]
        for task in list(self._runners):
            task.cancel()
        if self._runners:
            await asyncio.wait(list(self._runners))
        for delivery in filter(self._carrier.leaves_in_doubt, unknown):
            await self._settler.put(Outcome(delivery, State.DOUBT, delivery.attempts, reason="stopped"))
        try:
            async with asyncio.timeout(SETTLE_SECONDS):
                await self._settler.written()
                async with self._stepping:
                    if self._allowed():
                        # Otherwise they are another process's claims by now.
                        await _take_back(self._db, self._bot_id)
        except (TimeoutError, *UNAVAILABLE):
            log.error("what was sent last could not be written down: the next start sends it again")

    def ring(self, lane: Lane | None = None) -> None:
        """Say that something new is to be delivered in a lane, or in any."""
        lanes = LANES if lane is None else (lane,)
        self._empty_until |= dict.fromkeys(lanes, 0.0)
        self._rung.update(lanes)
        self._woken.set()

    def look_again(self, lane: Lane | None = None) -> None:
        """Ask the ledger at once whether what is on its way is still wanted so; news in a lane change none."""
        if lane not in (Lane.FLASH, Lane.STORY, Lane.DIGEST):
            self._looked_at = 0.0
        self.ring(lane)

    async def _fill(self) -> bool:
        """Claim what there is room for; return whether there was anything."""
        found = False
        ahead = 0
        started = asyncio.get_running_loop().time()
        for lane in LANES:
            ahead += self._waiting[lane]
            room = self._window - ahead
            if room < max(1, self._window // 2) or started < self._empty_until[lane]:
                continue
            if self.halted or self._stopping or not self._allowed():
                break
            self._rung.discard(lane)
            claimed = await self._claim(lane, room)
            if not claimed:
                if lane not in self._rung:
                    self._empty_until[lane] = started + LOOK_SECONDS
                continue
            found = True
            ahead += len(claimed)
            self._waiting[lane] += len(claimed)
            self._buffers[lane].extend(claimed)
            self._set_off(lane)
        return found

    async def _claim(self, lane: Lane, room: int) -> list[Delivery]:
        """Claim; give back what came to be held up, or to be out of order, while the ledger was being read."""
        self._just_held.clear()
        now = await self._now()
        claimed = await _claim(self._db, self._bot_id, lane, now, room, LEASE)
        was_set_back = self._set_back_by() > SET_BACK
        held = [one for one in claimed if was_set_back or one.chat_id in self._just_held]
        for one in held:
            due = self._just_held.get(one.chat_id)
            await self._settler.put(Outcome(one, State.WAITING, one.attempts, due_at=due))
        return [one for one in claimed if one not in held] if held else claimed

    def _set_off(self, lane: Lane) -> None:
        for _ in range(min(len(self._buffers[lane]), self._most - self._running[lane])):
            task = asyncio.create_task(self._run(lane))
            self._runners[task] = lane
            self._running[lane] += 1
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running[self._runners.pop(task)] -= 1
        if not task.cancelled() and task.exception():
            log.error("a delivery failed unexpectedly; its lease will run out", exc_info=task.exception())

    async def _run(self, lane: Lane) -> None:
        buffer = self._buffers[lane]
        while buffer and not self._stopping:
            delivery = buffer.popleft()
            if delivery.chat_id in self._busy:
                self._put_behind(delivery)
                continue
            self._busy[delivery.chat_id] = [delivery]
            try:
                await self._serve_chat(self._busy[delivery.chat_id])
            finally:
                del self._busy[delivery.chat_id]

    def _put_behind(self, delivery: Delivery) -> None:
        """Let a delivery wait for the one that its chat has; that one gives way to what is more urgent."""
        self._busy[delivery.chat_id].append(delivery)
        current = self._turns.get(delivery.chat_id)
        if current is not None and delivery.lane < current[0].lane and not current[1].called:
            current[1].recall()

    async def _serve_chat(self, queue: list[Delivery]) -> None:
        """Carry out one delivery after the other; behind one that must wait, nothing of its lane goes out."""
        waits: Outcome | None = None
        while queue and not self._stopping:
            delivery = queue.pop(0) if len(queue) == 1 else _most_urgent(queue)
            if waits and (waits.holds_chat or delivery.lane >= waits.delivery.lane):
                self._begun(delivery.lane)
                put_off = Outcome(delivery, State.WAITING, delivery.attempts, due_at=waits.due_at)
                await self._settler.put(put_off)
            else:
                outcome = await self._carry(delivery)
                waits = outcome if outcome.state is State.WAITING else waits
            if waits and not queue:
                # Until that is written, a claim could still find what must wait behind it.
                await self._settler.written()
                self._just_held[delivery.chat_id] = waits.due_at

    async def _carry(self, delivery: Delivery) -> Outcome:
        paid = self._carrier.pays(delivery)
        mine = Turn(delivery.lane, paid=paid, patience=PATIENCE_SECONDS, begun=self._begun)
        self._turns[delivery.chat_id] = (delivery, mine)
        turn.set(mine)
        try:
            outcome = await self._carrier.carry(delivery)
        except UNAVAILABLE as error:
            log.error("a delivery waits for the ledger (%s)", why(error))
            outcome = self._later(delivery, AFTER_UNAVAILABLE, "ledger")
        except Exception:
            kind, number = delivery.subject.kind.name.lower(), delivery.subject.id
            log.exception("%s %d, chat %d: a mistake; it is tried again", kind, number, delivery.chat_id)
            outcome = self._later(delivery, AFTER_MISTAKE, "mistake")
        finally:
            del self._turns[delivery.chat_id]
            mine.call()
        count(outcome, self._clock.now())
        if outcome.due_at is not None:
            self._next_due = min(self._next_due or outcome.due_at, outcome.due_at)
        if outcome.state is not State.WAITING or self._allowed():
            # Where another process may hold the claim by now, only what was done is written down.
            await self._settler.put(outcome)
        return outcome

    def _later(self, delivery: Delivery, wait: timedelta, reason: str) -> Outcome:
        due = self._clock.now() + wait
        return Outcome(delivery, State.WAITING, delivery.attempts + 1, reason=reason, due_at=due)

    def _begun(self, lane: Lane) -> None:
        """Note that one waits no longer, and claim more where few do."""
        self._waiting[lane] -= 1
        if self._waiting[lane] <= self._window // 2:
            self._woken.set()

    async def _look(self) -> None:
        """Recall what is wanted otherwise by now, or stopped, and has not been called for."""
        now = asyncio.get_running_loop().time()
        if not self._turns or now - self._looked_at < LOOK_SECONDS:
            return
        self._looked_at = now
        wanted: dict[tuple[int, int, int], claims.Claimed] = {
            one[:3]: one for one in await _claimed(self._db, self._bot_id)
        }
        for delivery, mine in self._turns.values():
            found = wanted.get(delivery.key)
            stopped = found is not None and found.stopped and not delivery.shown
            if found is None or found.wanted != delivery.wanted or stopped:
                mine.recall()

    async def _rest(self) -> None:
        """Wait until woken, or until something falls due."""
        seconds = LOOK_SECONDS
        if self._next_due is not None:
            seconds = min(seconds, max(0.0, (self._next_due - self._clock.now()).total_seconds()))
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            if seconds < LOOK_SECONDS:
                self._next_due = None
                self.ring()
            await self._take_back_lost()

    async def _take_back_lost(self) -> None:
        """Take back claims that a mistake left behind, when their lease is over and none is on its way.

        What is on its way may outlive its lease (a long wait that Telegram asked for, a clock that jumped):
        taken back, it would go out twice.
        """
        now = asyncio.get_running_loop().time()
        if self._busy or any(self._buffers.values()) or now - self._took_back_at < TAKE_BACK_SECONDS:
            return
        self._took_back_at = now
        await self._settler.written()
        await _take_back(self._db, self._bot_id, self._clock.now())

    async def _now(self) -> datetime:
        """Return the time; where the clock was set back, first let what was due be due still."""
        by = self._set_back_by()
        now, passed = self._clock.now(), asyncio.get_running_loop().time()
        if by > SET_BACK:
            log.warning("the clock was set back by %.0f s; what was due is due still", by.total_seconds())
            await self._settler.written()
            await _set_back(self._db, self._bot_id, self._clock, by)
            self._next_due = None
            self.ring()
        self._clock_at = (now, passed)
        return now

    def _set_back_by(self) -> timedelta:
        """Return by how much the clock was set back since it was last minded."""
        now, passed = self._clock.now(), asyncio.get_running_loop().time()
        before, then = self._clock_at or (now, passed)
        return before + timedelta(seconds=passed - then) - now


def _most_urgent(queue: list[Delivery]) -> Delivery:
    """Take the one out whose lane is the most urgent; those of a lane came in their order."""
    found = min(queue, key=lambda one: one.lane)
    queue.remove(found)
    return found
