"""What the pace lets out when; its clock is the test's."""

from __future__ import annotations

import pytest

from bot.model.delivery import Lane
from bot.outbox.pace import Pace


@pytest.mark.parametrize(("chat", "pictures"), [(5, 10), (-5, 10)])
async def test_an_album_takes_as_many_slots_as_it_has_pictures(chat: int, pictures: int) -> None:
    now = 100.0
    pace = Pace(global_rate=10, now=lambda: now)
    assert pace.ask(chat, Lane.STORY) is None
    pace.count(chat, pictures - 1)
    waits = pace.ask(77, Lane.STORY)
    assert waits is not None
    now += pictures / 10 * 0.9
    pace._serve()
    assert not waits.done()
    now += pictures / 10 * 0.2
    pace._serve()
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
    pace._serve()
    assert waits.done()
