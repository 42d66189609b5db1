"""Takes an item in: a new article, a next revision of one, or nothing new."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.metrics import ARTICLES_TAKEN
from bot.model.errors import Refusal
from bot.model.story.article import TAKEN_BACK, Article, Content, Status
from bot.publishing import story_log
from bot.publishing.correct import correct
from bot.publishing.topics import add_topics
from bot.sources import duplicates, known_story
from bot.sources.identity.links import canonical, same_page
from bot.sources.identity.losses import loss
from bot.sources.known_story import KnownStory
from bot.sources.submission import Submission
from bot.store.engine.database import Transaction
from bot.store.newsroom import articles, audit, held_edits, source_versions, tellings
from bot.store.newsroom.source_versions import SourceVersion
from bot.store.newsroom.tellings import Telling


class Change(StrEnum):
    """What was new in an item: a story, a revision of one, who else tells it, an edit that is held, or nothing."""

    NEW = "new"
    REVISED = "revised"
    JOINED = "joined"
    HELD = "held"
    SAME = "same"


class Handling(StrEnum):
    """What becomes of a new item: published at once, kept for an editor, kept as archive."""

    RELEASE = "release"
    DRAFT = "draft"
    ARCHIVE = "archive"


_STATUS = {
    Handling.RELEASE: Status.SCHEDULED,
    Handling.DRAFT: Status.DRAFT,
    Handling.ARCHIVE: Status.ARCHIVED,
}


@dataclass(frozen=True, slots=True)
class Taken:
    """The article that an item became, and what was new in it; `source` where another one than the article's may."""

    article: Article
    change: Change
    source: str = ""


async def take(
    tx: Transaction, submitted: Submission, at: datetime, *, handling: Handling, edit_delivered: bool
) -> Taken:
    """Keep what was submitted; who calls tells it to `note` once the transaction is over.

    An item seen again is one article, also under another identity or from another source. A changed item
    corrects its article; unless `edit_delivered`, messages that were sent stay as they are. An identity that
    stands for another story now is given up: that story is an article of its own.
    """
    await tellings.one_at_a_time(tx)
    found = await known_story.of(tx, submitted)
    if found is not None and await known_story.is_another(tx, found, submitted):
        submitted = replace(submitted, uid=known_story.other_uid(submitted))
        found = await known_story.of(tx, submitted)
    if found is not None:
        return await _next(tx, found, submitted, at, tell=edit_delivered)
    told = duplicates.told_of(submitted.source, submitted.content, submitted.published, at)
    same = await duplicates.find(tx, told, release=handling is Handling.RELEASE)
    if same is None:
        added = await _add(tx, submitted, handling, at)
        await duplicates.remember(tx, added.id, told, at)
        return Taken(added, Change.NEW)
    await duplicates.remember(tx, same.id, told, at)
    return await _join(tx, same, submitted, at, handling=handling, tell=edit_delivered)


def note(taken: Taken, by: str = story_log.FEED) -> None:
    """Log and count what became of an item."""
    if taken.change is Change.SAME:
        return
    ARTICLES_TAKEN.labels(taken.change).inc()
    match taken.change:
        case Change.NEW:
            story_log.came_in(taken.article)
        case Change.JOINED:
            story_log.joined(taken.article, taken.source)
        case Change.HELD:
            story_log.held(taken.article, taken.source)
        case _:
            story_log.corrected(taken.article, by)


async def _next(
    tx: Transaction, known: KnownStory, submitted: Submission, at: datetime, *, tell: bool
) -> Taken:
    """Take what a known identity says now: a correction where its source leads the article."""
    article = known.article
    if article.status in TAKEN_BACK:
        return Taken(article, Change.SAME)
    if not submitted.language_named:
        submitted = submitted.in_language(article.content.language)
    if known.telling is None:
        kept = await source_versions.get(tx, article.id)
        if kept != submitted.version:
            await source_versions.keep(tx, article.id, submitted.version)
        before = kept or await _assumed(tx, article, submitted)
        return await _revise(tx, article, before, submitted, at=at, tell=tell)
    before = known.telling.version
    if before == submitted.version:
        return Taken(article, Change.SAME)
    await _keep_telling(tx, article, submitted, at)
    if not known.leads(submitted.source):
        return Taken(article, Change.SAME)
    return await _revise(tx, article, before, submitted, at=at, tell=tell)


