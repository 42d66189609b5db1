"""The gate with a real pace, in virtual time."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any

import pytest
from aiogram.exceptions import TelegramNetworkError, TelegramRetryAfter
from aiogram.methods import GetMe

from bot.model.delivery import Lane
from bot.model.errors import ChatBusy
from bot.outbox.limits.pace import Pace
from bot.telegram.transport.gate import Gate, is_paced
from bot.telegram.transport.ticket import CallTicket, Recalled


async def answered() -> str:
    return "ok"


def gate_of(loop: Any, **options: Any) -> tuple[Gate, Pace]:
    pace = Pace(global_rate=30, chat_rate=1, chat_burst=1, now=loop.time)
    return Gate(pace, **options), pace


async def within(ticket: CallTicket, gate: Gate, chat_id: int = 7) -> str:
    return await gate.through("sendMessage", chat_id, answered, ticket=ticket)


@pytest.mark.parametrize(
    ("name", "paced"),
    [
        ("sendMessage", True),
        ("editMessageText", True),
        ("copyMessage", True),
        ("forwardMessage", True),
        ("deleteMessage", True),
        ("getUpdates", False),
        ("answerCallbackQuery", False),
        ("setMyCommands", False),
        ("deleteMyCommands", False),
        ("deleteWebhook", False),
        ("sendChatAction", False),
    ],
)
def test_what_shows_something_counts_and_nothing_else(name: str, paced: bool) -> None:
    assert is_paced(name) is paced


def test_what_is_recalled_while_it_waits_is_not_sent_and_its_slot_is_free(simulated: Any) -> None:
    gate, pace = gate_of(simulated)

    async def scene() -> None:
        await within(CallTicket(Lane.STORY), gate)
        mine = CallTicket(Lane.STORY)
        waiting = asyncio.create_task(within(mine, gate))
        await asyncio.sleep(0.5)
        mine.recall()
        with pytest.raises(Recalled):
            await waiting
        assert not mine.called
        assert pace.waiting == 0
        with pytest.raises(Recalled):
            await within(mine, gate, 8)

    simulated.run_until_complete(scene())


def test_begun_is_told_once_when_the_first_call_is_made(simulated: Any) -> None:
    gate, _ = gate_of(simulated)
    begun: list[Lane] = []

    async def scene() -> None:
        mine = CallTicket(Lane.FLASH, begun=begun.append)
        await within(mine, gate)
        await within(mine, gate)

    simulated.run_until_complete(scene())
    assert begun == [Lane.FLASH]


def test_a_busy_chat_does_not_keep_a_place_that_others_could_have(simulated: Any) -> None:
    gate, _ = gate_of(simulated)

    async def scene() -> None:
        await within(CallTicket(Lane.STORY), gate)
        with pytest.raises(ChatBusy):
            await within(CallTicket(Lane.STORY, patience=0.5), gate)
        assert await within(CallTicket(Lane.STORY, patience=2.0), gate) == "ok"
        assert simulated.time() >= 1.0

    simulated.run_until_complete(scene())


def test_a_429_pauses_the_chat_and_several_pause_all_and_are_told(simulated: Any) -> None:
    told: list[float] = []
    gate, pace = gate_of(simulated, all_wait=told.append)

    async def refused() -> str:
        raise TelegramRetryAfter(method=GetMe(), message="Too Many Requests", retry_after=9)

    async def scene() -> None:
        for chat_id in (1, 2, 3):
            with pytest.raises(TelegramRetryAfter):
                await gate.through("sendMessage", chat_id, refused, ticket=CallTicket(Lane.STORY))
        began = simulated.time()
        assert pace.paused_for > 8.5
        await within(CallTicket(Lane.FLASH), gate, 4)
        assert simulated.time() - began > 8.5

    simulated.run_until_complete(scene())
    assert told == [9.0]


def test_while_nobody_answers_it_rests_longer_each_time(simulated: Any) -> None:
    gate, _ = gate_of(simulated)

    async def unanswered() -> str:
        raise TelegramNetworkError(method=GetMe(), message="ClientConnectorError")

    async def scene() -> list[float]:
        times = []
        for chat_id in range(1, 200):
            with pytest.raises(TelegramNetworkError):
                await gate.through("sendMessage", chat_id, unanswered, ticket=CallTicket(Lane.STORY))
            times.append(simulated.time())
        return times

    times = simulated.run_until_complete(scene())
    rests = [later - earlier for earlier, later in itertools.pairwise(times) if later - earlier > 0.5]
    assert len(rests) >= 3
    assert [round(rest) for rest in rests[:3]] == [1, 2, 4]


def test_where_another_process_may_speak_news_wait_and_answers_do_not(simulated: Any) -> None:
    gate, _ = gate_of(simulated, allowed=lambda: False)

    async def scene() -> None:
        with pytest.raises(Recalled):
            await within(CallTicket(Lane.STORY), gate)
        assert await within(CallTicket(Lane.REPLY), gate, 8) == "ok"

    simulated.run_until_complete(scene())
