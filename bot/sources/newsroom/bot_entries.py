"""Reads what a newsroom file says of the bots: which token each has, and what each carries of the stories."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from bot.model.newsroom.sources import LANGUAGE
from bot.sources.newsroom.entries import BotEntry
from bot.sources.newsroom.toml_tables import TomlTables

BOT = "bot"
VARIABLE = re.compile(r"[A-Z][A-Z0-9_]{0,63}")

OWN = (
    *("language", "time_zone", "owner_ids", "fallback_channel", "canary_chat"),
    *("global_rate", "chat_rate", "group_rate"),
)
"""Settings of `.env` that a bot may have otherwise, under the same names in small letters."""


def bot_entries(
    tables: TomlTables, entries: list[dict[str, Any]], slugs: Collection[str]
) -> tuple[BotEntry, ...]:
    """Return every `[[bot]]`; `slugs` are the file's topics. Mistakes are kept in `tables`."""
    found: list[BotEntry] = []
    for at, entry in enumerate(entries):
        found.append(_entry(tables, entry, at, slugs))
        if found[-1].token in [other.token for other in found[:-1]]:
            tables.wrong(_twice(found[-1].token), BOT, at, "token")
    return tuple(found)


def _entry(tables: TomlTables, entry: dict[str, Any], at: int, slugs: Collection[str]) -> BotEntry:
    tables.known(entry, ("token", "name", "topics", "languages", *OWN), BOT, at)
    topics, languages = (
        tuple(dict.fromkeys(tables.words(entry, key, BOT, at))) for key in ("topics", "languages")
    )
    for slug in topics:
        if slug not in slugs:
            tables.wrong(f"there is no topic {slug!r} in this file", BOT, at, "topics")
    for code in languages:
        if not LANGUAGE.fullmatch(code):
            tables.wrong(f"{code!r} is not a language code; write one such as ru", BOT, at, "languages")
    return BotEntry(
        _token(tables, entry, at),
        topics,
        languages,
        tables.named(entry["name"], BOT, at) if "name" in entry else {},
        {key: _own(tables, key, value, at) for key, value in entry.items() if key in OWN},
    )


def _token(tables: TomlTables, entry: Mapping[str, Any], at: int) -> str:
    variable = entry.get("token", "")
    if "token" in entry and not (isinstance(variable, str) and VARIABLE.fullmatch(variable)):
        # Whoever wrote the token itself here must not read it in an error.
        tables.wrong(
            'token names the variable that holds the token, such as token = "WORLD_TOKEN"; the token itself belongs '
            "into .env, or into the file that WORLD_TOKEN_FILE names",
            BOT,
            at,
            "token",
        )
        return ""
    return "" if variable == "BOT_TOKEN" else variable


def _own(tables: TomlTables, key: str, value: object, at: int) -> object:
    """Return a setting's value as the settings take it."""
    if key != "owner_ids":
        return value
    if not isinstance(value, list) or not all(type(each) is int for each in value):
        tables.wrong("owner_ids must be a list of whole numbers, such as [123456, 654321]", BOT, at, key)
        return frozenset()
    return frozenset(value)


def _twice(token: str) -> str:
    named = f"token {token!r}" if token else "the bot of BOT_TOKEN"
    return f"{named} is in the file twice: give each bot one [[bot]]"
