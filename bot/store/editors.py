"""Who may edit, beside the owners that the settings name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import editor
from bot.store.upsert import upsert

NAME_CHARACTERS = 128


@dataclass(frozen=True, slots=True)
class Editor:
    """A person by Telegram's user id, the name known when added, and who added them when."""

    user_id: int
    name: str
    added_by: int
    added_at: datetime


async def add(tx: AsyncConnection, bot_id: int, user_id: int, name: str, *, by: int, at: datetime) -> bool:
    """Make the person an editor; return False where they were one already."""
    statement = (
        upsert(tx, editor)
        .values(bot_id=bot_id, user_id=user_id, name=name[:NAME_CHARACTERS], added_by=by, added_at=at)
        .on_conflict_do_nothing(index_elements=["bot_id", "user_id"])
        .returning(editor.c.user_id)
    )
    return (await tx.execute(statement)).first() is not None


async def remove(tx: AsyncConnection, bot_id: int, user_id: int) -> bool:
    """Take the person off the editors; return False where they were none."""
    where = (editor.c.bot_id == bot_id, editor.c.user_id == user_id)
    gone = delete(editor).where(*where).returning(editor.c.user_id)
    return (await tx.execute(gone)).first() is not None


async def is_editor(tx: AsyncConnection, bot_id: int, user_id: int) -> bool:
    """Return whether the person was made an editor."""
    where = (editor.c.bot_id == bot_id, editor.c.user_id == user_id)
    return (await tx.execute(select(editor.c.user_id).where(*where))).first() is not None


async def listing(tx: AsyncConnection, bot_id: int) -> list[Editor]:
    """Return the editors in the order in which they were added."""
    statement = (
        select(editor.c.user_id, editor.c.name, editor.c.added_by, editor.c.added_at)
        .where(editor.c.bot_id == bot_id)
        .order_by(editor.c.added_at, editor.c.user_id)
    )
    return [Editor(*row) for row in (await tx.execute(statement)).all()]
