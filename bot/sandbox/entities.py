"""What becomes of entities after parsing: cleaned, trimmed, untangled, and those found by themselves."""

from __future__ import annotations

import re

from bot.sandbox.answers import Json

STYLES = frozenset({"bold", "italic", "underline", "strikethrough", "spoiler"})
QUOTES = frozenset({"blockquote", "expandable_blockquote"})


def utf16_length(text: str) -> int:
    """Return the length of a text in UTF-16 code units, in which Telegram counts offsets."""
    return len(text) + sum(c > "\uffff" for c in text)


_FOUND = re.compile(
    r"(?P<url>https?://[^\s<>\"']+[^\s<>\"'.,;:!?)»])"
    r"|(?<!\w)(?P<mention>@[A-Za-z][A-Za-z0-9_]{3,31})\b"
    r"|(?<![\w#])(?P<hashtag>#\w*[^\W\d]\w*)"
    r"|(?<![\w/])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{4,32})?)\b"
)


def detect(text: str, entities: list[Json]) -> list[Json]:
    """Return the entities with those that Telegram finds by itself: links, names, hashtags, commands."""
    if not any(c in text for c in ("/", "@", "#")):
        return entities
    taken = [(e["offset"], e["offset"] + e["length"]) for e in entities if e["type"] not in STYLES | QUOTES]
    found: list[Json] = []
    for match in _FOUND.finditer(text):
        start = utf16_length(text[: match.start()])
        length = utf16_length(match[0])
        if all(start >= end or start + length <= begin for begin, end in taken):
            found.append({"offset": start, "length": length, "type": match.lastgroup})
    return sorted([*entities, *found], key=lambda e: (e["offset"], -e["length"])) if found else entities


def fix(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Return the text trimmed as Telegram trims it, with its entities moved along."""
    trimmed = text.rstrip(" \n\t\r\u00a0\u200b")
    first = min((e["offset"] for e in entities), default=len(trimmed))
    cut = 0
    while cut < min(first, len(trimmed)) and trimmed[cut] in " \n":
        cut += 1
    end = utf16_length(trimmed)
    kept = []
    for entity in entities:
        length = min(entity["offset"] + entity["length"], end) - entity["offset"]
        if length > 0:
            kept.append({**entity, "offset": entity["offset"] - cut, "length": length})
    return trimmed[cut:], kept
