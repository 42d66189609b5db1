"""A newsroom file's tables and values, each mistake in them told with the file, the line and the entry."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from bot.model.newsroom.sources import LANGUAGE

MOST_FAULTS = 50
"""So many mistakes are told of one file: nobody reads more."""
LONGEST_NAME = 64
"""Letters of a bot's name (core.telegram.org/bots/api#setmyname)."""


class TomlTables:
    """Values of a file's tables; `faults` has a sentence for each mistake met so far.

    After a mistake the reading goes on with a harmless value. A `place` is the kind of a table and
    which of its kind it is, from 0; "" is the head of the file.
    """

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._lines = text.splitlines()
        self._heads: dict[str, list[int]] = {}
        self.faults: list[str] = []
        self._untold = 0

    def told(self) -> list[str]:
        """Return the mistakes, each once, and at the end how many more there are."""
        more = [f"{self._path}: and {self._untold} more mistakes"] if self._untold else []
        return [*dict.fromkeys(self.faults), *more]

    def entries(self, values: dict[str, Any], kind: str) -> list[dict[str, Any]]:
        """Return all tables of that kind."""
        found = values.get(kind, [])
        if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
            self.wrong(f"{kind} must be written as [[{kind}]]", key=kind)
            return []
        return found

    def known(self, entry: dict[str, Any], keys: tuple[str, ...], kind: str = "", at: int = 0) -> None:
        """Check that the table has no other keys than these."""
        for key in entry:
            if key not in keys:
                self.wrong(f"unknown key {key!r}; the known keys are {', '.join(keys)}", kind, at, key)

    def words(self, entry: dict[str, Any], key: str, kind: str, at: int) -> tuple[str, ...]:
        """Return a list of words without the space around them, none where the key is not there."""
        found = entry.get(key, [])
        if not isinstance(found, list) or not all(isinstance(word, str) and word.strip() for word in found):
            self.wrong(f'{key} must be a list of words in quotes, such as ["one", "two"]', kind, at, key)
            return ()
        return tuple(word.strip() for word in found)

    def named(self, given: object, kind: str = "", at: int = 0) -> dict[str, str]:
        """Return names by language; the only name under no language."""
        names: dict[str, Any] = given if isinstance(given, dict) else {"": given}
        if not names or not all(isinstance(name, str) and name.strip() for name in names.values()):
            self.wrong('name must be text in quotes: name = "…", or name.ru = "…"', kind, at, "name")
            return {"": ""}
        if not all(_is_bots_name(each) for each in names.values() if kind or isinstance(given, dict)):
            what = f"name must be one line of at most {LONGEST_NAME} characters: Telegram takes no other"
            self.wrong(what, kind, at, "name")
        if odd := [code for code in names if code and not LANGUAGE.fullmatch(code)]:
            self.wrong(f'name: {odd[0]!r} is no language: write name.ru = "…"', kind, at, "name")
        return {language: name.strip() for language, name in names.items()}

    def number(
        self, entry: dict[str, Any], key: str, span: tuple[int, int], place: tuple[str, int], *, default: int
    ) -> int:
        """Return a whole number within the span, `default` where the key is not there."""
        if key not in entry:
            return default
        found = entry[key]
        if isinstance(found, bool) or not isinstance(found, int) or not span[0] <= found <= span[1]:
            self.wrong(f"{key} must be a whole number from {span[0]} to {span[1]}", *place, key)
            return default
        return found

    def flag(self, entry: dict[str, Any], key: str, place: tuple[str, int]) -> bool:
        """Return whether the key says true; false where it is not there."""
        found = entry.get(key, False)
        if not isinstance(found, bool):
            self.wrong(f"{key} must be true or false", *place, key)
            return False
        return found

    def wrong(self, what: str, kind: str = "", at: int = 0, key: str = "") -> None:
        """Keep the mistake as a sentence that names its place."""
        if len(self.faults) == MOST_FAULTS:
            self._untold += 1
            return
        line = self._line_of(kind, at, key)
        where = f"{self._path}, line {line}" if line else str(self._path)
        self.faults.append(f"{where}, [[{kind}]] {at + 1}: {what}" if kind else f"{where}: {what}")

    def _line_of(self, kind: str, at: int, key: str) -> int | None:
        """Return the line of the entry's key, else of the entry, counted from 1."""
        if kind not in self._heads:
            head = re.compile(rf"\s*\[\[\s*{kind}\s*\]\]")
            self._heads[kind] = [n for n, line in enumerate(self._lines) if head.match(line)]
        start = self._heads[kind][at] if kind and at < len(self._heads[kind]) else None
        name = re.compile(rf"""\s*(\[{kind}\.)?["']?{re.escape(key)}["']?\s*[=.\]]""")
        for n in range(start + 1 if start is not None else 0, len(self._lines)) if key else ():
            if self._lines[n].lstrip().startswith("[["):
                break
            if name.match(self._lines[n]):
                return n + 1
        return start + 1 if start is not None else None


def _is_bots_name(name: str) -> bool:
    return name.strip().isprintable() and len(name.strip()) <= LONGEST_NAME
