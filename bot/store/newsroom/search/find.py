"""Finds stories by a query, within a bound on what one search reads."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BindParameter, bindparam, text

from bot.model.search.query import Order, Query
from bot.model.story.article import READABLE
from bot.store.engine.database import Transaction
from bot.store.newsroom.search.expressions import Part, expression, unwanted
from bot.store.newsroom.search.index import first_place
from bot.store.tables.ledger import HELD_BACK

LOOKED_THROUGH = 5_000
"""How many of the newest stories with the words are looked through for topic and language."""

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
    AND article.id NOT IN (SELECT article_id FROM bulletin WHERE {held_back}){filters}
    {order} LIMIT :limit OFFSET :offset
"""
_READABLE = ", ".join(f"'{status}'" for status in READABLE)
_OF_LANGUAGES = " AND entry.language IN :languages"
_OF_TOPICS = (
    " AND EXISTS (SELECT 1 FROM article_topic AS about WHERE about.article_id = article.id"
    " AND about.topic_id IN :topics)"
)


async def find(tx: Transaction, query: Query, limit: int, offset: int = 0) -> list[int]:
    """Return the numbers of the stories that readers can find by the query, in its order.

    Of one order the newest come first; the best are those with all that is wanted in the headline, then in the lead.
    """
    if query.order is not Order.BEST or not query.wanted:
        return await _in_part(tx, query, limit=limit, offset=offset)
    found: list[int] = []
    for part in Part:
        if len(found) < offset + limit:
            found += await _in_part(tx, query, part, limit=offset + limit - len(found))
    return found[offset : offset + limit]


async def _in_part(
    tx: Transaction, query: Query, part: Part = Part.ANYWHERE, *, limit: int, offset: int = 0
) -> list[int]:
    dialect = tx.dialect.name
    values: dict[str, Any] = {"limit": limit, "offset": offset, "most": LOOKED_THROUGH}
    filters = ""
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
    statement = _FIND.format(
        places=places,
        place=place,
        readable=_READABLE,
        held_back=HELD_BACK,
        filters=filters,
        order="" if dialect == "sqlite" else "ORDER BY places.place DESC",
    )
    rows = await tx.execute(text(statement).bindparams(*lists), values)
    return list(rows.scalars())


def _places(dialect: str, query: Query, part: Part, values: dict[str, Any]) -> tuple[str, str]:
    """Return the name of the column of places, and the query for the places of all that matches."""
    place, match = _MATCH[dialect]
    if query.wanted:
        values["match"] = expression(dialect, query, part)
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
    return place, f"SELECT {place} AS place FROM {table} WHERE {' AND '.join(where) or 'TRUE'}"  # noqa: S608
