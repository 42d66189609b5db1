"""Who may send breaking news."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import audit, editors
from bot.store.database import reads, writes_durably

is_editor = reads(editors.is_editor)


@reads
async def listing(tx: AsyncConnection, bot_id: int) -> list[tuple[str, int]]:
    """Return the editors' names and Telegram ids."""
    return [(each.name, each.user_id) for each in await editors.listing(tx, bot_id)]


@writes_durably
async def add(tx: AsyncConnection, bot_id: int, user_id: int, name: str, by: int, at: datetime) -> None:
    """Make a person an editor."""
    await editors.add(tx, bot_id, user_id, name, by=by, at=at)
    await audit.add(tx, at, by, "add-editor", detail=str(user_id))


@writes_durably
async def remove(tx: AsyncConnection, bot_id: int, user_id: int, by: int, at: datetime) -> None:
    """Take a person off the editors."""
    await editors.remove(tx, bot_id, user_id)
    await audit.add(tx, at, by, "remove-editor", detail=str(user_id))
