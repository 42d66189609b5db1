"""A word from outside by which a copy that is under way is broken off."""

from __future__ import annotations

import threading


class Stopped(Exception):
    """The copy was broken off, because the bot ends."""


class Stop:
    """Set by whoever wants the copy to end; looked at by the copy, in a thread of its own."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def set(self) -> None:
        """Break the copy off, soon."""
        self._event.set()

    def look(self, *_: object) -> None:
        """Raise Stopped where the copy is to end."""
        if self._event.is_set():
            raise Stopped

    def wait(self, seconds: float) -> None:
        """Wait, and raise Stopped where the copy is to end."""
        self._event.wait(seconds)
        self.look()

    def busy(self) -> int:
        """Return what SQLite's progress handler wants to hear: not 0 where a statement is to end."""
        return int(self._event.is_set())
