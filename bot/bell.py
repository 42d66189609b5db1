"""The bell: whoever decides something rings, so that the matcher and the courier need not wait for their next look."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Bell(Protocol):
    """Tells listeners that something was decided. A missed ring costs time only: listeners look by themselves too."""

    def ring(self) -> None:
        """Tell every listener."""

    def listen(self, listener: Callable[[], None]) -> None:
        """Call `listener` at every ring from now on."""


class LocalBell:
    """A bell within one process."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[], None]] = []

    def ring(self) -> None:
        """Tell every listener, at once."""
        for listener in self._listeners:
            listener()

    def listen(self, listener: Callable[[], None]) -> None:
        """Call `listener` at every ring from now on."""
        self._listeners.append(listener)
