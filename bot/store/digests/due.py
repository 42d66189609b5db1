"""Digests that are due, read and written by set: hundreds of chats a transaction, a few statements for all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy import (
    BigInteger,
    String,
    bindparam,
    func,
    literal_column,
    select,
    text,
    type_coerce,
    update,
)

from bot.model.chat import ChatState
from bot.model.delivery import Lane, State, SubjectKind
from bot.model.languages import ANY, Codes
from bot.model.story.digest import Occasion
from bot.store.engine.array_param import PackedRows, among
from bot.store.engine.database import Transaction
from bot.store.engine.types import language_codes, to_millis
from bot.store.tables.audience import chat, digest
from bot.store.tables.ledger import delivery

_ADD_ON_SQLITE = text(
    "INSERT INTO digest (chat_id, edition_id, since, created_at, highlights_id, occasion) "
    "SELECT value ->> 0, value ->> 1, value ->> 2, :b_now, value ->> 3, value ->> 4 FROM json_each(:b_rows)"
)
_WANT = text(
    "INSERT INTO delivery (bot_id, kind, subject_id, chat_id, thread_id, lane, wanted, due_at, state, attempts) "
    "SELECT :b_bot, :b_kind, digest.id, chat.id, NULLIF(COALESCE(chat.digest_thread, chat.thread_id), 1), "
    ":b_lane, 1, :b_now, :b_state, 0 FROM digest JOIN chat ON chat.id = digest.chat_id "
    "WHERE digest.id > :b_last AND digest.created_at = :b_now AND chat.id BETWEEN :b_first_chat AND :b_last_chat"
)
# One statement: what the first part wrote need not be looked for.
_ADD_ON_POSTGRESQL = text(
    "WITH made AS (INSERT INTO digest (chat_id, edition_id, since, created_at, highlights_id, occasion) "
    "SELECT chat, edition, since, CAST(:b_now AS bigint), head, occasion FROM unnest(CAST(:b_chats AS bigint[]), "
    "CAST(:b_editions AS bigint[]), CAST(:b_since AS bigint[]), CAST(:b_heads AS bigint[]), "
    "CAST(:b_occasions AS text[])) AS told (chat, edition, since, head, occasion) RETURNING id, chat_id) "
    "INSERT INTO delivery (bot_id, kind, subject_id, chat_id, thread_id, lane, wanted, due_at, state, attempts) "
    "SELECT CAST(:b_bot AS bigint), CAST(:b_kind AS smallint), made.id, chat.id, "
    "NULLIF(COALESCE(chat.digest_thread, chat.thread_id), 1), "
    "CAST(:b_lane AS smallint), 1, CAST(:b_now AS bigint), CAST(:b_state AS smallint), 0 "
    "FROM made JOIN chat ON chat.id = made.chat_id"
)

_PLACES = 2**12
"""A chat and the place of its turn are one number: the chat so many times, and the place."""

# The limit has SQLite read the turns once, not for each chat. Behind a WITH its driver would count no rows.
_MOVED = (
    "UPDATE chat SET digest_due = turn.next, digest_last = COALESCE(turn.last, chat.digest_last) "
    "FROM ({numbers}) AS moved JOIN ({turns} LIMIT {places}) AS turn ON turn.place = moved.number % {places} "
    "WHERE chat.id = moved.number / {places} AND chat.digest_times {same} turn.times AND chat.zone = turn.zone "
    "AND chat.away_until {same} turn.away AND chat.state = :b_state AND chat.digest_due <= :b_now"
)
_MOVE_ON_SQLITE = text(
    _MOVED.format(
        turns="SELECT value ->> 0 AS place, value ->> 1 AS times, value ->> 2 AS zone, value ->> 3 AS away, "
        "value ->> 4 AS next, value ->> 5 AS last FROM json_each(:b_turns)",
        numbers="SELECT value AS number FROM json_each(:b_numbers)",
        places=_PLACES,
        same="IS",
    )
)
_MOVE_ON_POSTGRESQL = text(
    _MOVED.format(
        turns="SELECT CAST(one ->> 0 AS integer) AS place, one ->> 1 AS times, one ->> 2 AS zone, "
        "CAST(one ->> 3 AS bigint) AS away, CAST(one ->> 4 AS bigint) AS next, CAST(one ->> 5 AS bigint) AS last "
        "FROM json_array_elements(CAST(CAST(:b_turns AS text) AS json)) AS turns (one)",
        numbers="SELECT unnest(CAST(:b_numbers AS bigint[])) AS number",
        places=_PLACES,
        same="IS NOT DISTINCT FROM",
    )
)


class DueChat(NamedTuple):
    """A chat whose digest is due. `times` are as they are kept; `last`, when its last one was made, in milliseconds."""

    id: int
    times: str
    zone: str
    last: int | None
    languages: Codes
    empty: bool
    away_until: int | None


class Turn(NamedTuple):
    """When a chat's digest is due next, in milliseconds, and what that follows from; `last`, where one is made now."""

    chat_id: int
    times: str
    zone: str
    away_until: int | None
    next: int | None
    last: int | None


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


