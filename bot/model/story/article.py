"""A story, its numbered revisions, and what may be done to it in which state."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bot.model.errors import Refusal
from bot.model.languages import ANY, Codes
from bot.model.story.content import Blocks, Media, MediaKind, figures, is_blank, with_media
from bot.model.story.content_json import dump_blocks, dump_media


class Status(StrEnum):
    """Where a story stands. An archived one can be read on request but was never pushed.
    A canary is no news: it goes to one test chat, and nobody else ever meets it.

    A corrected story is a published one that was revised since (`Article.corrected`).
    """

    DRAFT = "draft"
    REVIEW = "review"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    ARCHIVED = "archived"
    KILLED = "killed"
    TAKEN_DOWN = "taken-down"
    UNPUBLISHED = "unpublished"
    CANARY = "canary"


CANARY = "canary"
"""The source of the hidden stories by which a bot tries its own way to Telegram."""

LOUD, WITHDRAWAL = "correction", "withdrawal"
"""The sources of the short stories by which who has a story is told of its loud correction, who had it of its end."""

CHANGE, END = "change", "end"
"""The sources of those by which who follows a story is told what a correction changed, and that the story is gone."""

NO_HEADLINE = "…"
"""The headline of a notice of an end that must not say which story it is about."""

NOTICES = (LOUD, WITHDRAWAL, CHANGE, END)
READABLE = (Status.PUBLISHED, Status.ARCHIVED)
IN_THE_MAKING = (Status.DRAFT, Status.REVIEW, Status.APPROVED, Status.SCHEDULED)
"""What no reader has seen yet, and may be edited freely."""

TAKEN_BACK = (Status.KILLED, Status.TAKEN_DOWN, Status.UNPUBLISHED)
"""Withdrawn because it was wrong or dangerous, for legal reasons, or silently. Never shown again."""


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
class Approval:
    """Who approved a story when, and the imprint of what they saw: any other text, topics or languages are not it."""

    by: int | None
    at: datetime
    imprint: str


@dataclass(frozen=True, slots=True)
class Article:
    """A story as it stands now: its latest revision's content and number, its topics and times (UTC).

    `revised_at` is when it was changed last; None where that was before it was published. `edited_by` is the
    Telegram id of who wrote the latest revision; None: a feed, or the command line. `zone` is the zone in which
    `release_at` or `embargo_until` was given. `update_of` is the story that this one follows up. `languages` are
    those whose readers the story is for; none: those of its own language. `reason` is why it was taken back.
    `unreviewed` marks a flash that went out before anybody had approved the story.
    """

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
    edited_by: int | None = field(default=None, compare=False)
    embargo_until: datetime | None = None
    zone: str = ""
    update_of: int | None = None
    languages: Codes = ANY
    approval: Approval | None = None
    reason: str = ""
    unreviewed: bool = False

    @property
    def corrected(self) -> bool:
        """Whether readers see another revision now than the first that was published."""
        return self.status is Status.PUBLISHED and self.revised_at is not None

    @property
    def approved(self) -> bool:
        """Whether somebody approved the story exactly as it stands."""
        return self.approval is not None and self.approval.imprint == self.imprint()

    def imprint(self) -> str:
        """Return a digest of all that an approval covers: text, topics, languages."""
        seen = [self.content.fingerprint(), sorted(self.topic_ids), sorted(self.languages)]
        return hashlib.sha256(json.dumps(seen).encode()).hexdigest()

    def submit(self) -> Article:
        """Return the article as waiting for somebody's review. Only a draft can be submitted."""
        self._need(Status.DRAFT)
        if is_blank(self.content.headline):
            raise Refusal("no-headline")
        return replace(self, status=Status.REVIEW)

    def approve(self, by: int | None, at: datetime) -> Article:
        """Return the article as approved as it stands: a draft, or a story in review, or a flash that went out."""
        if self.unreviewed and self.status is Status.PUBLISHED:
            return replace(self, approval=Approval(by, at, self.imprint()), unreviewed=False)
        self._need(Status.DRAFT, Status.REVIEW)
        return replace(self, status=Status.APPROVED, approval=Approval(by, at, self.imprint()))

    def send_back(self) -> Article:
        """Return the article as a draft again. Only what is in review or approved can be sent back."""
        self._need(Status.REVIEW, Status.APPROVED)
        return replace(self, status=Status.DRAFT, approval=None)

    def embargo(self, until: datetime | None, zone: str = "") -> Article:
        """Return the article as one that nobody may see before `until`; None lifts the embargo.

        Refused for a scheduled story, which has its time already, and once readers have seen it.
        """
        self._need(Status.DRAFT, Status.REVIEW, Status.APPROVED)
        if until is None and self.embargo_until is None:
            raise Refusal("already-lifted", headline=self.content.headline)
        return replace(self, embargo_until=until, zone=zone if until else "")

    def unschedule(self) -> Article:
        """Return the article as it was before it was scheduled: approved, or a draft."""
        self._need(Status.SCHEDULED)
        status = Status.APPROVED if self.approved else Status.DRAFT
        return replace(self, status=status, release_at=None, zone="")

    def recall(self, start: datetime | None = None) -> Article:
        """Return a story that was published a moment ago and that nobody has seen, as it was before.

        `start` is when it would have started; a story with an earlier time came out of the archive.
        """
        self._need(Status.PUBLISHED)
        if start is not None and self.published_at is not None and self.published_at < start:
            return replace(self, status=Status.ARCHIVED, unreviewed=False)
        status = Status.APPROVED if self.approved else Status.DRAFT
        return replace(self, status=status, published_at=None, unreviewed=False)

    def _need(self, *states: Status) -> None:
        if self.status not in states:
            raise Refusal(f"already-{self.status}", headline=self.content.headline)

    def publish(self, at: datetime) -> Article:
        """Return the article as published at that time. Refused once published or taken back, and under embargo.

        What was changed before is no correction: readers see the story for the first time.
        """
        if self.status is Status.PUBLISHED or self.status in TAKEN_BACK:
            raise Refusal(f"already-{self.status}", headline=self.content.headline)
        if is_blank(self.content.headline):
            raise Refusal("no-headline")
        if self.embargo_until is not None and self.embargo_until > at:
            raise Refusal("embargoed", headline=self.content.headline, until=self.embargo_until)
        first = self.published_at or at
        return replace(self, status=Status.PUBLISHED, published_at=first, release_at=None, revised_at=None)

    def schedule(self, at: datetime, zone: str = "") -> Article:
        """Return the article as due for release at that time, given in `zone`.

        Refused once readers have seen it, and for an embargoed story, which has its time already.
        """
        self._need(*IN_THE_MAKING)
        if self.embargo_until is not None:
            raise Refusal("embargoed", headline=self.content.headline, until=self.embargo_until)
        return replace(self, status=Status.SCHEDULED, release_at=at, zone=zone)

    def correct(
        self,
        content: Content,
        at: datetime,
        topic_ids: tuple[int, ...] | None = None,
        languages: Codes | None = None,
    ) -> Article:
        """Return the article with a next revision, under other topics and for other languages where they are given.

        An approval is void then: what was in review, or approved, is a draft again, scheduled or not.
        Refused for what was taken back, and where nothing changed.
        """
        if self.status in TAKEN_BACK:
            raise Refusal(f"already-{self.status}", headline=self.content.headline)
        after = replace(
            self,
            content=content,
            topic_ids=self.topic_ids if topic_ids is None else tuple(sorted(set(topic_ids))),
            languages=self.languages if languages is None else tuple(dict.fromkeys(languages)),
        )
        if after.imprint() == self.imprint():
            raise Refusal("unchanged", headline=self.content.headline)
        return replace(after._without_approval(), revision=self.revision + 1, revised_at=at)

    def _without_approval(self) -> Article:
        signed = self.status is Status.SCHEDULED and self.approval is not None
        if self.status in (Status.REVIEW, Status.APPROVED) or signed:
            zone = self.zone if self.embargo_until else ""
            return replace(self, status=Status.DRAFT, approval=None, release_at=None, zone=zone)
        return replace(self, approval=None)

    def take_back(self, at: datetime, status: Status = Status.KILLED, reason: str = "") -> Article:
        """Return the article as killed, taken down or unpublished: never to be shown again. Refused twice.

        Only what readers can read can be unpublished.
        """
        if self.status in TAKEN_BACK:
            raise Refusal(f"already-{self.status}", headline=self.content.headline)
        if status is Status.UNPUBLISHED and self.status not in READABLE:
            raise Refusal("not-published")
        return replace(
            self, status=status, reason=reason, revised_at=at, release_at=None, embargo_until=None, zone=""
        )