async def _revise(
    tx: Transaction, known: Article, before: SourceVersion, submitted: Submission, *, at: datetime, tell: bool
) -> Taken:
    # What an editor changed stands until the source itself says something new.
    content = _under_one_link(submitted.content, known.content)
    same_words = not {submitted.version.fingerprint, content.fingerprint()}.isdisjoint(
        {before.fingerprint, known.content.fingerprint()}
    )
    content = known.content if same_words else submitted.content
    topic_ids = _topics(known, before, submitted)
    if submitted.version.fingerprint != before.fingerprint:
        await held_edits.drop(tx, known.id)
    if same_words and topic_ids == known.topic_ids:
        return Taken(known, Change.SAME)
    lost = loss(known.content, content)
    if lost and known.status is Status.PUBLISHED:
        await held_edits.keep(tx, known.id, content, source=submitted.source, reason=lost, at=at)
        return Taken(known, Change.HELD, submitted.source)
    try:
        revised = await correct(
            tx, known.id, content, at, topic_ids=topic_ids, source=submitted.source, tell=tell
        )
    except Refusal:
        # An editor was quicker, and killed the story or gave it the same words.
        return Taken(known, Change.SAME)
    told = duplicates.told_of(submitted.source, content, submitted.published, at)
    await duplicates.remember(tx, known.id, told, at)
    return Taken(revised, Change.REVISED)


def _under_one_link(content: Content, known: Content) -> Content:
    """Return the content with the link that readers have, where the new link leads to the same page."""
    return (
        replace(content, url=known.url)
        if same_page(canonical(content.url), canonical(known.url))
        else content
    )


async def _join(
    tx: Transaction, known: Article, submitted: Submission, at: datetime, *, handling: Handling, tell: bool
) -> Taken:
    """Keep a second telling with its story, whose topics are from now on those of both.

    A second identity at the story's own source goes on where the first one ended: it may correct the story.
    """
    await _keep_telling(tx, known, submitted, at)
    detail = f"{submitted.source} {submitted.uid}"
    await audit.add(tx, at, None, "join", article_id=known.id, revision=known.revision, detail=detail)
    if known.status in TAKEN_BACK:
        return Taken(known, Change.SAME)
    if known.source == submitted.source:
        before = await source_versions.get(tx, known.id) or await _assumed(tx, known, submitted)
        revised = await _revise(tx, known, before, submitted, at=at, tell=tell)
        if revised.change is not Change.SAME:
            return revised
    elif handling is Handling.RELEASE and tell:
        known = await add_topics(tx, known.id, submitted.topic_ids, at)
    return Taken(known, Change.JOINED, submitted.source)


async def _keep_telling(tx: Transaction, known: Article, submitted: Submission, at: datetime) -> None:
    telling = Telling(
        source=submitted.source,
        uid=submitted.uid,
        article_id=known.id,
        link=canonical(submitted.content.url),
        content=submitted.content,
        version=submitted.version,
        published=submitted.published,
        joined_at=at,
    )
    await tellings.keep(tx, telling)


def _topics(known: Article, before: SourceVersion, submitted: Submission) -> tuple[int, ...]:
    """Return the story's topics from now on: chosen anew where the source says something else of them.

    Topics that an editor set stand while the source names the same categories.
    """
    chosen, had = set(submitted.topic_ids), set(known.topic_ids)
    other_categories = set(submitted.categories) != before.categories
    other_words = submitted.version.fingerprint != before.fingerprint
    by_hand = had != before.topic_ids
    follows = other_categories or (other_words and not by_hand)
    if not chosen or chosen == before.topic_ids or not follows:
        return known.topic_ids
    return tuple(sorted(chosen))


async def _assumed(tx: Transaction, known: Article, submitted: Submission) -> SourceVersion:
    """Return what the source said before, of a story older than the keeping of versions: only its words are known."""
    said = await source_versions.fingerprint_said(tx, known.id)
    return replace(submitted.version, fingerprint=said or known.content.fingerprint())


async def _add(tx: Transaction, submitted: Submission, handling: Handling, at: datetime) -> Article:
    # A source's clock may run ahead: nothing is published in the future.
    published = min(submitted.published or at, at)
    added = await articles.add(
        tx,
        submitted.content,
        source=submitted.source,
        uid=submitted.uid,
        at=at,
        topic_ids=submitted.topic_ids,
        status=_STATUS[handling],
        published_at=published if handling is not Handling.DRAFT else None,
        release_at=at if handling is Handling.RELEASE else None,
    )
    await source_versions.keep(tx, added.id, submitted.version)
    return added
