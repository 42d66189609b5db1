"""Chats that read: how they come, move, and go.

`suspend` is the one way out for a chat that can't be written to, whoever learns of it first: the
courier from a refusal, or the conversations from an update.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Table, delete, func, select, update

from bot.model.chat import Chat, ChatKind, ChatState
from bot.model.hours import UNBOUND
from bot.model.languages import ANY, Codes
from bot.model.places.notice import OF_REASON, ChatTrouble
from bot.store.audience import flow, own_data
from bot.store.audience.places import notices, threads
from bot.store.digests import editions
from bot.store.engine.database import Transaction
from bot.store.engine.upsert import upsert
from bot.store.ledger import deliveries
from bot.store.ledger.release.bounds import bounds_of, quiet_of
from bot.store.tables.audience import catch_up, chat, digest, mute, saved, subscription
from bot.store.tables.desk import desk_group, shown_card
from bot.store.tables.ledger import delivery, message
from bot.store.tables.places import chat_notice, thread
from bot.store.tables.watch import followed_story, word_alert

TITLE_CHARACTERS = 255
REASON_CHARACTERS = 64


async def join(
    tx: Transaction,
    bot_id: int,
    telegram_id: int,
    kind: ChatKind,
    *,
    title: str,
    language: str,
    zone: str,
    at: datetime,
    invited_by: int | None = None,
    news_languages: Codes = ANY,
) -> tuple[Chat, bool]:
    """Return the chat, active, and whether it is new (or starts anew after it had asked to be left alone).

    One that is known keeps its choices; `language`, `zone` and `news_languages` are for a new one.
    """
    fresh = {"language": language, "zone": zone, "news_languages": news_languages, "created_at": at}
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
        await flow.gained(tx, bot_id, at)
        return await expect(tx, chat_id), True
    known = await by_telegram(tx, bot_id, telegram_id)
    assert known is not None
    stopped = known.state is ChatState.STOPPED
    invited = {"invited_by": invited_by} if invited_by is not None else {}
    await change(tx, known.id, **seen, **(fresh if stopped else {}), **invited)
    if known.state is not ChatState.ACTIVE:
        await _activate(tx, known, at)
    return await expect(tx, known.id), stopped


async def get(tx: Transaction, chat_id: int) -> Chat | None:
    """Return the chat, or None."""
    row = (await tx.execute(select(chat).where(chat.c.id == chat_id))).first()
    return _chat(row) if row else None


async def many(tx: Transaction, ids: Collection[int]) -> list[Chat]:
    """Return those of the chats that there are."""
    return [_chat(row) for row in await tx.execute(select(chat).where(chat.c.id.in_(list(ids))))]


async def hold(tx: Transaction, chat_id: int) -> None:
    """Keep others from changing what the chat chose until this transaction ends: two presses come in turn."""
    await tx.execute(select(chat.c.id).where(chat.c.id == chat_id).with_for_update())


async def by_telegram(tx: Transaction, bot_id: int, telegram_id: int) -> Chat | None:
    """Return the chat that Telegram knows by that id, or None."""
    where = (chat.c.bot_id == bot_id, chat.c.telegram_id == telegram_id)
    row = (await tx.execute(select(chat).where(*where))).first()
    return _chat(row) if row else None


async def channels_of(
    tx: Transaction, bot_id: int, user_id: int, limit: int, *, everywhere: bool = False
) -> list[Chat]:
    """Return the channels into which that person brought the bot, by title: the active ones, or `everywhere`."""
    # Channels have negative ids: the index on (bot, Telegram's id) serves.
    shared = (chat.c.bot_id == bot_id, chat.c.telegram_id < 0)
    where = (*shared, chat.c.invited_by == user_id, chat.c.kind == ChatKind.CHANNEL)
    states = (ChatState.ACTIVE, *((ChatState.BLOCKED,) if everywhere else ()))
    found = select(chat).where(*where, chat.c.state.in_(states))
    return [_chat(row) for row in await tx.execute(found.order_by(chat.c.title, chat.c.id).limit(limit))]


async def suspend(
    tx: Transaction, chat_id: int, state: ChatState, *, reason: str, at: datetime, by: int | None = None
) -> None:
    """Note that the chat can't be written to, and that whoever set a group or channel up is to be told.

    One that asked to be left alone, or is gone, stays so. `by` is who did it, and knows.
    """
    over = [ChatState.ACTIVE, ChatState.BLOCKED]
    if state is ChatState.GONE:
        over.append(ChatState.STOPPED)
    values = {"state": state, "state_reason": reason[:REASON_CHARACTERS], "state_at": at, "digest_due": None}
    await _count_loss(tx, chat_id, at)
    where = (chat.c.id == chat_id, chat.c.state.in_(over), chat.c.state != state)
    changed = (await tx.execute(update(chat).where(*where).values(values))).rowcount
    if changed and (trouble := OF_REASON.get(reason)):
        await notices.note(tx, chat_id, trouble, at=at, by=by)


async def revive(tx: Transaction, chat_id: int, at: datetime) -> bool:
    """Note that a suspended chat can be written to again; return whether it is active now.

    One that asked to be left alone stays so until it joins.
    """
    known = await get(tx, chat_id)
    if known is None or known.state is ChatState.STOPPED:
        return False
    if known.state is not ChatState.ACTIVE:
        await _activate(tx, known, at)
    return True


async def move(tx: Transaction, chat_id: int, new_telegram_id: int, at: datetime | None = None) -> None:
    """Give the chat the id that Telegram has for it now, after a group became a supergroup.

    Where the new id came in as a chat of its own already, that one's choices and deliveries join this
    one's, which win. Doing it again changes nothing. Where it is told `at` which time, whoever set the group up is
    to be told too.
    """
    known = await get(tx, chat_id)
    if known is None or known.telegram_id == new_telegram_id:
        return
    double = await by_telegram(tx, known.bot_id, new_telegram_id)
    if double is not None:
        await _merge(tx, double.id, chat_id)
        if double.state is ChatState.ACTIVE and known.state is ChatState.BLOCKED:
            await change(tx, chat_id, state=ChatState.ACTIVE, state_reason="")
    # The old group's messages stayed behind, and their ids mean others here.
    menu_id = double.menu_id if double else None
    await change(tx, chat_id, telegram_id=new_telegram_id, kind=ChatKind.SUPERGROUP, menu_id=menu_id)
    stood = update(followed_story).where(followed_story.c.chat_id == chat_id)
    await tx.execute(stood.values(message_id=None))
    for table in (shown_card, desk_group):
        await tx.execute(delete(table).where(*_at(table, known.bot_id, new_telegram_id)))
    await tx.execute(delete(shown_card).where(*_at(shown_card, known.bot_id, known.telegram_id)))
    moved = update(desk_group).where(*_at(desk_group, known.bot_id, known.telegram_id))
    await tx.execute(moved.values(chat_id=new_telegram_id))
    if at is not None:
        await notices.note(tx, chat_id, ChatTrouble.UPGRADED, at=at)


async def set_menu(tx: Transaction, chat_id: int, message_id: int) -> None:
    """Note in which message the group chooses its topics now."""
    await change(tx, chat_id, menu_id=message_id)


async def erase(tx: Transaction, chat_id: int, at: datetime) -> None:
    """Leave the chat alone and forget it: its choices, its title, when it came, what it saved, watches for, was sent.

    Of a person's, what the desk noted is forgotten too. What stays is the row that says so (ids, kind, language, the
    time of leaving): a push that is being planned or sent meets it and skips the chat.
    """
    await _count_loss(tx, chat_id, at)
    known = await expect(tx, chat_id)
    if known.private:
        await own_data.forget(tx, known.bot_id, known.telegram_id)
    await editions.forget_digests(tx, chat_id)
    kept = (
        subscription,
        mute,
        saved,
        word_alert,
        followed_story,
        message,
        delivery,
        catch_up,
        thread,
        chat_notice,
    )
    for table in kept:
        await tx.execute(delete(table).where(table.c.chat_id == chat_id))
    forgotten = {
        "title": "",
        "state": ChatState.STOPPED,
        "state_reason": "asked",
        "state_at": at,
        "created_at": at,
        "zone": "UTC",
        "instant": True,
        "digest_times": (),
        "digest_size": None,
        "digest_empty": False,
        "digest_due": None,
        "digest_last": None,
        "quiet_from": None,
        "quiet_to": None,
        "flash_at_night": False,
        **dict.fromkeys(("bounded", "silent", "away_flash"), False),
        **dict.fromkeys(("weekend_from", "weekend_to", "most_hour", "most_day", "merges")),
        **dict.fromkeys(("away_since", "away_until")),
        "paused_until": None,
        "news_languages": ANY,
        "form": None,
        "pictures": None,
        "thread_id": None,
        "invited_by": None,
        "menu_id": None,
        "username": None,
        "digest_thread": None,
        "flash_thread": None,
        "footer_id": None,
        "chosen_by": None,
    }
    await change(tx, chat_id, **forgotten)


async def counts(tx: Transaction, bot_id: int) -> dict[ChatState, int]:
    """Return how many chats are in each state, those with none included."""
    statement = select(chat.c.state, func.count()).where(chat.c.bot_id == bot_id).group_by(chat.c.state)
    found = {row[0]: int(row[1]) for row in (await tx.execute(statement)).all()}
    return {state: found.get(state, 0) for state in ChatState}


async def _merge(tx: Transaction, source: int, target: int) -> None:
    for table, key in (
        (subscription, ("topic_id",)),
        (mute, ("kind", "target_id")),
        (delivery, ("bot_id", "kind", "subject_id")),
        (message, ("bot_id", "kind", "subject_id", "part")),
        (word_alert, ("condition_id",)),
        (followed_story, ("article_id",)),
    ):
        other = table.alias()
        same = [table.c[name] == other.c[name] for name in key]
        has_it = select(other.c.chat_id).where(other.c.chat_id == target, *same).exists()
        moved = update(table).where(table.c.chat_id == source, ~has_it).values(chat_id=target)
        await tx.execute(moved)
    await tx.execute(update(digest).where(digest.c.chat_id == source).values(chat_id=target))
    await tx.execute(delete(catch_up).where(catch_up.c.chat_id == source))
    await threads.move_all(tx, source, target)
    await tx.execute(delete(chat).where(chat.c.id == source))


async def _count_loss(tx: Transaction, chat_id: int, at: datetime) -> None:
    """Count a reader less, unless the chat was none any more."""
    found = select(chat.c.bot_id, chat.c.state).where(chat.c.id == chat_id).with_for_update()
    row = (await tx.execute(found)).first()
    if row is not None and row.state is ChatState.ACTIVE:
        await flow.lost(tx, row.bot_id, at)


async def _activate(tx: Transaction, known: Chat, at: datetime) -> None:
    values = {"state": ChatState.ACTIVE, "state_reason": "", "state_at": at}
    await change(tx, known.id, **values, digest_due=known.next_digest(at))
    await flow.gained(tx, known.bot_id, at)
    await notices.end(tx, known.id, *OF_REASON.values(), at=at)
    await deliveries.reopen(tx, known.id, at)


async def expect(tx: Transaction, chat_id: int) -> Chat:
    """Return the chat. Raises LookupError where there is none."""
    found = await get(tx, chat_id)
    if found is None:
        raise LookupError(f"no chat {chat_id}")
    return found


async def change(tx: Transaction, chat_id: int, **values: Any) -> None:
    """Keep other values of the chat, by the names of their columns."""
    await tx.execute(update(chat).where(chat.c.id == chat_id).values(values))


def _at(table: Table, bot_id: int, telegram_id: int) -> tuple[Any, ...]:
    return table.c.bot_id == bot_id, table.c.chat_id == telegram_id


def _chat(row: Row[Any]) -> Chat:
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
        digest_times=row.digest_times,
        digest_due=row.digest_due,
        digest_last=row.digest_last,
        digest_size=row.digest_size,
        digest_empty=row.digest_empty,
        quiet=quiet_of(row.quiet_from, row.quiet_to),
        flash_at_night=row.flash_at_night,
        bounds=bounds_of(row) if row.bounded else UNBOUND,
        news_languages=row.news_languages or ANY,
        form=row.form,
        pictures=row.pictures,
        thread_id=row.thread_id,
        invited_by=row.invited_by,
        menu_id=row.menu_id,
        state_reason=row.state_reason,
        username=row.username,
        footer_id=row.footer_id,
        chosen_by=row.chosen_by,
    )
