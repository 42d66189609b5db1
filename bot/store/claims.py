"""Claims: what the courier takes to carry out, in order, and what may no longer go out after all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Select,
    bindparam,
    exists,
    func,
    literal_column,
    select,
    text,
    type_coerce,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.metrics import DELIVERIES
from bot.model.chat import ChatKind, ChatState
from bot.model.clock import Clock
from bot.model.delivery import WITHDRAWN, Delivery, Lane, Shown, State, Subject, SubjectKind
from bot.model.hours import quiet_end
from bot.store import plan
from bot.store.groups import Groups
from bot.store.numbers import among
from bot.store.tables import bulletin, chat, delivery, message

REASON_CHARACTERS = 64
LONGEST_RETRY, LONGEST_PAUSE = timedelta(minutes=5), timedelta(days=1)
KEY = ("bot_id", "kind", "subject_id", "chat_id")

# A partial index serves only where the statement itself holds the state's value.
IS_WAITING = delivery.c.state == literal_column(str(int(State.WAITING)))
IS_CLAIMED = delivery.c.state == literal_column(str(int(State.CLAIMED)))

# With the bare column SQLite would walk all that the bot ever sent, in the order of the primary key.
_OF_BOT = delivery.c.bot_id + 0 == bindparam("b_bot")


class _Head(NamedTuple):
    """A row of what is due, in the order of `_HEAD`."""

    bot_id: int
    kind: SubjectKind
    subject_id: int
    chat_id: int
    bulletin_id: int | None
    lane: Lane
    wanted: int
    shown: int | None
    thread_id: int | None
    due_at: datetime
    expires_at: datetime | None
    attempts: int
    telegram_id: int
    chat_kind: ChatKind
    language: str
    zone: str
    form: str | None
    pictures: bool | None
    chat_state: ChatState
    paused_until: datetime | None
    quiet_from: int | None
    quiet_to: int | None
    stopped_at: datetime | None
    stop_reason: str | None
    held_at: datetime | None
    everybody: bool | None
    decided_at: datetime | None
    has_parts: bool


_HEAD: Select[Any] = (
    select(
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
        chat.c.paused_until,
        chat.c.quiet_from,
        chat.c.quiet_to,
        bulletin.c.stopped_at,
        bulletin.c.stop_reason,
        bulletin.c.paused_at.label("held_at"),
        bulletin.c.everybody,
        bulletin.c.created_at.label("decided_at"),
        exists().where(*(message.c[key] == delivery.c[key] for key in KEY)).label("has_parts"),
    )
    .join(chat, chat.c.id == delivery.c.chat_id)
    .outerjoin(bulletin, bulletin.c.id == delivery.c.bulletin_id)
    .where(delivery.c.bot_id == bindparam("b_bot"), IS_WAITING, delivery.c.lane == bindparam("b_lane"))
    .where(delivery.c.due_at <= bindparam("b_now"))
    .order_by(delivery.c.due_at, delivery.c.subject_id, delivery.c.chat_id)
    .limit(bindparam("b_limit"))
    .with_for_update(of=delivery, skip_locked=True)
)
_OF_SUBJECT = (
    delivery.c.bot_id == bindparam("b_bot"),
    delivery.c.kind == bindparam("b_kind"),
    delivery.c.subject_id == bindparam("b_subject"),
    among(delivery.c.chat_id, "b_chats"),
)
_TAKE = update(delivery).where(*_OF_SUBJECT).values(state=State.CLAIMED, lease_until=bindparam("b_until"))
_SKIP = update(delivery).where(*_OF_SUBJECT).values(state=State.SKIPPED, reason=bindparam("b_reason"))
_POSTPONE = update(delivery).where(*_OF_SUBJECT).values(due_at=bindparam("b_due"))
_STANDING: Select[Any] = (
    select(
        message.c.kind,
        message.c.subject_id,
        message.c.chat_id,
        message.c.part,
        message.c.message_id,
        message.c.revision,
        message.c.form,
    )
    .where(message.c.bot_id == bindparam("b_bot"), message.c.kind == bindparam("b_kind"))
    .where(message.c.subject_id == bindparam("b_subject"), among(message.c.chat_id, "b_chats"))
    .order_by(message.c.part)
)
_CLAIMED = (
    select(
        delivery.c.kind,
        delivery.c.subject_id,
        delivery.c.chat_id,
        delivery.c.wanted,
        func.coalesce(bulletin.c.stopped_at, bulletin.c.paused_at).label("stopped_at"),
    )
    .outerjoin(bulletin, bulletin.c.id == delivery.c.bulletin_id)
    .where(_OF_BOT, IS_CLAIMED)
)


class Claimed(NamedTuple):
    """What the ledger says now of a claim that is under way."""

    kind: SubjectKind
    subject_id: int
    chat_id: int
    wanted: int
    stopped: bool

    @property
    def key(self) -> tuple[int, int, int]:
        """What names the delivery among those of its bot."""
        return self[:3]


async def claim(
    tx: AsyncConnection, bot_id: int, lane: Lane, now: datetime, limit: int, lease: timedelta
) -> list[Delivery]:
    """Take up to `limit` due deliveries of a lane for `lease`, in order.

    What may no longer go out (a chat that has left or unsubscribed, a life that is over, a stopped
    bulletin) is settled as skipped on the way; what may not go out yet (quiet hours, a pause that Telegram
    asked for) is put off. Neither is returned.
    """
    asked = {"b_bot": bot_id, "b_lane": lane, "b_now": now, "b_limit": limit}
    rows = [_Head._make(row) for row in await tx.execute(_HEAD, asked)]
    if not rows:
        return []
    unsubscribed = await _unsubscribed(tx, rows)
    skipped, later, taken = Groups("b_reason"), Groups("b_due"), Groups("b_until")
    out = []
    until = now + lease
    for row in rows:
        left = (row.subject_id, row.chat_id) in unsubscribed
        if reason := _why_not(row, now) or ("unsubscribed" if left else None):
            skipped.add(*row[:4], reason[:REASON_CHARACTERS])
            DELIVERIES.add(lane.name.lower(), "skipped", reason)
        elif due := _not_before(row, now):
            later.add(*row[:4], due)
        else:
            taken.add(*row[:4], until)
            out.append(row)
    for statement, groups in ((_SKIP, skipped), (_POSTPONE, later), (_TAKE, taken)):
        if groups:
            await tx.execute(statement, groups.rows())
    standing = await _standing(tx, [row for row in out if row.has_parts])
    return [_delivery(row, standing.get(row[1:4], ())) for row in out]


async def claimed(tx: AsyncConnection, bot_id: int) -> list[Claimed]:
    """Return what the ledger says of everything that is claimed: it may be wanted otherwise since."""
    rows = (await tx.execute(_CLAIMED, {"b_bot": bot_id})).all()
    return [Claimed(*row[:4], row.stopped_at is not None) for row in rows]


async def take_back(
    tx: AsyncConnection,
    bot_id: int,
    now: datetime | None = None,
    *,
    doubtful: Collection[Lane] = frozenset(),
) -> int:
    """Let claims wait again whose lease has run out by `now`; all of them where `now` is None.

    First sends in the lanes that are `doubtful` are in doubt instead: they may have been made. Only who holds
    the bot's own lease may take back all: the process that claimed them is dead.
    """
    back = update(delivery).where(_OF_BOT, IS_CLAIMED)
    if now is not None:
        back = back.where(delivery.c.lease_until <= now)
    unsure = delivery.c.lane.in_(doubtful) & delivery.c.shown.is_(None)
    doubt = back.where(unsure).values(state=State.DOUBT, reason="crashed", lease_until=None)
    asked = {"b_bot": bot_id}
    count = (await tx.execute(doubt, asked)).rowcount if doubtful else 0
    return count + (await tx.execute(back.values(state=State.WAITING, lease_until=None), asked)).rowcount


async def set_back(tx: AsyncConnection, bot_id: int, clock: Clock, by: timedelta) -> None:
    """Let everything keep its distance to now after the clock was set back by `by`.

    Only what was due by then or soon after: what waits for an hour of the day waits for that hour.
    """
    if tx.dialect.name == "postgresql":
        # A page that is being planned beside this would bring a chat's old pause with it.
        await tx.execute(text("LOCK TABLE delivery IN SHARE ROW EXCLUSIVE MODE"))
    # Read here: what was planned by the new clock until now, while this waited, is due already and stays so.
    now = clock.now()
    by_millis = by // timedelta(milliseconds=1)
    for column, soon, of_bot in (
        (delivery.c.due_at, LONGEST_RETRY, (delivery.c.bot_id == bot_id, IS_WAITING)),
        (delivery.c.due_at, LONGEST_RETRY, (delivery.c.bot_id == bot_id, IS_CLAIMED)),
        (chat.c.paused_until, LONGEST_PAUSE, (chat.c.bot_id == bot_id,)),
    ):
        moved = update(column.table).where(*of_bot, column > now, column <= now + by + soon)
        earlier = type_coerce(type_coerce(column, BigInteger) - by_millis, column.type)
        await tx.execute(moved.values({column: earlier}))


def _why_not(row: _Head, now: datetime) -> str | None:
    """Return why the delivery may not go out at all."""
    if row.chat_state is not ChatState.ACTIVE:
        return str(row.chat_state)
    if row.shown:
        refused = row.stop_reason is not None and row.stop_reason.startswith(plan.REFUSED)
        return plan.REFUSED if refused and row.wanted != WITHDRAWN else None
    if row.wanted == WITHDRAWN:
        return None if row.lane is Lane.KILL or row.has_parts else "killed"
    if row.stopped_at is not None:
        return plan.reason_of(row.stop_reason or "")
    if row.expires_at is not None and row.expires_at <= now:
        return "too-late"
    return None


def _not_before(row: _Head, now: datetime) -> datetime | None:
    """Return when the delivery may go out, where that is not now. A digest comes at the hour it was asked for."""
    if row.paused_until is not None and row.paused_until > now:
        return row.paused_until
    if row.held_at is not None and not row.shown and row.wanted != WITHDRAWN:
        return plan.PARKED
    if row.quiet_from is None or row.quiet_to is None or row.shown or row.lane is not Lane.STORY:
        return None
    return quiet_end(now, _time(row.quiet_from), _time(row.quiet_to), row.zone)


async def _unsubscribed(tx: AsyncConnection, rows: Sequence[_Head]) -> set[tuple[int, int]]:
    """Return the articles and chats that would not get them any more, had it been decided now."""
    asked: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        wants = row.kind is SubjectKind.ARTICLE and not row.shown and row.wanted != WITHDRAWN
        if wants and row.everybody is False:
            asked[row.subject_id].add(row.chat_id)
    left: set[tuple[int, int]] = set()
    for article_id, chats in asked.items():
        gone = chats - await plan.still_wanted(tx, article_id, chats)
        left.update((article_id, chat_id) for chat_id in gone)
    return left


async def _standing(
    tx: AsyncConnection, rows: Iterable[_Head]
) -> dict[tuple[SubjectKind, int, int], tuple[Shown, ...]]:
    begun = Groups()
    for row in rows:
        begun.add(*row[:4])
    found: dict[tuple[SubjectKind, int, int], tuple[Shown, ...]] = {}
    for asked in begun.rows():
        for row in await tx.execute(_STANDING, asked):
            key = (row.kind, row.subject_id, row.chat_id)
            found[key] = (*found.get(key, ()), Shown(row.part, row.message_id, row.form, row.revision))
    return found


def _time(minute: int) -> time:
    return time(minute // 60, minute % 60)


def _delivery(row: _Head, standing: tuple[Shown, ...]) -> Delivery:
    return Delivery(
        row.bot_id,
        row.chat_id,
        row.telegram_id,
        str(row.chat_kind),
        row.language,
        row.zone,
        Subject(row.kind, row.subject_id),
        row.lane,
        row.wanted,
        row.shown,
        row.thread_id,
        row.due_at,
        row.attempts,
        standing,
        row.bulletin_id,
        row.form,
        row.pictures,
        row.decided_at,
    )
