"""What may be sent when: in all, per chat and per group. One for everything that one bot's token sends.

Slots are evenly spaced a little under the rate, and calls overlap. Whoever waits is served by lane, then
in order; replies to people come first, but take at most every other slot while news waits.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.metrics import FLOOD_WAITS
from bot.model.delivery import Lane

MARGIN = 0.98
CATCH_UP = 0.015
GROUP_SECONDS = 60.0
TOGETHER_SECONDS, TOGETHER_CHATS = 5.0, 3
SLOW_SECONDS, SLOWEST = 4.0, 0.25


@dataclass(slots=True)
class _Waiter:
    lane: Lane
    number: int
    chat_id: int | None
    turn: asyncio.Future[None]


@dataclass(slots=True)
class _Chat:
    """A chat's own allowance: tokens that refill, the calls of the last minute, a pause after a 429."""

    tokens: float
    at: float
    calls: deque[float] = field(default_factory=deque)
    paused_until: float = 0.0


class Pace:
    """Hands out slots. Times are seconds of `now`, a monotonic clock."""

    def __init__(
        self,
        *,
        global_rate: float = 30,
        chat_rate: float = 1,
        chat_burst: int = 3,
        group_rate: float = 20,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take rates as Telegram gives them: calls a second in all and to a chat, a minute to a group."""
        self._step = 1 / (MARGIN * global_rate)
        self._chat_rate, self._burst = chat_rate * MARGIN, chat_burst
        self._group_rate = group_rate
        self._now = now
        self._next = 0.0
        self._paused_until = 0.0
        self._slowness = 1.0
        self._numbers = itertools.count()
        self._waiting: list[_Waiter] = []
        self._chats: dict[int, _Chat] = {}
        self._refusals: deque[tuple[float, int]] = deque(maxlen=20)
        self._replied_last = False
        self._pump: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()

    @property
    def waiting(self) -> int:
        """How many calls wait for their slot."""
        return len(self._waiting)

    @property
    def paused_for(self) -> float:
        """For how many seconds everything waits because Telegram asked for it."""
        return max(0.0, self._paused_until - self._now())

    async def wait(self, chat_id: int | None, lane: Lane) -> None:
        """Return when a call to this chat may be made."""
        turn = asyncio.get_running_loop().create_future()
        waiter = _Waiter(lane, next(self._numbers), chat_id, turn)
        self._waiting.append(waiter)
        self._changed.set()
        if self._pump is None or self._pump.done():
            self._pump = asyncio.create_task(self._serve())
        try:
            await turn
        except asyncio.CancelledError:
            if waiter in self._waiting:
                self._waiting.remove(waiter)
            raise

    def refused(self, chat_id: int | None, retry_after: float) -> None:
        """Pause the chat after a 429; several chats refused together pause everything."""
        now = self._now()
        if chat_id is not None:
            self._of(chat_id, now).paused_until = now + retry_after
            self._refusals.append((now, chat_id))
        recent = {chat for at, chat in self._refusals if at > now - TOGETHER_SECONDS}
        if chat_id is None or len(recent) >= TOGETHER_CHATS:
            self.pause(retry_after)
            FLOOD_WAITS.labels("all").inc()
        else:
            FLOOD_WAITS.labels("chat").inc()
        self._changed.set()

    def pause(self, seconds: float) -> None:
        """Let nothing out for so long."""
        self._paused_until = max(self._paused_until, self._now() + seconds)

    def took(self, seconds: float) -> None:
        """Slow down when answers get slow: the server hides waits of up to 8 s before it says 429."""
        wanted = SLOWEST if seconds > SLOW_SECONDS else 1.0
        self._slowness += (wanted - self._slowness) * 0.05

    async def _serve(self) -> None:
        while self._waiting:
            now = self._now()
            self._changed.clear()
            waiter, until = self._choose(now)
            if waiter is None:
                await self._rest(until - now)
                continue
            self._waiting.remove(waiter)
            self._spend(waiter, now)
            if not waiter.turn.done():
                waiter.turn.set_result(None)

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(max(0.0, seconds)):
                await self._changed.wait()
        except TimeoutError:
            pass

    def _choose(self, now: float) -> tuple[_Waiter | None, float]:
        """Return who is served now, or None and when to look again."""
        free = max(self._next, self._paused_until)
        if free > now:
            return None, free
        soonest = now + GROUP_SECONDS
        best: dict[bool, _Waiter] = {}
        for waiter in self._waiting:
            ready = self._ready(waiter.chat_id, now)
            if ready > now:
                soonest = min(soonest, ready)
                continue
            reply = waiter.lane is Lane.REPLY
            held = best.get(reply)
            if held is None or (waiter.lane, waiter.number) < (held.lane, held.number):
                best[reply] = waiter
        first = best.get(True) if not (self._replied_last and False in best) else best[False]
        return first or best.get(False), soonest

    def _spend(self, waiter: _Waiter, now: float) -> None:
        step = self._step / self._slowness
        self._next = self._next + step if now - self._next < CATCH_UP else now + step
        self._replied_last = waiter.lane is Lane.REPLY
        if waiter.chat_id is None:
            return
        chat = self._of(waiter.chat_id, now)
        chat.tokens -= 1
        if waiter.chat_id < 0:
            chat.calls.append(now)
        if len(self._chats) > 5_000:
            self._forget(now)

    def _ready(self, chat_id: int | None, now: float) -> float:
        """Return when the chat can take a call."""
        if chat_id is None or chat_id not in self._chats:
            return now
        chat = self._of(chat_id, now)
        ready = max(now, chat.paused_until)
        if chat.tokens < 1:
            ready = max(ready, now + (1 - chat.tokens) / self._chat_rate)
        most = max(1, int(self._group_rate))
        while chat.calls and chat.calls[0] <= now - GROUP_SECONDS:
            chat.calls.popleft()
        if len(chat.calls) >= most:
            ready = max(ready, chat.calls[-most] + GROUP_SECONDS)
        return ready

    def _of(self, chat_id: int, now: float) -> _Chat:
        chat = self._chats.get(chat_id)
        if chat is None:
            chat = self._chats[chat_id] = _Chat(float(self._burst), now)
        chat.tokens = min(float(self._burst), chat.tokens + (now - chat.at) * self._chat_rate)
        chat.at = now
        return chat

    def _forget(self, now: float) -> None:
        """Drop chats whose allowance is whole again."""
        full = [
            chat_id
            for chat_id in list(self._chats)
            if self._of(chat_id, now).tokens >= self._burst
            and self._ready(chat_id, now) <= now
            and not self._chats[chat_id].calls
        ]
        for chat_id in full:
            del self._chats[chat_id]
