"""Who else tells a story, and under which keys a story is found that comes under another identity."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, delete, insert, literal, select, text

from bot.model.story.article import Content
from bot.store.engine.database import Transaction
from bot.store.engine.upsert import upsert
from bot.store.newsroom import contents, source_versions
from bot.store.newsroom.source_versions import SourceVersion
from bot.store.newsroom.tables import story_key, telling

_LOCK = 0x7E1118
"""The number of PostgreSQL's lock, which nobody else uses."""


@dataclass(frozen=True, slots=True)
class Telling:
    """A story as a second source tells it, or its own source under a second identity (source, uid).

    `link` is canonical, or empty; `version` is what the source last said; `published` is the source's own time.
    """

    source: str
    uid: str
    article_id: int
    link: str
    content: Content
    version: SourceVersion
    published: datetime | None
    joined_at: datetime


async def one_at_a_time(tx: Transaction) -> None:
    """Wait until no other transaction takes stories in: each of two would miss the other's story.

    On SQLite there is one writer anyway.
    """
    if tx.dialect.name == "postgresql":
        await tx.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))


async def get(tx: Transaction, source: str, uid: str) -> Telling | None:
    """Return the telling that `source` knows as `uid`, or None."""
    where = (telling.c.source == source, telling.c.source_uid == uid)
    row = (await tx.execute(select(telling).where(*where))).first()
    return _telling(row) if row else None


async def of_articles(tx: Transaction, ids: Sequence[int]) -> list[Telling]:
    """Return the second tellings of these articles, in the order in which they came."""
    if not ids:
        return []
    statement = select(telling).where(telling.c.article_id.in_(ids))
    return [
        _telling(row)
        for row in await tx.execute(statement.order_by(telling.c.joined_at, telling.c.source_uid))
    ]


async def keep(tx: Transaction, told: Telling) -> None:
    """Keep the telling, in place of what the source said before under that identity."""
    key = {"source": told.source, "source_uid": told.uid}
    said = {
        "article_id": told.article_id,
        "link": told.link,
        "content": contents.values(told.content),
        "source_version": told.version.values(),
        "published_at": told.published,
    }
    statement = upsert(tx, telling).values(**key, **said, joined_at=told.joined_at)
    await tx.execute(statement.on_conflict_do_update(index_elements=[*key], set_=said))


async def drop(tx: Transaction, source: str, uid: str) -> None:
    """Forget the telling of that identity."""
    await tx.execute(delete(telling).where(telling.c.source == source, telling.c.source_uid == uid))


async def add_keys(tx: Transaction, article_id: int, keys: Iterable[int], at: datetime) -> None:
    """Let the article be found under the keys."""
    rows = [{"key": key, "article_id": article_id, "at": at} for key in sorted(set(keys))]
    if rows:
        await tx.execute(upsert(tx, story_key).values(rows).on_conflict_do_nothing())


async def copy_keys(tx: Transaction, article_id: int, to: int) -> None:
    """Let the article `to` be found under all keys of the other article."""
    kept = select(story_key.c.key, literal(to), story_key.c.at).where(story_key.c.article_id == article_id)
    await tx.execute(insert(story_key).from_select(["key", "article_id", "at"], kept))


async def with_keys(tx: Transaction, keys: Iterable[int], limit: int) -> list[int]:
    """Return the ids of the newest articles that have one of the keys, newest first."""
    statement = select(story_key.c.article_id).where(story_key.c.key.in_(sorted(set(keys)))).distinct()
    return list((await tx.execute(statement.order_by(story_key.c.article_id.desc()).limit(limit))).scalars())


def _telling(row: Row[tuple[object, ...]]) -> Telling:
    return Telling(
        source=row.source,
        uid=row.source_uid,
        article_id=row.article_id,
        link=row.link,
        content=contents.load(row.content),
        version=source_versions.load(row.source_version),
        published=row.published_at,
        joined_at=row.joined_at,
    )
