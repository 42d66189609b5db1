"""What became of a story that was out: how far its correction or withdrawal has come, and what follows it up."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from bot.model.delivery import SubjectKind
from bot.model.story.article import TAKEN_BACK, Article, Status
from bot.store.desk import proposals, threads
from bot.store.engine.database import Database, Transaction
from bot.store.ledger import bulletins, deliveries, reach
from bot.store.ledger.counts import Counts, Size
from bot.store.ledger.deliveries import Leftover
from bot.store.ledger.reach import Corrected, Withdrawn
from bot.store.newsroom import articles

MOST_UPDATES, MOST_LEFT = 5, 5


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What came after a story's publication.

    `corrected` and `digests` say how far a correction has come in chats and in digests; `withdrawn` how far it is
    taken back, with the first chats in which it still stands as `left`. `planned` is whether all chats that are
    concerned are known. `first` is the story that this one follows up, `updates` are those that follow it up, newest
    first; `preparing` are the Telegram ids of who prepares a correction. `told` is what those are told who had a story
    that was taken back.
    """

    planned: bool
    corrected: Corrected | None = None
    digests: Corrected | None = None
    withdrawn: Withdrawn | None = None
    left: tuple[Leftover, ...] = ()
    first: Article | None = None
    updates: tuple[Article, ...] = ()
    preparing: tuple[int, ...] = ()
    told: Article | None = None


class _Reached(NamedTuple):
    corrected: Corrected | None = None
    digests: Corrected | None = None
    withdrawn: Withdrawn | None = None
    left: tuple[Leftover, ...] = ()


async def of(db: Database, article: Article) -> Aftermath:
    """Return what came after the story; of a draft, what it follows up."""
    async with db.read() as tx:
        planned = not await bulletins.unplanned(tx, article.id)
        found = await look(tx, article, planned=planned)
        return replace(found, **(await _reached(tx, article))._asdict())


async def look(tx: Transaction, article: Article, *, planned: bool) -> Aftermath:
    """Return what came after the story, but in how many chats it stands: `counted` adds that."""
    first = None if article.update_of is None else await articles.get(tx, article.update_of)
    if article.status in TAKEN_BACK:
        return Aftermath(planned, first=first, told=await threads.withdrawal_of(tx, article.id))
    updates = await threads.updates_of(tx, article.id, MOST_UPDATES)
    prepared = await proposals.who_prepares(tx, article.id)
    return Aftermath(planned, first=first, updates=tuple(updates), preparing=tuple(prepared))


async def counted(
    db: Database, counts: Counts, article: Article, found: Aftermath, *, state: Hashable
) -> Aftermath:
    """Return the same with how far a correction, or a withdrawal, has come in chats.

    `state` is what that depends on.
    """
    if article.status not in TAKEN_BACK and not article.corrected:
        return found
    count, size = partial(_reached, article=article), partial(_size, planned=found.planned)
    reached = await counts.of(db, ("reach", article.id), state, count=count, size=size)
    return replace(found, **reached._asdict())


async def _reached(tx: Transaction, article: Article) -> _Reached:
    if article.status in TAKEN_BACK:
        gone = await reach.withdrawn(tx, article.id)
        left = await deliveries.left_standing(tx, article.id, MOST_LEFT) if gone.failed else []
        return _Reached(withdrawn=gone, left=tuple(left))
    return _Reached(*await _copies(tx, article.id)) if article.corrected else _Reached()


def _size(found: _Reached, *, planned: bool) -> Size:
    copies = [each for each in (found.corrected, found.digests) if each is not None]
    waiting = sum(each.waiting for each in (*copies, found.withdrawn) if each is not None)
    chats = sum(each.shown for each in copies) + sum(found.withdrawn or ())
    return Size(chats, planned and not waiting)


async def copies(db: Database, article: Article) -> int:
    """Return how many messages a correction would edit: the story's own, and digests that hold it."""
    if article.status is not Status.PUBLISHED:
        return 0
    async with db.read() as tx:
        return sum(each.shown for each in await _copies(tx, article.id))


async def _copies(tx: Transaction, article_id: int) -> tuple[Corrected, Corrected]:
    return (
        await reach.corrected(tx, SubjectKind.ARTICLE, article_id),
        await reach.corrected(tx, SubjectKind.DIGEST, article_id),
    )
