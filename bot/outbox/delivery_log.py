"""A delivery's log lines: events with the same fields, so that `grep article=42` tells a story's way.

What goes well has no line for each message: only the first of a push that Telegram took has one.
"""

from __future__ import annotations

import logging

from bot.log import Event
from bot.model.delivery import Delivery, Outcome, State

log = logging.getLogger(__name__)

KEPT = 1024


def fields(delivery: Delivery) -> dict[str, object]:
    """Return the fields that name a delivery: article or digest, chat (our id), bulletin, revision, lane."""
    return {
        delivery.subject.kind.name.lower(): delivery.subject.id,
        "chat": delivery.chat_id,
        "bulletin": delivery.bulletin_id,
        "revision": delivery.wanted,
        "lane": delivery.lane.name.lower(),
    }


class FirstSends:
    """Says of each push when Telegram took its first message; once in a process."""

    def __init__(self) -> None:
        self._said: dict[int, None] = {}

    def note(self, outcome: Outcome) -> None:
        """Log an outcome that is its bulletin's first send."""
        delivery = outcome.delivery
        bulletin = delivery.bulletin_id
        if bulletin is None or bulletin in self._said:
            return
        if outcome.state is not State.DONE or delivery.shown or not outcome.shown:
            return
        self._said[bulletin] = None
        if len(self._said) > KEPT:
            del self._said[next(iter(self._said))]
        log.info(Event("delivery.first_sent", **fields(delivery)))
