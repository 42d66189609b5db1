"""What an export has of each chat: every column of the tables below, but for those that are named as left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Boolean, Column, Table
from sqlalchemy.dialects import postgresql

from bot.model.errors import SetupError
from bot.store.tables.audience import chat, mute, saved, subscription
from bot.store.tables.places import thread
from bot.store.tables.watch import alert_condition, followed_story, word_alert

Values = dict[str, Any]

PARTS: tuple[Table, ...] = (subscription, mute, word_alert, followed_story, saved, thread)
"""What a chat has many of."""

LEFT_OUT: Mapping[str, frozenset[str]] = {
    # How the chat stands with the old bot, and what the new one learns when the person presses Start.
    "chat": frozenset(
        {"id", "bot_id", "state", "state_reason", "state_at", "digest_due", "digest_last", "paused_until"}
        | {"menu_id", "username", "footer_id"}
    ),
    "subscription": frozenset({"chat_id", "topic_id"}),
    "mute": frozenset({"chat_id", "target_id"}),
    "word_alert": frozenset({"id", "chat_id", "condition_id"}),
    # The message was the old bot's.
    "followed_story": frozenset({"chat_id", "article_id", "message_id"}),
    "saved": frozenset({"chat_id", "article_id"}),
    "thread": frozenset({"chat_id", "topic_id"}),
    "alert_condition": frozenset({"id"}),
}
"""Columns that no export has as they are: numbers of ours become names, the rest is worth nothing elsewhere."""

_JSON_TYPES = postgresql.dialect()  # type: ignore[no-untyped-call]
"""One form of values for both databases: that of the one with a type for true and false."""


def columns_of(table: Table) -> list[Column[Any]]:
    """Return the columns that are exported as they are."""
    return [each for each in table.columns if each.name not in LEFT_OUT[table.name]]


def dumped(table: Table, row: Mapping[str, Any]) -> Values:
    """Return a row's values as JSON takes them; what is NULL is left out."""
    return {
        str(each.name): _WRITE[each](row[each.name])
        for each in columns_of(table)
        if row[each.name] is not None and row[each.name] != ()
    }


def loaded(table: Table, kept: Values) -> Values:
    """Return a row's values, those that are left out as a new row has them.

    Raises SetupError for what this version of Vestnik does not know.
    """
    columns = columns_of(table)
    if unknown := kept.keys() - {each.name for each in columns} - _NAMES[table.name]:
        raise SetupError(
            f"the file says {min(unknown)!r} of a {table.name}, which this version does not know: "
            "a newer Vestnik made it"
        )
    try:
        return {
            each.name: _READ[each](kept[each.name]) if each.name in kept else usual_value(each)
            for each in columns
        }
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError):
        raise SetupError(f"the file holds a {table.name} that this version can't read") from None


def usual_value(column: Column[Any]) -> Any:
    """Return what a new row has in a column. Raises KeyError where it must say so itself."""
    if column.server_default is None:
        if column.nullable:
            return _READ[column](None)
        raise KeyError(column.name)
    said = str(column.server_default.arg)  # type: ignore[attr-defined]
    return _READ[column](said == "true" if isinstance(column.type, Boolean) else int(said) if said else said)


_NAMES: Mapping[str, frozenset[str]] = {
    "chat": frozenset({"footer", *(each.name for each in PARTS)}),
    "subscription": frozenset({"topic"}),
    "mute": frozenset({"topic", "feed"}),
    "word_alert": frozenset({"condition"}),
    "followed_story": frozenset({"story"}),
    "saved": frozenset({"story"}),
    "thread": frozenset({"topic"}),
    "alert_condition": frozenset(),
}
"""What stands in a row beside its columns."""


def _as_is(value: Any) -> Any:
    return value


_COLUMNS = [each for table in (chat, alert_condition, *PARTS) for each in columns_of(table)]
_IMPLS = {each: each.type.dialect_impl(_JSON_TYPES) for each in _COLUMNS}
_WRITE = {each: impl.bind_processor(_JSON_TYPES) or _as_is for each, impl in _IMPLS.items()}
_READ = {each: impl.result_processor(_JSON_TYPES, None) or _as_is for each, impl in _IMPLS.items()}
