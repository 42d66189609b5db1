"""Claims: what the courier takes to carry out, in order, and what may no longer go out after all."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    CompoundSelect,
    Select,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    select,
    text,
    type_coerce,
    union_all,
    update,
)

from bot.model.clock import Clock
from bot.model.delivery import Delivery, Lane, Manner, Shown, State, Subject, SubjectKind
from bot.model.release import QUIET, DueDelivery, InTheMorning, Later, Skip, release
from bot.store.engine.array_param import among
from bot.store.engine.batches import Groups
from bot.store.engine.database import Transaction
from bot.store.ledger import plan
from bot.store.tables.audience import chat
from bot.store.tables.ledger import bulletin, delivery, message

REASON_CHARACTERS = 64
LONGEST_RETRY, LONGEST_PAUSE = timedelta(minutes=5), timedelta(days=1)
KEY = ("bot_id", "kind", "subject_id", "chat_id")

# A partial index serves only where the statement itself holds the state's value.
IS_WAITING = delivery.c.state == literal_column(str(int(State.WAITING)))
IS_CLAIMED = delivery.c.state == literal_column(str(int(State.CLAIMED)))

# With the bare column SQLite would walk all that the bot ever sent, in the order of the primary key.
_OF_BOT = delivery.c.bot_id + 0 == bindparam("b_bot")

# One column of two: each column costs a part of a microsecond for each delivery.
_PAUSED_UNTIL = case(
    (
        bulletin.c.not_before > func.coalesce(chat.c.paused_until, literal_column("0")),
        bulletin.c.not_before,
    ),
    else_=chat.c.paused_until,
)

_DUE: Select[Any] = (
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
        _PAUSED_UNTIL.label("paused_until"),
        chat.c.quiet_from,
        chat.c.quiet_to,
        bulletin.c.stopped_at,
        bulletin.c.stop_reason,
        bulletin.c.paused_at.label("held_at"),
        bulletin.c.everybody,
        bulletin.c.created_at.label("decided_at"),
        exists().where(*(message.c[key] == delivery.c[key] for key in KEY)).label("has_parts"),
        chat.c.news_languages,
        bulletin.c.languages.label("told_in"),
        bulletin.c.reply_to,
        chat.c.flash_at_night,
        bulletin.c.manner,
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
_MORNING = (
    update(delivery)
    .where(*_OF_SUBJECT)
    .values(lane=Lane.STORY, reason=QUIET, due_at=bindparam("b_due"), expires_at=bindparam("b_expires"))
)
_LANES_DUE: CompoundSelect[Any] = union_all(
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


class Claim(NamedTuple):
    """What was claimed, in order, and how many deliveries were skipped instead, by reason."""

    deliveries: list[Delivery]
    skipped: Mapping[str, int]


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
    tx: Transaction, bot_id: int, lane: Lane, now: datetime, *, limit: int, lease: timedelta
) -> Claim:
    """Take up to `limit` due deliveries of a lane for `lease`, in order, as far as they may go out now.

    What may not go out any more is settled as skipped, what may not yet is put off (bot.model.release).
    """
    asked = {"b_bot": bot_id, "b_lane": lane, "b_now": now, "b_limit": limit}
    due = [DueDelivery._make(row) for row in await tx.execute(_DUE, asked)]
    if not due:
        return Claim([], {})
    unsubscribed = await _unsubscribed(tx, due, lane, now)
    skipped, later, taken = Groups("b_reason"), Groups("b_due"), Groups("b_until")
    morning = Groups("b_due", "b_expires")
    reasons: Counter[str] = Counter()
    out = []
    until = now + lease
    for row in due:
        verdict = release(row, now, unsubscribed=(row.subject_id, row.chat_id) in unsubscribed)
        if isinstance(verdict, Skip):
            skipped.add(*row[:4], verdict.reason[:REASON_CHARACTERS])
            reasons[verdict.reason] += 1
        elif isinstance(verdict, Later):
            later.add(*row[:4], verdict.at)
        elif isinstance(verdict, InTheMorning):
            morning.add(*row[:4], verdict.at, verdict.expires_at)
        else:
            taken.add(*row[:4], until)
            out.append(row)
    settled = ((_SKIP, skipped), (_POSTPONE, later), (_MORNING, morning), (_TAKE, taken))
    for statement, groups in settled:
        if groups:
            await tx.execute(statement, groups.rows())
    standing = await _standing(tx, [row for row in out if row.has_parts])
    # Nothing replies to a message that is just being deleted.
    replies = [row for row in out if row.reply_to is not None and row.lane is not Lane.KILL]
    first = await _first_messages(tx, replies)
    return Claim(
        [_delivery(row, standing.get(row[1:4], ()), first.get(row[1:4])) for row in out],
        reasons,
    )


async def lanes_due(tx: Transaction, bot_id: int, now: datetime) -> set[Lane]:
    """Return the lanes in which something is due."""
    rows = await tx.execute(_LANES_DUE, {"b_bot": bot_id, "b_now": now})
    return {Lane(row[0]) for row in rows}


async def claimed(tx: Transaction, bot_id: int) -> list[Claimed]:
    """Return what the ledger says of everything that is claimed: it may be wanted otherwise since."""
    rows = (await tx.execute(_CLAIMED, {"b_bot": bot_id})).all()
    return [Claimed(*row[:4], row.stopped_at is not None) for row in rows]


async def take_back(
    tx: Transaction,
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


async def set_back(tx: Transaction, bot_id: int, clock: Clock, by: timedelta) -> None:
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


async def _unsubscribed(
    tx: Transaction, rows: Sequence[DueDelivery], lane: Lane, now: datetime
) -> set[tuple[int, int]]:
    """Return the articles and chats that would not get them any more, had it been decided now."""
    asked: dict[tuple[int, int | None], set[int]] = defaultdict(set)
    for row in rows:
        if row.needs_subscription:
            asked[row.subject_id, row.reply_to].add(row.chat_id)
    left: set[tuple[int, int]] = set()
    for (article_id, reply_to), chats in asked.items():
        wanted = await plan.still_wanted(tx, article_id, chats, lane=lane, now=now, reply_to=reply_to)
        gone = chats - wanted
        left.update((article_id, chat_id) for chat_id in gone)
    return left


async def _standing(
    tx: Transaction, rows: Iterable[DueDelivery]
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


async def _first_messages(
    tx: Transaction, rows: Iterable[DueDelivery]
) -> dict[tuple[SubjectKind, int, int], int]:
    """Return the message of the story that each delivery replies to, by the delivery's subject and chat."""
    asked = Groups()
    subjects: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        assert row.reply_to is not None
        asked.add(row.bot_id, SubjectKind.ARTICLE, row.reply_to, row.chat_id)
        if row.subject_id not in subjects[row.reply_to]:
            subjects[row.reply_to].append(row.subject_id)
    found: dict[tuple[SubjectKind, int, int], int] = {}
    for values in asked.rows():
        for row in await tx.execute(_STANDING, values):
            for subject_id in subjects[row.subject_id]:
                # In order of the parts: the first part is the story's head.
                found.setdefault((SubjectKind.ARTICLE, subject_id, row.chat_id), row.message_id)
    return found


def _delivery(row: DueDelivery, standing: tuple[Shown, ...], reply_to: int | None) -> Delivery:
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
        reply_to,
        row.manner or Manner.SOUND,
    )
