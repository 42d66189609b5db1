"""A list of stories under its topics: the variables of its template, and the buttons that open the stories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from markupsafe import Markup

from bot.model.message import Button, Keyboard
from bot.model.press import pack
from bot.model.story.article import Content
from bot.model.story.content import plain_text
from bot.rendering.buttons import deep_link, in_rows
from bot.rendering.story import Readership, Story
from bot.rendering.text.breaks import shorten
from bot.rendering.text.spans import clean
from bot.rendering.text.times import calendar_day, zone_of
from bot.rendering.text.typography import typeset
from bot.rendering.variables import headline

_HEADLINE = 160
_NAME = 64


@dataclass(frozen=True, slots=True)
class Group:
    """Stories under a topic's name, newest first; `topic_id` is None where they stand under no topic.

    `picked` ones are an editor's choice, in that editor's order, under the editor's headline or none.
    """

    topic_id: int | None
    name: str
    stories: Sequence[Story]
    picked: bool = False


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A topic's name, days and languages' names, each as far as it was asked for.

    `since` and `until` (not included) are days where the reader is; `every_language`: all languages were asked for.
    """

    topic: str = ""
    since: date | None = None
    until: date | None = None
    languages: Sequence[str] = ()
    every_language: bool = False

    def variables(self, readership: Readership, now: datetime) -> dict[str, Any]:
        """Return what `digest/narrowed.j2` writes."""
        today = now.astimezone(zone_of(readership.zone)).date()
        last = self.until - timedelta(days=1) if self.until else None

        def day(at: date | None) -> str:
            return calendar_day(at, today, readership.language) if at else ""

        return {
            "topic": self.topic,
            "day": day(last) if last and last == self.since else "",
            "since": day(self.since),
            "until": day(last),
            "languages": self.languages,
            "every_language": self.every_language,
        }


@dataclass(frozen=True, slots=True)
class StoryList:
    """Groups of stories for one readership.

    `digest_id` is 0 where the list is no digest; `first` counts the stories on the pages before; ages are
    counted back from `now` (UTC; the clock's time where it is None).
    """

    groups: Sequence[Group]
    readership: Readership
    digest_id: int = 0
    first: int = 0
    now: datetime | None = None

    def variables(self, counts: Sequence[int], excerpt: int) -> dict[str, Any]:
        """Return the template's variables where so many stories of each group are shown.

        Each story's excerpt has at most `excerpt` characters.
        """
        number = self.first
        shown: list[dict[str, Any]] = []
        for at, (group, count) in enumerate(zip(self.groups, counts, strict=True), 1):
            stories = [
                self._story(story, place, excerpt)
                for place, story in enumerate(group.stories[:count], number + 1)
            ]
            number += len(stories)
            shown.append(
                {
                    "name": shorten(group.name, _HEADLINE if group.picked else _NAME),
                    "picked": group.picked,
                    "anchor": f"topic-{at}",
                    "stories": stories,
                    "more": len(group.stories) - count,
                    "more_press": self._press("more", self.digest_id, group.topic_id or 0, 0),
                    "total": len(group.stories),
                }
            )
        return {
            "groups": shown,
            "count": number - self.first,
            "all": sum(len(group.stories) for group in self.groups),
            "kind": self.readership.kind,
            "footer": Markup(self.readership.footer),
        }

    def _story(self, story: Story, number: int, excerpt: int) -> dict[str, Any]:
        content = story.content
        return {
            "number": number,
            "headline": typeset(shorten(headline(content), _HEADLINE), content.language),
            "excerpt": _excerpt(content, excerpt),
            "published_at": story.published_at,
            "corrected_at": story.corrected_at,
            "url": deep_link(story, self.readership) if self.readership.kind == "channel" else None,
            "flash": story.flash,
            "press": self._press("open", story.id, "digest", self.digest_id),
        }

    def _press(self, verb: str, *args: object) -> str | None:
        """Return the data of a button inside a rich message; a channel has links instead."""
        return None if self.readership.kind == "channel" else pack(verb, *args)

    def numbered(self, counts: Sequence[int], key: str) -> Keyboard:
        """Return a numbered button for each story shown; none in a channel, whose messages have links alone.

        A press says `open:<story>:<key>`: the key names the list to lead back to.
        """
        if self.readership.kind == "channel":
            return ()
        shown = zip(self.groups, counts, strict=True)
        stories = [story for group, count in shown for story in group.stories[:count]]
        numbers = enumerate(stories, self.first + 1)
        return in_rows([Button(str(number), press=pack("open", story.id, key)) for number, story in numbers])


def _excerpt(content: Content, limit: int) -> str:
    said = " ".join(clean(content.lead.strip() or plain_text(content.blocks)).split())
    return typeset(shorten(said, limit), content.language)
