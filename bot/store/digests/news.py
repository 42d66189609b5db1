"""News for digests, read by set: what was published, and which chats have what of it already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Select, String, and_, bindparam, cast, func, select

from bot.model.delivery import State, SubjectKind
from bot.model.following.news import NewsStory
from bot.model.story.article import Status
from bot.store.engine.array_param import PackedRows, among, joined
from bot.store.engine.database import Transaction
from bot.store.newsroom import articles
from bot.store.newsroom.tables import article, article_topic, revision
from bot.store.tables.audience import digest, digest_article
from bot.store.tables.ledger import delivery

MOST_READ = 10_000
"""How many stories are looked at: so many in a week are more than any newsroom tells."""

_STORIES = (
    select(article.c.id, article.c.published_at, revision.c.language, article.c.flash, article.c.source)
    .join(revision, and_(revision.c.article_id == article.c.id, revision.c.number == article.c.revision))
    .where(article.c.status == Status.PUBLISHED, ~articles.HELD_BACK)
    .order_by(article.c.published_at.desc(), article.c.id.desc())
)
_GOT = (State.DONE, State.WAITING, State.CLAIMED)
"""The states of what a chat has, or is about to get."""

# A row for each article: a broadcast goes to the same chats as the one before, and the key has them in their order.
_HAVE = PackedRows(
    select(
        article.c.id,
        select(joined(cast(delivery.c.chat_id, String)))
        .where(
            delivery.c.bot_id == bindparam("b_bot"),
            delivery.c.kind == SubjectKind.ARTICLE,
            delivery.c.subject_id == article.c.id,
            # The range lets the primary key serve: the chats of a batch are neighbours.
            delivery.c.chat_id.between(bindparam("b_first"), bindparam("b_last")),
            delivery.c.state.in_(_GOT),
        )
        .scalar_subquery()
        .label("chats"),
    ).where(among(article.c.id, "b_articles"))
)
_TOLD = PackedRows(
    select(digest.c.chat_id, digest.c.edition_id)
    .join(
        delivery,
        and_(
            delivery.c.bot_id == bindparam("b_bot"),
            delivery.c.kind == SubjectKind.DIGEST,
            delivery.c.subject_id == digest.c.id,
            delivery.c.chat_id == digest.c.chat_id,
            delivery.c.state.in_(_GOT),
        ),
    )
    .where(among(digest.c.chat_id, "b_chats"), digest.c.id > bindparam("b_floor"))
    .where(digest.c.created_at > bindparam("b_since"), digest.c.edition_id.is_not(None))
)


async def published(tx: Transaction, since: datetime, until: datetime) -> list[NewsStory]:
    """Return what was published after `since` and up to `until` and can be read, newest first."""
    within = (article.c.published_at > since, article.c.published_at <= until)
    return await _read(tx, _STORIES.where(*within).limit(MOST_READ), {})


async def of_ids(tx: Transaction, ids: Collection[int]) -> list[NewsStory]:
    """Return those of the articles that can be read, newest first."""
    return await _read(tx, _STORIES.where(among(article.c.id, "b_ids")), {"b_ids": list(ids)}) if ids else []


async def flashes_among(tx: Transaction, ids: Collection[int]) -> set[int]:
    """Return those of the articles that are breaking news."""
    found = select(article.c.id).where(among(article.c.id, "b_ids"), article.c.flash)
    return set((await tx.execute(found, {"b_ids": list(ids)})).scalars()) if ids else set()


async def _read(tx: Transaction, statement: Select[Any], values: dict[str, Any]) -> list[NewsStory]:
    rows = (await tx.execute(statement, values)).all()
    about: dict[int, list[int]] = defaultdict(list)
    on = select(article_topic.c.article_id, article_topic.c.topic_id)
    asked = {"b_articles": [row.id for row in rows]}
    for article_id, topic_id in await tx.execute(
        on.where(among(article_topic.c.article_id, "b_articles")), asked
    ):
        about[article_id].append(topic_id)
    return [
        NewsStory(row.id, row.published_at, row.language or "", tuple(about[row.id]), row.flash, row.source)
        for row in rows
    ]


async def got(
    tx: Transaction, bot_id: int, chat_ids: Collection[int], article_ids: Collection[int]
) -> dict[int, frozenset[int]]:
    """Return which of the articles each of the chats has by itself, or is about to get."""
    if not chat_ids or not article_ids:
        return {}
    asked = {
        "b_articles": list(article_ids),
        "b_bot": bot_id,
        "b_first": min(chat_ids),
        "b_last": max(chat_ids),
    }
    alike: dict[str, list[int]] = defaultdict(list)
    for article_id, chats in await _HAVE.all(tx, asked):
        if chats is not None:
            alike[chats].append(article_id)
    return _by_chat(alike, frozenset(chat_ids))


def _by_chat(alike: Mapping[str, Sequence[int]], chat_ids: frozenset[int]) -> dict[int, frozenset[int]]:
    """Return the articles by chat, from those that the same chats have; chats that have the same share a set."""
    which: dict[int, list[int]] = {}
    for place, chats in enumerate(alike):
        for chat_id in chat_ids.intersection(orjson.loads(f"[{chats}]")):
            which.setdefault(chat_id, []).append(place)
    articles_of = list(alike.values())
    made: dict[tuple[int, ...], frozenset[int]] = {}
    found = {}
    for chat_id, places in which.items():
        key = tuple(places)
        if key not in made:
            made[key] = frozenset(each for place in places for each in articles_of[place])
        found[chat_id] = made[key]
    return found


async def told(
    tx: Transaction, bot_id: int, chat_ids: Collection[int], since: datetime, *, floor: int = 0
) -> dict[int, set[int]]:
    """Return which editions digests made after `since` told each of the chats, or are about to.

    Digests of a number up to `floor` are older.
    """
    asked = {"b_chats": list(chat_ids), "b_bot": bot_id, "b_floor": floor, "b_since": since}
    return _sets(await _TOLD.all(tx, asked))


async def last_before(tx: Transaction, at: datetime) -> int:
    """Return the number of the last digest that was made up to that time; numbers grow with time."""
    low, high = 0, int((await tx.execute(select(func.coalesce(func.max(digest.c.id), 0)))).scalar_one())
    while low < high:
        middle = (low + high + 1) // 2
        next_one = select(digest.c.id, digest.c.created_at).where(digest.c.id >= middle)
        row = (await tx.execute(next_one.order_by(digest.c.id).limit(1))).first()
        if row is not None and row.created_at <= at:
            low = max(middle, row.id)
        else:
            high = middle - 1
    return low


async def in_editions(tx: Transaction, numbers: Collection[int]) -> Mapping[int, frozenset[int]]:
    """Return which articles each of the editions tells."""
    if not numbers:
        return {}
    statement = select(digest_article.c.edition_id, digest_article.c.article_id)
    found = await tx.execute(
        statement.where(among(digest_article.c.edition_id, "b_editions")), {"b_editions": list(numbers)}
    )
    return {number: frozenset(ids) for number, ids in _sets(found.all()).items()}


def _sets(rows: Any) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for key, value in rows:
        found[key].add(value)
    return found


def union_of(known: Mapping[int, frozenset[int]], numbers: Sequence[int] | set[int]) -> set[int]:
    """Return all articles of some editions."""
    return set().union(*(known.get(each, frozenset()) for each in numbers))
