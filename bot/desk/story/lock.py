"""Who is editing a draft: take the lock, give it back, break another's."""

from __future__ import annotations

from datetime import datetime

from bot.model.desk.lock import Lock
from bot.model.errors import Refusal
from bot.publishing.story import hold
from bot.store.desk import locks
from bot.store.engine.database import Database
from bot.store.newsroom import audit


async def take(
    db: Database, article_id: int, *, at: datetime, by: int, action: str = "edit", force: bool = False
) -> Lock:
    """Take or keep the lock for `action`. Refused as `locked` while another has it, with `holder` and `since`.

    `force` breaks the other's lock, which the audit keeps; the right to do so is the caller's to ask.
    """
    async with db.write() as tx:
        await hold(tx, article_id)
        other = await locks.get(tx, article_id)
        broken = force and other is not None and other.holds(at) and other.user_id != by
        if broken:
            await locks.fall(tx, article_id)
        taken = await locks.take(tx, article_id, by, action, at=at)
        if taken is None:
            assert other is not None
            raise Refusal("locked", holder=other.user_id, action=other.action, since=other.since)
        if broken:
            assert other is not None
            await audit.add(tx, at, by, "break-lock", article_id=article_id, detail=str(other.user_id))
        return taken


async def give_back(db: Database, article_id: int, *, by: int) -> None:
    """Give one's own lock back; another's stays."""
    async with db.write() as tx:
        await locks.fall(tx, article_id, by)


async def holder(db: Database, article_id: int, at: datetime) -> Lock | None:
    """Return the lock that stands on a story, or None."""
    async with db.read() as tx:
        found = await locks.get(tx, article_id)
        return found if found and found.holds(at) else None
