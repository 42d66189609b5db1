"""What a claim decides, written down: a few statements for all its rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime

from sqlalchemy import bindparam, update

from bot.model.delivery import Lane, State
from bot.model.hours import GATHERING
from bot.model.release import MANY, QUIET, DueDelivery, InTheMorning, Later, Skip
from bot.store.engine.array_param import among
from bot.store.engine.batches import Groups
from bot.store.engine.database import Transaction
from bot.store.ledger.release import catch_ups
from bot.store.tables.ledger import delivery

REASON_CHARACTERS = 64

OF_SUBJECT = (
    delivery.c.bot_id == bindparam("b_bot"),
    delivery.c.kind == bindparam("b_kind"),
    delivery.c.subject_id == bindparam("b_subject"),
    among(delivery.c.chat_id, "b_chats"),
)
_TAKE = update(delivery).where(*OF_SUBJECT).values(state=State.CLAIMED, lease_until=bindparam("b_until"))
_SKIP = update(delivery).where(*OF_SUBJECT).values(state=State.SKIPPED, reason=bindparam("b_reason"))
_POSTPONE = update(delivery).where(*OF_SUBJECT).values(due_at=bindparam("b_due"))
_MORNING = (
    update(delivery)
    .where(*OF_SUBJECT)
    .values(
        lane=Lane.STORY,
        reason=bindparam("b_why"),
        due_at=bindparam("b_due"),
        expires_at=bindparam("b_expires"),
    )
)


class Verdicts:
    """What a claim decides, as rows of a few statements."""

    def __init__(self) -> None:
        self.reasons: Counter[str] = Counter()
        self._skipped, self._later, self._taken = Groups("b_reason"), Groups("b_due"), Groups("b_until")
        self._morning = Groups("b_due", "b_expires", "b_why")
        self._gathered: dict[datetime, list[int]] = defaultdict(list)

    def take(self, row: DueDelivery, until: datetime) -> None:
        """Take the delivery until then."""
        self._taken.add(*row[:4], until)

    def note(self, row: DueDelivery, verdict: Skip | Later | InTheMorning) -> None:
        """Do what was decided of a delivery that may not go out now."""
        if isinstance(verdict, Skip):
            self._skipped.add(*row[:4], verdict.reason[:REASON_CHARACTERS])
            self.reasons[verdict.reason] += 1
        elif isinstance(verdict, Later):
            self._later.add(*row[:4], verdict.at)
        else:
            self._gathered[verdict.at].append(row.chat_id)
            self._morning.add(*row[:4], verdict.at + GATHERING, verdict.expires_at, QUIET)

    def gather(self, row: DueDelivery, now: datetime) -> None:
        """Let a story be told together with others that wait for its chat."""
        self._gathered[now].append(row.chat_id)
        self._morning.add(*row[:4], now + GATHERING, row.expires_at, MANY)

    async def write(self, tx: Transaction, bot_id: int) -> None:
        """Write it down."""
        settled = (
            (_SKIP, self._skipped),
            (_POSTPONE, self._later),
            (_MORNING, self._morning),
            (_TAKE, self._taken),
        )
        for statement, groups in settled:
            if groups:
                await tx.execute(statement, groups.rows())
        for at, chat_ids in self._gathered.items():
            await catch_ups.expect(tx, bot_id, chat_ids, at)
