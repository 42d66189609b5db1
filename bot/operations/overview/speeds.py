"""How fast pushes go, from what was accepted between two looks, and when they will have ended."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection

WINDOW_SECONDS = 20.0
"""Over so long a speed is measured: a shorter time would jump with each batch of results."""


class PushSpeeds:
    """The speeds of the pushes that were looked at lately, by their bulletins. Times are those of a monotonic clock."""

    def __init__(self) -> None:
        self._seen: dict[int, deque[tuple[float, int]]] = {}

    def note(self, bulletin_id: int, at: float, accepted: int) -> float | None:
        """Note how many were accepted, and return how many a second were; None before a second look."""
        seen = self._seen.setdefault(bulletin_id, deque())
        seen.append((at, accepted))
        while len(seen) > 2 and at - seen[1][0] >= WINDOW_SECONDS:
            seen.popleft()
        first_at, first = seen[0]
        return (accepted - first) / (at - first_at) if at > first_at else None

    def keep(self, bulletin_ids: Collection[int]) -> None:
        """Forget all pushes but these."""
        self._seen = {key: seen for key, seen in self._seen.items() if key in bulletin_ids}
