"""Editions: what digests tell, kept once for all chats that get the same stories in the same order."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import orjson
from sqlalchemy import delete, exists, insert, select, text

from bot.model.following.news import Listed
from bot.store.engine.database import Transaction
from bot.store.tables.audience import digest, digest_article, edition

Groups = Sequence[tuple[int | None, Sequence[int]]]
"""Topics, None for none, each with its articles in their order."""


_NEW_ON_SQLITE = text(
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :b_count) "
    "INSERT INTO edition (id) SELECT NULL FROM n RETURNING id"
)
_NEW_ON_POSTGRESQL = text(
    "INSERT INTO edition SELECT nextval('edition_id_seq') FROM generate_series(1, CAST(:b_count AS integer)) "
    "RETURNING id"
)
_STORIES_ON_SQLITE = text(
    "INSERT INTO digest_article (edition_id, position, topic_id, article_id) "
    "SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each(:b_rows)"
)
_STORIES_ON_POSTGRESQL = text(
    "INSERT INTO digest_article (edition_id, position, topic_id, article_id) SELECT * FROM unnest("
    "CAST(:b_editions AS bigint[]), CAST(:b_positions AS integer[]), CAST(:b_topics AS bigint[]), "
    "CAST(:b_articles AS bigint[]))"
)


async def add(tx: Transaction, groups: Groups) -> int | None:
    """Keep what digests tell and return its number; None where there are no stories."""
    listed = _stories(groups)
    if not listed:
        return None
    number = int((await tx.execute(insert(edition).returning(edition.c.id))).scalar_one())
    rows = [
        {"edition_id": number, "article_id": article_id, "position": position, "topic_id": topic_id}
        for position, (topic_id, article_id) in enumerate(listed)
    ]
    await tx.execute(insert(digest_article), rows)
    return number


async def add_many(tx: Transaction, told: Collection[Listed]) -> dict[Listed, int | None]:
    """Keep what several digests tell, each once, and return the numbers."""
    distinct = list(dict.fromkeys(each for each in told if each))
    numbers: dict[Listed, int | None] = {(): None}
    if not distinct:
        return numbers
    statement = _NEW_ON_SQLITE if tx.dialect.name == "sqlite" else _NEW_ON_POSTGRESQL
    made = (await tx.execute(statement, {"b_count": len(distinct)})).scalars().all()
    numbers |= dict(zip(distinct, made, strict=True))
    rows = [
        (number, position, *story)
        for number, each in zip(made, distinct, strict=True)
        for position, story in enumerate(_stories(each))
    ]
    if tx.dialect.name == "sqlite":
        await tx.execute(_STORIES_ON_SQLITE, {"b_rows": orjson.dumps(rows).decode()})
    else:
        names = ("b_editions", "b_positions", "b_topics", "b_articles")
        columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
        await tx.execute(_STORIES_ON_POSTGRESQL, columns)
    return numbers


def _stories(groups: Groups) -> list[tuple[int | None, int]]:
    return [(topic_id, article_id) for topic_id, ids in groups for article_id in ids]


async def forget_digests(tx: Transaction, chat_id: int) -> None:
    """Drop a chat's digests."""
    mine = digest.c.chat_id == chat_id
    told = list((await tx.execute(select(digest.c.edition_id).where(mine).distinct())).scalars())
    await tx.execute(delete(digest).where(mine))
    await drop_unused(tx, told)


async def drop_unused(tx: Transaction, numbers: Sequence[int | None]) -> None:
    """Drop those of the editions that no digest tells any more."""
    told = exists().where(digest.c.edition_id == edition.c.id)
    known = [each for each in numbers if each is not None]
    if known:
        await tx.execute(delete(edition).where(edition.c.id.in_(known), ~told))
