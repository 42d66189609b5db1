"""A call's ticket: how it travels, and how whoever handed it out takes the call back."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.model.delivery import Lane

T = TypeVar("T")


class Recalled(Exception):
    """What was to be sent is wanted otherwise, or not at all, since it began to wait."""


@dataclass(slots=True)
class CallTicket:
    """How the calls of one delivery, or of one reply to a person, travel.

    `paid` buys the rate of paid broadcasts. `patience` is how many seconds a call may wait for its chat
    alone: beyond that it raises ChatBusy, so that chats which have had enough don't keep others waiting.
    `begun` is told, once, when the calls no longer wait for their first slot. `called` says whether any call
    was made, `recalled` whether the next is forbidden.
    """

    lane: Lane = Lane.REPLY
    paid: bool = False
    patience: float = math.inf
    begun: Callable[[Lane], None] | None = None
    recalled: bool = False
    called: bool = False
    waiting: asyncio.Future[Any] | None = None

    def recall(self) -> None:
        """Let no further call be made; one that waits for its slot gives the slot up."""
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

    async def aside(self, work: Awaitable[T], seconds: float | None = None) -> T:
        """Await something other than a slot, such as a picture.

        Raises Recalled, and TimeoutError after `seconds`.
        """
        if self.recalled:
            raise Recalled
        self.step_aside()
        self.waiting = task = asyncio.ensure_future(work)
        try:
            async with asyncio.timeout(seconds):
                return await task
        except asyncio.CancelledError:
            if self.recalled:
                raise Recalled from None
            raise
        finally:
            self.waiting = None
