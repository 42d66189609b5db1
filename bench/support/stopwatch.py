"""Time and processor time of a stretch of work."""

from __future__ import annotations

import time


class Stopwatch:
    """Runs from its making on."""

    def __init__(self) -> None:
        self._at = time.perf_counter()
        self._cpu = time.process_time()

    def read(self, count: int) -> dict[str, float]:
        """Return seconds, messages a second, and processor time for each message in microseconds."""
        seconds = time.perf_counter() - self._at
        cpu = time.process_time() - self._cpu
        return {"seconds": seconds, "rate": count / seconds, "cpu": cpu / count * 1e6}
