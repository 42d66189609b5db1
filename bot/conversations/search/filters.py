"""The buttons that narrow a list down: days, topics, languages. A search has them, and so has /latest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.conversations.visit import Visit
from bot.model.message import Button, Keyboard
from bot.model.story.topic import Topics
from bot.rendering.buttons import in_rows

CHOSEN = "✅"
PERIODS = (1, 7, 30, 365, 0)
"""Periods that buttons offer, in days; 0: at any time."""

MOST_TOPICS = 12


@dataclass(frozen=True, slots=True)
class Held:
    """What holds now: days (None: others than the buttons offer), a topic (0: all), whether in every language.

    `languages` says whether the list has some languages alone.
    """

    days: int | None
    topic_id: int
    every_language: bool
    languages: bool


@dataclass(frozen=True, slots=True)
class Ways:
    """What the buttons say: for days, for a topic (0: all), for every language or the reader's own, to go back."""

    days: Callable[[int], str]
    topic: Callable[[int], str]
    every_language: Callable[[bool], str]
    back: str


def narrowing(visit: Visit, topics: Topics, held: Held, ways: Ways) -> Keyboard:
    """Return the buttons; what holds now is marked, also in words."""

    def option(label: str, chosen: bool, press: str) -> Button:
        return Button(f"{CHOSEN} {label}" if chosen else label, press=press)

    periods = [
        option(visit.label("search_days", days=days), held.days == days, ways.days(days)) for days in PERIODS
    ]
    offered = [
        option(each.name(visit.language), held.topic_id == each.id, ways.topic(each.id))
        for each in topics.children(None)[:MOST_TOPICS]
    ]
    if offered:
        offered.append(option(visit.label("search_topics"), not held.topic_id, ways.topic(0)))
    every = not held.every_language
    languages = Button(visit.label("search_languages", every=every), press=ways.every_language(every))
    rows = (*in_rows(periods, 3), *in_rows(offered, 2))
    back = Button(visit.label("search_found"), press=ways.back)
    return (*rows, (languages,), (back,)) if held.languages or held.every_language else (*rows, (back,))
