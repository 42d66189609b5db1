"""What is too much of one person or one chat, and how that is said and counted."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from bot.updates.floods import Answer, Floods
from bot.updates.update import Incoming, read
from tests.support.figures import figure

ANNA, BORIS, GROUP = 21, 22, -100
TAKE, DROP, TELL = Answer.TAKE, Answer.DROP, Answer.DROP_AND_TELL


def update(person: int, chat: int | None = None, kind: str = "message", **event: Any) -> Incoming:
    made = read({"update_id": 1, kind: {"from": {"id": person}, "chat": {"id": chat or person}} | event})
    assert made is not None
    return made


def dropped() -> float:
    return figure("vestnik_updates_dropped_total")


async def test_a_person_is_cut_off_told_once_and_heard_again_when_answered() -> None:
    floods, before = Floods(of_a_person=3), dropped()
    assert [floods.judge(update(ANNA)) for _ in range(6)] == [TAKE, TAKE, TAKE, TELL, DROP, DROP]
    assert floods.judge(update(BORIS)) is TAKE
    floods.over(update(ANNA))
    assert [floods.judge(update(ANNA)) for _ in range(2)] == [TAKE, DROP]
    assert dropped() - before == 4


async def test_a_person_is_counted_over_all_chats_and_a_chat_over_all_persons() -> None:
    floods = Floods(of_a_person=2, of_a_chat=3)
    assert [floods.judge(update(ANNA, chat)) for chat in (ANNA, -1, -2)][:2] == [TAKE, TAKE]
    assert floods.judge(update(ANNA, -2)) is DROP, "nobody in the group asked to be told"
    floods = Floods(of_a_person=2, of_a_chat=3)
    answers = [floods.judge(update(person, GROUP, text="/id")) for person in (1, 2, 3, 4, 5)]
    assert answers == [TAKE, TAKE, TAKE, TELL, TELL]
    assert floods.judge(update(6, GROUP, text="a word to the others")) is DROP


async def test_comings_and_goings_are_never_dropped() -> None:
    floods = Floods(of_a_person=1)
    assert floods.judge(update(ANNA)) is TAKE
    assert floods.judge(update(ANNA, GROUP, "my_chat_member")) is TAKE
    assert floods.judge(update(ANNA, GROUP, migrate_to_chat_id=-200)) is TAKE
    assert floods.judge(update(ANNA)) is TELL


async def test_a_flood_is_logged_once_when_it_is_over(caplog: pytest.LogCaptureFixture) -> None:
    floods = Floods(of_a_person=1, quiet=0.05)
    with caplog.at_level(logging.WARNING, "bot.updates"):
        assert [floods.judge(update(ANNA)) for _ in range(4)] == [TAKE, TELL, DROP, DROP]
        assert caplog.messages == []
        async with asyncio.timeout(60):
            while not caplog.messages:
                await asyncio.sleep(0.01)
        assert floods.judge(update(ANNA)) is TELL, "another flood is another"
        floods.close()
    assert caplog.messages == [
        f"updates.flood person={ANNA} dropped=3",
        f"updates.flood person={ANNA} dropped=1",
    ]


@pytest.mark.parametrize(
    ("body", "chat", "person"),
    [
        ({"message": {"chat": {"id": GROUP}, "from": {"id": ANNA}}}, GROUP, ANNA),
        ({"callback_query": {"from": {"id": ANNA}, "message": {"chat": {"id": GROUP}}}}, GROUP, ANNA),
        ({"callback_query": {"from": {"id": ANNA}, "inline_message_id": "1"}}, ANNA, ANNA),
        ({"inline_query": {"from": {"id": ANNA}}}, ANNA, ANNA),
        ({"my_chat_member": {"chat": {"id": ANNA}, "from": {"id": ANNA}}}, ANNA, ANNA),
        ({"message_reaction": {"chat": {"id": GROUP}, "user": {"id": ANNA}}}, GROUP, ANNA),
        ({"channel_post": {"chat": {"id": GROUP}}}, GROUP, None),
        ({"poll": {"id": "1"}}, 0, None),
        ({"message": {"chat": "?", "from": {"id": "?"}}}, 0, None),
        ({}, 0, None),
    ],
)
def test_whose_turn_an_update_takes(body: dict[str, Any], chat: int, person: int | None) -> None:
    read_one = read({"update_id": 5} | body)
    assert read_one is not None
    assert (read_one.id, read_one.chat, read_one.person) == (5, chat, person)
    assert read_one.asks in (True, False)
    assert read_one.membership is ("my_chat_member" in body)


@pytest.mark.parametrize("body", [None, [], "x", {}, {"update_id": "5"}])
def test_what_is_no_update_is_none(body: object) -> None:
    assert read(body) is None
