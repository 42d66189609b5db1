"""Chats that read: how they come, what they choose, and how they go.

`suspend` is the one way out for a chat that can't be written to, whoever learns of it first: the
courier from a refusal, or the conversations from an update.
"""

from __future__ import annotations

from datetime import datetime, time
from typing import Any, TypedDict, Unpack

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.chat import Chat, ChatKind, ChatState, Subscription
from bot.model.delivery import Lane, State
from bot.model.hours import next_of
from bot.store import outbox
from bot.store.tables import chat, delivery, digest, message, subscription
from bot.store.upsert import upsert

TITLE_CHARACTERS = 255
REASON_CHARACTERS = 64


class Choices(TypedDict, total=False):
    """What a chat may choose; what is left out stays. No `digest_at`: no digest; `quiet` None: no quiet hours."""

    language: str
    zone: str
    instant: bool
    digest_at: tuple[time, ...]
    digest_size: int | None
    digest_empty: bool
    quiet: tuple[time, time] | None
    form: str | None
    pictures: bool | None
    thread_id: int | None


async def join(
    tx: AsyncConnection,
    bot_id: int,
    telegram_id: int,
    kind: ChatKind,
    title: str,
    language: str,
    zone: str,
    at: datetime,
    invited_by: int | None = None,
) -> tuple[Chat, bool]:
    """Return the chat, active, and whether it is new (or starts anew after it had asked to be left alone).

    One that is known keeps its choices; `language` and `zone` are for a new one.
    """
    fresh = {"language": language, "zone": zone, "created_at": at}
    seen = {"kind": kind, "title": title[:TITLE_CHARACTERS]}
    active = {"state": ChatState.ACTIVE, "state_reason": "", "state_at": at}
    key = {"bot_id": bot_id, "telegram_id": telegram_id}
    new = (
        upsert(tx, chat)
        .values(key | fresh | seen | active | {"invited_by": invited_by})
        .on_conflict_do_nothing(index_elements=list(key))
        .returning(chat.c.id)
    )
    chat_id = (await tx.execute(new)).scalar_one_or_none()
    if chat_id is not None:
        return await _known(tx, chat_id), True
    known = await by_telegram(tx, bot_id, telegram_id)
    assert known is not None
    stopped = known.state is ChatState.STOPPED
    invited = {"invited_by": invited_by} if invited_by is not None else {}
    await _update(tx, known.id, **seen, **(fresh if stopped else {}), **invited)
    if known.state is not ChatState.ACTIVE:
        await _activate(tx, known, at)
    return await _known(tx, known.id), stopped


async def get(tx: AsyncConnection, chat_id: int) -> Chat | None:
    """Return the chat, or None."""
    row = (await tx.execute(select(chat).where(chat.c.id == chat_id))).first()
    return _chat(row) if row else None


async def hold(tx: AsyncConnection, chat_id: int) -> None:
    """Keep others from changing what the chat chose until this transaction ends: two presses come in turn."""
    await tx.execute(select(chat.c.id).where(chat.c.id == chat_id).with_for_update())


async def by_telegram(tx: AsyncConnection, bot_id: int, telegram_id: int) -> Chat | None:
    """Return the chat that Telegram knows by that id, or None."""
    where = (chat.c.bot_id == bot_id, chat.c.telegram_id == telegram_id)
    row = (await tx.execute(select(chat).where(*where))).first()
    return _chat(row) if row else None


async def channels_of(tx: AsyncConnection, bot_id: int, user_id: int, limit: int) -> list[Chat]:
    """Return the active channels into which that person brought the bot, by title."""
    # Channels have negative ids: the index on (bot, Telegram's id) serves.
    shared = (chat.c.bot_id == bot_id, chat.c.telegram_id < 0)
    where = (*shared, chat.c.invited_by == user_id, chat.c.kind == ChatKind.CHANNEL)
    found = select(chat).where(*where, chat.c.state == ChatState.ACTIVE)
    return [_chat(row) for row in await tx.execute(found.order_by(chat.c.title, chat.c.id).limit(limit))]


async def suspend(tx: AsyncConnection, chat_id: int, state: ChatState, reason: str, at: datetime) -> None:
    """Note that the chat can't be written to. One that asked to be left alone, or is gone, stays so."""
    over = [ChatState.ACTIVE, ChatState.BLOCKED]
    if state is ChatState.GONE:
        over.append(ChatState.STOPPED)
    values = {"state": state, "state_reason": reason[:REASON_CHARACTERS], "state_at": at, "digest_due": None}
    where = (chat.c.id == chat_id, chat.c.state.in_(over), chat.c.state != state)
    await tx.execute(update(chat).where(*where).values(values))


