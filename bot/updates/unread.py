"""What nobody could read is kept aside for the operators: `python -m bot unread` shows it, and owners are told."""

from __future__ import annotations

import logging
from typing import Any

import orjson

from bot.log import Event, Outage, redact
from bot.metrics import UPDATES_SKIPPED
from bot.model.clock import Clock
from bot.store.engine.database import UNAVAILABLE, Database, why
from bot.store.operations import unread
from bot.store.operations.unread import UnreadUpdate

log = logging.getLogger(__name__)

LONGEST = 8_000
"""Characters that are kept of an update."""


class Unread:
    """Keeps aside what Telegram sent and nobody could read: cut, and without tokens and passwords."""

    def __init__(self, db: Database, bot_id: int, clock: Clock) -> None:
        self._db, self._bot_id, self._clock = db, bot_id, clock

    async def keep(self, update_id: int, reason: str, body: Any) -> None:
        """Keep an update aside, 0 where it has no number. Where nothing can be written, the log alone knows of it."""
        UPDATES_SKIPPED.inc()
        log.warning(Event("updates.unreadable", update=update_id, reason=reason))
        one = UnreadUpdate(update_id, self._clock.now(), reason[:200], _text(body))
        try:
            async with self._db.write() as tx:
                await unread.put(tx, self._bot_id, one)
        except UNAVAILABLE as error:
            log.error(Outage("updates.not_kept_aside", update=update_id, reason=why(error)))


def _text(body: Any) -> str:
    if isinstance(body, bytes):
        text = body[: LONGEST * 4].decode(errors="replace")
    else:
        try:
            text = orjson.dumps(body).decode()
        except TypeError:
            # Nested too deep, for example.
            text = f"({type(body).__name__} that can't be written as JSON)"
    # Redact before the cut: half of a token would not be recognised. PostgreSQL's texts hold no NUL.
    return redact(text[: LONGEST * 4]).replace("\0", "\N{REPLACEMENT CHARACTER}")[:LONGEST]
