"""Deliveries with all that decides whether they may go out now, as rows of two statements."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Select,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    select,
    union_all,
)

from bot.model.audience import ToldTo
from bot.model.delivery import Lane, State
from bot.store.engine.array_param import among
from bot.store.tables.audience import chat
from bot.store.tables.ledger import bulletin, delivery, message

KEY = ("bot_id", "kind", "subject_id", "chat_id")

# A partial index serves only where the statement itself holds the state's value.
IS_WAITING = delivery.c.state == literal_column(str(int(State.WAITING)))
IS_CLAIMED = delivery.c.state == literal_column(str(int(State.CLAIMED)))

# With the bare column SQLite would walk all that the bot ever sent, in the order of the primary key.
OF_BOT = delivery.c.bot_id + 0 == bindparam("b_bot")

# One column of two: each column costs a part of a microsecond for each delivery.
_PAUSED_UNTIL = case(
    (
        bulletin.c.not_before > func.coalesce(chat.c.paused_until, literal_column("0")),
        bulletin.c.not_before,
    ),
    else_=chat.c.paused_until,
)

# Of a canary none is told: the figures of news are of news.
_DECIDED_AT = case((bulletin.c.told_to.is_distinct_from(ToldTo.CANARY), bulletin.c.created_at))

_COLUMNS: tuple[Any, ...] = (
    delivery.c.bot_id,
    delivery.c.kind,
    delivery.c.subject_id,
    delivery.c.chat_id,
    delivery.c.bulletin_id,
    delivery.c.lane,
    delivery.c.wanted,
    delivery.c.shown,
    delivery.c.thread_id,
    delivery.c.due_at,
    delivery.c.expires_at,
    delivery.c.attempts,
    chat.c.telegram_id,
    chat.c.kind.label("chat_kind"),
    chat.c.language,
    chat.c.zone,
    chat.c.form,
    chat.c.pictures,
    chat.c.state.label("chat_state"),
    _PAUSED_UNTIL.label("paused_until"),
    chat.c.quiet_from,
    chat.c.quiet_to,
    bulletin.c.stopped_at,
    bulletin.c.stop_reason,
    bulletin.c.paused_at.label("held_at"),
    bulletin.c.everybody,
    _DECIDED_AT.label("decided_at"),
    exists().where(*(message.c[key] == delivery.c[key] for key in KEY)).label("has_parts"),
    chat.c.news_languages,
    bulletin.c.languages.label("told_in"),
    bulletin.c.reply_to,
    chat.c.flash_at_night,
    bulletin.c.manner,
    chat.c.bounded,
    chat.c.footer_id,
)
DUE: Select[Any] = (
    select(*_COLUMNS)
    .join(chat, chat.c.id == delivery.c.chat_id)
    .outerjoin(bulletin, bulletin.c.id == delivery.c.bulletin_id)
    .where(delivery.c.bot_id == bindparam("b_bot"), IS_WAITING, delivery.c.lane == bindparam("b_lane"))
    .where(delivery.c.due_at <= bindparam("b_now"))
    .order_by(delivery.c.due_at, delivery.c.subject_id, delivery.c.chat_id)
    .limit(bindparam("b_limit"))
    .with_for_update(of=delivery, skip_locked=True)
)
LANES_DUE: CompoundSelect[Any] = union_all(
    *(
        select(literal_column(str(int(lane))).label("lane")).where(
            exists().where(
                delivery.c.bot_id == bindparam("b_bot"),
                IS_WAITING,
                delivery.c.lane == literal_column(str(int(lane))),
                delivery.c.due_at <= bindparam("b_now"),
            )
        )
        for lane in Lane
    )
)
WAIT_FOR_CHATS: Select[Any] = (
    select(*_COLUMNS, delivery.c.reason)
    .join(chat, chat.c.id == delivery.c.chat_id)
    .outerjoin(bulletin, bulletin.c.id == delivery.c.bulletin_id)
    .where(among(delivery.c.chat_id, "b_chats"), OF_BOT, delivery.c.state == State.WAITING)
    .where(delivery.c.lane == Lane.STORY, delivery.c.shown.is_(None), delivery.c.attempts == 0)
    .order_by(delivery.c.chat_id, bulletin.c.id)
    .with_for_update(of=delivery, skip_locked=True)
)
