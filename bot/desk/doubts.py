"""What may or may not have arrived, where that is left to the editors: send it again, or let it be."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import articles, audit, outbox
from bot.store.database import reads, writes_durably


@reads
async def listing(tx: AsyncConnection) -> list[tuple[int, str, int]]:
    """Return (article id, headline, number of chats) of what is in doubt."""
    counts = await outbox.in_doubt(tx)
    known = await articles.many(tx, list(counts))
    return [(each.id, each.content.headline, counts[each.id]) for each in known]


@writes_durably
async def send(tx: AsyncConnection, article_id: int, at: datetime, by: int | None = None) -> int:
    """Send the story again wherever it is in doubt, and return to how many chats: some may get it twice."""
    count = await outbox.send_doubtful(tx, article_id, at)
    await audit.add(tx, at, by, "send-doubtful", article_id=article_id, detail=str(count))
    return count


@writes_durably
async def drop(tx: AsyncConnection, article_id: int, at: datetime, by: int | None = None) -> int:
    """Let what is in doubt of the story be, and return in how many chats: some may lack it."""
    count = await outbox.drop_doubtful(tx, article_id)
    await audit.add(tx, at, by, "drop-doubtful", article_id=article_id, detail=str(count))
    return count
