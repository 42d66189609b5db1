"""Lists of stories: the latest on request, a chat's digest, the rest of one of its topics. One message each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.model.article import Content
from bot.model.content import plain_text
from bot.model.digest import USUAL_SIZE, Digest
from bot.model.form import Form
from bot.model.message import Button, Keyboard, OutgoingMessage
from bot.model.press import pack
from bot.model.topic import Topics
from bot.rendering import fit, rich_tree
from bot.rendering.breaks import shorten
from bot.rendering.buttons import deep_link, in_rows
from bot.rendering.environment import Templates
from bot.rendering.facts import headline
from bot.rendering.fit import TEXT_ROOM, clip, fits
from bot.rendering.rich import ROOM
from bot.rendering.rich_tree import measure
from bot.rendering.spans import Spans, clean, write
from bot.rendering.story import Audience, Story, story_of
from bot.rendering.typography import typeset

_EXCERPTS = (220, 140, 80, 0)
_HEADLINE = 160
_MOST = 40
_MOST_RICH = 120
LONG = 8
"""With more stories than that a digest is a rich message, where the chat takes those."""

_MORE_NAME = 40
_NAME = 64
_MOST_ROWS = 40
_BUTTONS = "talk/buttons.j2"
PAGE = 10
"""How many stories a page of a topic's rest shows."""


@dataclass(frozen=True, slots=True)
class Group:
    """Stories under one name, newest first; `topic_id` is None where they stand under no topic."""

    topic_id: int | None
    name: str
    stories: Sequence[Story]


def groups_of(told: Digest, known: Topics, audience: Audience) -> list[Group]:
    """Return a digest's sections as rendering takes them."""
    found = []
    for section in told.sections:
        topic = known.by_id.get(section.topic_id) if section.topic_id is not None else None
        stories = [story_of(each, each.content, known, audience) for each in section.articles]
        found.append(Group(section.topic_id, topic.name(audience.language) if topic else "", stories))
    return found


