"""A query as each database's full text search writes it.

Stems, prefixes and marks are letters and digits alone and stand in quotes: nothing that a person types has a meaning
there.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from bot.model.search.query import Query, Sought
from bot.store.newsroom.search.stems import language_mark, topic_mark


class Part(IntEnum):
    """Where in a story everything that is wanted stands."""

    HEADLINE = 0
    LEAD = 1
    ANYWHERE = 2


_COLUMNS = {Part.HEADLINE: "{headline} : ", Part.LEAD: "{headline lead} : ", Part.ANYWHERE: ""}
_WEIGHTS = {Part.HEADLINE: "A", Part.LEAD: "AB", Part.ANYWHERE: ""}


def expression(dialect: str, query: Query, part: Part | None = None) -> str:
    """Return the expression for what has all that is wanted: wherever, or in that part and not in a part before it.

    A topic or a language has to be wanted, or something else.
    """
    pieces = [in_part(dialect, query, part if part is not None else Part.ANYWHERE)] if query.wanted else []
    pieces += _marks(dialect, query)
    whole = f"({(' AND ' if dialect == 'sqlite' else ' & ').join(pieces)})"
    if part is not None and part is not Part.HEADLINE:
        whole = _but(dialect, whole, in_part(dialect, query, Part(part - 1)))
    one = _fts5 if dialect == "sqlite" else _tsquery
    for each in query.unwanted:
        whole = _but(dialect, whole, one(each, Part.ANYWHERE))
    return whole


def words(query: Query) -> str:
    """Return PostgreSQL's expression for what has all words that are wanted, wherever each word stands."""
    pieces = [_tsquery(each, Part.ANYWHERE, " & ") for each in query.wanted]
    return " & ".join((*pieces, *_marks("postgresql", query)))


def unwanted(dialect: str, query: Query) -> str:
    """Return the expression for what has anything that is not wanted. Something has to be unwanted."""
    one, sign = (_fts5, " OR ") if dialect == "sqlite" else (_tsquery, " | ")
    return sign.join(one(each, Part.ANYWHERE) for each in query.unwanted)


def in_part(dialect: str, query: Query, part: Part) -> str:
    """Return the expression for what has all that is wanted in that part or in one before it."""
    one, sign = (_fts5, " AND ") if dialect == "sqlite" else (_tsquery, " & ")
    return f"({sign.join(one(each, part) for each in query.wanted)})"


def _marks(dialect: str, query: Query) -> list[str]:
    """Return the expressions for the topics and for the languages that are wanted."""
    groups = (map(topic_mark, query.topic_ids or ()), map(language_mark, query.languages))
    return [said for marks in groups if (said := _any_of(dialect, marks))]


def _any_of(dialect: str, marks: Iterable[str]) -> str:
    quote, sign = ('"', " OR ") if dialect == "sqlite" else ("'", " | ")
    said = sign.join(f"{quote}{mark}{quote}" for mark in marks)
    return f"({said})" if said else ""


def _but(dialect: str, whole: str, left_out: str) -> str:
    return f"({whole} NOT {left_out})" if dialect == "sqlite" else f"{whole} & !{left_out}"


def _fts5(sought: Sought, part: Part) -> str:
    ways = [f'"{" ".join(phrase)}"' for phrase in sought.phrases]
    if sought.prefix:
        ways.append(f'"{sought.prefix}" *')
    return f"({_COLUMNS[part]}({' OR '.join(ways)}))"


def _tsquery(sought: Sought, part: Part, between: str = " <-> ") -> str:
    weights = _WEIGHTS[part]
    mark = f":{weights}" if weights else ""
    phrases = [between.join(f"'{stem}'{mark}" for stem in phrase) for phrase in sought.phrases]
    ways = [f"({phrase})" for phrase in phrases]
    if sought.prefix:
        ways.append(f"'{sought.prefix}':*{weights}")
    return f"({' | '.join(ways)})"
