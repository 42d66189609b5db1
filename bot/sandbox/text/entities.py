"""Cleans, trims, untangles and completes a text's entities after parsing.

The rules are those of `fix_formatted_text` and `find_entities` in TDLib.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from bot.sandbox.calls.answers import Json

STYLES = ("bold", "italic", "underline", "strikethrough", "spoiler")
QUOTES = frozenset({"blockquote", "expandable_blockquote"})
_VERBATIM = frozenset({"pre", "code"})
_DROPPED = re.compile("[\r\u2028-\u202e\u0333\u033f\u030a]")
_CONTROL = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f]")
_INVISIBLE = re.compile("[\\s\u200b-\u200f\u2060-\u206f\ufeff\u2800\u3164]*\\Z")
_RANK = {
    "blockquote": 0,
    "expandable_blockquote": 0,
    "pre": 11,
    "code": 20,
    "date_time": 30,
    "text_link": 49,
    "text_mention": 49,
    **{style: 90 + i for i, style in enumerate(STYLES)},
    "custom_emoji": 99,
}
_MAYBE = re.compile(r"[/@#]|\.\w")
_TOP_DOMAINS = "com|org|net|info|int|edu|gov|io|me|tv|news|app|dev|eu|uk|de|fr|us|su|ru|by|kz|ua|рф|бел"
_FOUND = re.compile(
    r"(?P<email>(?<![\w.+-])[A-Za-z0-9][\w.+-]*@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,24}(?![\w-]))"
    r"|(?P<url>https?://(?=[^\s/?#]*\.\w)[^\s<>\"'«»]*[^\s<>\"'«».,;:!?()\[\]{}…]"
    rf"|(?<![\w@./-])(?:[\w-]+\.)+(?:{_TOP_DOMAINS})(?![\w-])(?:[/?#][^\s<>\"'«»]*[^\s<>\"'«».,;:!?()\[\]{{}}…])?)"
    r"|(?<![\w])(?P<mention>@[A-Za-z0-9_]{2,32})(?!\w)"
    r"|(?<![\w·])(?P<hashtag>#(?=[\w·]*[^\W\d_])[\w·]{1,256}(?:@[A-Za-z0-9_]{3,32})?)(?!\w*#)"
    r"|(?<![\w/<>])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?)(?![\w/<>])"
)


def utf16_length(text: str) -> int:
    """Return the length of a text in UTF-16 code units, in which Telegram counts offsets."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _end(entity: Json) -> int:
    return int(entity["offset"] + entity["length"])


def ordered(entities: Iterable[Json]) -> list[Json]:
    """Return entities by offset, the longer first, then by kind."""
    return sorted(entities, key=lambda e: (e["offset"], -e["length"], _RANK.get(e["type"], 50)))


def fix(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Return the text as Telegram keeps it, with the entities that survive; empty where nothing shows."""
    text, entities = _clean(text, entities)
    entities = untangle(entities)
    end = len(text.rstrip(" \n"))
    if not end or _INVISIBLE.match(text):
        return "", []
    first = entities[0]["offset"] if entities else end
    cut = min(first, len(text) - len(text.lstrip(" \n")))
    text = text[cut:end]
    length = utf16_length(text)
    moved = [{**e, "offset": e["offset"] - cut} for e in entities]
    for entity in moved:
        entity["length"] = min(entity["length"], length - entity["offset"])
    return text, ordered(e for e in moved if e["length"] > 0)


def _clean(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    text = _CONTROL.sub(" ", text)
    if not _DROPPED.search(text):
        return text, [e for e in entities if e["length"] > 0]
    gone = [utf16_length(text[: m.start()]) for m in _DROPPED.finditer(text)]
    moved = []
    for entity in entities:
        start = entity["offset"] - sum(at < entity["offset"] for at in gone)
        length = _end(entity) - sum(at < _end(entity) for at in gone) - start
        if length > 0:
            moved.append({**entity, "offset": start, "length": length})
    return _DROPPED.sub("", text), moved


def untangle(entities: list[Json]) -> list[Json]:
    """Return entities that overlap only as Telegram allows.

    Quotes don't nest, nor do links, code, mentions, times and emoji; those don't cross a quote's edge;
    styles are merged, then cut at the edges of all others, and there are none inside of code.
    """
    if len(entities) < 2:
        return entities
    given = ordered(entities)
    quotes = _apart(e for e in given if e["type"] in QUOTES)
    solid = [
        e
        for e in _apart(e for e in given if e["type"] not in QUOTES and e["type"] not in STYLES)
        if not any(_crosses(e, quote) for quote in quotes)
    ]
    present = {entity["type"] for entity in given}
    styled = [
        piece for style in STYLES if style in present for piece in _style(style, given, [*quotes, *solid])
    ]
    return ordered([*quotes, *solid, *styled])


def _apart(entities: Iterable[Json]) -> list[Json]:
    kept: list[Json] = []
    for entity in entities:
        if not kept or entity["offset"] >= _end(kept[-1]):
            kept.append(entity)
    return kept


def _crosses(entity: Json, quote: Json) -> bool:
    """Tell whether an entity and a quote overlap without the quote holding the entity."""
    apart = _end(entity) <= quote["offset"] or _end(quote) <= entity["offset"]
    inside = quote["offset"] <= entity["offset"] and _end(entity) <= _end(quote)
    return not apart and not inside


def _style(style: str, given: list[Json], others: list[Json]) -> list[Json]:
    spans: list[list[int]] = []
    for entity in given:
        if entity["type"] != style:
            continue
        if spans and entity["offset"] <= spans[-1][1]:
            spans[-1][1] = max(spans[-1][1], _end(entity))
        else:
            spans.append([entity["offset"], _end(entity)])
    edges = sorted({edge for other in others for edge in (other["offset"], _end(other))})
    verbatim = [(e["offset"], _end(e)) for e in others if e["type"] in _VERBATIM]
    pieces = []
    for begin, end in spans:
        marks = [begin, *(edge for edge in edges if begin < edge < end), end]
        for start, stop in pairwise(marks):
            if not any(low <= start and stop <= high for low, high in verbatim):
                pieces.append({"offset": start, "length": stop - start, "type": style})
    return pieces


def detect(text: str, entities: list[Json]) -> list[Json]:
    """Return the entities with those that Telegram finds by itself: links, names, hashtags, commands.

    Simpler than TDLib's: it knows few top-level domains, and no cashtags, phone or card numbers.
    """
    if not _MAYBE.search(text):
        return entities
    taken = [e for e in entities if e["type"] not in QUOTES and e["type"] not in STYLES]
    found: list[Json] = []
    for match in _FOUND.finditer(text):
        start = utf16_length(text[: match.start()])
        entity = {"offset": start, "length": utf16_length(match[0]), "type": match.lastgroup}
        if all(start >= _end(other) or _end(entity) <= other["offset"] for other in taken):
            found.append(entity)
    return untangle([*entities, *found]) if found else entities
