"""Lists of stories: the latest on request, and the digest of a chat's hour. One message each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.model.article import Content
from bot.model.content import plain_text
from bot.model.message import Button, OutgoingMessage
from bot.model.press import pack
from bot.rendering.breaks import shorten
from bot.rendering.buttons import deep_link, in_rows
from bot.rendering.environment import Templates
from bot.rendering.facts import headline
from bot.rendering.fit import TEXT_ROOM, clip, fits
from bot.rendering.spans import Spans, clean, write
from bot.rendering.story import Audience, Story
from bot.rendering.typography import typeset

_EXCERPTS = (220, 140, 80, 0)
_HEADLINE = 160
_MOST = 40

Group = tuple[str, Sequence[Story]]


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
        return self._listed("digest/latest.j2", [("", stories)], audience, key, now, told)

    def digest(
        self, groups: Sequence[Group], audience: Audience, *, now: datetime, key: str = "digest"
    ) -> OutgoingMessage:
        """Return the digest: stories under their topics' names, numbered throughout."""
        return self._listed("digest/digest.j2", groups, audience, key, now, {"at": now})

    def _listed(
        self,
        name: str,
        groups: Sequence[Group],
        audience: Audience,
        key: str,
        now: datetime | None,
        told: dict[str, Any],
    ) -> OutgoingMessage:
        counts = _reduced([len(stories) for _, stories in groups], _MOST)
        while True:
            for excerpt in _EXCERPTS:
                facts = self._facts(groups, counts, audience, excerpt)
                spans = self._render(name, audience, now, {**told, **facts})
                if fits(spans, TEXT_ROOM):
                    return self._message(spans, groups, counts, audience, key)
            if sum(counts) <= 1:
                return self._message(clip(spans, TEXT_ROOM), groups, counts, audience, key)
            counts = _reduced(counts, sum(counts) - 1)

    def _facts(
        self, groups: Sequence[Group], counts: list[int], audience: Audience, excerpt: int
    ) -> dict[str, Any]:
        number = 0
        shown: list[dict[str, Any]] = []
        for (name, stories), count in zip(groups, counts, strict=True):
            items = []
            for story in stories[:count]:
                number += 1
                items.append(_item(story, number, audience, excerpt))
            shown.append({"name": name, "stories": items, "more": len(stories) - count})
        return {"groups": shown, "count": number, "kind": audience.kind}

    def _render(self, name: str, audience: Audience, now: datetime | None, told: dict[str, Any]) -> Spans:
        language = self._templates.language(audience.language)
        return self._templates.render(name, language, zone=audience.zone, now=now, **told)

    def _message(
        self, spans: Spans, groups: Sequence[Group], counts: list[int], audience: Audience, key: str
    ) -> OutgoingMessage:
        if audience.kind == "channel":
            return OutgoingMessage(write(spans))
        stories = [
            story for (_, listed), count in zip(groups, counts, strict=True) for story in listed[:count]
        ]
        opened = [
            Button(str(number), press=pack("open", story.id, key)) for number, story in enumerate(stories, 1)
        ]
        return OutgoingMessage(write(spans), buttons=in_rows(opened))


def _item(story: Story, number: int, audience: Audience, excerpt: int) -> dict[str, Any]:
    content = story.content
    return {
        "number": number,
        "headline": shorten(headline(content), _HEADLINE),
        "excerpt": _excerpt(content, excerpt),
        "published_at": story.published_at,
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
