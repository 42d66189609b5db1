"""Lists of stories: the latest on request, a chat's digest, the rest of one of its topics. One message each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from bot.model.message import Button, Keyboard, OutgoingMessage
from bot.model.press import pack
from bot.model.story.digest import USUAL_SIZE, Digest, Occasion
from bot.model.story.form import Form
from bot.model.story.topic import Topics
from bot.rendering.rich import tree
from bot.rendering.rich.tree import ROOM, measure
from bot.rendering.story import Readership, Story, story_of
from bot.rendering.story_list import Group, Narrowed, StoryList
from bot.rendering.templates.environment import Templates
from bot.rendering.text import fit
from bot.rendering.text.breaks import shorten
from bot.rendering.text.fit import TEXT_ROOM, clip, fits
from bot.rendering.text.spans import Spans, write

_EXCERPTS = (220, 140, 80, 0)
_MOST = 40
_MOST_RICH = 120
LONG = 8
"""A digest of more stories than that is a rich message, where the chat takes rich messages."""

_MORE_NAME = 40
_MOST_ROWS = 40
_BUTTONS = "talk/buttons.j2"
PAGE = 10
"""How many stories a page of a topic's rest shows."""


class _Fitted(NamedTuple):
    """A text that fits into one message, and how many stories of each group stand in it."""

    spans: Spans
    counts: list[int]


def groups_of(digest: Digest, topics: Topics, readership: Readership) -> list[Group]:
    """Return a digest's sections with their stories, named in the readership's language."""
    found = []
    for section in digest.sections:
        topic = topics.by_id.get(section.topic_id) if section.topic_id is not None else None
        stories = [story_of(each, each.content, topics, readership) for each in section.articles]
        picked = digest.picked and section.topic_id is None
        name = digest.headline if picked else topic.name(readership.language) if topic else ""
        found.append(Group(section.topic_id, name, stories, picked))
    return found


