"""Wrong attempts to log in, counted by address and in all, so that nobody tries tokens out."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

SECONDS = 300.0
PER_ADDRESS, IN_ALL = 5, 50
"""So many wrong attempts are allowed in that time. What is kept is bounded by them, too."""


class Attempts:
    """The wrong attempts of the last minutes."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._wrong: deque[tuple[float, str]] = deque()

    def wait(self, address: str) -> int:
        """Return for how many seconds nobody may try from that address; 0: somebody may now."""
        now = self._clock()
        while self._wrong and now - self._wrong[0][0] >= SECONDS:
            self._wrong.popleft()
        theirs = [at for at, whose in self._wrong if whose == address]
        if len(theirs) >= PER_ADDRESS:
            return int(theirs[-PER_ADDRESS] + SECONDS - now) + 1
        if len(self._wrong) >= IN_ALL:
            return int(self._wrong[-IN_ALL][0] + SECONDS - now) + 1
        return 0

    def note(self, address: str) -> None:
        """Note a wrong attempt."""
        self._wrong.append((self._clock(), address))
