"""Notices when a push fails for many: something is wrong then that the chats have no part in."""

from __future__ import annotations

from collections import OrderedDict

from bot.model.delivery import Outcome, State

MANY_FAILED = "many-failed"
LEAST, SHARE = 100, 0.5
"""From how many failures on, and which share of what has ended. Of a list that was long not written to, a
third may have left; of a hundred chats that had a story yesterday, hardly ever half."""

KEPT = 64


class CircuitBreaker:
    """Counts what became of each bulletin's first sends since the start, for the latest few bulletins."""

    def __init__(self) -> None:
        self._counts: OrderedDict[int, list[int]] = OrderedDict()

    def many_failed(self, outcome: Outcome) -> bool:
        """Count an outcome; return whether it makes its bulletin one that fails for many, once for each."""
        delivery = outcome.delivery
        if delivery.bulletin_id is None or delivery.shown or outcome.state not in (State.DONE, State.FAILED):
            return False
        counts = self._counts.get(delivery.bulletin_id)
        if counts is None:
            counts = self._counts[delivery.bulletin_id] = [0, 0]
            if len(self._counts) > KEPT:
                self._counts.popitem(last=False)
        failed = outcome.state is State.FAILED
        counts[failed] += 1
        if not failed or counts[1] < LEAST or counts[1] < SHARE * sum(counts):
            return False
        del self._counts[delivery.bulletin_id]
        return True
