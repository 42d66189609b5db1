"""Waits that Telegram asks for: kept across restarts, told where they are long; and outages, rested through."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from aiogram.exceptions import TelegramNetworkError

from bot.desk import status
from bot.model.clock import Clock
from bot.model.delivery import Lane
from bot.outbox.floods import Floods
from bot.store import bots
from bot.store.database import Database, writes
from bot.telegram.gate import LONGEST_REST, OUTAGE_CALLS, Gate, Recalled, Turn, turn
from bot.telegram.prepared import PreparedCall

BOT = 700700
put_bot = writes(bots.put)


async def test_a_wait_of_all_is_kept_and_told_when_it_is_long(db: Database) -> None:
    clock = Clock()
    await put_bot(db, BOT, "vestnik_bot", clock.now())
    mine = Floods(db, BOT, clock)
    assert await mine.left() == 0
    mine.note(43_837)
    while mine._writing:
        await next(iter(mine._writing))
    again = Floods(db, BOT, clock)
    assert await again.left() == pytest.approx(43_837, abs=5)
    (trouble,) = await status.untold(db, BOT, clock.now())
    assert (trouble.talk, trouble.facts) == ("owner_flood", {"minutes": 731})
    clock.advance(timedelta(days=1))
    assert await again.left() == 0


async def test_a_short_wait_is_not_told(db: Database) -> None:
    clock = Clock()
    await put_bot(db, BOT, "vestnik_bot", clock.now())
    mine = Floods(db, BOT, clock)
    mine.note(30)
    while mine._writing:
        await next(iter(mine._writing))
    assert await status.untold(db, BOT, clock.now()) == []


async def test_a_429_of_several_chats_is_written_down_for_the_next_process(still_sqlite: Any) -> None:
    still = still_sqlite
    await still.readers(20)
    await still.start()
    still.sandbox.fault("429", match={"method": "sendMessage"}, after=5, retry_after=120, scope="global")
    await still.publish("Мост открыт")
    await still.eventually(lambda: still.pace.paused_for > 100)
    while still.floods._writing:
        await next(iter(still.floods._writing))
    assert await Floods(still.db, BOT, still.clock).left() > 100


async def test_a_chats_own_wait_outlives_a_restart(still_sqlite: Any) -> None:
    still = still_sqlite
    (anna,) = await still.readers(1)
    await still.start()
    still.sandbox.fault("429", match={"chat_id": anna}, retry_after=600, scope="chat")
    _, bulletin = await still.publish("Мост открыт")
    await still.eventually(lambda: still.sandbox.calls(method="sendMessage"))
    await still.eventually(lambda: not still.courier._busy)
    await still.stop()
    still.sandbox.clear_faults()
    known = await still.chat(anna)
    assert known.paused_until - still.clock.now() > timedelta(seconds=500)
    _, second = await still.publish("Мост закрыт")
    await still.start()
    await still.until(second, lambda found: found.waiting == 1)
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
            await gate.through("sendMessage", 1, _unanswered)
    assert pace.rests == [1, 2, 4, 8, 16, LONGEST_REST, LONGEST_REST]
    await gate.through("sendMessage", 1, _answered)
    for _ in range(OUTAGE_CALLS):
        with pytest.raises(TelegramNetworkError):
            await gate.through("sendMessage", 1, _unanswered)
    assert pace.rests[-1] == 1


async def test_nothing_but_answers_goes_out_where_another_process_may_speak_for_the_bot() -> None:
    gate = Gate(Open(), allowed=lambda: False)
    assert await gate.through("sendMessage", 1, _answered) == "ok"
    turn.set(Turn(Lane.STORY))
    with pytest.raises(Recalled):
        await gate.through("sendMessage", 1, _answered)
