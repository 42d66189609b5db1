"""What is going out: pause it, let it go on, stop it, ask how far it has come."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot.model.bulletin import Bulletin, BulletinKind, Progress
from bot.model.errors import Refusal
from bot.model.story.article import TAKEN_BACK, Article, Status
from bot.store.engine.database import Database, Transaction
from bot.store.ledger import bulletins
from bot.store.ledger.counts import Counts, Size
from bot.store.newsroom import audit


@dataclass(frozen=True, slots=True)
class StoryPushes:
    """How far a story has come: as news, and with its last change; None where there is no such push.

    `taken_back` says that the change takes the story back.
    """

    news: Progress | None = None
    change: Progress | None = None
    taken_back: bool = False

    @property
    def under_way(self) -> list[Progress]:
        """What of it is still going out."""
        return [each for each in (self.news, self.change) if each is not None and not each.done]

    @property
    def going(self) -> bool:
        """Whether something of it is still going out."""
        return bool(self.under_way)

    @property
    def in_doubt(self) -> int:
        """In how many chats it is unknown whether the story, or its change, arrived."""
        return sum(each.in_doubt for each in (self.news, self.change) if each is not None)


NOTHING_GOES = StoryPushes()


async def pause(db: Database, bulletin_id: int, at: datetime, by: int | None = None) -> bool:
    """Let a push wait until it is resumed, between two calls. Return whether it was paused just now."""
    async with db.write(durable=True) as tx:
        told = await _known(tx, bulletin_id)
        paused = await bulletins.pause(tx, bulletin_id, at, by=by, reason="")
        if paused:
            await audit.add(tx, at, by, "pause", article_id=told.article_id)
        return paused


async def resume(db: Database, bulletin_id: int, at: datetime, by: int | None = None) -> bool:
    """Let a paused push go on; what has outlived itself meanwhile is skipped. Return whether it does."""
    async with db.write(durable=True) as tx:
        told = await _known(tx, bulletin_id)
        resumed = await bulletins.resume(tx, bulletin_id)
        if resumed:
            await audit.add(tx, at, by, "resume", article_id=told.article_id)
        return resumed


async def stop(db: Database, bulletin_id: int, at: datetime, by: int | None = None) -> bool:
    """End a push: who has the story keeps it, nobody else gets it. Return whether it was stopped just now."""
    async with db.write(durable=True) as tx:
        told = await _known(tx, bulletin_id)
        stopped = await bulletins.stop(tx, bulletin_id, at, by=by, reason=bulletins.STOPPED)
        if stopped:
            await audit.add(tx, at, by, "stop", article_id=told.article_id)
        return stopped


async def progress(db: Database, bulletin_id: int) -> Progress:
    """Return how far a push has come. Refused where there is none such."""
    async with db.read() as tx:
        found = await bulletins.progress(tx, bulletin_id)
        if found is None:
            raise Refusal("not-found")
        return found


async def of_article(db: Database, article_id: int) -> list[int]:
    """Return the pushes that bring the article to who has not got it. Refused where it was not published."""
    async with db.read() as tx:
        found = await bulletins.of_article(tx, article_id)
        if not found:
            raise Refusal("not-published")
        return found


async def counted(
    db: Database,
    counts: Counts,
    article: Article,
    told: Sequence[Bulletin],
    *,
    state: Hashable,
) -> StoryPushes:
    """Return how far the story has come: as news, and with what was changed in it or taken back last.

    `told` are its bulletins, oldest first. What is taken back is no news any more. `state` is what the story's
    counts depend on besides its pushes.
    """
    taken_back = article.status in TAKEN_BACK
    newest = {each.kind: each for each in told}
    changed = BulletinKind.KILLED if taken_back else BulletinKind.CORRECTED
    found: dict[BulletinKind, Progress | None] = {}
    for kind in (changed, *(() if taken_back else (BulletinKind.NEW,))):
        if kind in newest and article.status is not Status.ARCHIVED:
            found[kind] = await _counted(db, counts, newest[kind], state)
    return StoryPushes(found.get(BulletinKind.NEW), found.get(changed), taken_back)


async def _counted(db: Database, counts: Counts, told: Bulletin, state: Hashable) -> Progress | None:
    # A push that was planned, paused or stopped since is never told by what was counted before.
    stands = (state, told.planned_at, told.paused_at, told.stopped_at)
    return await counts.of(
        db, ("push", told.id), stands, count=partial(bulletins.progress, bulletin_id=told.id), size=_size
    )


def _size(found: Progress | None) -> Size:
    return Size(found.audience, found.done) if found else Size(0, True)


async def _known(tx: Transaction, bulletin_id: int) -> Bulletin:
    found = await bulletins.get(tx, bulletin_id)
    if found is None:
        raise Refusal("not-found")
    return found
