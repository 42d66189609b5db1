"""The index follows the stories: what readers can find is in it, in the transaction that makes it so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, delete, insert, or_, select, text

from bot.model.languages import primary
from bot.model.story.article import NOTICES, READABLE, Article
from bot.store.engine.database import Transaction
from bot.store.newsroom.search.stems import VERSION, Stems, seen, stems_of
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


def published_at(place: int) -> datetime:
    """Return the second in which the story in a place was published."""
    return datetime.fromtimestamp(place >> _LOW_BITS, UTC)


async def follow(tx: Transaction, after: Article, before: Article | None = None) -> None:
    """Put a story into the index, or take it out, as it stands now; `before` is how it stood."""
    if not _found_by_readers(after):
        if before is not None and _found_by_readers(before):
            await drop(tx, after.id)
    elif before is None or not _found_by_readers(before) or seen(before) != seen(after):
        await put(tx, after)


async def put(tx: Transaction, *stories: Article) -> None:
    """Put stories into the index that readers can find, in the place of what was there of them."""
    found = [each for each in stories if _found_by_readers(each)]
    if not found:
        return
    there = search_entry.c.article_id.in_([each.id for each in found])
    for article_id in (await tx.execute(select(search_entry.c.article_id).where(there))).scalars().all():
        await drop(tx, article_id)
    places = await _free_places(tx, found)
    lite = tx.dialect.name == "sqlite"
    entries, texts = [], []
    for each, place in zip(found, places, strict=True):
        stems = stems_of(each.content, each.topic_ids)
        entry: dict[str, Any] = {
            "place": place,
            "article_id": each.id,
            "revision": each.revision,
            "version": VERSION,
        }
        entry |= {"language": primary(each.content.language), "stems": stems.pack() if lite else None}
        entries.append(entry)
        texts.append({"place": place, **(stems.columns() if lite else {"vector": stems.vector()})})
    await tx.execute(insert(search_entry), entries)
    await tx.execute(text(_ADD[tx.dialect.name]), texts)


async def drop(tx: Transaction, article_id: int) -> None:
    """Take a story out of the index, if it is there."""
    kept = select(search_entry.c.place, search_entry.c.stems).where(search_entry.c.article_id == article_id)
    row = (await tx.execute(kept)).first()
    if row is None:
        return
    said = Stems.unpack(row.stems).columns() if tx.dialect.name == "sqlite" else {}
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


async def _free_places(tx: Transaction, stories: Sequence[Article]) -> list[int]:
    """Return a place for each story that no other of the same second has."""
    found: list[int] = []
    for each in stories:
        assert each.published_at is not None
        second = max(0, int(each.published_at.timestamp() // 1))
        found.append((second << _LOW_BITS) + each.id % (1 << _LOW_BITS))
    taken = set((await tx.execute(_taken(found))).scalars())
    for at, place in enumerate(found):
        free = place
        while free in taken:
            free += 1
            taken.update((await tx.execute(_taken([free]))).scalars())
        taken.add(free)
        found[at] = free
    return found


def _taken(places: Sequence[int]) -> Select[int]:
    return select(search_entry.c.place).where(search_entry.c.place.in_(places))
