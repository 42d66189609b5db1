"""Prepare a correction, look at it, and let it go out. What was typed stays until it goes out or is dropped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.desk import amend
from bot.desk.story.story import held
from bot.model.desk.loudness import Loudness
from bot.model.desk.proposal import Proposal
from bot.model.errors import Refusal
from bot.model.story.article import READABLE, Article, Content
from bot.model.story.difference import MOST_CHANGES, Change, difference
from bot.publishing import story_log
from bot.publishing.story import hold
from bot.store.desk import proposals
from bot.store.engine.database import Database, Transaction
from bot.store.newsroom import articles


@dataclass(frozen=True, slots=True)
class Prepared:
    """A correction that an editor prepares, the story as it stands now, and what the editor changed.

    `changes` are those of the revision that the correction began from.
    """

    article: Article
    proposal: Proposal
    changes: tuple[Change, ...]

    @property
    def outdated(self) -> bool:
        """Whether the story has changed since the correction was begun."""
        return self.proposal.base != self.article.revision


async def prepared(db: Database, article_id: int, by: int) -> Prepared | None:
    """Return what the editor prepares for the story, or None. Refused where there is no such story."""
    async with db.read() as tx:
        article = await hold(tx, article_id, lock=False)
        found = await proposals.get(tx, article_id, by)
        return None if found is None else await _prepared(tx, article, found)


async def preparing(db: Database, article_id: int) -> list[int]:
    """Return the Telegram ids of who prepares a correction of the story, the earliest first."""
    async with db.read() as tx:
        return [each.by for each in await proposals.of_story(tx, article_id)]


async def propose(
    db: Database,
    article_id: int,
    change: Callable[[Content], Content] | None = None,
    *,
    at: datetime,
    by: int,
    seen: int,
    topic_ids: tuple[int, ...] | None = None,
) -> Prepared:
    """Add a change to what the editor prepares for the story; no reader sees anything of it.

    `seen` is the revision that the editor saw: a correction that begins here begins from that one. Refused for a
    story that nobody can read (any more).
    """
    async with held(db, article_id) as (tx, article):
        if article.status not in READABLE:
            raise Refusal(f"already-{article.status}", headline=article.content.headline)
        before = await proposals.get(tx, article_id, by) or await _begun(tx, article, by=by, seen=seen, at=at)
        after = replace(
            before,
            content=change(before.content) if change else before.content,
            topic_ids=before.topic_ids if topic_ids is None else tuple(sorted(set(topic_ids))),
            version=before.version + 1,
            at=at,
        )
        await proposals.keep(tx, after)
        return await _prepared(tx, article, after)


async def carry_over(db: Database, article_id: int, *, at: datetime, by: int) -> Prepared:
    """Put what the editor changed onto the story's newest revision, field by field. Refused where nothing is kept."""
    async with held(db, article_id) as (tx, article):
        before = await _needed(tx, article_id, by)
        was = await _base(tx, article, before.base)
        content = before.carried_over(was, article.content)
        after = replace(before, base=article.revision, content=content, version=before.version + 1, at=at)
        await proposals.keep(tx, after)
        return await _prepared(tx, article, after)


async def drop(db: Database, article_id: int, by: int) -> bool:
    """Forget what the editor prepares for the story; False where there was nothing."""
    async with db.write() as tx:
        return await proposals.drop(tx, article_id, by)


async def apply(
    db: Database,
    article_id: int,
    *,
    at: datetime,
    by: int,
    version: int,
    loudness: Loudness = Loudness.DATED,
    notice: Content | None = None,
) -> Article:
    """Let the correction go out as the editor saw it, and return the corrected story.

    Refused as `proposal-changed` where the editor changed the correction since, or it went out; as
    `changed-meanwhile` where the story has changed since it was begun: it is kept then.
    """
    async with held(db, article_id) as (tx, article):
        kept = await _needed(tx, article_id, by)
        if kept.version != version:
            raise Refusal("proposal-changed")
        if kept.base != article.revision:
            named = {"headline": article.content.headline, "revision": article.revision}
            raise Refusal("changed-meanwhile", **named, edited_by=article.edited_by)
        after = await amend.correct_held(
            tx,
            article,
            kept.content,
            at,
            by=by,
            topic_ids=kept.topic_ids,
            loudness=loudness,
            notice=notice,
        )
        await proposals.drop(tx, article_id, by)
    story_log.corrected(after, by)
    return after


async def _begun(tx: Transaction, article: Article, *, by: int, seen: int, at: datetime) -> Proposal:
    try:
        content = await articles.content_of(tx, article.id, seen)
    except LookupError:
        seen, content = article.revision, article.content
    return Proposal(article.id, by, seen, content, at, version=0)


async def _needed(tx: Transaction, article_id: int, by: int) -> Proposal:
    found = await proposals.get(tx, article_id, by)
    if found is None:
        raise Refusal("proposal-changed")
    return found


async def _base(tx: Transaction, article: Article, number: int) -> Content:
    """Return what that revision says; where it is older than revisions are kept, what the newest says."""
    if number == article.revision:
        return article.content
    try:
        return await articles.content_of(tx, article.id, number)
    except LookupError:
        return article.content


async def _prepared(tx: Transaction, article: Article, proposed: Proposal) -> Prepared:
    found = difference(await _base(tx, article, proposed.base), proposed.content)
    topics = proposed.topic_ids
    if topics is not None and topics != tuple(sorted(article.topic_ids)):
        was, will = (" ".join(map(str, each)) for each in (sorted(article.topic_ids), topics))
        found.append(Change("topics", was, will))
    return Prepared(article, proposed, tuple(found[: MOST_CHANGES + 1]))
