"""A story, its numbered revisions, and what may be done to it in which state."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bot.model.content import Blocks, Media, MediaKind, figures, with_media
from bot.model.content_json import dump_blocks, dump_media
from bot.model.errors import Refusal


class Status(StrEnum):
    """Where a story stands. An archived one can be read on request but was never pushed."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    ARCHIVED = "archived"
    KILLED = "killed"


READABLE = (Status.PUBLISHED, Status.ARCHIVED)


@dataclass(frozen=True, slots=True)
class Content:
    """What a revision says. `picture` leads the brief; `blocks` are the body.

    Among the blocks the picture stands only where it has words of its own: a caption or a credit.
    """

    headline: str
    lead: str = ""
    dateline: str = ""
    blocks: Blocks = ()
    picture: Media | None = None
    language: str = "ru"
    url: str | None = None
    source_name: str = ""

    def fingerprint(self) -> str:
        """Return a digest that changes when, and only when, a reader would see a change."""
        seen = [
            self.headline,
            self.lead,
            self.dateline,
            dump_blocks(self.blocks),
            dump_media(self.picture) if self.picture else None,
            self.language,
            self.url,
            self.source_name,
        ]
        return hashlib.sha256(json.dumps(seen, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def pictures_of(content: Content) -> Iterator[Media]:
    """Yield the story's pictures, each once: the leading one, then those of the body in order."""
    seen: set[str | None] = set()
    for media in (content.picture, *(figure.media for figure in figures(content.blocks))):
        if media is None or media.kind is not MediaKind.PICTURE or media.barred:
            continue
        named = media.url or media.file_id
        if named and named not in seen:
            seen.add(named)
            yield media


def without_media(content: Content, names: Container[str] | None) -> Content:
    """Return the content without the media of these URLs (or ids); without any picture where `names` is None.

    What the body says of them stays, with a link where there is one.
    """

    def bar(media: Media) -> Media:
        named = media.url or media.file_id or ""
        meant = named in names if names is not None else media.kind is MediaKind.PICTURE
        return replace(media, barred=True) if meant else media

    leading = bar(content.picture) if content.picture else None
    blocks = with_media(content.blocks, bar)
    return replace(content, picture=None if leading and leading.barred else leading, blocks=blocks)


@dataclass(frozen=True, slots=True)
class Article:
    """A story as it stands now: its latest revision's content and number, its topics and times (UTC)."""

    id: int
    status: Status
    revision: int
    content: Content
    topic_ids: tuple[int, ...] = ()
    source: str = "desk"
    source_uid: str = ""
    flash: bool = False
    published_at: datetime | None = None
    release_at: datetime | None = None
    revised_at: datetime | None = None
    created_at: datetime | None = field(default=None)

    def publish(self, at: datetime) -> Article:
        """Return the article as published at that time. Refused once published or killed."""
        if self.status in (Status.PUBLISHED, Status.KILLED):
            raise Refusal(f"already-{self.status}", headline=self.content.headline)
        if not self.content.headline.strip():
            raise Refusal("no-headline")
        return replace(self, status=Status.PUBLISHED, published_at=self.published_at or at, release_at=None)

    def schedule(self, at: datetime) -> Article:
        """Return the article as due for release at that time. Only a draft can be scheduled."""
        if self.status not in (Status.DRAFT, Status.SCHEDULED):
            raise Refusal(f"already-{self.status}", headline=self.content.headline)
        return replace(self, status=Status.SCHEDULED, release_at=at)

    def correct(self, content: Content, at: datetime, topic_ids: tuple[int, ...] | None = None) -> Article:
        """Return the article with a next revision, under other topics where they are given.

        Refused for a killed one, and where nothing changed.
        """
        topic_ids = self.topic_ids if topic_ids is None else tuple(sorted(set(topic_ids)))
        if self.status is Status.KILLED:
            raise Refusal("already-killed", headline=self.content.headline)
        if content.fingerprint() == self.content.fingerprint() and topic_ids == self.topic_ids:
            raise Refusal("unchanged", headline=self.content.headline)
        return replace(self, content=content, topic_ids=topic_ids, revision=self.revision + 1, revised_at=at)

    def kill(self, at: datetime) -> Article:
        """Return the article as killed: never to be shown again. Refused twice."""
        if self.status is Status.KILLED:
            raise Refusal("already-killed", headline=self.content.headline)
        return replace(self, status=Status.KILLED, revised_at=at)
