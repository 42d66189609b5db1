"""How a push ended is in the log, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.desk import pushes
from bot.log import Event, Value
from bot.model.delivery import Lane
from bot.operations.push_watch import PushWatch
from tests.support.engine import Engine
from tests.support.world import BOT


@pytest.fixture(autouse=True)
def _info(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="bot.operations.push_watch")


def ends(caplog: pytest.LogCaptureFixture) -> list[dict[str, Value]]:
    events = [record.msg for record in caplog.records if isinstance(record.msg, Event)]
    found = [event.values() for event in events if event.name == "push.ended"]
    caplog.clear()
    return found


async def test_a_push_is_logged_once_when_its_last_delivery_is_settled(
    still: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    watch = PushWatch(still.db, BOT)
    readers = await still.readers(3)
    await watch.look(still.clock.now())
    article, bulletin = await still.publish("Мост открыт")
    await watch.look(still.clock.now())
    assert ends(caplog) == []
    still.sandbox.block(readers[0])
    await still.start()
    await still.done(bulletin)
    await watch.look(still.clock.now())
    [end] = ends(caplog)
    assert 0 < end.pop("first_seconds") <= end.pop("last_seconds") < 60
    assert end == {
        "article": article,
        "bulletin": bulletin,
        "kind": "new",
        "sent": 2,
        "failed": 1,
        "skipped": 0,
    }
    await watch.look(still.clock.now())
    assert ends(caplog) == []


async def test_a_correction_and_a_kill_end_too(still: Engine, caplog: pytest.LogCaptureFixture) -> None:
    watch = PushWatch(still.db, BOT)
    await watch.look(still.clock.now())
    await still.readers(2)
    await still.start()
    article, bulletin = await still.publish("Мост открыт")
    await still.done(bulletin)
    await still.done(await still.correct(article, "Мост закрыт"))
    await watch.look(still.clock.now())
    assert [(end["kind"], end["sent"]) for end in ends(caplog)] == [("new", 2), ("corrected", 2)]
    await still.done(await still.take_away(article))
    await watch.look(still.clock.now())
    [end] = ends(caplog)
    assert (end["kind"], end["sent"], end.get("last_seconds")) == ("killed", 2, None)


async def test_a_push_that_is_stopped_ends_as_stopped(
    still: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    watch = PushWatch(still.db, BOT)
    await still.readers(2)
    await watch.look(still.clock.now())
    await still.start()
    await still.kill()
    _, bulletin = await still.publish("Мост открыт", lane=Lane.FLASH)
    await still.matcher.step()
    await pushes.stop(still.db, bulletin, still.clock.now(), 11)
    await watch.look(still.clock.now())
    [end] = ends(caplog)
    assert (end["stopped"], end["sent"], end["skipped"]) == (True, 0, 2)
    assert "first_seconds" not in end


async def test_what_ended_before_the_start_and_what_lasts_for_days_is_not_logged(
    still_sqlite: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    still = still_sqlite
    await still.readers(1)
    await still.start()
    _, bulletin = await still.publish("Мост открыт")
    await still.done(bulletin)
    _, paused = await still.publish("Ярмарка")
    await pushes.pause(still.db, paused, still.clock.now(), 11)
    watch = PushWatch(still.db, BOT)
    await watch.look(still.clock.now())
    await watch.look(still.clock.now() + timedelta(days=4))
    assert ends(caplog) == []