class DigestRenderer:
    """Renders lists; where they are too long, excerpts give way first, then the last stories of the longest."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    def latest(
        self,
        stories: Sequence[Story],
        audience: Audience,
        *,
        title_topic: str | None,
        total: int | None = None,
        key: str = "latest",
        now: datetime | None = None,
    ) -> OutgoingMessage:
        """Return the latest stories, of one topic where it is named; `total` is how many there are in all.

        A story's button says `open:<id>:<key>`; the key may hold colons of its own.
        """
        told = {"topic": title_topic, "total": total if total is not None else len(stories)}
        groups = [Group(None, "", stories)]
        spans, counts = self._fitted("digest/latest.j2", groups, [len(stories)], audience, now, told)
        return OutgoingMessage(write(spans), buttons=_open(groups, counts, audience, key))

    def digest(
        self,
        groups: Sequence[Group],
        audience: Audience,
        *,
        digest_id: int,
        at: datetime,
        size: int | None = None,
        form: Form = Form.BRIEF,
        now: datetime | None = None,
    ) -> OutgoingMessage:
        """Return the digest made `at` that time: `size` stories under each topic's name, and how many more.

        One with many stories is a rich message, unless the form is the classic one.
        """
        counts = [min(len(group.stories), size or USUAL_SIZE) for group in groups]
        long = form is not Form.CLASSIC and sum(counts) > LONG
        rich = (long or form is Form.RICH) and self._rich(groups, counts, audience, digest_id, at, now)
        if rich:
            return rich
        spans, counts = self._fitted("digest/digest.j2", groups, counts, audience, now, {"at": at})
        buttons = _open(groups, counts, audience, f"digest:{digest_id}")
        if audience.kind != "channel":
            buttons += self._more(groups, counts, audience, digest_id)
        return OutgoingMessage(write(spans), buttons=buttons)

    def _rich(
        self,
        groups: Sequence[Group],
        counts: list[int],
        audience: Audience,
        digest_id: int,
        at: datetime,
        now: datetime | None,
    ) -> OutgoingMessage | None:
        """Return the digest as a rich message: its headlines are the buttons that open the stories.

        None where even its topics' names alone are too much.
        """
        counts = _reduced(counts, _MOST_RICH)
        language = self._templates.language(audience.language)
        while sum(counts):
            for excerpt in _EXCERPTS:
                facts = _facts(groups, counts, audience, excerpt, 0, digest_id) | {"at": at}
                nodes = self._templates.render_rich(
                    "digest/rich.j2", language, zone=audience.zone, now=now, **facts
                )
                if measure(nodes).within(ROOM):
                    return OutgoingMessage(rich_tree.write(nodes), rich=True)
            counts = _reduced(counts, sum(counts) // 2)
        return None

    def section(
        self,
        group: Group,
        audience: Audience,
        *,
        digest_id: int,
        page: int = 0,
        now: datetime | None = None,
    ) -> OutgoingMessage:
        """Return a page of all that a digest has on one topic; one out of range is the nearest that exists."""
        pages = max(1, -(-len(group.stories) // PAGE))
        page = max(0, min(page, pages - 1))
        shown = Group(group.topic_id, group.name, group.stories[page * PAGE : (page + 1) * PAGE])
        told = {"page": page + 1, "pages": pages, "total": len(group.stories)}
        spans, counts = self._fitted(
            "digest/section.j2", [shown], [len(shown.stories)], audience, now, told, first=page * PAGE
        )
        here = f"more:{digest_id}:{group.topic_id or 0}"
        rows = _open([shown], counts, audience, f"{here}:{page}", first=page * PAGE)
        turns = {page - 1: "‹", page: f"{page + 1}/{pages}", page + 1: "›"}
        if pages > 1:
            pager = [Button(sign, press=f"{here}:{at}") for at, sign in turns.items() if 0 <= at < pages]
            rows += (tuple(pager),)
        back = Button(self._label("to_digest", audience), press=pack("list", "digest", digest_id))
        return OutgoingMessage(write(spans), buttons=(*rows, (back,)))

    def nothing(self, audience: Audience, *, at: datetime, last: int | None) -> OutgoingMessage:
        """Return that there is nothing new, with a button to the last digest where there was one."""
        spans, _ = self._fitted("digest/digest.j2", [], [], audience, at, {"at": at})
        if last is None:
            return OutgoingMessage(write(spans))
        button = Button(self._label("last_digest", audience), press=pack("list", "digest", last))
        return OutgoingMessage(write(spans), buttons=((button,),))

    def _fitted(
        self,
        name: str,
        groups: Sequence[Group],
        counts: list[int],
        audience: Audience,
        now: datetime | None,
        told: dict[str, Any],
        *,
        first: int = 0,
    ) -> tuple[Spans, list[int]]:
        """Return what the template makes of the groups, and how many stories of each then stand there."""
        counts = _reduced(counts, _MOST)
        while True:
            for excerpt in _EXCERPTS:
                facts = _facts(groups, counts, audience, excerpt, first)
                spans = self._render(name, audience, now, {**told, **facts})
                if fits(spans, TEXT_ROOM):
                    return spans, counts
            if sum(counts) <= 1:
                return clip(spans, TEXT_ROOM), counts
            # As many as would fit if all were alike, and one less at least.
            fitting = sum(counts) * TEXT_ROOM.chars // max(1, fit.measure(spans).chars)
            counts = _reduced(counts, max(1, min(fitting, sum(counts) - 1)))

    def _render(self, name: str, audience: Audience, now: datetime | None, told: dict[str, Any]) -> Spans:
        language = self._templates.language(audience.language)
        return self._templates.render(name, language, zone=audience.zone, now=now, **told)

    def _label(self, name: str, audience: Audience, **facts: object) -> str:
        return self._templates.macro(_BUTTONS, name, self._templates.language(audience.language), **facts)

    def _more(
        self, groups: Sequence[Group], counts: list[int], audience: Audience, digest_id: int
    ) -> Keyboard:
        """Return a button for each topic that has more than is shown."""
        rows = []
        for group, count in zip(groups, counts, strict=True):
            if more := len(group.stories) - count:
                label = self._label(
                    "more_of", audience, topic=shorten(group.name, _MORE_NAME), count=more, alone=not count
                )
                rows.append((Button(label, press=pack("more", digest_id, group.topic_id or 0, 0)),))
        return tuple(rows[:_MOST_ROWS])


def _open(
    groups: Sequence[Group], counts: list[int], audience: Audience, key: str, first: int = 0
) -> Keyboard:
    """Return the numbered buttons that open the stories; a channel has links instead."""
    if audience.kind == "channel":
        return ()
    stories = [story for group, count in zip(groups, counts, strict=True) for story in group.stories[:count]]
    return in_rows(
        [
            Button(str(number), press=pack("open", story.id, key))
            for number, story in enumerate(stories, first + 1)
        ]
    )


def _facts(
    groups: Sequence[Group],
    counts: list[int],
    audience: Audience,
    excerpt: int,
    first: int,
    digest_id: int = 0,
) -> dict[str, Any]:
    number = first
    shown: list[dict[str, Any]] = []
    for at, (group, count) in enumerate(zip(groups, counts, strict=True), 1):
        items = []
        for story in group.stories[:count]:
            number += 1
            items.append(
                _item(story, number, audience, excerpt)
                | {"press": _press(audience, "open", story.id, "digest", digest_id)}
            )
        shown.append(
            {
                "name": shorten(group.name, _NAME),
                "anchor": f"topic-{at}",
                "stories": items,
                "more": len(group.stories) - count,
                "more_press": _press(audience, "more", digest_id, group.topic_id or 0, 0),
                "total": len(group.stories),
            }
        )
    return {
        "groups": shown,
        "count": number - first,
        "all": sum(len(group.stories) for group in groups),
        "kind": audience.kind,
    }


def _press(audience: Audience, verb: str, *args: object) -> str | None:
    """Return what a button inside a rich message says; a channel has links instead."""
    return None if audience.kind == "channel" else pack(verb, *args)


def _item(story: Story, number: int, audience: Audience, excerpt: int) -> dict[str, Any]:
    content = story.content
    return {
        "number": number,
        "headline": typeset(shorten(headline(content), _HEADLINE), content.language),
        "excerpt": _excerpt(content, excerpt),
        "published_at": story.published_at,
        "corrected_at": story.corrected_at,
        "url": deep_link(story, audience) if audience.kind == "channel" else None,
        "flash": story.flash,
    }


def _excerpt(content: Content, limit: int) -> str:
    said = " ".join(clean(content.lead.strip() or plain_text(content.blocks)).split())
    return typeset(shorten(said, limit), content.language)


def _reduced(counts: list[int], most: int) -> list[int]:
    """Return the counts with the largest made smaller, one by one, until they sum up to at most `most`."""
    counts = list(counts)
    while sum(counts) > most:
        counts[counts.index(max(counts))] -= 1
    return counts
