"""What may be sent when: in all, per chat and per group. One for everything that one bot's token sends.

Slots are evenly spaced a little under the rate, and calls overlap. Whoever waits is served by lane, then
in order; replies to people come first, but take at most every other slot while news waits.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import math
import time
from collections.abc import Callable
from typing import NamedTuple

from bot.metrics import FLOOD_WAITS
from bot.model.delivery import Lane
from bot.model.errors import ChatBusy
from bot.outbox.limits.adaptive_rate import AdaptiveRate
from bot.outbox.limits.chat_limits import ChatLimits

CATCH_UP = 0.015
SHORTEST_REST = 0.008
"""Seconds: at high rates a few slots are handed out together, which spares a core most of its waking."""

TOGETHER_SECONDS, TOGETHER_CHATS = 5.0, 3


class _Waiter(NamedTuple):
    """Sorted by lane, then in order: numbers differ, so that nothing behind them is compared."""

    lane: Lane
    number: int
    chat_id: int | None
    slot: asyncio.Future[None]


class Pace:
    """Hands out slots. Times are seconds of `now`, a monotonic clock."""

    def __init__(
        self,
        *,
        global_rate: float = 30,
        chat_rate: float = 1,
        chat_burst: int = 3,
        group_rate: float = 20,
        most: int | None = None,
        beside: Pace | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take rates as Telegram gives them: calls a second in all and to a chat, a minute to a group.

        `most` is how many calls may be on the way at once: the connections that there are. What each chat
        may take is shared with the pace that this one stands `beside`.
        """
        self.rate = AdaptiveRate(global_rate)
        self._chats: ChatLimits = beside._chats if beside else ChatLimits(chat_rate, chat_burst, group_rate)
        self._most = most
        self._now = now
        self._next = 0.0
        self._paused_until = 0.0
        self._under_way = 0
        self._numbers = itertools.count()
        self._news: list[_Waiter] = []
        self._replies: list[_Waiter] = []
        self._parked: dict[int, list[_Waiter]] = {}
        self._ready_at: list[tuple[float, int]] = []
        self._refusals: dict[int, float] = {}
        self._replied_last = False
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = 0.0

    @property
    def waiting(self) -> int:
        """How many calls wait for their slot."""
        queues = (self._news, self._replies, *self._parked.values())
        return sum(not waiter.slot.done() for queue in queues for waiter in queue)

    @property
    def paused_for(self) -> float:
        """For how many seconds everything waits because Telegram asked for it."""
        return max(0.0, self._paused_until - self._now())

    def ask(self, chat_id: int | None, lane: Lane, patience: float = math.inf) -> asyncio.Future[None] | None:
        """Return what is done when a call to this chat may be made, or None where that is now.

        `done` is owed for each call that is made. Cancelling what was returned gives the place up.
        Raises ChatBusy where the chat itself can't take a call for longer than `patience`, in seconds.
        """
        now = self._now()
        free = self._free_at(now)
        ready = now if chat_id is None else self._chats.ready_at(chat_id, now)
        if ready <= now and free <= now and not (self._news or self._replies):
            self._spend(chat_id, lane, now)
            return None
        if ready - now > patience:
            raise ChatBusy(ready - now)
        slot = asyncio.get_running_loop().create_future()
        waiter = _Waiter(lane, next(self._numbers), chat_id, slot)
        if ready > now:
            self._park(waiter, ready)
            self._wake_at(ready, now)
        else:
            self._queue(waiter)
            self._wake_at(free, now)
        return slot

    def count(self, chat_id: int | None, more: int) -> None:
        """Count further messages of the call that was let through last: an album is as many as its pictures."""
        now = self._now()
        self._next = max(self._next, now) + more * self.rate.step(now)
        if chat_id is not None:
            self._chats.count(chat_id, now, more)

    def done(self, seconds: float | None = None) -> None:
        """Take note that a call has ended, and after how many seconds an answer came."""
        self._under_way -= 1
        if seconds is not None:
            self.rate.took(seconds)
        if self._most is not None and self._under_way + 1 >= self._most:
            self.serve()

    def refused(self, chat_id: int | None, retry_after: float) -> bool:
        """Pause the chat after a 429, and everything where several chats are refused together.

        Return whether everything is paused.
        """
        now = self._now()
        if chat_id is not None:
            self._chats.pause(chat_id, now, now + retry_after)
            self._refusals[chat_id] = now
        self._refusals = {one: at for one, at in self._refusals.items() if at > now - TOGETHER_SECONDS}
        together = chat_id is None or len(self._refusals) >= TOGETHER_CHATS
        if together:
            self.pause(retry_after)
            self.rate.refused(now)
        FLOOD_WAITS.labels("all" if together else "chat").inc()
        return together

    def pause(self, seconds: float) -> None:
        """Let nothing out for so long."""
        self._paused_until = max(self._paused_until, self._now() + seconds)

    def _free_at(self, now: float) -> float:
        """Return when the next slot is free; never, while every connection is taken: `done` looks again."""
        if self._most is not None and self._under_way >= self._most:
            return math.inf
        return max(self._next, self._paused_until)

    def serve(self) -> None:
        """Hand out what slots there are, and come back when the next one is free."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        while True:
            now = self._now()
            self._unpark(now)
            free = self._free_at(now)
            if free > now or not (self._news or self._replies):
                break
            waiter = self._pop()
            if waiter.slot.done():
                continue
            ready = now if waiter.chat_id is None else self._chats.ready_at(waiter.chat_id, now)
            if ready > now:
                self._park(waiter, ready)
                continue
            self._spend(waiter.chat_id, waiter.lane, now)
            waiter.slot.set_result(None)
        if self._news or self._replies:
            self._wake_at(free, now)
        if self._ready_at:
            self._wake_at(self._ready_at[0][0], now)

    def _wake_at(self, at: float, now: float) -> None:
        """Serve at that time, unless that is done sooner anyway."""
        at = max(at, now + SHORTEST_REST)
        if at == math.inf or (self._timer is not None and self._timer_at <= at):
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer_at = at
        self._timer = asyncio.get_running_loop().call_later(at - now, self.serve)

    def _pop(self) -> _Waiter:
        self._drop_cancelled()
        reply = bool(self._replies) and not (self._replied_last and self._news)
        return heapq.heappop(self._replies if reply else self._news)

    def _drop_cancelled(self) -> None:
        for queue in (self._news, self._replies):
            while len(queue) > 1 and queue[0].slot.done():
                heapq.heappop(queue)

    def _queue(self, waiter: _Waiter) -> None:
        heapq.heappush(self._replies if waiter.lane is Lane.REPLY else self._news, waiter)

    def _park(self, waiter: _Waiter, ready: float) -> None:
        """Keep a waiter aside until its chat can take a call."""
        assert waiter.chat_id is not None
        parked = self._parked.setdefault(waiter.chat_id, [])
        if not parked:
            heapq.heappush(self._ready_at, (ready, waiter.chat_id))
        heapq.heappush(parked, waiter)

    def _unpark(self, now: float) -> None:
        while self._ready_at and self._ready_at[0][0] <= now:
            _, chat_id = heapq.heappop(self._ready_at)
            parked = self._parked[chat_id]
            while parked and parked[0].slot.done():
                heapq.heappop(parked)
            if not parked:
                del self._parked[chat_id]
                continue
            ready = self._chats.ready_at(chat_id, now)
            if ready <= now:
                self._queue(heapq.heappop(parked))
                ready = now + SHORTEST_REST
            if parked:
                heapq.heappush(self._ready_at, (ready, chat_id))
            else:
                del self._parked[chat_id]

    def _spend(self, chat_id: int | None, lane: Lane, now: float) -> None:
        step = self.rate.step(now)
        self._next = self._next + step if now - self._next < CATCH_UP else now + step
        self._replied_last = lane is Lane.REPLY
        self._under_way += 1
        if chat_id is not None:
            self._chats.spend(chat_id, now)
