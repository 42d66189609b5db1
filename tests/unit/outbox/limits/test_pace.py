"""The pace in virtual time: what leaves when, against the strictest server there is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from bot.model.delivery import Lane
from bot.model.errors import ChatBusy
from bot.outbox.limits.pace import TOGETHER_CHATS, Pace

GROUP = -5


def most_in_a_second(times: list[float]) -> int:
    """Return how many of the times lie in the fullest window of a second."""
    most = first = 0
    for last, at in enumerate(times):
        while times[first] <= at - 1.0:
            first += 1
        most = max(most, last - first + 1)
    return most


class Calls:
    """Makes calls through a pace and writes down when, of which lane and to which chat each was made."""

    def __init__(self, loop: Any, latency: float = 0.04, **rates: Any) -> None:
        self.loop = loop
        self.latency = latency
        self.pace = Pace(**{"now": loop.time, "chat_rate": 1000, "chat_burst": 1000, **rates})
        self.made: list[tuple[float, Lane, int | None]] = []
        self.under_way = self.most_under_way = 0

    async def call(self, chat_id: int | None, lane: Lane = Lane.STORY, **options: Any) -> None:
        waiting = self.pace.ask(chat_id, lane, **options)
        if waiting is not None:
            await waiting
        self.made.append((self.loop.time(), lane, chat_id))
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        await asyncio.sleep(self.latency)
        self.under_way -= 1
        self.pace.done(self.latency)

    def run(self, what: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self.loop.run_until_complete(what())

    def times(self) -> list[float]:
        return [at for at, _, _ in self.made]

    def lanes(self) -> str:
        return "".join(lane.name[0] for _, lane, _ in self.made)


@pytest.mark.parametrize("rate", [30, 300, 1000])
def test_calls_keep_close_to_the_rate_and_no_second_holds_more(simulated: Any, rate: int) -> None:
    calls = Calls(simulated, global_rate=rate)
    count = rate * 20

    async def push() -> None:
        await asyncio.gather(*(calls.call(chat) for chat in range(1, count + 1)))

    calls.run(push)
    assert most_in_a_second(calls.times()) <= rate
    assert (count - 1) / calls.times()[-1] >= 0.97 * rate


@pytest.mark.parametrize("stall", [0.01, 0.02, 0.3, 5.0])
def test_after_a_stall_nothing_is_made_up_for_at_once(simulated: Any, stall: float) -> None:
    calls = Calls(simulated, global_rate=30)

    async def push() -> None:
        waiting = asyncio.gather(*(calls.call(chat) for chat in range(1, 200)))
        for _ in range(10):
            await asyncio.sleep(0.21)
            simulated.at += stall
        await waiting

    calls.run(push)
    assert most_in_a_second(calls.times()) <= 30


def test_lanes_go_in_order_and_each_lane_in_the_order_of_asking(simulated: Any) -> None:
    calls = Calls(simulated, global_rate=30)
    lanes = [Lane.DIGEST, Lane.STORY, Lane.FLASH, Lane.CORRECTION, Lane.KILL]

    async def push() -> None:
        asked = [(chat, lanes[chat % 5]) for chat in range(1, 21)]
        await asyncio.gather(calls.call(99, Lane.STORY), *(calls.call(*each) for each in asked))

    calls.run(push)
    assert calls.lanes() == "S" + "KKKK" + "FFFF" + "CCCC" + "SSSS" + "DDDD"
    stories = [chat for _, lane, chat in calls.made if lane is Lane.STORY]
    assert stories == [99, *sorted(stories[1:])]


def test_what_is_urgent_overtakes_between_two_calls(simulated: Any) -> None:
    calls = Calls(simulated, global_rate=30)

    async def push() -> None:
        digests = asyncio.gather(*(calls.call(chat, Lane.DIGEST) for chat in range(1, 100)))
        await asyncio.sleep(1.0)
        asked = simulated.time()
        await calls.call(500, Lane.FLASH)
        await digests
        (made,) = [at for at, lane, _ in calls.made if lane is Lane.FLASH]
        assert made - asked <= 1 / 29

    calls.run(push)


def test_replies_come_first_but_take_at_most_every_other_slot_from_news(simulated: Any) -> None:
    calls = Calls(simulated, global_rate=30)

    async def push() -> None:
        news = [calls.call(chat, Lane.FLASH) for chat in range(1, 12)]
        replies = [calls.call(chat, Lane.REPLY) for chat in range(100, 110)]
        await asyncio.gather(*news, *replies)

    calls.run(push)
    assert calls.lanes() == "F" + "RF" * 10


def test_replies_alone_have_all_slots(simulated: Any) -> None:
    calls = Calls(simulated, global_rate=30)

    async def push() -> None:
        await asyncio.gather(*(calls.call(chat, Lane.REPLY) for chat in range(1, 61)))

    calls.run(push)
    assert calls.times()[-1] < 2.1


def test_a_chat_gets_a_call_a_second_and_others_do_not_wait_for_it(simulated: Any) -> None:
    calls = Calls(simulated, global_rate=30, chat_rate=1, chat_burst=1)

    async def push() -> None:
        await asyncio.gather(
            *(calls.call(7) for _ in range(5)), *(calls.call(chat) for chat in range(10, 40))
        )

    calls.run(push)
    to_it = [at for at, _, chat in calls.made if chat == 7]
    assert most_in_a_second(to_it) == 1
    assert to_it[-1] < 4.5
    assert max(at for at, _, chat in calls.made if chat != 7) < 1.2


def test_a_group_gets_twenty_a_minute(simulated: Any) -> None:
    calls = Calls(simulated, global_rate=30, group_rate=20)

    async def push() -> None:
        await asyncio.gather(*(calls.call(GROUP) for _ in range(45)))

    calls.run(push)
    times = calls.times()
    assert all(later - earlier >= 60 for earlier, later in zip(times, times[20:], strict=False))
    assert times[-1] < 122


def test_who_has_no_patience_hears_how_long_a_busy_chat_takes(simulated: Any) -> None:
    calls = Calls(simulated, global_rate=30, group_rate=2)

    async def push() -> None:
        await calls.call(GROUP)
        await calls.call(GROUP)
        with pytest.raises(ChatBusy) as busy:
            await calls.call(GROUP, patience=2.0)
        assert 50 < busy.value.retry_after <= 60
        await calls.call(7, patience=2.0)

    calls.run(push)


def test_never_more_are_under_way_than_there_are_connections(simulated: Any) -> None:
    calls = Calls(simulated, latency=2.0, global_rate=100, most=8)

    async def push() -> None:
        await asyncio.gather(*(calls.call(chat) for chat in range(1, 41)))

    calls.run(push)
    assert calls.most_under_way == 8
    assert len(calls.made) == 40


def test_a_refusal_pauses_its_chat_alone(simulated: Any) -> None:
    calls = Calls(simulated, global_rate=30)

    async def push() -> None:
        assert not calls.pace.refused(7, 5.0)
        await asyncio.gather(calls.call(7), *(calls.call(chat) for chat in range(10, 40)))

    calls.run(push)
    (paused,) = [at for at, _, chat in calls.made if chat == 7]
    assert paused >= 5.0
    assert max(at for at, _, chat in calls.made if chat != 7) < 1.2


def test_several_chats_refused_together_pause_all_and_the_rate_comes_back(simulated: Any) -> None:
    calls = Calls(simulated, global_rate=30)

    async def push() -> None:
        refused = [calls.pace.refused(chat, 3.0) for chat in range(1, TOGETHER_CHATS + 1)]
        assert refused == [False] * (TOGETHER_CHATS - 1) + [True]
        await asyncio.gather(*(calls.call(chat) for chat in range(10, 3_000)))

    calls.run(push)
    times = calls.times()
    assert times[0] >= 3.0
    seconds = [sum(start <= at < start + 4 for at in times) / 4 for start in (3, 80)]
    assert seconds[0] < 25
    assert seconds[1] == pytest.approx(29.4, abs=0.2)


def test_one_paid_pace_and_one_free_share_what_a_chat_may_take(simulated: Any) -> None:
    free = Pace(global_rate=30, chat_burst=1, now=simulated.time)
    paid = Pace(global_rate=1000, chat_burst=1, now=simulated.time, beside=free)

    async def ask() -> None:
        assert free.ask(7, Lane.STORY) is None
        assert paid.ask(8, Lane.FLASH) is None
        second = paid.ask(7, Lane.FLASH)
        assert second is not None
        await second
        assert simulated.time() >= 1.0

    simulated.run_until_complete(ask())


def test_who_gives_up_waiting_leaves_its_slot_to_the_next(simulated: Any) -> None:
    calls = Calls(simulated, global_rate=30)

    async def push() -> None:
        tasks = [asyncio.ensure_future(calls.call(chat)) for chat in range(1, 11)]
        await asyncio.sleep(0)
        for task in tasks[1:9]:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    calls.run(push)
    assert [chat for _, _, chat in calls.made] == [1, 10]
    assert calls.times()[-1] < 0.05
    assert calls.pace.waiting == 0


@pytest.mark.parametrize(("chat", "pictures"), [(5, 10), (-5, 10)])
async def test_an_album_takes_as_many_slots_as_it_has_pictures(chat: int, pictures: int) -> None:
    now = 100.0
    pace = Pace(global_rate=10, now=lambda: now)
    assert pace.ask(chat, Lane.STORY) is None
    pace.count(chat, pictures - 1)
    waits = pace.ask(77, Lane.STORY)
    assert waits is not None
    now += pictures / 10 * 0.9
    pace.serve()
    assert not waits.done()
    now += pictures / 10 * 0.2
    pace.serve()
    assert waits.done()


async def test_an_album_counts_in_full_against_a_groups_minute() -> None:
    now = 100.0
    pace = Pace(global_rate=1000, group_rate=20, now=lambda: now)
    for _ in range(2):
        assert pace.ask(-5, Lane.STORY) is None
        pace.count(-5, 9)
        now += 5
    waits = pace.ask(-5, Lane.STORY)
    assert waits is not None
    now += 51
    pace.serve()
    assert waits.done()