class DigestRenderer:
    """Renders lists of stories, each as one message.

    Where a list is too long, excerpts are shortened first, then left out, then the last stories of the
    longest groups are.
    """

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    def latest(
        self,
        stories: Sequence[Story],
        readership: Readership,
        *,
        title_topic: str | None,
        narrowed: Narrowed | None = None,
        first: int = 0,
        instead: bool = False,
        key: str = "latest",
        now: datetime | None = None,
    ) -> OutgoingMessage:
        """Return the latest stories, numbered after `first`, under the topic's name where there is one.

        `narrowed` are the days and languages that were asked for; where there are no stories, `instead` says whether
        buttons offer others. A story's button says `open:<id>:<key>`; the key may hold colons of its own.
        """
        said = (narrowed or Narrowed()).variables(readership, now or datetime.now(UTC))
        values = said | {"topic": title_topic, "narrowed": narrowed is not None, "instead": instead}
        story_list = StoryList([Group(None, "", stories)], readership, first=first, now=now)
        fitted = self._fitted("digest/latest.j2", story_list, [len(stories)], values)
        return OutgoingMessage(write(fitted.spans), buttons=story_list.numbered(fitted.counts, key))

    def digest(
        self,
        groups: Sequence[Group],
        readership: Readership,
        *,
        digest_id: int,
        at: datetime,
        size: int | None = None,
        form: Form = Form.BRIEF,
        now: datetime | None = None,
        occasion: Occasion | None = None,
    ) -> OutgoingMessage:
        """Return the digest made `at` that time (UTC): `size` stories of each topic, and how many more.

        What an editor picked is shown whole. `occasion` says why it comes although no digest was due.

        A digest with many stories is a rich message, unless the form is the classic one.
        """
        counts = [
            len(group.stories) if group.picked else min(len(group.stories), size or USUAL_SIZE)
            for group in groups
        ]
        story_list = StoryList(groups, readership, digest_id, now=now)
        values = {"at": at, "occasion": occasion}
        long = form is not Form.CLASSIC and sum(counts) > LONG
        rich = (long or form is Form.RICH) and self._rich(story_list, counts, values)
        if rich:
            return rich
        fitted = self._fitted("digest/digest.j2", story_list, counts, values)
        buttons = story_list.numbered(fitted.counts, f"digest:{digest_id}")
        if readership.kind != "channel":
            buttons += self._more(story_list, fitted.counts)
        return OutgoingMessage(write(fitted.spans), buttons=buttons)

    def _rich(
        self, story_list: StoryList, counts: list[int], values: dict[str, Any]
    ) -> OutgoingMessage | None:
        """Return the digest as a rich message, whose headlines are the buttons that open the stories.

        None where even its topics' names alone are too long for a message.
        """
        counts = _reduced(counts, _MOST_RICH)
        readership = story_list.readership
        language = self._templates.language(readership.language)
        while sum(counts):
            for excerpt in _EXCERPTS:
                variables = story_list.variables(counts, excerpt) | values
                nodes = self._templates.render_rich(
                    "digest/rich.j2", language, zone=readership.zone, now=story_list.now, **variables
                )
                if measure(nodes).within(ROOM):
                    return OutgoingMessage(tree.write(nodes), rich=True)
            counts = _reduced(counts, sum(counts) // 2)
        return None

    def section(
        self,
        group: Group,
        readership: Readership,
        *,
        digest_id: int,
        page: int = 0,
        now: datetime | None = None,
    ) -> OutgoingMessage:
        """Return a page, numbered from 0, of all stories that a digest has on one topic.

        A page out of range is the nearest that exists.
        """
        pages = max(1, -(-len(group.stories) // PAGE))
        page = max(0, min(page, pages - 1))
        shown = Group(group.topic_id, group.name, group.stories[page * PAGE : (page + 1) * PAGE])
        values = {"page": page + 1, "pages": pages, "total": len(group.stories)}
        story_list = StoryList([shown], readership, digest_id, first=page * PAGE, now=now)
        fitted = self._fitted("digest/section.j2", story_list, [len(shown.stories)], values)
        here = f"more:{digest_id}:{group.topic_id or 0}"
        rows = story_list.numbered(fitted.counts, f"{here}:{page}")
        rows += self._pager(readership, here, page, pages)
        back = Button(self._label("to_digest", readership), press=pack("list", "digest", digest_id))
        return OutgoingMessage(write(fitted.spans), buttons=(*rows, (back,)))

    def saved(
        self,
        stories: Sequence[Story],
        readership: Readership,
        *,
        page: int = 0,
        total: int = 0,
        now: datetime | None = None,
    ) -> OutgoingMessage:
        """Return a page, numbered from 0, of what a person saved; `total` counts all of it."""
        pages = max(1, -(-total // PAGE))
        values = {"page": page + 1, "pages": pages, "total": total}
        story_list = StoryList([Group(None, "", stories)], readership, first=page * PAGE, now=now)
        fitted = self._fitted("digest/saved.j2", story_list, [len(stories)], values)
        rows = story_list.numbered(fitted.counts, f"saved:{page}")
        return OutgoingMessage(
            write(fitted.spans), buttons=(*rows, *self._pager(readership, "saved", page, pages))
        )

    def nothing(self, readership: Readership, *, at: datetime, last: int | None) -> OutgoingMessage:
        """Return the message that nothing is new, with a button to the last digest (its id) where there is one."""
        values = {"at": at, "occasion": None}
        fitted = self._fitted("digest/digest.j2", StoryList([], readership, now=at), [], values)
        if last is None:
            return OutgoingMessage(write(fitted.spans))
        button = Button(self._label("last_digest", readership), press=pack("list", "digest", last))
        return OutgoingMessage(write(fitted.spans), buttons=((button,),))

    def _fitted(self, name: str, story_list: StoryList, counts: list[int], values: dict[str, Any]) -> _Fitted:
        """Return the text that the template writes, with as many stories and as long excerpts as fit."""
        counts = _reduced(counts, _MOST)
        while True:
            for excerpt in _EXCERPTS:
                spans = self._render(name, story_list, {**values, **story_list.variables(counts, excerpt)})
                if fits(spans, TEXT_ROOM):
                    return _Fitted(spans, counts)
            if sum(counts) <= 1:
                return _Fitted(clip(spans, TEXT_ROOM), counts)
            # As many as would fit if all were alike, and one less at least.
            fitting = sum(counts) * TEXT_ROOM.chars // max(1, fit.measure(spans).chars)
            counts = _reduced(counts, max(1, min(fitting, sum(counts) - 1)))

    def _render(self, name: str, story_list: StoryList, variables: dict[str, Any]) -> Spans:
        readership = story_list.readership
        language = self._templates.language(readership.language)
        return self._templates.render(name, language, zone=readership.zone, now=story_list.now, **variables)

    def _label(self, name: str, readership: Readership, **variables: object) -> str:
        return self._templates.macro(
            _BUTTONS, name, self._templates.language(readership.language), **variables
        )

    def _pager(self, readership: Readership, here: str, page: int, pages: int) -> Keyboard:
        """Return the row that turns pages, numbered from 0, of the list that a press names; none for one page."""
        turns = {
            page - 1: self._label("page_before", readership, page=page),
            page: f"{page + 1}/{pages}",
            page + 1: self._label("page_after", readership, page=page + 2),
        }
        row = tuple(Button(label, press=f"{here}:{at}") for at, label in turns.items() if 0 <= at < pages)
        return (row,) if pages > 1 else ()

    def _more(self, story_list: StoryList, counts: list[int]) -> Keyboard:
        """Return a button for each topic that has more than is shown."""
        rows = []
        for group, count in zip(story_list.groups, counts, strict=True):
            if more := len(group.stories) - count:
                topic = shorten(group.name, _MORE_NAME)
                label = self._label(
                    "more_of", story_list.readership, topic=topic, count=more, alone=not count
                )
                press = pack("more", story_list.digest_id, group.topic_id or 0, 0)
                rows.append((Button(label, press=press),))
        return tuple(rows[:_MOST_ROWS])


def _reduced(counts: list[int], most: int) -> list[int]:
    """Return the counts with the largest made smaller, one by one, until they sum up to at most `most`."""
    counts = list(counts)
    while sum(counts) > most:
        counts[counts.index(max(counts))] -= 1
    return counts
