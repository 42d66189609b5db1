"""The ways in which places of stories are looked for, the cheapest first, as each database's statement of them.

A way that looks at the newest stories alone is enough where it finds as many as are asked for: words that many stories
have are found so. PostgreSQL's index knows no order: of such a word it would fetch each story there is.
"""
# ruff: noqa: S608 - statements are put together of our own words alone

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from bot.model.languages import ANY
from bot.model.search.query import Query
from bot.store.newsroom.search.expressions import Part, expression, in_part, unwanted, words
from bot.store.newsroom.search.index import first_place

LOOKED_THROUGH = 5_000
"""In how many of the newest stories with all words PostgreSQL looks whether they stand side by side; and, where there
are more topics than MOST_MARKS, in how many topics are looked up."""

NEWEST, NEWEST_RANKED = 5_000, 10_000
"""How many of the newest stories PostgreSQL compares with the query before the whole index is asked (4 ms), and where
the best are looked for."""

RANKED = 1_000
"""Among how many of the newest stories with the words the best are looked for."""

MOST_MARKS = 200
"""Of more topics than that it is looked up story by story whether a story has one."""

FEW_MARKS, NEWEST_ENTRIES = 8, 500
"""Of more topics than that, most stories have one: SQLite looks them up in so many of the newest stories first."""

_ALL = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Way:
    """A statement's part that gives the column `place` of what is found, with its values.

    `filters`: topics and languages are still to be looked up for each story. `ranked`: there is a column `part` too,
    and `total`, which says among how many stories.
    """

    sql: str
    values: dict[str, Any] = field(default_factory=dict)
    filters: bool = False
    ranked: bool = False


def ways(dialect: str, query: Query, part: Part | None = None) -> list[Way]:
    """Return the ways of looking for a query: each finds the newest, the last all there is (within its bound)."""
    # The index knows which topics a story has, and not that a story has none.
    marked = len(query.topic_ids or ()) <= MOST_MARKS and not query.untopical
    narrowed = bool(query.topic_ids or query.languages)
    if not query.wanted and not (narrowed and marked):
        return [_entries(dialect, query, LOOKED_THROUGH)]
    if not marked:
        free = replace(query, topic_ids=None, languages=ANY, untopical=False)
        return [replace(each, filters=True) for each in ways(dialect, free, part)]
    if dialect == "sqlite":
        many = not query.wanted and not query.unwanted and len(query.topic_ids or ()) > FEW_MARKS
        first = [_entries(dialect, query, NEWEST_ENTRIES)] if many else []
        return [*first, _index(dialect, query, part)]
    return [_newest_rows(query, part), _index(dialect, query, part)]


def ranked(query: Query) -> list[Way]:
    """Return the ways of looking for the best on PostgreSQL: those with all words in the headline, then in the lead."""
    where, values = _bounds(query, "place")
    values["match"] = expression("postgresql", query)
    values["headline"], values["lead"] = (
        in_part("postgresql", query, each) for each in (Part.HEADLINE, Part.LEAD)
    )
    rows = f"SELECT place, stems FROM search_text WHERE {where} ORDER BY place DESC LIMIT {NEWEST_RANKED}"
    newest = f"SELECT place, stems FROM ({rows}) AS newest WHERE {_match('postgresql')} LIMIT {RANKED}"
    found = _index("postgresql", query)
    first = f"SELECT place FROM ({found.sql}) AS found ORDER BY place DESC LIMIT {RANKED}"
    indexed = f"SELECT place, stems FROM ({first}) AS first JOIN search_text USING (place)"
    part = "CASE WHEN stems @@ CAST(:headline AS tsquery) THEN 0 WHEN stems @@ CAST(:lead AS tsquery) THEN 1 ELSE 2 END"
    return [
        Way(
            f"SELECT place, {part} AS part, count(*) OVER () AS total FROM ({each}) AS likely",
            values | found.values,
            ranked=True,
        )
        for each in (newest, indexed)
    ]


def _entries(dialect: str, query: Query, most: int) -> Way:
    """Look through the newest stories, whatever their words."""
    where, values = _bounds(query, "place")
    if query.unwanted:
        column, values["match"] = _column(dialect), unwanted(dialect, query)
        where += f" AND place NOT IN (SELECT {column} FROM search_text WHERE {_match(dialect)})"
    bound = most if query.topic_ids or query.languages or query.untopical else _ALL
    sql = f"SELECT place FROM search_entry WHERE {where} ORDER BY place DESC LIMIT {bound}"
    return Way(sql, values, filters=True)


def _newest_rows(query: Query, part: Part | None) -> Way:
    """Compare the newest stories' stems one after the other, until enough are found. On PostgreSQL."""
    where, values = _bounds(query, "place")
    values["match"] = expression("postgresql", query, part)
    rows = f"SELECT place, stems FROM search_text WHERE {where} ORDER BY place DESC LIMIT {NEWEST}"
    return Way(f"SELECT place FROM ({rows}) AS newest WHERE {_match('postgresql')}", values)


def _index(dialect: str, query: Query, part: Part | None = None) -> Way:
    """Ask the index, which SQLite reads from the newest on."""
    column, match = _column(dialect), _match(dialect)
    where, values = _bounds(query, column)
    values["match"] = expression(dialect, query, part)
    if dialect == "sqlite":
        # Without a bound SQLite would leave the order out.
        found = f"SELECT rowid AS place FROM search_text WHERE {match} AND {where}"
        return Way(f"{found} ORDER BY rowid DESC LIMIT {_ALL}", values)
    if all(len(phrase) < 2 for sought in query.wanted for phrase in sought.phrases):
        # `OFFSET 0` keeps the order out of it: by the order alone every story would be fetched.
        return Way(f"SELECT place FROM search_text WHERE {match} AND {where} OFFSET 0", values)
    # To look for places in each story's row costs a lot: only in the newest that have the words at all.
    values["words"] = words(query)
    likely = f"SELECT place FROM search_text WHERE stems @@ CAST(:words AS tsquery) AND {where} OFFSET 0"
    newest = f"SELECT place FROM ({likely}) AS likely ORDER BY place DESC LIMIT {LOOKED_THROUGH}"
    joined = f"({newest}) AS newest JOIN search_text USING (place)"
    return Way(f"SELECT place FROM {joined} WHERE {match} OFFSET 0", values)


def _column(dialect: str) -> str:
    return "rowid" if dialect == "sqlite" else "place"


def _match(dialect: str) -> str:
    return "search_text MATCH :match" if dialect == "sqlite" else "stems @@ CAST(:match AS tsquery)"


def _bounds(query: Query, column: str) -> tuple[str, dict[str, Any]]:
    where, values = [], {}
    if query.since is not None:
        values["since"] = first_place(query.since)
        where.append(f"{column} >= :since")
    if query.until is not None:
        values["until"] = first_place(query.until)
        where.append(f"{column} < :until")
    return " AND ".join(where) or "TRUE", values
