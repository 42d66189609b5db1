"""Claims: what the courier takes to carry out, in order, and what may no longer go out after all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Select,
    bindparam,
    func,
    select,
    text,
    type_coerce,
    update,
)

from bot.model.clock import Clock
from bot.model.delivery import Delivery, Lane, Manner, Shown, State, Subject, SubjectKind
from bot.model.hours import Bounds
from bot.model.release import (
    CAPPED,
    DueDelivery,
    Go,
    Skip,
    may_be_many,
    release,
)
from bot.store.engine.array_param import among
from bot.store.engine.batches import Groups
from bot.store.engine.database import Transaction
from bot.store.ledger.release import asked
from bot.store.ledger.release.rows import DUE, IS_CLAIMED, IS_WAITING, LANES_DUE, OF_BOT
from bot.store.ledger.release.verdicts import Verdicts
from bot.store.tables.audience import chat
from bot.store.tables.ledger import bulletin, delivery, message
from bot.store.watch import replies
from bot.store.watch.replies import Told

LONGEST_RETRY, LONGEST_PAUSE = timedelta(minutes=5), timedelta(days=1)

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
    .where(OF_BOT, IS_CLAIMED)
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
    values = {"b_bot": bot_id, "b_lane": lane, "b_now": now, "b_limit": limit}
    due = [DueDelivery._make(row) for row in await tx.execute(DUE, values)]
    if not due:
        return Claim([], {})
    followed = await replies.followed(tx, due)
    if followed:
        # Who follows a story wants what comes of it, in whatever language.
        due = [
            row._replace(told_in=None) if (row.subject_id, row.chat_id) in followed else row for row in due
        ]
    unsubscribed = await asked.unsubscribed(tx, due, lane, now)
    chats = await asked.of_rows(tx, bot_id, due, now)
    many = await asked.many(tx, bot_id, due, chats, now=now)
    written = Verdicts()
    out = []
    for row in due:
        gone = (row.subject_id, row.chat_id) in unsubscribed
        verdict = release(row, now, unsubscribed=gone, bounds=chats.bounds.get(row.chat_id))
        if isinstance(verdict, Go) and row.chat_id in many and may_be_many(row, now):
            written.gather(row, now)
        elif isinstance(verdict, Go) and not chats.takes(row, now):
            written.note(row, Skip(CAPPED))
        elif isinstance(verdict, Go):
            written.take(row, now + lease)
            out.append(row)
        else:
            written.note(row, verdict)
    await written.write(tx, bot_id)
    standing = await _standing(tx, [row for row in out if row.has_parts])
    # Nothing replies to a message that is just being deleted.
    answers = [row for row in out if row.reply_to is not None and row.lane is not Lane.KILL]
    first = await _first_messages(tx, answers)
    first |= await replies.messages(tx, bot_id, followed, first)
    return Claim(
        [
            _delivery(row, standing.get(row[1:4], ()), _answered(row, first), chats.bounds.get(row.chat_id))
            for row in out
        ],
        written.reasons,
    )


async def lanes_due(tx: Transaction, bot_id: int, now: datetime) -> set[Lane]:
    """Return the lanes in which something is due."""
    rows = await tx.execute(LANES_DUE, {"b_bot": bot_id, "b_now": now})
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
    back = update(delivery).where(OF_BOT, IS_CLAIMED)
    if now is not None:
        back = back.where(delivery.c.lease_until <= now)
    unsure = delivery.c.lane.in_(doubtful) & delivery.c.shown.is_(None)
    doubt = back.where(unsure).values(state=State.DOUBT, reason="crashed", lease_until=None)
    values = {"b_bot": bot_id}
    count = (await tx.execute(doubt, values)).rowcount if doubtful else 0
    return count + (await tx.execute(back.values(state=State.WAITING, lease_until=None), values)).rowcount


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


async def _standing(
    tx: Transaction, rows: Iterable[DueDelivery]
) -> dict[tuple[SubjectKind, int, int], tuple[Shown, ...]]:
    begun = Groups()
    for row in rows:
        begun.add(*row[:4])
    found: dict[tuple[SubjectKind, int, int], tuple[Shown, ...]] = {}
    for values in begun.rows():
        for row in await tx.execute(_STANDING, values):
            key = (row.kind, row.subject_id, row.chat_id)
            found[key] = (*found.get(key, ()), Shown(row.part, row.message_id, row.form, row.revision))
    return found


async def _first_messages(tx: Transaction, rows: Iterable[DueDelivery]) -> dict[Told, int]:
    """Return the message of the story that each delivery replies to, by the delivery's subject and chat."""
    firsts = Groups()
    subjects: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        assert row.reply_to is not None
        firsts.add(row.bot_id, SubjectKind.ARTICLE, row.reply_to, row.chat_id)
        if row.subject_id not in subjects[row.reply_to]:
            subjects[row.reply_to].append(row.subject_id)
    found: dict[Told, int] = {}
    for values in firsts.rows():
        for row in await tx.execute(_STANDING, values):
            for subject_id in subjects[row.subject_id]:
                # In order of the parts: the first part is the story's head.
                found.setdefault(Told(subject_id, row.chat_id), row.message_id)
    return found


def _answered(row: DueDelivery, first: Mapping[Told, int]) -> int | None:
    return first.get(Told(row.subject_id, row.chat_id)) if first and row.reply_to is not None else None


def _delivery(
    row: DueDelivery, standing: tuple[Shown, ...], reply_to: int | None, bounds: Bounds | None
) -> Delivery:
    manner = row.manner or Manner.SOUND
    if bounds is not None and bounds.silent and row.lane is not Lane.FLASH and manner is Manner.SOUND:
        manner = Manner.SILENT
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
        manner,
        row.footer_id,
    )
