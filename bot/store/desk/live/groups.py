"""Groups that are the desk, and up to where they and the newsroom's people were told what happened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update

from bot.model.desk.shown_card import DeskGroup
from bot.model.story.article import Status
from bot.store.engine.database import Transaction
from bot.store.engine.upsert import upsert
from bot.store.newsroom.tables import article, audit
from bot.store.tables.desk import desk_group, desk_told

_COLUMNS = (desk_group.c.chat_id, desk_group.c.thread_id, desk_group.c.listed_at)


async def put(tx: Transaction, bot_id: int, chat_id: int, thread_id: int | None, *, at: datetime) -> bool:
    """Make a group the desk, there or in that forum topic. False where it is so already."""
    known = await get(tx, bot_id, chat_id)
    if known is not None and known.thread_id == thread_id:
        return False
    values = {"bot_id": bot_id, "chat_id": chat_id, "thread_id": thread_id, "chosen_at": at}
    new = upsert(tx, desk_group).values(values)
    changed = {"thread_id": thread_id, "chosen_at": at}
    await tx.execute(new.on_conflict_do_update(index_elements=["bot_id", "chat_id"], set_=changed))
    return True


async def drop(tx: Transaction, bot_id: int, chat_id: int) -> bool:
    """Let a group be the desk no more. False where it was not."""
    return (await tx.execute(delete(desk_group).where(*_one(bot_id, chat_id)))).rowcount == 1


async def get(tx: Transaction, bot_id: int, chat_id: int) -> DeskGroup | None:
    """Return the group where it is the desk, else None."""
    row = (await tx.execute(select(*_COLUMNS).where(*_one(bot_id, chat_id)))).first()
    return DeskGroup(*row) if row else None


async def of_bot(tx: Transaction, bot_id: int) -> list[DeskGroup]:
    """Return the bot's desk groups, the first chosen first."""
    found = select(*_COLUMNS).where(desk_group.c.bot_id == bot_id)
    return [DeskGroup(*row) for row in await tx.execute(found.order_by(desk_group.c.chosen_at))]


async def listed(tx: Transaction, bot_id: int, at: datetime) -> None:
    """Note that the groups were told of new drafts."""
    await tx.execute(update(desk_group).where(desk_group.c.bot_id == bot_id).values(listed_at=at))


async def told(tx: Transaction, bot_id: int) -> tuple[int, int] | None:
    """Return the last deed and the last article that was told of, or None where nothing ever was."""
    columns = select(desk_told.c.deed_id, desk_told.c.article_id).where(desk_told.c.bot_id == bot_id)
    row = (await tx.execute(columns)).first()
    return (row.deed_id, row.article_id) if row else None


async def begin(tx: Transaction, bot_id: int) -> tuple[int, int]:
    """Return the last deed and article that was told of; where nothing was, those of now, from now on."""
    if (known := await told(tx, bot_id)) is not None:
        return known
    newest = await _newest(tx, audit.c.id), await newest_article(tx)
    await note_told(tx, bot_id, deed_id=newest[0], article_id=newest[1])
    return newest


async def note_told(tx: Transaction, bot_id: int, *, deed_id: int, article_id: int) -> None:
    """Remember the last deed and the last article that was told of."""
    values = {"deed_id": deed_id, "article_id": article_id}
    new = upsert(tx, desk_told).values(bot_id=bot_id, **values)
    await tx.execute(new.on_conflict_do_update(index_elements=["bot_id"], set_=values))


async def drafts_after(tx: Transaction, article_id: int, source: str, limit: int) -> list[int]:
    """Return the drafts behind that article which no editor made: whose source is not `source`."""
    found = select(article.c.id).where(article.c.id > article_id, article.c.status == Status.DRAFT)
    found = found.where(article.c.source != source)
    return list((await tx.execute(found.order_by(article.c.id).limit(limit))).scalars())


async def newest_article(tx: Transaction) -> int:
    """Return the number of the newest article, 0 without any."""
    return await _newest(tx, article.c.id)


async def _newest(tx: Transaction, column: Any) -> int:
    return int((await tx.execute(select(func.coalesce(func.max(column), 0)))).scalar_one())


def _one(bot_id: int, chat_id: int) -> Sequence[Any]:
    return desk_group.c.bot_id == bot_id, desk_group.c.chat_id == chat_id
