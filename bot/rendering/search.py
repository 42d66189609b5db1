"""A page of what a search found: headlines, and excerpts in which the words are marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from markupsafe import Markup

from bot.model.message import OutgoingMessage
from bot.model.story.content import Text
from bot.rendering.story import Readership, Story
from bot.rendering.story_list import Group, Narrowed, StoryList
from bot.rendering.templates.environment import Templates
from bot.rendering.text.breaks import shorten
from bot.rendering.text.classic import Setting, text_html
from bot.rendering.text.fit import TEXT_ROOM, clip
from bot.rendering.text.spans import write

_HEADING = 160


@dataclass(frozen=True, slots=True)
class SearchHeading:
    """What was looked for, as the page's head says it.

    `words` are what was typed, as it was understood. `since` and `until` (not included) are days where the reader
    is. `languages` are names, none where those are meant that the reader reads; `every_language` that all are.
    `no_topic` are words that name no topic; `most` says how many words are looked for, where there were more;
    `short` that a prefix was too short. `best` is the order in which words in the headline come first.
    """

    words: Sequence[str]
    without: Sequence[str] = ()
    topic: str = ""
    since: date | None = None
    until: date | None = None
    languages: Sequence[str] = ()
    every_language: bool = False
    no_topic: str = ""
    most: int = 0
    short: bool = False
    best: bool = False


class SearchRenderer:
    """Renders pages of a search."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    def page(
        self,
        heading: SearchHeading,
        stories: Sequence[tuple[Story, Text]],
        readership: Readership,
        *,
        key: str,
        now: datetime,
        first: int = 0,
        instead: bool = False,
    ) -> OutgoingMessage:
        """Return the stories with their excerpts, numbered after `first`, and a button for each story.

        A story's button says `open:<id>:<key>`; the key may hold colons of its own. Where nothing was found,
        `instead` says whether buttons offer what would be.
        """
        group = Group(None, "", [story for story, _ in stories])
        shown = StoryList([group], readership, first=first, now=now)
        variables = shown.variables([len(stories)], 0)
        for entry, (story, text) in zip(variables["groups"][0]["stories"], stories, strict=True):
            entry["excerpt"] = Markup(text_html(text, Setting(story.content.language)))
        language = self._templates.language(readership.language)
        variables |= self._said(heading, readership, now) | {"instead": instead}
        spans = self._templates.render(
            "digest/search.j2", language, zone=readership.zone, now=now, **variables
        )
        return OutgoingMessage(write(clip(spans, TEXT_ROOM)), buttons=shown.numbered([len(stories)], key))

    def _said(self, heading: SearchHeading, readership: Readership, now: datetime) -> dict[str, Any]:
        narrowed = Narrowed(
            heading.topic, heading.since, heading.until, heading.languages, heading.every_language
        )
        return narrowed.variables(readership, now) | {
            "words": shorten(" ".join((*heading.words, *(f"−{each}" for each in heading.without))), _HEADING),
            "no_topic": heading.no_topic,
            "most": heading.most,
            "short": heading.short,
            "best": heading.best,
        }
