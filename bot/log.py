"""A line of the log is an event: a name such as `story.published`, and fields.

    log.info(Event("story.published", article=42, revision=1, by="feed"))

`bot/commands/logs.py` writes the event as text or as JSON; the call is the same for both.
"""

from __future__ import annotations

import json
import math
import re
from datetime import datetime
from enum import Enum
from typing import TextIO

LONGEST = 2_000
_TOKEN = re.compile(r"\d{3,20}(?::|%3[Aa])[A-Za-z0-9_-]{20,}")
_PASSWORD = re.compile(r"(?<=://)([^:/@\s]*):[^/\s]+(?=@)")
"""Up to the last @: a password may hold signs that a reader of addresses takes for its end."""
_NAMED = re.compile(r"(?i)(?<=[?&])(\w*(?:password|secret))=[^&\s\"']+")
_BARE = re.compile(r'[^\s"=\\]+')

Value = str | int | float | bool


class Event:
    """What happened, for a logger to take in place of a message.

    The name is the subject and a verb in the past, with a dot between. A field may hold anything: numbers
    and booleans keep their type in JSON, a member of an enumeration becomes its word, a time its ISO form,
    the rest its text. A field that is None is left out. These names are the formatter's: `time`, `level`,
    `logger`, `event`, `message`, `traceback`.
    """

    def __init__(self, name: str, /, **fields: object) -> None:
        self.name = name
        self._fields = fields

    def values(self) -> dict[str, Value]:
        """Return the fields as JSON knows them: without secrets, their texts of LONGEST characters together."""
        values: dict[str, Value] = {}
        left = LONGEST
        for key, field in self._fields.items():
            if field is None:
                continue
            value = _plain(field)
            if isinstance(value, str):
                value = clean(value, left)
                left = max(0, left - len(value))
            values[key] = value
        return values

    def __str__(self) -> str:
        """Return one line of text: the name, then `key=value` for each field."""
        return " ".join([self.name, *(f"{key}={_word(value)}" for key, value in self.values().items())])


class Outage(Event):
    """What goes wrong again and again while a database, a disk or a server is away.

    The handlers write the same outage once a minute: the same name, for the same `reason` and `detail`.
    """

    @property
    def key(self) -> tuple[str, object, object]:
        """What makes two outages the same."""
        return self.name, self._fields.get("reason"), self._fields.get("detail")


def redact(text: str) -> str:
    """Return the text without bot tokens and without the passwords of addresses."""
    return _NAMED.sub(r"\1=…", _PASSWORD.sub(r"\1:…", _TOKEN.sub("<token>", text)))


def clean(text: str, longest: int = LONGEST) -> str:
    """Return a stranger's text without secrets, and no longer than so many characters."""
    # Redact first: half of a token, left over at the cut, would not be recognised.
    text = redact(text)
    return text if len(text) <= longest else f"{text[:longest]}…"


def printable(text: str) -> str:
    r"""Return the text with `\n`, `\u001b` and so on for what would move a terminal's cursor or end a line."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else json.dumps(each)[1:-1] for each in text)


def phrase(words: str, longest: int = 200) -> str:
    """Return a stranger's words for people: a single printable line, no longer than so many characters, no secrets."""
    # Redact before the cut, as in `clean`.
    words = redact(words[: longest * 8])[: longest * 4]
    line = " ".join("".join(each if each.isprintable() else " " for each in words).split())
    return line if len(line) <= longest else f"{line[:longest]}…"


def say(text: object, file: TextIO | None = None) -> None:
    """Print lines of text for an operator: strangers' words move no cursor there, and no secret is shown."""
    for line in clean(str(text)).split("\n"):
        print(printable(line), file=file)


def _plain(field: object) -> Value:
    if isinstance(field, Enum):
        return field.value if isinstance(field.value, str) else field.name.lower()
    if isinstance(field, float) and math.isfinite(field):
        return round(field, 3)
    if isinstance(field, int):
        return field
    return field.isoformat() if isinstance(field, datetime) else str(field)


def _word(value: Value) -> str:
    """Quote as JSON does whatever could be taken for two fields, or for none."""
    if isinstance(value, str) and _BARE.fullmatch(value) and value.isprintable():
        return value
    return printable(json.dumps(value, ensure_ascii=False))
