"""Take a story back wherever it is shown; it is never sent again.

Killed because it was wrong or dangerous, taken down for legal reasons, or unpublished silently: what stands where
Telegram lets nobody delete a message any more differs by that, nothing else.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.model.bulletin import BulletinKind
from bot.model.delivery import Lane
from bot.model.story.article import WITHDRAWAL, Article, Content, Status
from bot.publishing.notice import tell_followers_of_end, tell_holders
from bot.publishing.story import hold
from bot.store.engine.database import Transaction
from bot.store.ledger import bulletins
from bot.store.newsroom import articles, audit


async def kill(
    tx: Transaction,
    article_id: int,
    at: datetime,
    *,
    by: int | None = None,
    source: str = "",
    status: Status = Status.KILLED,
    reason: str = "",
    notice: Content | None = None,
) -> Article:
    """Take the story back everywhere, and return the story as `status` says: killed, taken down or unpublished.

    A story can be killed in any state. `by` is an editor's Telegram id, `source` names the feed that took its
    story back, or is empty; `reason` is kept with the story and in the audit. Its loud corrections go with it.
    `notice` is what those are told who had the story, without a sound; None: nothing.
    Refused where the story is taken back already.
    """
    before = await hold(tx, article_id)
    after = before.take_back(at, status, reason)
    await articles.save(tx, after, by=by)
    # What waits is cancelled here; the bulletin's pages only clear up behind it.
    await bulletins.stop_all(tx, article_id, at, by=by, reason="killed")
    if before.status is Status.PUBLISHED:
        await bulletins.add(
            tx,
            article_id=article_id,
            revision=after.revision,
            kind=BulletinKind.KILLED,
            lane=Lane.KILL,
            at=at,
            key=f"{article_id}:{after.revision}:{BulletinKind.KILLED}",
            by=by,
        )
        if notice is not None:
            await tell_holders(tx, after, notice, at, by=by, source=WITHDRAWAL)
        elif status is not Status.UNPUBLISHED:
            await tell_followers_of_end(tx, after, at, by=by)
    await audit.add(
        tx, at, by, DEEDS[status], article_id=article_id, revision=after.revision, detail=reason or source
    )
    for said in await articles.corrections_of(tx, article_id, at - DELETABLE):
        await kill(tx, said, at, by=by, status=status, reason=reason)
    return after


DELETABLE = timedelta(days=2)
"""For how long Telegram lets a bot delete what it sent."""

DEEDS = {Status.KILLED: "kill", Status.TAKEN_DOWN: "takedown", Status.UNPUBLISHED: "unpublish"}
