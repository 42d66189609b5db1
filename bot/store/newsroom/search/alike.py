"""Which stories share rare words with a story, within a bound on the days and on what is read."""
# ruff: noqa: S608 - statements are put together of our own words alone

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from math import log
from typing import Any

from sqlalchemy import bindparam, text

from bot.model.search.query import Query, Sought
from bot.model.story.article import READABLE, Content
from bot.store.engine.database import Transaction
from bot.store.newsroom.search.expressions import expression
from bot.store.newsroom.search.index import first_place
from bot.store.newsroom.search.stems import stems_of
from bot.store.tables.ledger import HELD_BACK

NEAR = timedelta(days=30)
"""Stories that were published within so many days are compared."""

LOOKED_FOR, SHORTEST = 10, 3
"""How many stems of headline and lead are looked for, and how long one is at least."""

FREQUENT = 40
"""A stem that so many of those stories have says nothing."""

_READ = 4_000
"""Among how many of them PostgreSQL looks, the newest."""

_ENOUGH = 2.0
"""What is shared at least: one stem of five stories, or two of fourteen each."""

_READABLE = """
    SELECT entry.place, entry.article_id FROM search_entry AS entry JOIN article ON article.id = entry.article_id
    WHERE entry.place IN :places AND article.status IN ({readable})
    AND entry.article_id NOT IN (SELECT article_id FROM bulletin WHERE {held_back})
"""


async def alike(tx: Transaction, content: Content, at: datetime, query: Query, *, limit: int) -> list[int]:
    """Return the numbers of the stories that share the most with one that was published then, the most first.

    They are looked for among those of the query's topics and languages. The story itself may be one of them.
    """
    stems = _telling(content)
    near = replace(query, since=at - NEAR, until=at + NEAR)
    having = await _having(tx, near, stems) if stems else {}
    shared: Counter[int] = Counter()
    for places in having.values():
        if len(places) < FREQUENT:
            for place in places:
                shared[place] += log(FREQUENT / len(places))  # type: ignore[assignment]
    best = sorted((-worth, -place) for place, worth in shared.items() if worth >= _ENOUGH)[: limit * 3]
    return await _readable(tx, [-place for _, place in best], limit)


def _telling(content: Content) -> list[str]:
    """Return the stems of the headline, then of the lead, the longest first: they are the rarest as a rule."""
    stems = stems_of(content)
    told: list[str] = []
    for part in (stems.headline, stems.lead):
        long = {stem for stem in part.split() if len(stem) >= SHORTEST}
        told += sorted(long.difference(told), key=lambda stem: (-len(stem), stem))
    return told[:LOOKED_FOR]


async def _having(tx: Transaction, query: Query, stems: Sequence[str]) -> dict[int, list[int]]:
    """Return the places of the stories that have each stem, at most FREQUENT of each, the newest."""
    assert query.since is not None
    assert query.until is not None
    values: dict[str, Any] = {"since": first_place(query.since), "until": first_place(query.until)}
    wanted = [Sought(((stem,),)) for stem in stems]
    having: dict[int, list[int]] = defaultdict(list)
    if tx.dialect.name == "sqlite":
        one = (
            "SELECT {at} AS stem, rowid AS place FROM search_text WHERE search_text MATCH :match{at}"
            " AND rowid >= :since AND rowid < :until ORDER BY rowid DESC LIMIT {most}"
        )
        union = " UNION ALL ".join(
            f"SELECT * FROM ({one.format(at=at, most=FREQUENT)})" for at in range(len(stems))
        )
        for at, each in enumerate(wanted):
            values[f"match{at}"] = expression("sqlite", replace(query, wanted=(each,)))
        for row in await tx.execute(text(union), values):
            having[row.stem].append(row.place)
        return having
    has = ", ".join(f"stems @@ CAST(:stem{at} AS tsquery)" for at in range(len(stems)))
    values |= {f"stem{at}": f"'{stem}'" for at, stem in enumerate(stems)}
    values["match"] = expression("postgresql", replace(query, wanted=(_any(stems),)))
    rows = "SELECT place, stems FROM search_text WHERE place >= :since AND place < :until"
    newest = f"SELECT * FROM ({rows} ORDER BY place DESC LIMIT {_READ}) AS newest"
    found = f"SELECT place, {has} FROM ({newest}) AS near WHERE stems @@ CAST(:match AS tsquery)"
    for row in await tx.execute(text(f"{found} ORDER BY place DESC"), values):
        for at, stands in enumerate(row[1:]):
            if stands and len(having[at]) < FREQUENT:
                having[at].append(row[0])
    return having


def _any(stems: Iterable[str]) -> Sought:
    return Sought(tuple((stem,) for stem in stems))


async def _readable(tx: Transaction, places: Sequence[int], limit: int) -> list[int]:
    if not places:
        return []
    readable = ", ".join(f"'{status}'" for status in READABLE)
    asked = text(_READABLE.format(readable=readable, held_back=HELD_BACK))
    rows = await tx.execute(asked.bindparams(bindparam("places", expanding=True)), {"places": list(places)})
    numbers = {row.place: row.article_id for row in rows}
    return [numbers[place] for place in places if place in numbers][:limit]