_DUE_CHATS = PackedRows(
    select(
        chat.c.id,
        type_coerce(chat.c.digest_times, String).label("times"),
        chat.c.zone,
        type_coerce(chat.c.digest_last, BigInteger).label("last"),
        type_coerce(chat.c.news_languages, String).label("languages"),
        chat.c.digest_empty,
        type_coerce(chat.c.away_until, BigInteger).label("away"),
    )
    .where(among(chat.c.id, "b_chats"), *_IS_DUE)
    .order_by(chat.c.id)
)


async def due(tx: Transaction, bot_id: int, now: datetime) -> list[int]:
    """Return the chats whose digest is due, by number: neighbours are written together."""
    # With the bare column SQLite would walk all chats of the bot.
    statement = select(chat.c.id).where(chat.c.bot_id + 0 == bot_id, *_IS_DUE)
    return sorted((await tx.execute(statement, {"b_now": now})).scalars())


async def chats_of(tx: Transaction, ids: Sequence[int], now: datetime) -> list[DueChat]:
    """Return those of the chats whose digest is still due, by number."""
    rows = await _DUE_CHATS.all(tx, {"b_chats": list(ids), "b_now": now})
    return [
        DueChat(number, times or "", zone, last, language_codes(languages) or ANY, bool(empty), away)
        for number, times, zone, last, languages, empty, away in rows
    ]


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
    rows = [(*one[:2], to_millis(one.since), *one[3:]) for one in made]
    kept = {"b_kind": int(SubjectKind.DIGEST), "b_lane": int(Lane.DIGEST), "b_state": int(State.WAITING)}
    kept |= {"b_bot": bot_id, "b_now": to_millis(now)}
    if tx.dialect.name != "sqlite":
        names = ("b_chats", "b_editions", "b_since", "b_heads", "b_occasions")
        columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
        await tx.execute(_ADD_ON_POSTGRESQL, {**columns, **kept})
        return
    last = int((await tx.execute(select(func.coalesce(func.max(digest.c.id), 0)))).scalar_one())
    await tx.execute(_ADD_ON_SQLITE, {"b_rows": orjson.dumps(rows).decode(), "b_now": kept["b_now"]})
    chats = {"b_first_chat": made[0].chat_id, "b_last_chat": made[-1].chat_id}
    await tx.execute(_WANT, {"b_last": last, **kept, **chats})


async def move(tx: Transaction, turns: Sequence[Turn], now: datetime) -> set[int]:
    """Plan the next digests of chats that are still due and as they were read; return these chats.

    At most 4,096 chats. One that is away, for which `last` is not said, may be missing in the answer.
    """
    places: dict[tuple[Any, ...], int] = {}
    numbers = [each[0] * _PLACES + places.setdefault(each[1:], len(places)) for each in turns]
    kept = [[place, each[0] or None, *each[1:]] for each, place in places.items()]
    values = {
        "b_turns": orjson.dumps(kept).decode(),
        "b_state": ChatState.ACTIVE.value,
        "b_now": to_millis(now),
    }
    if tx.dialect.name == "sqlite":
        moved = await tx.execute(_MOVE_ON_SQLITE, {**values, "b_numbers": orjson.dumps(numbers).decode()})
    else:
        moved = await tx.execute(_MOVE_ON_POSTGRESQL, {**values, "b_numbers": numbers})
    ids = [each.chat_id for each in turns]
    if moved.rowcount == len(ids):
        return set(ids)
    of_them = select(chat.c.id).where(among(chat.c.id, "b_chats"), chat.c.digest_last == now)
    return set((await tx.execute(of_them, {"b_chats": ids})).scalars())


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
