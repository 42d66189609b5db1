"""Pictures that Telegram knows already: by the address that they came from, and by what they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from bot.store.engine.database import Transaction
from bot.store.engine.upsert import upsert
from bot.store.newsroom.tables import media


@dataclass(frozen=True, slots=True)
class Known:
    """Telegram's id of a picture, and when it was last seen to be what stands at its address."""

    file_id: str
    learnt_at: datetime


async def learn(
    tx: Transaction, bot_id: int, url: str, file_id: str, *, at: datetime, digest: str | None = None
) -> None:
    """Remember under which id Telegram keeps the picture of `url` for this bot.

    `digest` is the SHA-256 of what was fetched there, where it was.
    """
    new = upsert(tx, media).values(bot_id=bot_id, url=url, file_id=file_id, digest=digest, learnt_at=at)
    newer = {name: new.excluded[name] for name in ("file_id", "digest", "learnt_at")}
    await tx.execute(new.on_conflict_do_update(index_elements=["bot_id", "url"], set_=newer))


async def known(tx: Transaction, bot_id: int, url: str) -> Known | None:
    """Return what is known of the picture of `url`."""
    where = (media.c.bot_id == bot_id, media.c.url == url)
    row = (await tx.execute(select(media.c.file_id, media.c.learnt_at).where(*where))).one_or_none()
    return Known(*row) if row else None


async def alike(tx: Transaction, bot_id: int, digest: str) -> str | None:
    """Return Telegram's id of a picture with these very bytes, wherever it was found."""
    where = (media.c.bot_id == bot_id, media.c.digest == digest)
    newest = select(media.c.file_id).where(*where).order_by(media.c.learnt_at.desc()).limit(1)
    return (await tx.execute(newest)).scalar_one_or_none()


async def forget(tx: Transaction, bot_id: int, file_id: str) -> None:
    """Forget an id that Telegram no longer knows, at every address."""
    await tx.execute(delete(media).where(media.c.bot_id == bot_id, media.c.file_id == file_id))
