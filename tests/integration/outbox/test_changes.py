"""What is stopped, corrected or killed while it goes out, over HTTP against the sandbox."""

from __future__ import annotations

from typing import Any

from bot.model.delivery import Lane, State
from bot.store.ledger import bulletins
from tests.support.engine import Engine
from tests.support.transactions import writes


async def test_a_stop_in_the_middle_ends_the_push(still: Engine) -> None:
    still.rates["global_rate"] = 10
    readers = await still.readers(120)
    await still.start()
    _, bulletin = await still.publish("Мост открыт", lane=Lane.FLASH, everybody=True)
    await still.reached(bulletin, lambda found: found.accepted >= 10)
    # From here on nothing leaves by itself: what the stop leaves waiting would wait for ever.
    still.line.paces["free"].pause(3_600)

    @writes
    async def stop(tx: Any) -> bool:
        return await bulletins.stop(tx, bulletin, still.clock.now(), by=11, reason="stopped")

    assert await stop(still.db)
    assert not await stop(still.db)
    told = await still.done(bulletin)
    assert told.accepted + told.skipped.get("stopped", 0) == 120
    assert sum(still.count(reader, "Мост открыт") for reader in readers) == told.accepted


async def test_a_correction_edits_what_is_shown_and_is_sent_to_who_waits(still: Engine) -> None:
    still.rates["global_rate"] = 60
    readers = await still.readers(60)
    await still.start()
    article, bulletin = await still.publish("Мост открыт")
    await still.reached(bulletin, lambda found: found.accepted >= 10)
    corrected = await still.correct(article, "Мост закрыт")
    await still.done(bulletin)
    await still.done(corrected)
    for reader in readers:
        assert (still.count(reader, "Мост открыт"), still.count(reader, "Мост закрыт")) == (0, 1)


async def test_a_killed_story_vanishes_and_is_sent_to_nobody_more(still: Engine) -> None:
    still.rates["global_rate"] = 10
    readers = await still.readers(120)
    await still.start()
    article, bulletin = await still.publish("Мост открыт")
    await still.reached(bulletin, lambda found: found.accepted >= 10)
    # From here on nothing leaves by itself, until the next start.
    still.line.paces["free"].pause(3_600)
    killed = await still.take_away(article)
    await still.reached(bulletin, lambda found: found.waiting == 0)
    await still.stop()
    sent = len(still.sandbox.calls(method="sendMessage"))
    assert sent < 120
    await still.start()
    await still.done(bulletin)
    await still.done(killed)
    assert sum(still.count(reader, "Мост открыт") for reader in readers) == 0
    assert len(still.sandbox.calls(method="sendMessage")) == sent


async def test_a_story_older_than_two_days_gives_way_to_a_notice(engine: Engine) -> None:
    (anna,) = await engine.readers(1)
    article, bulletin = await engine.publish("Мост открыт")
    await engine.done(bulletin)
    engine.sandbox.advance(49 * 3600)
    await engine.done(await engine.take_away(article))
    assert engine.count(anna, "Мост открыт") == 0
    assert len(engine.texts(anna)) == 1


async def test_a_message_that_the_reader_deleted_is_not_corrected_and_not_sent_again(engine: Engine) -> None:
    (anna,) = await engine.readers(1)
    article, bulletin = await engine.publish("Мост открыт")
    await engine.done(bulletin)
    engine.sandbox.fault(
        "error",
        match={"method": "editMessageText"},
        code=400,
        description="Bad Request: message to edit not found",
    )
    await engine.done(await engine.correct(article, "Мост закрыт"))
    assert engine.count(anna, "Мост закрыт") == 0
    (row,) = await engine.rows()
    assert row.state in (State.DONE, State.SKIPPED)


async def test_a_correction_that_a_kill_overtakes_brings_nothing_back(still: Engine) -> None:
    (anna,) = await still.readers(1)
    still.sandbox.fault(
        "error", match={"text_contains": "Мост"}, code=400, description="Bad Request: can't parse entities"
    )
    await still.start()
    article, bulletin = await still.publish("Мост открыт")
    await still.reached(bulletin, lambda found: found.stopped and not found.waiting)
    await still.stop()
    corrected = await still.correct(article, "Переправа открыта")
    killed = await still.take_away(article)
    await still.start()
    for each in (killed, corrected, bulletin):
        await still.done(each)
    assert still.texts(anna) == []
