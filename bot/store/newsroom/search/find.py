"""Finds stories by a query, within a bound on what one search reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, text

from bot.model.search.query import Order, Query
from bot.model.story.article import READABLE
from bot.store.engine.database import Transaction
from bot.store.newsroom.search.expressions import Part, expression, in_part, unwanted, words
from bot.store.newsroom.search.index import first_place, published_at
from bot.store.tables.ledger import HELD_BACK

LOOKED_THROUGH = 5_000
"""How many of the newest stories with the words are looked through for topic and language."""

RANKED = 2_000
"""Among how many of the newest stories with the words the best are looked for."""

_NEWEST = (
    "SELECT place, stems FROM search_text WHERE stems @@ CAST(:words AS tsquery) AND {where}"
    " ORDER BY place DESC LIMIT :most"
)
_FIRST_PARTS = (Part.HEADLINE, Part.LEAD)
_MATCH = {
    "sqlite": ("rowid", "search_text MATCH :match"),
    "postgresql": ("place", "stems @@ CAST(:match AS tsquery)"),
}
# The places come in their order. SQLite reads one after the other until enough is found: to ask for the order again
# would have all of them read and sorted. `CROSS JOIN` keeps the tables in this order.
_FIND = """
    SELECT entry.article_id FROM ({places} ORDER BY {place} DESC LIMIT :most) AS places
    CROSS JOIN search_entry AS entry CROSS JOIN article
    WHERE entry.place = places.place AND article.id = entry.article_id
    AND article.status IN ({readable})
    AND entry.article_id NOT IN (SELECT article_id FROM bulletin WHERE {held_back}){filters}
    {order} LIMIT :limit OFFSET :offset
"""
_READABLE = ", ".join(f"'{status}'" for status in READABLE)
_OF_LANGUAGES = " AND entry.language IN :languages"
_OF_TOPICS = (
    " AND EXISTS (SELECT 1 FROM article_topic AS about WHERE about.article_id = entry.article_id"
    " AND about.topic_id IN :topics)"
)


async def find(tx: Transaction, query: Query, limit: int, offset: int = 0) -> list[int]:
    """Return the numbers of the stories that readers can find by the query, in its order.

    Of one order the newest come first; the best are those with all that is wanted in the headline, then in the lead,
    among the newest RANKED with the words.
    """
    if query.order is not Order.BEST or not query.wanted:
        return await _found(tx, replace(query, order=Order.NEWEST), limit=limit, offset=offset)
    if tx.dialect.name != "sqlite":
        return await _found(tx, query, limit=limit, offset=offset)
    # Three lists, each the newest first, read no further than is asked for.
    ranked = replace(query, since=await _oldest_ranked(tx, query))
    found: list[int] = []
    for part in Part:
        if len(found) < offset + limit:
            found += await _found(tx, ranked, part, limit=offset + limit - len(found))
    return found[offset : offset + limit]


async def _found(
    tx: Transaction, query: Query, part: Part = Part.ANYWHERE, *, limit: int, offset: int = 0
) -> list[int]:
    dialect = tx.dialect.name
    values: dict[str, Any] = {"limit": limit, "offset": offset, "most": LOOKED_THROUGH}
    filters, order = "", ""
    lists: list[BindParameter[Any]] = []
    for name, chosen, clause in (
        ("languages", query.languages or None, _OF_LANGUAGES),
        ("topics", query.topic_ids, _OF_TOPICS),
    ):
        if chosen is not None:
            filters += clause
            lists.append(bindparam(name, expanding=True))
            values[name] = list(chosen)
    place, places = _places(dialect, query, part, values)
    if dialect != "sqlite":
        order = "ORDER BY places.place DESC"
        if query.order is Order.BEST:
            order, places = "ORDER BY places.part, places.place DESC", _with_part(places, query, values)
    statement = _FIND.format(
        places=places, place=place, readable=_READABLE, held_back=HELD_BACK, filters=filters, order=order
    )
    rows = await tx.execute(text(statement).bindparams(*lists), values)
    return list(rows.scalars())


async def _oldest_ranked(tx: Transaction, query: Query) -> datetime | None:
    """Return since when the newest RANKED with the words were published; where there are fewer, what was asked."""
    values: dict[str, Any] = {"before": RANKED - 1}
    newest = replace(query, order=Order.NEWEST)
    place, places = _places(tx.dialect.name, newest, Part.ANYWHERE, values)
    last = await tx.execute(text(f"{places} ORDER BY {place} DESC LIMIT 1 OFFSET :before"), values)
    found = last.scalar_one_or_none()
    return query.since if found is None else published_at(found)


def _with_part(places: str, query: Query, values: dict[str, Any]) -> str:
    """Return the query for places with the part of the story in which the words stand, on PostgreSQL."""
    values["most"] = RANKED
    values["headline"], values["lead"] = (in_part("postgresql", query, each) for each in _FIRST_PARTS)
    part = (
        "CASE WHEN stems @@ CAST(:headline AS tsquery) THEN 0"
        " WHEN stems @@ CAST(:lead AS tsquery) THEN 1 ELSE 2 END AS part"
    )
    return places.replace("SELECT place AS place", f"SELECT place, {part}", 1)


def _places(dialect: str, query: Query, part: Part, values: dict[str, Any]) -> tuple[str, str]:
    """Return the name of the column of places, and the query for the places of all that matches."""
    place, match = _MATCH[dialect]
    if query.wanted:
        ranked = query.order is Order.BEST and dialect == "sqlite"
        values["match"] = expression(dialect, query, part if ranked else None)
        table, where = "search_text", [match]
    else:
        place, table, where = "place", "search_entry", []
    if query.unwanted and not query.wanted:
        values["match"] = unwanted(dialect, query)
        where.append(f"place NOT IN (SELECT {_MATCH[dialect][0]} FROM search_text WHERE {match})")  # noqa: S608
    if query.since is not None:
        values["since"] = first_place(query.since)
        where.append(f"{place} >= :since")
    if query.until is not None:
        values["until"] = first_place(query.until)
        where.append(f"{place} < :until")
    if dialect != "sqlite" and query.wanted and any(len(each) > 1 for each in _phrases(query)):
        # To look for places in each story's row costs a lot: only in the newest that have the words at all.
        values["words"] = words(query)
        table = f"({_NEWEST.format(where=' AND '.join(where[1:]) or 'TRUE')}) AS newest"
        where = where[:1]
    return place, f"SELECT {place} AS place FROM {table} WHERE {' AND '.join(where) or 'TRUE'}"  # noqa: S608


def _phrases(query: Query) -> list[tuple[str, ...]]:
    return [phrase for sought in query.wanted for phrase in sought.phrases]
