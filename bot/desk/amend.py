"""Correct a published story, or kill it: what was delivered follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.article import Article, Content, Status
from bot.model.bulletin import BulletinKind
from bot.model.delivery import Lane
from bot.model.errors import Refusal
from bot.store import articles, audit, bulletins, outbox
from bot.store.database import reads, writes_durably
from bot.store.outbox import Standing

STILL_NEWS = timedelta(days=1)
"""How long after its publication a story is sent to those whom only its new topics concern."""

MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class Spread:
    """Where a story is: in how many chats it stands, in how many it is still to be changed or sent.

    `planned` is whether all chats that are concerned are known; `left` are chats from which it could not
    be taken back, up to a hundred.
    """

    shown: int
    waiting: int
    planned: bool
    left: tuple[Standing, ...] = ()

    @property
    def settled(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.planned and not self.waiting


@writes_durably
async def correct(
    tx: AsyncConnection,
    article_id: int,
    content: Content,
    at: datetime,
    by: int | None = None,
    topic_ids: tuple[int, ...] | None = None,
) -> int:
    """Make `content` the story's next revision and return its number.

    Who has the story gets an edit. Where `topic_ids` changes its topics, who only now follows one of them
    gets it as news, as long as it is any.
    """
    article = await _known(tx, article_id)
    corrected = article.correct(content, at, topic_ids)
    await articles.save(tx, corrected, by=by)
    if article.status is Status.PUBLISHED:
        await _tell(tx, corrected, BulletinKind.CORRECTED, Lane.CORRECTION, at, by)
        fresh = article.published_at is not None and at - article.published_at < STILL_NEWS
        if fresh and set(corrected.topic_ids) - set(article.topic_ids):
            lane = Lane.FLASH if article.flash else Lane.STORY
            await _tell(tx, corrected, BulletinKind.NEW, lane, at, by)
    await audit.add(tx, at, by, "correct", article_id=article_id, revision=corrected.revision)
    return corrected.revision


@writes_durably
async def kill(tx: AsyncConnection, article_id: int, at: datetime, by: int | None = None) -> None:
    """Take the story back everywhere: it is deleted where it is shown, and never sent again."""
    article = await _known(tx, article_id)
    await articles.save(tx, article.kill(at), by=by)
    # What waits is cancelled here; the bulletin's pages only clear up behind it.
    await bulletins.stop_all(tx, article_id, by, "killed", at)
    if article.status is Status.PUBLISHED:
        await _tell(tx, article, BulletinKind.KILLED, Lane.KILL, at, by)
    await audit.add(tx, at, by, "kill", article_id=article_id, revision=article.revision)


@reads
async def spread(tx: AsyncConnection, article_id: int) -> Spread:
    """Return where a story is. Digests that hold it are not counted."""
    shown, waiting = await outbox.spread(tx, article_id)
    planned = not await bulletins.unplanned(tx, article_id)
    return Spread(shown, waiting, planned, tuple(await outbox.left_standing(tx, article_id, MOST_LISTED)))


async def _known(tx: AsyncConnection, article_id: int) -> Article:
    article = await articles.get(tx, article_id, lock=True)
    if article is None:
        raise Refusal("not-found")
    return article


async def _tell(
    tx: AsyncConnection, article: Article, kind: BulletinKind, lane: Lane, at: datetime, by: int | None
) -> None:
    await bulletins.add(
        tx,
        article_id=article.id,
        revision=article.revision,
        kind=kind,
        lane=lane,
        everybody=False,
        at=at,
        key=f"{article.id}:{article.revision}:{kind}",
        by=by,
    )
