"""What a process of an installation does, in parts that can run in processes of their own."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

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


def lease_name(role: ProcessRole, bot_id: int) -> str:
    """Return the name of the lease on a role that one process at a time may have."""
    return f"{role}:{bot_id}" if role in OF_A_BOT else str(role)


def read_roles(words: str) -> frozenset[ProcessRole]:
    """Return the roles that an operator names, with commas between. Raises SetupError for a word that is none."""
    named = words.replace(",", " ").split()
    if wrong := next((word for word in named if word not in list(ProcessRole)), None):
        raise SetupError(f"--role: {wrong!r} is no role; write one or more of {', '.join(ProcessRole)}")
    return frozenset(map(ProcessRole, named)) or ALL


def listed(roles: Collection[ProcessRole]) -> str:
    """Return the roles' names, in the order of their definition."""
    return ", ".join(role for role in ProcessRole if role in roles)
