"""Publish a story: its readers are told that it is there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.model.audience import FOLLOWERS, Audience, Followers
from bot.model.bulletin import BulletinKind
from bot.model.delivery import Lane, Manner
from bot.model.errors import Refusal
from bot.model.story.article import TAKEN_BACK, Article, Status
from bot.publishing.story import hold
from bot.store.engine.database import Transaction
from bot.store.ledger import bulletins
from bot.store.newsroom import articles, audit


@dataclass(frozen=True, slots=True)
class Published:
    """A story as it was published, and the bulletin that tells of it."""

    article: Article
    bulletin_id: int


async def publish(
    tx: Transaction,
    article_id: int,
    at: datetime,
    *,
    by: int | None = None,
    lane: Lane = Lane.STORY,
    audience: Audience = FOLLOWERS,
    bot_id: int | None = None,
    not_before: datetime | None = None,
    detail: str = "",
    unreviewed: bool = False,
    manner: Manner = Manner.SOUND,
) -> Published:
    """Publish a draft, a scheduled or an archived story; `by` is an editor's Telegram id.

    `bot_id` leaves out the chats of other bots. Nothing leaves, and the story is to be seen nowhere, before
    `not_before`; that is when it is published then. A follow-up also goes to
    who has its first story. `detail` is kept in the audit, and `unreviewed` lists the story for a review afterwards.
    Refused once published or taken back, under embargo, without a headline, and where the first story is not out.
    """
    before = await hold(tx, article_id)
    article = replace(before.publish(at), unreviewed=unreviewed)
    if not_before is not None and before.published_at is None:
        # A digest made within that moment leaves the story to the next one.
        article = replace(article, published_at=not_before)
    await _need_first(tx, article)
    await articles.save(tx, article, by=by)
    if audience == FOLLOWERS and article.languages:
        audience = Followers(languages=article.languages)
    # Not earlier than it was meant to be, whatever the clock of who publishes says: a claim asks the bulletin.
    starts = [each for each in (not_before, before.release_at, before.embargo_until) if each is not None]
    bulletin_id, _ = await bulletins.add(
        tx,
        article_id=article_id,
        revision=article.revision,
        kind=BulletinKind.NEW,
        lane=lane,
        audience=audience,
        at=at,
        key=f"{article_id}:new",
        by=by,
        bot_id=bot_id,
        not_before=max(starts, default=None),
        reply_to=article.update_of,
        manner=manner,
    )
    await audit.add(
        tx, at, by, "publish", article_id=article_id, revision=article.revision, detail=detail, bot_id=bot_id
    )
    return Published(article, bulletin_id)


async def _need_first(tx: Transaction, article: Article) -> None:
    """Refuse a follow-up before its first story: nobody could place it."""
    if article.update_of is None:
        return
    first = await articles.get(tx, article.update_of)
    if first is None or first.status in TAKEN_BACK:
        raise Refusal("first-taken-back")
    if first.status is not Status.PUBLISHED:
        raise Refusal("first-not-out", headline=first.content.headline)