async def revive(tx: AsyncConnection, chat_id: int, at: datetime) -> bool:
    """Note that a suspended chat can be written to again; return whether it is active now.

    One that asked to be left alone stays so until it joins.
    """
    known = await get(tx, chat_id)
    if known is None or known.state is ChatState.STOPPED:
        return False
    if known.state is not ChatState.ACTIVE:
        await _activate(tx, known, at)
    return True


async def move(tx: AsyncConnection, chat_id: int, new_telegram_id: int) -> None:
    """Give the chat the id that Telegram has for it now, after a group became a supergroup.

    Where the new id came in as a chat of its own already, that one's choices and deliveries join this
    one's, which win. Doing it again changes nothing.
    """
    known = await get(tx, chat_id)
    if known is None or known.telegram_id == new_telegram_id:
        return
    double = await by_telegram(tx, known.bot_id, new_telegram_id)
    if double is not None:
        await _merge(tx, double.id, chat_id)
        if double.state is ChatState.ACTIVE and known.state is ChatState.BLOCKED:
            await _update(tx, chat_id, state=ChatState.ACTIVE, state_reason="")
    await _update(tx, chat_id, telegram_id=new_telegram_id, kind=ChatKind.SUPERGROUP)


async def lose_thread(tx: AsyncConnection, chat_id: int, thread_id: int) -> None:
    """Forget a closed or deleted thread of a forum: what went there goes to General."""
    for table, column in (
        (chat, chat.c.id),
        (subscription, subscription.c.chat_id),
        (delivery, delivery.c.chat_id),
    ):
        where = (column == chat_id, table.c.thread_id == thread_id)
        await tx.execute(update(table).where(*where).values(thread_id=None))


async def set_choice(tx: AsyncConnection, chat_id: int, at: datetime, **choices: Unpack[Choices]) -> Chat:
    """Keep what the chat chose and return it. `at`, the time now, says when its next digest falls due."""
    values: dict[str, Any] = dict(choices)
    if "digest_at" in values:
        first, second = (*map(_minute, sorted(values.pop("digest_at"))), None, None)[:2]
        values |= {"digest_minute": first, "digest_also": second}
    if "quiet" in values:
        begins, ends = map(_minute, values.pop("quiet") or (None, None))
        values |= {"quiet_from": begins, "quiet_to": ends}
    if values:
        await _update(tx, chat_id, **values)
    known = await _known(tx, chat_id)
    if {"quiet", "zone"} & choices.keys():
        await _wake(tx, chat_id, at)
    if {"digest_at", "zone"} & choices.keys():
        await _update(tx, chat_id, digest_due=_digest_due(known, at))
        return await _known(tx, chat_id)
    return known


async def subscriptions(tx: AsyncConnection, chat_id: int) -> dict[int, Subscription]:
    """Return what the chat follows or has muted, by topic."""
    rows = (await tx.execute(select(subscription).where(subscription.c.chat_id == chat_id))).all()
    return {
        row.topic_id: Subscription(chat_id, row.topic_id, row.muted, row.thread_id, row.since, row.position)
        for row in rows
    }


async def subscribe(
    tx: AsyncConnection, chat_id: int, topic_id: int, at: datetime, thread_id: int | None = None
) -> None:
    """Let the chat follow the topic, in that thread of a forum."""
    await _choose(tx, chat_id, topic_id, at, muted=False, thread_id=thread_id)


async def mute(tx: AsyncConnection, chat_id: int, topic_id: int, at: datetime) -> None:
    """Keep the topic from the chat even where it follows one above."""
    await _choose(tx, chat_id, topic_id, at, muted=True, thread_id=None)


async def unsubscribe(tx: AsyncConnection, chat_id: int, *topic_ids: int) -> None:
    """Forget what the chat chose for those topics: the ones above them decide again."""
    where = (subscription.c.chat_id == chat_id, subscription.c.topic_id.in_(topic_ids))
    await tx.execute(delete(subscription).where(*where))


async def erase(tx: AsyncConnection, chat_id: int, at: datetime) -> None:
    """Leave the chat alone and forget it: its choices, its title, and what it was sent.

    What stays is the row that says so (ids, kind, language, the two times): a push that is being planned or sent
    meets it and skips the chat.
    """
    for table in (subscription, message, delivery, digest):
        await tx.execute(delete(table).where(table.c.chat_id == chat_id))
    forgotten = {
        "title": "",
        "state": ChatState.STOPPED,
        "state_reason": "asked",
        "state_at": at,
        "zone": "UTC",
        "instant": True,
        "digest_minute": None,
        "digest_also": None,
        "digest_size": None,
        "digest_empty": False,
        "digest_due": None,
        "digest_last": None,
        "quiet_from": None,
        "quiet_to": None,
        "quiet_until": None,
        "form": None,
        "pictures": None,
        "thread_id": None,
        "invited_by": None,
    }
    await _update(tx, chat_id, **forgotten)


