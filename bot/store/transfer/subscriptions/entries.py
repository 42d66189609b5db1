"""A chat of an export, read again: values as the tables have them, with the names that stand for numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Table

from bot.model.errors import SetupError
from bot.store.tables.audience import chat
from bot.store.tables.watch import alert_condition
from bot.store.transfer.subscriptions.layout import PARTS, Values, loaded


@dataclass(frozen=True, slots=True)
class Named:
    """A row of what a chat has many of, and the names in it: topic, feed, story, or an alert's condition."""

    values: Values
    topic: str | None = None
    feed: str | None = None
    story: tuple[str, str] | None = None
    condition: Values | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A chat, the line under its posts, and by the name of its table whatever it has many of."""

    values: Values
    footer: str
    parts: dict[str, list[Named]]

    @property
    def telegram_id(self) -> int:
        """The chat's number at Telegram."""
        return int(self.values["telegram_id"])


def read_entry(line: bytes) -> Entry:
    """Return the chat of a line. Raises SetupError where this version can't read it."""
    try:
        said = orjson.loads(line)
        parts = {each.name: [_named(each, row) for row in said.get(each.name, ())] for each in PARTS}
        footer = said.get("footer", "")
        entry = Entry(loaded(chat, said), footer, parts)
    except (orjson.JSONDecodeError, AttributeError, TypeError, ValueError):
        raise SetupError("the file holds a line that this version can't read") from None
    if not (isinstance(entry.values["telegram_id"], int) and isinstance(footer, str)):
        raise SetupError("the file holds a line that this version can't read")
    return entry


def _named(table: Table, row: dict[str, Any]) -> Named:
    story = row.get("story")
    condition = row.get("condition")
    return Named(
        loaded(table, row),
        topic=row.get("topic"),
        feed=row.get("feed"),
        story=(str(story[0]), str(story[1])) if story else None,
        condition=None if condition is None else loaded(alert_condition, condition),
    )
