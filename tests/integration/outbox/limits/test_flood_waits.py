"""Waits that Telegram asks for: kept across restarts, told where they are long; and outages, rested through."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from aiogram.exceptions import TelegramNetworkError

from bot.model.clock import Clock
from bot.model.delivery import Lane
from bot.operations import status
from bot.outbox.limits.flood_waits import FloodWaits
from bot.store.engine.database import Database
from bot.store.operations import bots
from bot.telegram.transport.gate import LONGEST_REST, OUTAGE_CALLS, Gate
from bot.telegram.transport.prepared import PreparedCall
from bot.telegram.transport.ticket import CallTicket, Recalled
from tests.support.engine import Engine
from tests.support.transactions import writes

BOT = 700700
put_bot = writes(bots.put)


async def kept(waits: FloodWaits) -> float:
    """Wait until a wait is written down; return how many seconds of that wait are left."""
    async with asyncio.timeout(30):
        while not (left := await waits.left()):
            await asyncio.sleep(0.01)
    return left


async def test_a_wait_of_all_is_kept_and_told_when_it_is_long(db: Database) -> None:
    clock = Clock()
    await put_bot(db, BOT, "vestnik_bot", clock.now())
    mine = FloodWaits(db, BOT, clock)
    assert await mine.left() == 0
    mine.note(43_837)
    again = FloodWaits(db, BOT, clock)
    assert await kept(again) == pytest.approx(43_837, abs=30)
    (trouble,) = await status.untold(db, BOT, clock.now())
    assert (trouble.talk, trouble.facts) == ("owner_flood", {"minutes": 731})
    clock.advance(timedelta(days=1))
    assert await again.left() == 0


async def test_a_short_wait_is_not_told(db: Database) -> None:
    clock = Clock()
    await put_bot(db, BOT, "vestnik_bot", clock.now())
    mine = FloodWaits(db, BOT, clock)
    mine.note(30)
    assert await kept(FloodWaits(db, BOT, clock)) <= 30
    assert await status.untold(db, BOT, clock.now()) == []


async def test_a_429_of_several_chats_is_written_down_for_the_next_process(still_sqlite: Engine) -> None:
    still = still_sqlite
    await still.readers(20)
    await still.start()
    still.sandbox.fault("429", match={"method": "sendMessage"}, after=5, retry_after=120, scope="global")
    await still.publish("Мост открыт")
    await still.eventually(lambda: still.line.paces["free"].paused_for > 100)
    assert await kept(FloodWaits(still.db, BOT, still.clock)) > 100


async def test_a_chats_own_wait_outlives_a_restart(still_sqlite: Engine) -> None:
    still = still_sqlite
    (anna,) = await still.readers(1)
    await still.start()
    still.sandbox.fault("429", match={"chat_id": anna}, retry_after=600, scope="chat")
    _, bulletin = await still.publish("Мост открыт")
    await still.eventually(lambda: still.sandbox.calls(method="sendMessage"))
    await still.eventually(lambda: still.courier.idle)
    await still.stop()
    still.sandbox.clear_faults()
    known = await still.row(anna)
    assert known.paused_until - still.clock.now() > timedelta(seconds=500)
    _, second = await still.publish("Мост закрыт")
    await still.start()
    await still.reached(second, lambda found: found.waiting == 1)
    assert len(still.sandbox.calls(method="sendMessage")) == 1
    still.clock.advance(timedelta(seconds=601))
    await still.done(bulletin)
    await still.done(second)
    assert [still.count(anna, words) for words in ("открыт", "закрыт")] == [1, 1]


class Open:
    """A pace that lets everything through and remembers what it was told."""

    def __init__(self) -> None:
        self.rests: list[float] = []
        self.ended = 0

    def ask(self, chat_id: int | None, lane: Lane, patience: float) -> None:
        return None

    def count(self, chat_id: int | None, more: int) -> None:
        pass

    def done(self, seconds: float | None = None) -> None:
        self.ended += 1

    def refused(self, chat_id: int | None, retry_after: float) -> bool:
        return False

    def pause(self, seconds: float) -> None:
        self.rests.append(seconds)


async def _unanswered() -> None:
    raise TelegramNetworkError(method=PreparedCall(name="sendMessage"), message="nobody there")


async def _answered() -> str:
    return "ok"


async def test_an_outage_is_rested_through_longer_each_time_and_an_answer_ends_it() -> None:
    pace = Open()
    gate = Gate(pace)
    for _ in range(OUTAGE_CALLS * 7):
        with pytest.raises(TelegramNetworkError):
            await gate.through("sendMessage", 1, _unanswered, ticket=CallTicket())
    assert pace.rests == [1, 2, 4, 8, 16, LONGEST_REST, LONGEST_REST]
    await gate.through("sendMessage", 1, _answered, ticket=CallTicket())
    for _ in range(OUTAGE_CALLS):
        with pytest.raises(TelegramNetworkError):
            await gate.through("sendMessage", 1, _unanswered, ticket=CallTicket())
    assert pace.rests[-1] == 1


async def test_nothing_but_answers_goes_out_where_another_process_may_speak_for_the_bot() -> None:
    gate = Gate(Open(), allowed=lambda: False)
    assert await gate.through("sendMessage", 1, _answered, ticket=CallTicket()) == "ok"
    with pytest.raises(Recalled):
        await gate.through("sendMessage", 1, _answered, ticket=CallTicket(Lane.STORY))
