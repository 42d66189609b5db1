"""Stories that wait for some chats, to be told as one message or to be let go one by one."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, update

from bot.model.delivery import Lane, State
from bot.model.hours import GATHERING
from bot.model.release import MANY, MERGED, QUIET, DueDelivery, Later, Skip, release
from bot.store.engine.array_param import among
from bot.store.engine.batches import Groups
from bot.store.engine.database import Transaction
from bot.store.ledger.release import asked
from bot.store.ledger.release.rows import OF_BOT, WAIT_FOR_CHATS
from bot.store.ledger.release.verdicts import OF_SUBJECT, Verdicts
from bot.store.tables.ledger import delivery


class HeldStory(NamedTuple):
    """A story that waits, and whether quiet hours are the reason."""

    row: DueDelivery
    overnight: bool


_HELD = delivery.c.reason.in_((QUIET, MANY))
_LET_GO = update(delivery).where(*OF_SUBJECT).values(due_at=bindparam("b_due"), reason=None)
_TELL = update(delivery).where(*OF_SUBJECT).values(state=State.SKIPPED, reason=MERGED)
_KEEP = (
    update(delivery)
    .where(among(delivery.c.chat_id, "b_chats"), OF_BOT, delivery.c.state == State.WAITING, _HELD)
    .values(due_at=bindparam("b_due"))
)


async def of_chats(
    tx: Transaction, bot_id: int, chat_ids: Collection[int], now: datetime
) -> dict[int, list[HeldStory]]:
    """Return the stories that wait for some chats and may still go out, in the order of their decision.

    What may not go out at all is settled as skipped. Whoever else is at one of them keeps it: it is left out. What
    would be too late by now has only waited for the chat's sake, and is told.
    """
    rows = (await tx.execute(WAIT_FOR_CHATS, {"b_chats": list(chat_ids), "b_bot": bot_id})).all()
    held = [(DueDelivery._make(row[:-1]), row.reason == QUIET) for row in rows]
    unsubscribed = await asked.unsubscribed(tx, [row for row, _ in held], Lane.STORY, now)
    verdicts = Verdicts()
    found: dict[int, list[HeldStory]] = {}
    for row, overnight in held:
        at_once = row._replace(expires_at=None, quiet_from=None, quiet_to=None)
        verdict = release(at_once, now, unsubscribed=(row.subject_id, row.chat_id) in unsubscribed)
        if isinstance(verdict, Skip):
            verdicts.note(row, verdict)
        elif not isinstance(verdict, Later) and row.first_send and not row.has_parts:
            found.setdefault(row.chat_id, []).append(HeldStory(row, overnight))
    await verdicts.write(tx, bot_id)
    return found


async def let_go(tx: Transaction, rows: Iterable[DueDelivery], now: datetime) -> None:
    """Let stories go out now, one by one."""
    groups = Groups("b_due")
    for row in rows:
        groups.add(*row[:4], now)
    if groups:
        await tx.execute(_LET_GO, groups.rows())


async def tell(tx: Transaction, rows: Iterable[DueDelivery]) -> None:
    """Note that stories are told in a message with others."""
    groups = Groups()
    for row in rows:
        groups.add(*row[:4])
    if groups:
        await tx.execute(_TELL, groups.rows())


async def keep(tx: Transaction, bot_id: int, chat_id: int, until: datetime) -> None:
    """Let what is kept for a chat wait longer."""
    await tx.execute(_KEEP, {"b_bot": bot_id, "b_chats": [chat_id], "b_due": until + GATHERING})
