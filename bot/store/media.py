"""Pictures that Telegram knows already, by the address that they came from."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import media
from bot.store.upsert import upsert


async def learn(tx: AsyncConnection, bot_id: int, url: str, file_id: str, at: datetime) -> None:
    """Remember under which id Telegram keeps the picture of `url` for this bot."""
    new = upsert(tx, media).values(bot_id=bot_id, url=url, file_id=file_id, learnt_at=at)
    newer = {"file_id": file_id, "learnt_at": at}
    await tx.execute(new.on_conflict_do_update(index_elements=["bot_id", "url"], set_=newer))


async def known(tx: AsyncConnection, bot_id: int, url: str) -> str | None:
    """Return Telegram's id of the picture, or None."""
    where = (media.c.bot_id == bot_id, media.c.url == url)
    return (await tx.execute(select(media.c.file_id).where(*where))).scalar_one_or_none()
