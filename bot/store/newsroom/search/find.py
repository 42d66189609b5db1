"""Finds stories by a query, within a bound on what one search reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Row, bindparam, select, text

from bot.model.search.query import Order, Query
from bot.model.story.article import READABLE
from bot.store.engine.database import Transaction
from bot.store.newsroom.search.expressions import Part
from bot.store.newsroom.search.index import published_at
from bot.store.newsroom.search.ways import RANKED, Way, ranked, ways
from bot.store.newsroom.tables import topic
from bot.store.tables.ledger import HELD_BACK

# The places come in their order. SQLite reads one after the other until enough is found: to ask for the order again
# would have all of them read and sorted. `CROSS JOIN` keeps the tables in this order.
_FIND = """
    SELECT entry.article_id{total} FROM ({places}) AS places
    CROSS JOIN search_entry AS entry CROSS JOIN article
    WHERE entry.place = places.place AND article.id = entry.article_id
    AND article.status IN ({readable})
    AND entry.article_id NOT IN (SELECT article_id FROM bulletin WHERE {held_back}){filters}
    {order} LIMIT :limit OFFSET :offset
"""
_READABLE = ", ".join(f"'{status}'" for status in READABLE)
_OF_LANGUAGES = " AND entry.language IN :languages"
_ABOUT = "EXISTS (SELECT 1 FROM article_topic AS about WHERE about.article_id = entry.article_id{which})"
_OF_TOPICS = f" AND {_ABOUT.format(which=' AND about.topic_id IN :topics')}"
_OF_TOPICS_OR_NONE = f"{_OF_TOPICS.replace(' AND', ' AND (', 1)} OR NOT {_ABOUT.format(which='')})"
_NEVER_TOPICS = f" AND NOT {_ABOUT.format(which=' AND about.topic_id IN :never_topics')}"
_NEVER_SOURCES = " AND article.source NOT IN :never_sources"


async def find(tx: Transaction, query: Query, limit: int, offset: int = 0) -> list[int]:
    """Return the numbers of the stories that readers can find by the query, in its order.

    Of one order the newest come first; the best are those with all that is wanted in the headline, then in the lead,
    among the newest RANKED with the words.
    """
    if query.topic_ids == () and not query.untopical:
        return []
    if query.topic_ids:
        query = replace(query, topic_ids=await _with_merged(tx, query.topic_ids))
    if query.order is not Order.BEST or not query.wanted:
        return await _newest(tx, query, limit=limit, offset=offset)
    if tx.dialect.name != "sqlite":
        return await _best(tx, query, limit=limit, offset=offset)
    # Three lists, each the newest first, read no further than is asked for.
    since = replace(query, since=await _oldest_ranked(tx, query))
    found: list[int] = []
    for part in Part:
        if len(found) < offset + limit:
            found += await _newest(tx, since, part, limit=offset + limit - len(found))
    return found[offset : offset + limit]


async def _with_merged(tx: Transaction, topic_ids: tuple[int, ...]) -> tuple[int, ...]:
    """Return the topics with those that were merged into them: the index has these stories under their old topic."""
    merged = select(topic.c.id).where(topic.c.merged_into.in_(topic_ids))
    return (*topic_ids, *(await tx.execute(merged)).scalars())


async def _newest(
    tx: Transaction, query: Query, part: Part | None = None, *, limit: int, offset: int = 0
) -> list[int]:
    found: Sequence[Row[Any]] = ()
    for way in ways(tx.dialect.name, query, part):
        found = await _by(tx, way, query, limit=limit, offset=offset)
        if len(found) >= limit:
            break
    return [row[0] for row in found]


async def _best(tx: Transaction, query: Query, *, limit: int, offset: int) -> list[int]:
    found: Sequence[Row[Any]] = ()
    for way in ranked(query):
        found = await _by(tx, way, query, limit=limit, offset=offset)
        if found and found[0].total >= RANKED:
            break
    return [row[0] for row in found]


async def _by(tx: Transaction, way: Way, query: Query, *, limit: int, offset: int) -> Sequence[Row[Any]]:
    values: dict[str, Any] = {**way.values, "limit": limit, "offset": offset}
    filters = ""
    lists: list[BindParameter[Any]] = []
    for name, chosen, clause in _lists(query, way):
        if chosen is not None:
            filters += clause
            lists.append(bindparam(name, expanding=True))
            values[name] = list(chosen)
    order = "" if tx.dialect.name == "sqlite" else "ORDER BY places.place DESC"
    if way.ranked:
        order = "ORDER BY places.part, places.place DESC"
    statement = _FIND.format(
        places=way.sql,
        readable=_READABLE,
        held_back=HELD_BACK,
        filters=filters,
        order=order,
        total=", places.total" if way.ranked else "",
    )
    return (await tx.execute(text(statement).bindparams(*lists), values)).all()


def _lists(query: Query, way: Way) -> tuple[tuple[str, Sequence[Any] | None, str], ...]:
    """Return the lists that each story is still to be compared with, by their names and clauses; None: it is not."""
    never = (
        ("never_topics", query.never_topics or None, _NEVER_TOPICS),
        ("never_sources", query.never_sources or None, _NEVER_SOURCES),
    )
    if not way.filters:
        return never
    of_topics = _OF_TOPICS_OR_NONE if query.untopical else _OF_TOPICS
    return (
        ("languages", query.languages or None, _OF_LANGUAGES),
        ("topics", query.topic_ids, of_topics),
        *never,
    )


async def _oldest_ranked(tx: Transaction, query: Query) -> datetime | None:
    """Return since when the newest RANKED with the words were published; where there are fewer, what was asked."""
    way = ways(tx.dialect.name, query)[-1]
    counted = f"SELECT place FROM ({way.sql}) AS places LIMIT 1 OFFSET :before"  # noqa: S608
    last = await tx.execute(text(counted), {**way.values, "before": RANKED - 1})
    found = last.scalar_one_or_none()
    return query.since if found is None else published_at(found)
