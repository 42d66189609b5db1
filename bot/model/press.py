"""What buttons and deep links say, packed into the few characters that Telegram allows.

Both can be forged and outlive what they name: whoever takes one up checks the person and the thing again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

CALLBACK_BYTES = 64
NUMBER = re.compile(r"-?[0-9]{1,18}")
"""What fits into 64 bits."""

VERSION = re.compile(r"[0-9]{1,9}")
"""What fits into 32 bits, as the versions of things do."""

URGENT = {(card, verb) for card in ("flash", "desk") for verb in ("pause", "resume", "stop", "undo")}
"""What steers a push that is going out, or takes it back before: the first two words of such a button's data."""

LOOKS = {("desk", page) for page in ("home", "shelf", "find", "card")}
"""What shows a page of the desk and decides nothing: the first two words of such a button's data."""

_START = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Press:
    """A button's verb and its arguments."""

    verb: str
    args: tuple[str, ...] = ()

    def number(self, at: int) -> int | None:
        """Return argument `at` as a number, or None where it is missing or none."""
        word = self.args[at] if at < len(self.args) else ""
        return int(word) if re.fullmatch(NUMBER, word) else None

    def version(self, at: int) -> int:
        """Return argument `at` as the version that was seen; 0, which nothing ever has, where it is none."""
        word = self.args[at] if at < len(self.args) else ""
        return int(word) if re.fullmatch(VERSION, word) else 0


def pack(verb: str, *args: object) -> str:
    """Return the callback data of a verb. Raises ValueError above 64 bytes, which Telegram refuses."""
    data = ":".join([verb, *map(str, args)])
    if len(data.encode()) > CALLBACK_BYTES:
        raise ValueError(f"callback data too long: {data}")
    return data


def unpack(data: str) -> Press:
    """Return what callback data says; anything at all can come in."""
    verb, *args = data.split(":")
    return Press(verb, tuple(args))


def is_urgent(data: str) -> bool:
    """Return whether a press is served at once, whatever its chat said or pressed before."""
    press = unpack(data)
    return (press.verb, *press.args[:1]) in URGENT


def is_look(data: str) -> bool:
    """Return whether a press only asks to be shown something: shown twice, it does no harm."""
    press = unpack(data)
    return (press.verb, *press.args[:1]) in LOOKS


def start_topic(slug: str) -> str:
    """Return the deep link's payload that offers a topic (`t.me/bot?start=…`)."""
    return _checked(f"t-{slug}")


def start_article(article_id: int) -> str:
    """Return the deep link's payload that opens a story."""
    return _checked(f"a-{article_id}")


def start_topics(code: str) -> str:
    """Return the deep link's payload that sets topics up, of a signed code."""
    return _checked(f"s-{code}")


def read_start(payload: str) -> tuple[str, str] | None:
    """Return ("topic", slug), ("article", id) or ("topics", code) of a payload, None where it is none of these."""
    kind, _, what = payload.strip().partition("-")
    if not what or not _START.fullmatch(payload.strip()):
        return None
    if kind == "a" and re.fullmatch(NUMBER, what):
        return "article", what
    if kind == "s":
        return "topics", what
    return ("topic", what) if kind == "t" else None


def _checked(payload: str) -> str:
    if not _START.fullmatch(payload):
        raise ValueError(f"not a deep link's payload: {payload}")
    return payload
