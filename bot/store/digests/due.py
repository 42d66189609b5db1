"""Digests that are due, read and written by set: hundreds of chats a transaction, a few statements for all of them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import (
    BigInteger,
    String,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    text,
    type_coerce,
    update,
)

from bot.model.chat import ChatState
from bot.model.delivery import Lane, State, SubjectKind
from bot.model.following.mode import Mode
from bot.model.following.mute import MuteTarget
from bot.model.following.news import TopicChoice, choice_among
from bot.model.hours import DigestTime
from bot.model.languages import ANY, Codes
from bot.model.story.digest import Occasion
from bot.model.story.topic import Topics
from bot.store.engine.array_param import among, joined
from bot.store.engine.database import Transaction
from bot.store.engine.types import to_millis
from bot.store.tables.audience import chat, digest, subscription
from bot.store.tables.ledger import delivery

_LAST = 2**15

# What a chat chose of topics, as one text: a row for each would take as long as all the rest.
_CHOSEN = (
    select(
        joined(
            cast(subscription.c.topic_id, String)
            + ":"
            + cast(subscription.c.mode, String)
            + ":"
            + cast(func.coalesce(subscription.c.position, _LAST), String)
            + ":"
            + cast(type_coerce(subscription.c.since, BigInteger), String)
        )
    )
    .where(subscription.c.chat_id == chat.c.id)
    .scalar_subquery()
)

_ADD_ON_SQLITE = text(
    "INSERT INTO digest (chat_id, edition_id, since, created_at, highlights_id, occasion) "
    "SELECT value ->> 0, value ->> 1, value ->> 2, :b_now, value ->> 3, value ->> 4 FROM json_each(:b_rows)"
)
_ADD_ON_POSTGRESQL = text(
    "INSERT INTO digest (chat_id, edition_id, since, created_at, highlights_id, occasion) "
    "SELECT chat, edition, since, CAST(:b_now AS bigint), head, occasion FROM unnest(CAST(:b_chats AS bigint[]), "
    "CAST(:b_editions AS bigint[]), CAST(:b_since AS bigint[]), CAST(:b_heads AS bigint[]), "
    "CAST(:b_occasions AS text[])) AS made (chat, edition, since, head, occasion)"
)
_WANT = text(
    "INSERT INTO delivery (bot_id, kind, subject_id, chat_id, thread_id, lane, wanted, due_at, state, attempts) "
    "SELECT CAST(:b_bot AS bigint), CAST(:b_kind AS smallint), digest.id, chat.id, "
    "NULLIF(COALESCE(chat.digest_thread, chat.thread_id), 1), "
    "CAST(:b_lane AS smallint), 1, CAST(:b_now AS bigint), CAST(:b_state AS smallint), 0 "
    "FROM digest JOIN chat ON chat.id = digest.chat_id "
    "WHERE digest.id > :b_last AND digest.created_at = CAST(:b_now AS bigint) "
    "AND chat.id BETWEEN :b_first_chat AND :b_last_chat"
)


class DueChat(NamedTuple):
    """A chat whose digest is due. `last` is when its last one was made, in milliseconds; `chosen` what it follows."""

    id: int
    times: tuple[DigestTime, ...]
    zone: str
    last: int | None
    languages: Codes
    empty: bool
    away_until: datetime | None
    chosen: str | None


class Made(NamedTuple):
    """A digest to be written: whose it is, what it tells since when, the highlights that head it, why it is made."""

    chat_id: int
    edition_id: int | None
    since: datetime
    highlights_id: int | None = None
    occasion: Occasion | None = None


_IS_DUE = (
    chat.c.state == ChatState.ACTIVE,
    chat.c.digest_due <= bindparam("b_now", type_=chat.c.digest_due.type),
)


async def due(tx: Transaction, bot_id: int, now: datetime) -> list[int]:
    """Return the chats whose digest is due, by number: neighbours are written together."""
    # With the bare column SQLite would walk all chats of the bot.
    statement = select(chat.c.id).where(chat.c.bot_id + 0 == bot_id, *_IS_DUE)
    return sorted((await tx.execute(statement, {"b_now": now})).scalars())


async def chats_of(tx: Transaction, ids: Sequence[int], now: datetime) -> list[DueChat]:
    """Return those of the chats whose digest is still due, by number."""
    statement = (
        select(
            chat.c.id,
            chat.c.digest_times,
            chat.c.zone,
            type_coerce(chat.c.digest_last, BigInteger),
            chat.c.news_languages,
            chat.c.digest_empty,
            chat.c.away_until,
            _CHOSEN,
        )
        .where(among(chat.c.id, "b_chats"), *_IS_DUE)
        .order_by(chat.c.id)
    )
    rows = await tx.execute(statement, {"b_chats": list(ids), "b_now": now})
    return [DueChat(row[0], row[1], row[2], row[3], row[4] or ANY, row[5], row[6], row[7]) for row in rows]


@lru_cache(maxsize=8192)
def _words_of(chosen: str) -> tuple[tuple[int, int, int, Mode], ...]:
    """Return (position, since, topic, mode) of what a chat chose."""
    found = []
    for each in chosen.split(","):
        topic_id, mode, position, since = each.split(":")
        found.append((int(position), int(since), int(topic_id), Mode(int(mode))))
    return tuple(found)


class TopicChoices:
    """What chats chose of topics, read from a text of each; what reads alike is read once."""

    def __init__(self, known: Topics) -> None:
        self._place = {topic.id: place for place, topic in enumerate(known.all)}
        self._found: dict[tuple[str | None, frozenset[MuteTarget]], TopicChoice] = {}

    def of(self, chosen: str | None, muted: frozenset[MuteTarget] = frozenset()) -> TopicChoice:
        """Return what a chat chose."""
        found = self._found.get((chosen, muted))
        if found is None:
            found = self._found[chosen, muted] = self._read(_words_of(chosen) if chosen else (), muted)
        return found

    def _read(self, words: Sequence[tuple[int, int, int, Mode]], muted: frozenset[MuteTarget]) -> TopicChoice:
        ranked = sorted(
            (position, since, self._place[topic_id], topic_id)
            for position, since, topic_id, mode in words
            if topic_id in self._place and mode is not Mode.OFF
        )
        modes = {topic_id: mode for *_, topic_id, mode in words}
        return choice_among((each[-1] for each in ranked), modes, muted)


async def unsent(tx: Transaction, bot_id: int) -> dict[int, list[int]]:
    """Return the digests that never got out, by chat; what editors picked, or came for a reason of its own, is none."""
    waiting = delivery.c.state == literal_column(str(int(State.WAITING)))
    statement = (
        select(delivery.c.chat_id, delivery.c.subject_id)
        .join(digest, digest.c.id == delivery.c.subject_id)
        .where(delivery.c.bot_id == bot_id, waiting, delivery.c.lane == Lane.DIGEST)
        .where(delivery.c.kind == SubjectKind.DIGEST, delivery.c.shown.is_(None))
        .where(digest.c.highlights_id.is_(None), digest.c.occasion.is_(None))
    )
    found: dict[int, list[int]] = defaultdict(list)
    for chat_id, digest_id in await tx.execute(statement):
        found[chat_id].append(digest_id)
    return found


async def merge(tx: Transaction, bot_id: int, ids: Collection[int]) -> dict[int, datetime]:
    """Skip digests that still wait, and return since when they told, by chat: the next ones tell it."""
    if not ids:
        return {}
    asked = {"b_digests": list(ids)}
    skipped = (
        update(delivery)
        .where(delivery.c.bot_id == bot_id, delivery.c.kind == SubjectKind.DIGEST)
        .where(among(delivery.c.subject_id, "b_digests"))
        .where(delivery.c.state == State.WAITING, delivery.c.shown.is_(None))
        .values(state=State.SKIPPED, reason="merged")
        .returning(delivery.c.subject_id)
    )
    gone = list((await tx.execute(skipped, asked)).scalars())
    since = select(digest.c.chat_id, func.min(digest.c.since)).where(among(digest.c.id, "b_digests"))
    rows = await tx.execute(since.group_by(digest.c.chat_id), {"b_digests": gone})
    return {row[0]: row[1] for row in rows}


async def add(tx: Transaction, bot_id: int, made: Sequence[Made], now: datetime) -> None:
    """Keep digests, one a chat, the chats by number, and want them shown."""
    if not made:
        return
    last = int((await tx.execute(select(func.coalesce(func.max(digest.c.id), 0)))).scalar_one())
    at = to_millis(now)
    rows = [(*one[:2], to_millis(one.since), *one[3:]) for one in made]
    if tx.dialect.name == "sqlite":
        await tx.execute(_ADD_ON_SQLITE, {"b_rows": json.dumps(rows), "b_now": at})
    else:
        names = ("b_chats", "b_editions", "b_since", "b_heads", "b_occasions")
        columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
        await tx.execute(_ADD_ON_POSTGRESQL, {**columns, "b_now": at})
    chats = {"b_first_chat": made[0].chat_id, "b_last_chat": made[-1].chat_id}
    kept = {"b_kind": int(SubjectKind.DIGEST), "b_lane": int(Lane.DIGEST), "b_state": int(State.WAITING)}
    await tx.execute(_WANT, {"b_bot": bot_id, "b_last": last, "b_now": at, **kept, **chats})


async def next_due(
    tx: Transaction, due_at: Mapping[datetime | None, Sequence[int]], *, last: datetime | None
) -> None:
    """Plan the next digests of chats, by their time; `last` is up to when their digests have told so far."""
    told = {"digest_last": last} if last is not None else {}
    moved = update(chat).where(among(chat.c.id, "b_chats"))
    for at, ids in due_at.items():
        await tx.execute(moved.values(digest_due=at, **told), {"b_chats": list(ids)})


async def had(tx: Transaction, highlights_id: int, ids: Collection[int]) -> set[int]:
    """Return those of the chats that had the highlights."""
    of_it = (digest.c.highlights_id == highlights_id, among(digest.c.chat_id, "b_chats"))
    return set((await tx.execute(select(digest.c.chat_id).where(*of_it), {"b_chats": list(ids)})).scalars())
