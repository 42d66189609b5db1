"""Correct a story: whoever has it gets an edit, whoever it only now concerns gets it as news."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.model.audience import Followers
from bot.model.bulletin import BulletinKind
from bot.model.delivery import Lane
from bot.model.desk.loudness import Loudness
from bot.model.story.article import LOUD, Article, Content, Status
from bot.publishing.notice import tell_followers_of_change, tell_holders
from bot.publishing.story import hold
from bot.store.engine.database import Transaction
from bot.store.ledger import bulletins
from bot.store.newsroom import articles, audit

STILL_NEWS = timedelta(days=1)
"""How long after its publication a story is sent to those whom only its new topics concern."""


async def correct(
    tx: Transaction,
    article_id: int,
    content: Content,
    at: datetime,
    *,
    topic_ids: tuple[int, ...] | None = None,
    by: int | None = None,
    source: str = "",
    tell: bool = True,
    loudness: Loudness = Loudness.DATED,
    notice: Content | None = None,
) -> Article:
    """Make `content` the story's next revision, under other topics where they are given; return the story.

    `by` is an editor's Telegram id, `source` names the feed whose correction it is, or is empty. Unless
    `tell`, messages stay as they are, and whoever asks for the story reads the next revision.
    A quiet correction leaves the date of the last one, if any, as it was. For a loud one `notice` is what the
    message says that replies to the story. Refused for what was taken back, and where nothing changed.
    """
    before = await hold(tx, article_id)
    after = before.correct(content, at, topic_ids)
    await articles.save(tx, after, by=by, note=source)
    if loudness is Loudness.QUIET and before.status is Status.PUBLISHED:
        after = replace(after, revised_at=before.revised_at)
        await articles.save(tx, after)
    await audit.add(tx, at, by, "correct", article_id=article_id, revision=after.revision, detail=source)
    if before.status is Status.PUBLISHED and tell:
        await _tell(tx, before, after, at, by=by)
    if before.status is Status.PUBLISHED and loudness is Loudness.LOUD and notice is not None:
        await tell_holders(tx, after, notice, at, by=by, source=LOUD)
    elif before.status is Status.PUBLISHED and tell and loudness is Loudness.DATED:
        await tell_followers_of_change(tx, before, after, at, by=by, source=source)
    return after


async def _tell(tx: Transaction, before: Article, after: Article, at: datetime, *, by: int | None) -> None:
    kinds = [(BulletinKind.CORRECTED, Lane.CORRECTION)]
    fresh = before.published_at is not None and at - before.published_at < STILL_NEWS
    if fresh and set(after.topic_ids) - set(before.topic_ids):
        kinds.append((BulletinKind.NEW, Lane.FLASH if after.flash else Lane.STORY))
    languages = await bulletins.languages_of_news(tx, after.id)
    for kind, lane in kinds:
        await bulletins.add(
            tx,
            article_id=after.id,
            revision=after.revision,
            kind=kind,
            lane=lane,
            audience=Followers(languages=languages),
            at=at,
            key=f"{after.id}:{after.revision}:{kind}",
            by=by,
            bot_id=await bulletins.bot_of_news(tx, after.id),
        )
