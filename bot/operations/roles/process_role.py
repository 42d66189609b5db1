"""What a process of an installation does, in parts that can run in processes of their own."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import NamedTuple

from bot.model.errors import SetupError


class ProcessRole(StrEnum):
    """A part of the work.

    `courier` sends news; `poller` hears what people write and press, answers, and keeps the desk's cards; `matcher`
    turns decisions into deliveries; `ticks` does what falls due; `feeds` asks the feeds; `web` serves health and
    figures.
    """

    COURIER = "courier"
    POLLER = "poller"
    MATCHER = "matcher"
    TICKS = "ticks"
    FEEDS = "feeds"
    WEB = "web"


ALL = frozenset(ProcessRole)

OF_A_BOT = (ProcessRole.COURIER, ProcessRole.POLLER)
"""Roles that a process has for one bot: it speaks with that bot's token."""

ALONE = (*OF_A_BOT, ProcessRole.MATCHER, ProcessRole.TICKS)
"""Roles that one process at a time may have. Feeds are claimed one by one, and pages change nothing."""


class Seat(NamedTuple):
    """A role as a process has it: that of one bot, or of all of them (`bot_id` 0)."""

    role: ProcessRole
    bot_id: int = 0

    @property
    def lease_name(self) -> str:
        """The name of the lease on a seat that one process at a time may have."""
        return f"{self.role}:{self.bot_id}" if self.bot_id else str(self.role)


def seat_of(role: ProcessRole, bot_id: int) -> Seat:
    """Return the seat of a role in the work for that bot."""
    return Seat(role, bot_id if role in OF_A_BOT else 0)


def read_roles(words: str) -> frozenset[ProcessRole]:
    """Return the roles that an operator names, with commas between. Raises SetupError for a word that is none."""
    named = words.replace(",", " ").split()
    if words and not named:
        raise SetupError(f"--role: name one or more of {', '.join(ProcessRole)}")
    if wrong := next((word for word in named if word not in list(ProcessRole)), None):
        raise SetupError(f"--role: {wrong!r} is no role; write one or more of {', '.join(ProcessRole)}")
    return frozenset(map(ProcessRole, named)) or ALL


def listed(roles: Collection[ProcessRole]) -> str:
    """Return the roles' names, in the order of their definition."""
    return ", ".join(role for role in ProcessRole if role in roles)
