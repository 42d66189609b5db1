"""The one way out: every call that shows something waits for its slot here, and is counted."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from aiogram.exceptions import TelegramNetworkError, TelegramRetryAfter, TelegramServerError

from bot.metrics import CALL_SECONDS, CALLS, SLOT_SECONDS
from bot.model.delivery import Lane

T = TypeVar("T")

OUTAGE_CALLS, LONGEST_REST = 10, 30.0

PACED = ("send", "edit", "copy", "forward", "delete")
UNPACED = ("deletemycommands", "deletewebhook", "editforumtopic", "deleteforumtopic", "sendchataction")


class Recalled(Exception):
    """What was to be sent is wanted otherwise, or not at all, since it began to wait."""


@dataclass(slots=True)
class Turn:
    """How the calls of a task travel. `begun` is told when the first is made; `recall` forbids the next.

    `patience` is how many seconds a call may wait for its chat alone: beyond that it raises ChatBusy, so
    that chats which have had enough don't keep others waiting.
    """

    lane: Lane = Lane.REPLY
    paid: bool = False
    patience: float = math.inf
    recalled: bool = False
    called: bool = False
    begun: Callable[[Lane], None] | None = None
    waiting: asyncio.Future[Any] | None = None

    def recall(self) -> None:
        """Make no further call; one that waits for its slot gives it up."""
        self.recalled = True
        if self.waiting is not None:
            self.waiting.cancel()

    def call(self) -> None:
        """Note that a call is being made."""
        self.called = True
        self.step_aside()

    def step_aside(self) -> None:
        """Note that it does not wait for a slot (any more): others may be claimed in its place."""
        begun, self.begun = self.begun, None
        if begun is not None:
            begun(self.lane)


turn: ContextVar[Turn] = ContextVar("turn")
"""That of this task. Where none is set, it answers a person: the lane of replies."""


class Pace(Protocol):
    """What the gate asks of the pace."""

    def ask(self, chat_id: int | None, lane: Lane, patience: float) -> asyncio.Future[None] | None:
        """Return what is done when the call may be made, or None where that is now. Raises ChatBusy."""

    def count(self, chat_id: int | None, more: int) -> None:
        """Count further messages of the call that was let through last."""

    def done(self, seconds: float | None = None) -> None:
        """Take note that a call has ended, and how long its answer took."""

    def refused(self, chat_id: int | None, retry_after: float) -> bool:
        """Take note of a 429; return whether all are paused for it."""

    def pause(self, seconds: float) -> None:
        """Let nothing out for so long."""


class Purse(Protocol):
    """What the gate asks of the purse."""

    def take(self, messages: int = 1) -> bool:
        """Pay for a call's messages; False where that may not be."""


class Gate:
    """Lets calls through at the pace of one token; paid broadcasts at a pace of their own.

    `allowed` says no where another process may speak for the bot by now: then nothing is sent that nobody
    asked for. `all_wait` is told for how many seconds everything is paused after a 429.
    """

    def __init__(
        self,
        pace: Pace,
        paid: tuple[Pace, Purse] | None = None,
        *,
        allowed: Callable[[], bool] = lambda: True,
        all_wait: Callable[[float], None] = lambda _seconds: None,
    ) -> None:
        self._pace = pace
        self._paid = paid
        self._allowed = allowed
        self._all_wait = all_wait
        self._unanswered = self._outages = 0

    async def through(
        self, name: str, chat_id: int | None, call: Callable[[], Awaitable[T]], messages: int = 1
    ) -> T:
        """Make the call when its turn has come. Raises Recalled, ChatBusy, or what the call raises."""
        mine = turn.get(None) or Turn()
        # Telegram sells sends alone.
        paid = self._paid if mine.paid and name.startswith("send") else None
        pace = paid[0] if paid else self._pace
        if mine.recalled:
            raise Recalled
        waiting = pace.ask(chat_id, mine.lane, mine.patience)
        if waiting is not None:
            await _turn_of(waiting, pace, mine)
        if (mine.lane is not Lane.REPLY and not self._allowed()) or (paid and not paid[1].take(messages)):
            pace.done()
            raise Recalled
        if messages > 1:
            pace.count(chat_id, messages - 1)
        mine.call()
        started = time.monotonic()
        outcome = "error"
        try:
            answer = await call()
            outcome = "ok"
            return answer
        except TelegramRetryAfter as error:
            outcome = "429"
            if pace.refused(chat_id, float(error.retry_after)):
                self._all_wait(float(error.retry_after))
            raise
        except (TelegramNetworkError, TelegramServerError):
            outcome = "unanswered"
            raise
        finally:
            took = time.monotonic() - started
            pace.done(took)
            self._heard(pace, outcome)
            CALL_SECONDS.add(took)
            CALLS.add(name, outcome)

    def _heard(self, pace: Pace, outcome: str) -> None:
        """Rest, longer each time, while call after call finds nobody: attempts would only be used up."""
        if outcome != "unanswered":
            self._unanswered = self._outages = 0
            return
        self._unanswered += 1
        if self._unanswered >= OUTAGE_CALLS:
            self._unanswered = 0
            pace.pause(min(LONGEST_REST, 2.0**self._outages))
            self._outages += 1


async def _turn_of(waiting: asyncio.Future[None], pace: Pace, mine: Turn) -> None:
    """Wait for the slot. One that comes to nothing any more is given back."""
    mine.waiting = waiting
    began = time.monotonic()
    try:
        await waiting
        SLOT_SECONDS.add(time.monotonic() - began, _NAMES[mine.lane])
    except asyncio.CancelledError:
        if waiting.done() and not waiting.cancelled():
            pace.done()
        elif mine.recalled:
            raise Recalled from None
        raise
    finally:
        mine.waiting = None


async def aside(work: Awaitable[T], seconds: float | None = None) -> T:
    """Await something other than a slot, such as a picture. Raises Recalled, and TimeoutError after `seconds`."""
    mine = turn.get(None) or Turn()
    if mine.recalled:
        raise Recalled
    mine.step_aside()
    mine.waiting = task = asyncio.ensure_future(work)
    try:
        async with asyncio.timeout(seconds):
            return await task
    except asyncio.CancelledError:
        if mine.recalled:
            raise Recalled from None
        raise
    finally:
        mine.waiting = None


def is_paced(name: str) -> bool:
    """Return whether a method counts against what a bot may send."""
    low = name.lower()
    return low.startswith(PACED) and low not in UNPACED


_NAMES = {lane: lane.name.lower() for lane in Lane}
