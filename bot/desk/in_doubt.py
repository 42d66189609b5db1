"""Deliveries in doubt, where they are left to the editors: send the story again, or let the deliveries be."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from bot.store.engine.database import Database
from bot.store.ledger import deliveries
from bot.store.newsroom import articles, audit


class DoubtfulStory(NamedTuple):
    """A story, and in how many chats it is unknown whether the story arrived."""

    article_id: int
    headline: str
    chats: int


async def listing(db: Database) -> list[DoubtfulStory]:
    """Return the stories that are in doubt in some chat."""
    async with db.read() as tx:
        counts = await deliveries.in_doubt(tx)
        known = await articles.many(tx, list(counts))
        return [DoubtfulStory(each.id, each.content.headline, counts[each.id]) for each in known]


async def send(db: Database, article_id: int, at: datetime, by: int | None = None) -> int:
    """Send the story again wherever it is in doubt, and return to how many chats: some may get it twice."""
    async with db.write(durable=True) as tx:
        count = await deliveries.send_doubtful(tx, article_id, at)
        if count:
            await audit.add(tx, at, by, "send-doubtful", article_id=article_id, detail=str(count))
        return count


async def drop(db: Database, article_id: int, at: datetime, by: int | None = None) -> int:
    """Leave the story as it is wherever it is in doubt, and return in how many chats: some may lack it."""
    async with db.write(durable=True) as tx:
        count = await deliveries.drop_doubtful(tx, article_id)
        if count:
            await audit.add(tx, at, by, "drop-doubtful", article_id=article_id, detail=str(count))
        return count