async def counts(tx: AsyncConnection, bot_id: int) -> dict[ChatState, int]:
    """Return how many chats are in each state, those with none included."""
    statement = select(chat.c.state, func.count()).where(chat.c.bot_id == bot_id).group_by(chat.c.state)
    found = {row[0]: int(row[1]) for row in (await tx.execute(statement)).all()}
    return {state: found.get(state, 0) for state in ChatState}


async def followers(tx: AsyncConnection, bot_id: int) -> dict[int, int]:
    """Return how many active chats chose each topic itself."""
    statement = (
        select(subscription.c.topic_id, func.count())
        .join(chat, chat.c.id == subscription.c.chat_id)
        .where(chat.c.bot_id == bot_id, chat.c.state == ChatState.ACTIVE, subscription.c.muted.is_(False))
        .group_by(subscription.c.topic_id)
    )
    return {row[0]: int(row[1]) for row in (await tx.execute(statement)).all()}


async def _choose(
    tx: AsyncConnection, chat_id: int, topic_id: int, at: datetime, *, muted: bool, thread_id: int | None
) -> None:
    chosen = {"muted": muted, "thread_id": thread_id, "since": at}
    statement = (
        upsert(tx, subscription)
        .values(chat_id=chat_id, topic_id=topic_id, **chosen)
        .on_conflict_do_update(index_elements=["topic_id", "chat_id"], set_=chosen)
    )
    await tx.execute(statement)


async def _merge(tx: AsyncConnection, source: int, target: int) -> None:
    for table, key in (
        (subscription, ("topic_id",)),
        (delivery, ("bot_id", "kind", "subject_id")),
        (message, ("bot_id", "kind", "subject_id", "part")),
    ):
        other = table.alias()
        same = [table.c[name] == other.c[name] for name in key]
        has_it = select(other.c.chat_id).where(other.c.chat_id == target, *same).exists()
        moved = update(table).where(table.c.chat_id == source, ~has_it).values(chat_id=target)
        await tx.execute(moved)
    await tx.execute(update(digest).where(digest.c.chat_id == source).values(chat_id=target))
    await tx.execute(delete(chat).where(chat.c.id == source))


async def _activate(tx: AsyncConnection, known: Chat, at: datetime) -> None:
    values = {"state": ChatState.ACTIVE, "state_reason": "", "state_at": at}
    await _update(tx, known.id, **values, digest_due=_digest_due(known, at))
    await outbox.reopen(tx, known.id, at)


async def _known(tx: AsyncConnection, chat_id: int) -> Chat:
    found = await get(tx, chat_id)
    if found is None:
        raise LookupError(f"no chat {chat_id}")
    return found


async def _update(tx: AsyncConnection, chat_id: int, **values: Any) -> None:
    await tx.execute(update(chat).where(chat.c.id == chat_id).values(values))


async def _wake(tx: AsyncConnection, chat_id: int, at: datetime) -> None:
    """Let stories that quiet hours had put off be asked about again: the hours are others now."""
    put_off = (
        delivery.c.chat_id == chat_id,
        delivery.c.state == State.WAITING,
        delivery.c.lane == Lane.STORY,
        delivery.c.due_at > at,
        delivery.c.attempts == 0,
        delivery.c.reason.is_(None),
    )
    await tx.execute(update(delivery).where(*put_off).values(due_at=at))


def _digest_due(known: Chat, at: datetime) -> datetime | None:
    return next_of(at, known.digest_at, known.zone)


def _minute(at: time | None) -> int | None:
    return None if at is None else at.hour * 60 + at.minute


def _times(*minutes: int | None) -> tuple[time, ...]:
    return tuple(time(minute // 60, minute % 60) for minute in minutes if minute is not None)


def _chat(row: Row[Any]) -> Chat:
    quiet = _times(row.quiet_from, row.quiet_to)
    return Chat(
        id=row.id,
        bot_id=row.bot_id,
        telegram_id=row.telegram_id,
        kind=row.kind,
        title=row.title,
        state=row.state,
        language=row.language,
        zone=row.zone,
        instant=row.instant,
        digest_at=_times(row.digest_minute, row.digest_also),
        digest_due=row.digest_due,
        digest_last=row.digest_last,
        digest_size=row.digest_size,
        digest_empty=row.digest_empty,
        quiet=(quiet[0], quiet[1]) if len(quiet) == 2 else None,
        form=row.form,
        pictures=row.pictures,
        thread_id=row.thread_id,
        invited_by=row.invited_by,
        state_reason=row.state_reason,
    )
