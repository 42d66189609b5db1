"""The parts of an overview: lines of the log, what is shared by who looks, the speed of a push."""

from __future__ import annotations

import asyncio
import logging

from bot.log import Event
from bot.operations.overview.log_tail import MOST, LogTail
from bot.operations.overview.shared import LONGEST_SECONDS, Shared
from bot.operations.overview.speeds import WINDOW_SECONDS, PushSpeeds

TOKEN = "123456:" + "S" * 35


def test_the_ring_keeps_the_newest_warnings_without_secrets_each_line_once() -> None:
    log = logging.getLogger("vestnik.tests.tail")
    with LogTail() as tail:
        log.info(Event("story.published", article=1))
        log.warning(Event("feed.failed", reason=f"https://bot:{TOKEN}@feeds.example\u202e\x1b[2J"))
        log.error("a library's words %s of https://feeds.example/a?key=hidden", TOKEN)
        log.warning(Event("feed.failed", reason=f"https://bot:{TOKEN}@feeds.example\u202e\x1b[2J"))
        try:
            raise LookupError("nothing there")
        except LookupError:
            log.exception(Event("loop.failed", loop="courier"))
        newest = tail.newest()
        assert [(each.event, each.error, each.times) for each in newest] == [
            ("loop.failed", True, 1),
            ("feed.failed", False, 2),
            ("vestnik.tests.tail", True, 1),
        ]
        assert newest[0].text == "loop=courier LookupError: nothing there"
        assert newest[2].text.endswith("https://feeds.example/a?…")
        assert all(TOKEN not in each.text and each.text.isprintable() for each in newest)
        for number in range(2 * MOST):
            log.warning(Event("feed.failed", feed=number))
        assert len(tail.newest()) == MOST
        assert tail.newest()[0].text == f"feed={2 * MOST - 1}"
    log.warning(Event("feed.failed", feed="after"))
    assert "after" not in tail.newest()[0].text


async def test_a_hundred_who_look_cost_one_reading_and_a_slow_one_serves_longer() -> None:
    at, cost, reads = 0.0, 0.0, 0

    async def read() -> int:
        nonlocal at, reads
        reads += 1
        at += cost
        await asyncio.sleep(0)
        return reads

    shared = Shared(1.0, lambda: at)
    assert set(await asyncio.gather(*(shared.of("page", read) for _ in range(100)))) == {1}
    at += 1.0
    cost = 2.0
    assert await shared.of("page", read) == 2
    at += 19.0
    assert await shared.of("page", read) == 2
    at += 2.0
    cost = 1000.0
    assert await shared.of("page", read) == 3
    at += LONGEST_SECONDS
    assert await shared.of("page", read) == 4


async def test_what_is_shared_is_bounded_and_a_failed_reading_is_not_kept() -> None:
    shared, reads = Shared(60.0), 0

    async def read() -> int:
        nonlocal reads
        reads += 1
        if reads == 1:
            raise LookupError
        return reads

    assert isinstance((await asyncio.gather(shared.of(0, read), return_exceptions=True))[0], LookupError)
    assert await shared.of(0, read) == 2
    for name in range(1, 500):
        await shared.of(name, read)
    assert len(shared) <= 64


def test_the_speed_of_a_push_is_that_of_the_last_seconds() -> None:
    speeds = PushSpeeds()
    assert speeds.note(1, 0.0, 0) is None
    assert speeds.note(1, 2.0, 60) == 30
    assert speeds.note(1, 2.0 + WINDOW_SECONDS, 60) == 0
    speeds.keep([2])
    assert speeds.note(1, 100.0, 1000) is None
