"""All that the operator's page can ask of a running bot, each by a call."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.store.engine.database import UNAVAILABLE, why

Found = TypeVar("Found")

PATIENCE_SECONDS = 5.0
"""How long a look waits for the database before it says that there is none."""

NO_ANSWER = "the database does not answer"


class NoReading(Exception):
    """The database could not be read; the text says why, in one line."""


@dataclass(frozen=True, slots=True)
class PaceFacts:
    """How a pace goes: calls a second that it allows and that it makes now, calls that wait, seconds of a pause.

    `bot` is whose pace it is, where there are several bots.
    """

    name: str
    allowed: float
    used: float
    waiting: int
    paused_for: float
    bot: str = ""


@dataclass(frozen=True, slots=True)
class RunningFacts:
    """What the process knows without its database. `unpaid` is why nothing is paid for that should be."""

    health: Mapping[str, object]
    paces: Sequence[PaceFacts]
    problems: Sequence[str]
    unpaid: str


Running = Callable[[], Awaitable[RunningFacts]]


async def answered(asked: Awaitable[Found]) -> Found:
    """Return what the database answers. Raises NoReading where it is locked, gone or too slow."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await asked
    except TimeoutError:
        raise NoReading(NO_ANSWER) from None
    except UNAVAILABLE as error:
        raise NoReading(why(error)) from None
