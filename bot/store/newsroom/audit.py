"""Who did what to which version when, and what became different. Rows are only ever added: a trigger holds that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, insert, or_, select

from bot.model.desk.deed import Deed
from bot.model.story.difference import Change, difference
from bot.store.engine.database import Transaction
from bot.store.newsroom import articles
from bot.store.newsroom.tables import article_topic, audit

COMMAND = "command"

hand: ContextVar[str] = ContextVar("hand", default="")
"""What works in this process where no person acts: `command` for the command line; else the bot by itself."""

_COLUMNS = (
    audit.c.at,
    audit.c.actor,
    audit.c.verb,
    audit.c.article_id,
    audit.c.revision,
    audit.c.detail,
    audit.c.bot_id,
    audit.c.id,
    audit.c.hand,
    audit.c.topics,
    audit.c.difference,
)


@dataclass(frozen=True, slots=True)
class Window:
    """Which deeds are meant: those on one story, those of one bot and of all bots, those since a time.

    `actor` is who did it. `before` and `after` are an entry's id. `aside` are verbs that are left out.
    """

    bot_id: int | None = None
    article_id: int | None = None
    actor: int | None = None
    since: datetime | None = None
    before: int | None = None
    after: int | None = None
    aside: tuple[str, ...] = ()


async def add(
    tx: Transaction,
    at: datetime,
    actor: int | None,
    verb: str,
    *,
    article_id: int | None = None,
    revision: int | None = None,
    detail: str = "",
    bot_id: int | None = None,
    changes: Sequence[Change] = (),
) -> None:
    """Note the deed, in the transaction that does it.

    Of a story's revision, what became different since the entry before is found here; `changes` are those of
    something else.
    """
    values: dict[str, Any] = {
        "at": at,
        "actor": actor,
        "verb": verb,
        "article_id": article_id,
        "revision": revision,
        "detail": detail,
        "bot_id": bot_id,
        "hand": "" if actor is not None else hand.get(),
        "topics": None,
    }
    found = list(changes)
    if article_id is not None and revision is not None:
        values["topics"] = await _topics(tx, article_id)
        found += await _difference(tx, article_id, revision, values["topics"])
    values["difference"] = [asdict(each) for each in found] or None
    await tx.execute(insert(audit).values(values))


async def last(tx: Transaction, verb: str, bot_id: int) -> Deed | None:
    """Return the latest deed of that kind that holds for one bot, or None."""
    where = (audit.c.verb == verb, audit.c.bot_id == bot_id)
    row = (await tx.execute(select(*_COLUMNS).where(*where).order_by(audit.c.id.desc()).limit(1))).first()
    return _deed(row) if row else None


async def recent(
    tx: Transaction, limit: int, *, article_id: int | None = None, window: Window | None = None
) -> list[Deed]:
    """Return the latest deeds, newest first; those on one article, or in a window, where that is given."""
    meant = window or Window(article_id=article_id)
    statement = _within(meant).order_by(audit.c.id.desc()).limit(limit)
    return [_deed(row) for row in (await tx.execute(statement)).all()]


async def oldest(tx: Transaction, limit: int, window: Window) -> list[Deed]:
    """Return the first deeds in a window, oldest first."""
    statement = _within(window).order_by(audit.c.id).limit(limit)
    return [_deed(row) for row in (await tx.execute(statement)).all()]


async def hands(tx: Transaction, ids: Sequence[int]) -> dict[int, str]:
    """Return what worked where no person acted, of the deeds with these ids."""
    rows = await tx.execute(select(audit.c.id, audit.c.hand).where(audit.c.id.in_(ids)))
    return {row.id: row.hand for row in rows}


def _within(window: Window) -> Select[Any]:
    where: list[Any] = []
    if window.bot_id is not None:
        where.append(or_(audit.c.bot_id == window.bot_id, audit.c.bot_id.is_(None)))
    if window.article_id is not None:
        where.append(audit.c.article_id == window.article_id)
    if window.actor is not None:
        where.append(audit.c.actor == window.actor)
    if window.since is not None:
        where.append(audit.c.at >= window.since)
    if window.before is not None:
        where.append(audit.c.id < window.before)
    if window.after is not None:
        where.append(audit.c.id > window.after)
    if window.aside:
        where.append(audit.c.verb.not_in(window.aside))
    return select(*_COLUMNS).where(*where)


async def _topics(tx: Transaction, article_id: int) -> list[int]:
    statement = select(article_topic.c.topic_id).where(article_topic.c.article_id == article_id)
    return sorted((await tx.execute(statement)).scalars())


async def _difference(tx: Transaction, article_id: int, revision: int, topics: list[int]) -> Iterable[Change]:
    before = select(audit.c.revision, audit.c.topics).where(
        audit.c.article_id == article_id, audit.c.revision.is_not(None)
    )
    row = (await tx.execute(before.order_by(audit.c.id.desc()).limit(1))).first()
    if row is None:
        return ()
    made: list[Change] = []
    if row.revision < revision:
        try:
            was = await articles.content_of(tx, article_id, row.revision)
            made += difference(was, await articles.content_of(tx, article_id, revision))
        except LookupError:
            # The revision is older than the ledger is kept.
            made.append(Change("form", "", ""))
    if row.topics is not None and row.topics != topics:
        made.append(Change("topics", _ids(row.topics), _ids(topics)))
    return made


def _ids(topics: Iterable[int]) -> str:
    return " ".join(map(str, topics))


def _deed(row: Any) -> Deed:
    values = dict(row._mapping)
    values["topics"] = None if row.topics is None else tuple(row.topics)
    values["difference"] = tuple(Change(**each) for each in row.difference or ())
    return Deed(**values)
