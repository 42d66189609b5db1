import pytest

from bot.outbox.limits.chat_limits import GROUP_SECONDS, MARGIN, ChatLimits

READER, GROUP = 7, -7


def test_a_chat_takes_a_burst_and_then_a_call_a_second() -> None:
    chats = ChatLimits(chat_rate=1, burst=3, group_rate=20)
    for _ in range(3):
        assert chats.ready_at(READER, 0.0) == 0.0
        chats.spend(READER, 0.0)
    assert chats.ready_at(READER, 0.0) == pytest.approx(1 / MARGIN)
    assert chats.ready_at(READER, 2.0) == 2.0


def test_a_group_takes_twenty_a_minute() -> None:
    chats = ChatLimits(chat_rate=100, burst=100, group_rate=20)
    for second in range(20):
        assert chats.ready_at(GROUP, float(second)) == second
        chats.spend(GROUP, float(second))
    assert chats.ready_at(GROUP, 20.0) == GROUP_SECONDS
    assert chats.ready_at(GROUP, GROUP_SECONDS) == GROUP_SECONDS


def test_a_private_chat_is_bound_by_no_minute() -> None:
    chats = ChatLimits(chat_rate=100, burst=100, group_rate=20)
    for second in range(40):
        chats.spend(READER, float(second))
    assert chats.ready_at(READER, 40.0) == 40.0


def test_a_pause_holds_its_chat_alone() -> None:
    chats = ChatLimits(chat_rate=1, burst=3, group_rate=20)
    chats.pause(READER, 5.0, 35.0)
    assert chats.ready_at(READER, 6.0) == 35.0
    assert chats.ready_at(READER + 1, 6.0) == 6.0


def test_a_million_chats_leave_nothing_behind() -> None:
    chats = ChatLimits(chat_rate=1, burst=1, group_rate=20)
    for number in range(50_000):
        chats.spend(number + 1, number / 1000)
    assert chats.remembered < 3_000


def test_a_chat_that_is_paused_is_not_forgotten() -> None:
    chats = ChatLimits(chat_rate=1, burst=1, group_rate=20)
    chats.pause(READER, 0.0, 1_000.0)
    for number in range(5_000):
        chats.spend(number + 100, number / 100)
    assert chats.ready_at(READER, 60.0) == 1_000.0
