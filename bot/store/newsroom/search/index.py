"""The index follows the stories: what readers can find is in it, in the transaction that makes it so."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, or_, select, text

from bot.model.languages import primary
from bot.model.story.article import NOTICES, READABLE, Article
from bot.store.engine.database import Transaction
from bot.store.newsroom.search.stems import VERSION, Stems, stems_of
from bot.store.newsroom.tables import article
from bot.store.tables.search import search_entry

_LOW_BITS = 16

_ADD = {
    "sqlite": "INSERT INTO search_text (rowid, headline, lead, body) VALUES (:place, :headline, :lead, :body)",
    "postgresql": "INSERT INTO search_text (place, stems) VALUES (:place, CAST(:vector AS tsvector))",
}
_DROP = {
    "sqlite": "INSERT INTO search_text (search_text, rowid, headline, lead, body) "
    "VALUES ('delete', :place, :headline, :lead, :body)",
    "postgresql": "DELETE FROM search_text WHERE place = :place",
}


def first_place(at: datetime) -> int:
    """Return the place of whatever was published first at or after that moment."""
    return max(0, -int(-at.timestamp() // 1)) << _LOW_BITS


async def follow(tx: Transaction, after: Article, before: Article | None = None) -> None:
    """Put a story into the index, or take it out, as it stands now; `before` is how it stood."""
    if not _found_by_readers(after):
        if before is not None and _found_by_readers(before):
            await drop(tx, after.id)
    elif before is None or _seen(before) != _seen(after):
        await put(tx, after)


async def put(tx: Transaction, found: Article) -> None:
    """Put a story that readers can find into the index, in the place of what was there of it."""
    await drop(tx, found.id)
    assert found.published_at is not None
    stems = stems_of(found.content)
    place = await _free_place(tx, found.id, found.published_at)
    lite = tx.dialect.name == "sqlite"
    values = {
        "place": place,
        "article_id": found.id,
        "revision": found.revision,
        "language": primary(found.content.language),
        "version": VERSION,
        "stems": stems.pack() if lite else None,
    }
    await tx.execute(insert(search_entry).values(values))
    said = _columns(stems) if lite else {"vector": stems.vector()}
    await tx.execute(text(_ADD[tx.dialect.name]), {"place": place, **said})


async def drop(tx: Transaction, article_id: int) -> None:
    """Take a story out of the index, if it is there."""
    kept = select(search_entry.c.place, search_entry.c.stems).where(search_entry.c.article_id == article_id)
    row = (await tx.execute(kept)).first()
    if row is None:
        return
    said = _columns(Stems.unpack(row.stems)) if tx.dialect.name == "sqlite" else {}
    await tx.execute(text(_DROP[tx.dialect.name]), {"place": row.place, **said})
    await tx.execute(delete(search_entry).where(search_entry.c.place == row.place))


async def unwritten(tx: Transaction, below: int | None, limit: int) -> list[int]:
    """Return the newest stories below that number that readers can find, and whose entry is missing or out of date."""
    stale = or_(
        search_entry.c.place.is_(None),
        search_entry.c.revision != article.c.revision,
        search_entry.c.version != VERSION,
    )
    listed = select(article.c.id).outerjoin(search_entry, search_entry.c.article_id == article.c.id)
    listed = listed.where(
        article.c.status.in_(READABLE), article.c.published_at.is_not(None), article.c.source.not_in(NOTICES)
    )
    if below is not None:
        listed = listed.where(article.c.id < below)
    return list((await tx.execute(listed.where(stale).order_by(article.c.id.desc()).limit(limit))).scalars())


def _found_by_readers(one: Article) -> bool:
    return one.status in READABLE and one.published_at is not None and one.source not in NOTICES


def _seen(one: Article) -> tuple[object, ...]:
    """Return what the entry was made of."""
    return _found_by_readers(one), one.revision, one.published_at, one.content.language


def _columns(stems: Stems) -> dict[str, str]:
    return {"headline": stems.headline, "lead": stems.lead, "body": stems.body}


async def _free_place(tx: Transaction, article_id: int, at: datetime) -> int:
    """Return a place that no other story of the same second has."""
    place = (max(0, int(at.timestamp() // 1)) << _LOW_BITS) + article_id % (1 << _LOW_BITS)
    taken = select(search_entry.c.place).where(search_entry.c.place == place)
    while (await tx.execute(taken)).first() is not None:
        place += 1
        taken = select(search_entry.c.place).where(search_entry.c.place == place)
    return place
