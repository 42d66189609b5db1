"""The one way out: every call that shows something waits for its slot here, and is counted."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from aiogram.exceptions import TelegramNetworkError, TelegramRetryAfter, TelegramServerError

from bot.metrics import CALL_SECONDS, CALLS, SLOT_SECONDS
from bot.metrics.outcomes import LANE_NAMES
from bot.model.delivery import Lane
from bot.telegram.transport.ticket import CallTicket, Recalled

T = TypeVar("T")

OUTAGE_CALLS, LONGEST_REST = 10, 30.0

PACED = ("send", "edit", "copy", "forward", "delete", "pin", "unpin")
UNPACED = ("deletemycommands", "deletewebhook", "editforumtopic", "deleteforumtopic", "sendchataction")


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


class PaidBudget(Protocol):
    """What the gate asks of the budget for paid broadcasts."""

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
        paid: tuple[Pace, PaidBudget] | None = None,
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
        self,
        name: str,
        chat_id: int | None,
        call: Callable[[], Awaitable[T]],
        *,
        ticket: CallTicket,
        messages: int = 1,
    ) -> T:
        """Make a call of the method `name` when its slot has come; it makes so many messages.

        Raises Recalled, ChatBusy, or what the call raises.
        """
        # Telegram sells sends alone.
        paid = self._paid if ticket.paid and name.startswith("send") else None
        pace = paid[0] if paid else self._pace
        if ticket.recalled:
            raise Recalled
        waiting = pace.ask(chat_id, ticket.lane, ticket.patience)
        if waiting is not None:
            await _slot(waiting, pace, ticket)
        if (ticket.lane is not Lane.REPLY and not self._allowed()) or (paid and not paid[1].take(messages)):
            pace.done()
            raise Recalled
        if messages > 1:
            pace.count(chat_id, messages - 1)
        ticket.call()
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
            CALL_SECONDS.observe(took)
            CALLS.labels(name, outcome).inc()

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


async def _slot(waiting: asyncio.Future[None], pace: Pace, ticket: CallTicket) -> None:
    """Wait for the slot. One that comes to nothing any more is given back."""
    ticket.waiting = waiting
    began = time.monotonic()
    try:
        await waiting
        SLOT_SECONDS.labels(LANE_NAMES[ticket.lane]).observe(time.monotonic() - began)
    except asyncio.CancelledError:
        if waiting.done() and not waiting.cancelled():
            pace.done()
        elif ticket.recalled:
            raise Recalled from None
        raise
    finally:
        ticket.waiting = None


def is_paced(name: str) -> bool:
    """Return whether a method counts against what a bot may send."""
    low = name.lower()
    return low.startswith(PACED) and low not in UNPACED
