"""Telegram's limits, and the means to keep text within them.

Lengths are code points after parsing (tdlib: MessageContent.cpp compares `utf8_length`); only entity
offsets are UTF-16, and those Telegram counts itself.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from bot.rendering.text.breaks import best_cut
from bot.rendering.text.spans import Span, Spans, Tag, part, text_of, tidy, write

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
ENTITIES = 100
ENTITY_BYTES = 9_000
RAW_BYTES = 32_768
# Links, @names, #tags, $TICKERS and /commands become entities by themselves; counted generously.
_DETECTED = re.compile(r"[@#$/]\w|\w@\w|://|\w\.[^\W\d_]{2}")
_SAID = re.compile(r"[.!?…][»”\"')\]]*$")
_SPLIT = frozenset({"b", "i", "u", "s", "tg-spoiler"})
_WHOLE = frozenset({"a", "code", "tg-time", "tg-emoji"})


@dataclass(frozen=True, slots=True)
class Size:
    """A message's size as Telegram counts it: code points, entities, the bytes of entities and of the HTML."""

    chars: int
    entities: int
    entity_bytes: int
    raw: int

    def within(self, room: Size) -> bool:
        """Return whether no count is above the room's."""
        return (
            self.chars <= room.chars
            and self.entities <= room.entities
            and self.entity_bytes <= room.entity_bytes
            and self.raw <= room.raw
        )

    def less(self, taken: Size) -> Size:
        """Return the room that is left after `taken`; counts may fall below 0."""
        return Size(
            self.chars - taken.chars,
            self.entities - taken.entities,
            self.entity_bytes - taken.entity_bytes,
            self.raw - taken.raw,
        )


def largest(sizes: Iterable[Size]) -> Size:
    """Return the smallest size with room for each of the sizes."""
    counts = [(each.chars, each.entities, each.entity_bytes, each.raw) for each in sizes]
    return Size(*map(max, *counts))


TEXT_ROOM = Size(TEXT_LIMIT, ENTITIES, ENTITY_BYTES, RAW_BYTES)
CAPTION_ROOM = Size(CAPTION_LIMIT, ENTITIES, ENTITY_BYTES, RAW_BYTES)

ANY = (10**9, 10**9, 10**9)
"""Counts of entities and bytes for a Size where only characters matter."""


def measure(spans: Iterable[Span]) -> Size:
    """Return the spans' size, links and names that Telegram finds by itself included."""
    spans = tuple(spans)
    text = text_of(spans)
    openings = 0
    weight = 0
    before: tuple[Tag, ...] = ()
    for span in spans:
        apart = _solid(span.tags) != _solid(before)
        for depth, tag in enumerate(span.tags):
            # Telegram parts emphasis at each link, piece of code or quotation inside it (TDLib: fix_entities).
            again = tag.name in _SPLIT and apart
            if again or depth >= len(before) or span.tags[: depth + 1] != before[: depth + 1]:
                openings += 1
                weight += 16 + sum(len(value.encode()) for _, value in tag.attributes)
        before = span.tags
    detected = _detected(text, spans)
    return Size(len(text), openings + detected, weight + 16 * detected, len(write(spans).encode()))


def _detected(text: str, spans: Sequence[Span]) -> int:
    """Return how many entities come with what Telegram finds by itself.

    What is found in emphasized words parts each emphasis: a piece before, one inside, one after.
    """
    ends = list(accumulate(len(span.text) for span in spans))
    found = (spans[bisect_right(ends, match.start())].tags for match in _DETECTED.finditer(text))
    return sum(1 + 2 * sum(tag.name in _SPLIT for tag in tags) for tags in found)


def _solid(tags: tuple[Tag, ...]) -> tuple[Tag, ...]:
    return tuple(tag for tag in tags if tag.name not in _SPLIT)


def fits(spans: Spans, room: Size) -> bool:
    """Return whether the spans fit into the room."""
    return measure(spans).within(room)


def cut(spans: Spans, room: Size) -> tuple[Spans, Spans]:
    """Return the beginning that fits, cut at the best place, and the rest. The beginning is never empty."""
    text = text_of(spans)
    limit = _longest(spans, len(text), room)
    if limit == len(text):
        return spans, ()
    at = max(1, best_cut(text, limit, _outside(part(spans, 0, limit + 1))))
    return part(spans, 0, at), part(spans, at, len(text))


def _longest(spans: Spans, length: int, room: Size) -> int:
    """Return how many characters fit, by halving: every count only grows with the text."""
    low, high = 0, min(length, max(0, room.chars))
    if fits(part(spans, 0, high), room):
        return high
    while low < high - 1:
        middle = (low + high) // 2
        if fits(part(spans, 0, middle), room):
            low = middle
        else:
            high = middle
    return low


def _outside(spans: Spans) -> Callable[[int], bool]:
    """Return a test of whether a place lies outside every link, time and piece of code."""
    ends = list(accumulate(len(span.text) for span in spans))
    inside: set[int] = set()
    for index, span in enumerate(spans):
        kept = [tag for tag in span.tags if tag.name in _WHOLE]
        if not kept:
            continue
        start = ends[index] - len(span.text)
        inside.update(range(start + 1, ends[index]))
        if index + 1 < len(spans) and any(tag in spans[index + 1].tags for tag in kept):
            inside.add(ends[index])
    return lambda at: at not in inside


def pages(spans: Spans, first: Size, others: Size) -> list[Spans]:
    """Return the text in pages, the first within `first`, each later one within `others`. There is always a page."""
    found: list[Spans] = []
    rest = tidy(spans)
    while rest:
        page, rest = cut(rest, others if found else first)
        if page := tidy(page):
            found.append(page)
        rest = _without_leading_lines(rest)
    return found or [()]


def _without_leading_lines(spans: Spans) -> Spans:
    text = text_of(spans)
    return part(spans, len(text) - len(text.lstrip()), len(text))


def clip(spans: Spans, room: Size) -> Spans:
    """Return the spans, cut to the room: at a sentence's end, else at a word's end with «…»."""
    if fits(spans, room):
        return spans
    if room.chars < 2:
        return ()
    kept = tidy(cut(spans, room.less(Size(1, 0, 0, 3)))[0])
    if not kept or _SAID.search(text_of(kept)):
        return kept
    last = kept[-1]
    return (*kept[:-1], last, Span("…", tuple(tag for tag in last.tags if tag.name not in _WHOLE)))


def fill(render: Callable[[Spans], Spans], flexible: Spans, room: Size) -> Spans:
    """Return `render`'s output for as much of `flexible` as lets the output fit into the room."""
    rendered = render(flexible)
    given = flexible
    while given and not fits(rendered, room):
        over = measure(rendered).chars - room.chars
        length = len(text_of(given))
        given = clip(given, Size(min(length - max(over, 0), length * 9 // 10), *ANY))
        rendered = render(given)
    return clip(rendered, room)
