"""The bell: whoever decides something rings, so that those who act on it need not wait for their next look."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from bot.model.delivery import Lane

DECIDED = "decided"
"""What is rung where readers are to be told something, or something under way is to change."""


def planned(lane: Lane) -> str:
    """Return what is rung where deliveries of a lane were planned."""
    return f"planned:{lane:d}"


def brought(bot_id: int) -> str:
    """Return what is rung where updates of a bot were kept by a process that does not handle them."""
    return f"brought:{bot_id}"


class Bell(Protocol):
    """Tells listeners that something happened. A missed ring costs time only: listeners look by themselves too."""

    def ring(self, what: str = DECIDED) -> None:
        """Tell everyone who listens for it."""

    def listen(self, listener: Callable[[], None], what: str = DECIDED) -> None:
        """Call `listener` at every such ring from now on."""

    def carriers(self) -> Mapping[str, Callable[[], Awaitable[None]]]:
        """Return what must run, by name, so that other processes hear the bell; nothing where there are none."""


class LocalBell:
    """A bell within one process."""

    def __init__(self) -> None:
        self._listeners: dict[str, list[Callable[[], None]]] = defaultdict(list)

    def ring(self, what: str = DECIDED) -> None:
        """Tell everyone who listens for it, at once."""
        for listener in self._listeners.get(what, ()):
            listener()

    def listen(self, listener: Callable[[], None], what: str = DECIDED) -> None:
        """Call `listener` at every such ring from now on."""
        self._listeners[what].append(listener)

    def carriers(self) -> Mapping[str, Callable[[], Awaitable[None]]]:
        """Return nothing: this process is alone."""
        return {}
