"""What stands behind a name in /follow and /mute: a mode, or for how long. In Russian and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from bot.model.following.mode import WIRE, Mode
from bot.model.following.mute import MuteSpan
from bot.model.story.topic import Topics
from bot.readers.topics import meant
from bot.stemming import folded

T = TypeVar("T")

_MODES: Mapping[Mode, tuple[str, ...]] = {
    Mode.AT_ONCE: (*("at once", "instantly", "immediately", "now"), *("сразу", "сразу же", "немедленно")),
    Mode.DIGEST: (
        *("digest", "in digest", "in the digest", "in a digest"),
        *("в дайджест", "в дайджесте", "дайджест", "дайджестом"),
    ),
    Mode.FLASH: (
        *("flash", "flash only", "only flash", "breaking", "breaking only", "breaking news only"),
        *("only breaking", "only breaking news"),
        *("срочное", "только срочное", "срочные", "только срочные", "молнии", "только молнии"),
    ),
    Mode.USUAL: ("as usual", "usual", "default", "как обычно", "обычно", "по умолчанию"),
    Mode.OFF: ("off", "выключить", "не присылать"),
}
_SPANS: Mapping[MuteSpan, tuple[str, ...]] = {
    MuteSpan.TOMORROW: (
        *("until tomorrow", "till tomorrow", "tomorrow", "today", "for today"),
        *("до завтра", "до утра", "на сегодня", "сегодня"),
    ),
    MuteSpan.WEEK: ("week", "a week", "for a week", "for week", "на неделю", "неделю", "на недельку"),
    MuteSpan.GOOD: (
        *("for good", "forever", "for ever"),
        *("навсегда", "совсем", "насовсем"),
    ),
}
_WIRE = (
    *("all", "everything", "all news", "wire", "the wire", "whole wire", "the whole wire"),
    *("все", "все новости", "всю ленту", "вся лента", "лента", "ленту", "весь поток"),
)
"""What stands for the whole wire; «всё» is folded to «все»."""

_AROUND = " ,.;:!—–-"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to follow: a topic by its number, WIRE, or None where the words name none; and how."""

    topic_id: int | None
    mode: Mode | None = None


def wish(words: str, known: Topics) -> Wish:
    """Return what is to be followed, and in which mode (None: nothing was said of that)."""
    exact = known.find(words)
    if exact is not None:
        return Wish(exact.id)
    said = _split(words, _MODES)
    rest, mode = said
    if folded(rest) in _WIRE:
        return Wish(WIRE, mode)
    topic = meant(known, rest)
    return Wish(topic.id if topic else None, mode)


def mute_wish(words: str) -> tuple[str, MuteSpan | None]:
    """Return what is to be muted, in the person's words, and for how long (None: nothing was said of that)."""
    return _split(words, _SPANS)


def _split(words: str, phrases: Mapping[T, tuple[str, ...]]) -> tuple[str, T | None]:
    """Return the words without the longest phrase that they end or begin with, and what the phrase stands for."""
    parts = words.split()
    read = [folded(part).strip(_AROUND) for part in parts]
    known = {tuple(phrase.split()): value for value, said in phrases.items() for phrase in said}
    longest = max(len(phrase) for phrase in known)
    for length in range(min(longest, len(parts)), 0, -1):
        if (value := known.get(tuple(read[-length:]))) is not None:
            return " ".join(parts[:-length]).strip(_AROUND), value
        if (value := known.get(tuple(read[:length]))) is not None:
            return " ".join(parts[length:]).strip(_AROUND), value
    return " ".join(parts), None
