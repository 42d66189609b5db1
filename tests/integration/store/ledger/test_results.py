"""Results that come when the chat they are of is not what it was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot.model.chat import ChatKind
from bot.model.delivery import Delivery, Lane, Outcome, Placed, State
from bot.model.message import TEXT
from bot.store.audience import chats, digests
from bot.store.engine.database import Database
from bot.store.ledger import claims, deliveries, results
from bot.store.operations import bots
from bot.store.tables.ledger import delivery, message
from tests.support.readers import join as join_chat
from tests.support.transactions import reads, writes

BOT, NOW = 700700, datetime(2026, 11, 25, 9, tzinfo=UTC)
settle = writes(results.settle)


async def claimed(db: Database, *telegram_ids: int) -> list[Delivery]:
    """Return a claimed delivery of each of so many chats."""

    @writes
    async def claiming(tx: Any) -> list[Delivery]:
        await bots.put(tx, BOT, "vestnik_bot", NOW)
        for number in telegram_ids:
            kind = ChatKind.PRIVATE if number > 0 else ChatKind.GROUP
            chat_id = await join_chat(tx, BOT, number, NOW, kind=kind)
            digest = await digests.add(tx, chat_id, [], since=NOW - timedelta(days=1), at=NOW)
            await deliveries.open_digest(tx, BOT, digest, chat_id, now=NOW)
        claim = await claims.claim(tx, BOT, Lane.DIGEST, NOW, limit=10, lease=timedelta(minutes=5))
        return claim.deliveries

    return await claiming(db)


def sent(one: Delivery, number: int) -> list[Placed | Outcome]:
    return [
        Placed(one, 0, number, one.wanted, TEXT),
        Outcome(one, State.DONE, 0, shown=one.wanted),
    ]


@reads
async def kept(tx: Any) -> tuple[dict[int, int], dict[int, State]]:
    """Return the messages and the states that the ledger knows, by chat."""
    messages = await tx.execute(select(message.c.chat_id, message.c.message_id))
    states = await tx.execute(select(delivery.c.chat_id, delivery.c.state))
    return {row[0]: row[1] for row in messages}, {row[0]: row[1] for row in states}


async def test_of_a_reader_who_left_during_the_call_nothing_is_kept(db: Database) -> None:
    anna, boris = await claimed(db, 21, 22)
    await writes(chats.erase)(db, anna.chat_id, NOW)
    await settle(db, [*sent(anna, 1), *sent(boris, 2)], NOW)
    assert await kept(db) == ({boris.chat_id: 2}, {boris.chat_id: State.DONE})


async def test_a_group_that_became_another_during_the_call_holds_nobody_up(db: Database) -> None:
    old, new, boris = await claimed(db, -5, -1005, 22)
    await writes(chats.move)(db, old.chat_id, -1005)
    await settle(db, [*sent(old, 1), *sent(new, 2), *sent(boris, 3)], NOW)
    messages, states = await kept(db)
    assert (messages[boris.chat_id], states[boris.chat_id]) == (3, State.DONE)
    assert messages[old.chat_id] == 1


async def test_settling_twice_changes_nothing(db: Database) -> None:
    (anna,) = await claimed(db, 21)
    for _ in range(2):
        await settle(db, sent(anna, 1), NOW)
    assert await kept(db) == ({anna.chat_id: 1}, {anna.chat_id: State.DONE})


async def test_what_comes_after_a_failure_stays_behind_what_was_put_off(db: Database) -> None:
    (first,) = await claimed(db, 21)

    @writes
    async def another(tx: Any) -> None:
        digest = await digests.add(tx, first.chat_id, [], since=NOW - timedelta(days=1), at=NOW)
        await deliveries.open_digest(tx, BOT, digest, first.chat_id, now=NOW + timedelta(seconds=1))

    await another(db)
    later = NOW + timedelta(seconds=5)
    put_off = Outcome(first, State.WAITING, 1, reason="server", due_at=later, holds_chat=True)
    await settle(db, [put_off], NOW)
    claim = await writes(claims.claim)(db, BOT, Lane.DIGEST, later, limit=10, lease=timedelta(minutes=5))
    again = claim.deliveries
    assert [one.subject.id for one in again] == sorted(one.subject.id for one in again)
    assert again[0].key == first.key
    assert len(again) == 2
