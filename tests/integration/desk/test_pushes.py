"""Pause, resume, stop, the pause that comes by itself, and what is in doubt."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.desk import in_doubt, pushes
from bot.model.delivery import Lane, State
from bot.model.errors import Refusal
from bot.operations import status
from bot.outbox.failures import circuit_breaker
from bot.store.newsroom import audit
from tests.support.engine import Engine
from tests.support.transactions import reads

BOT = 700700


async def slow(still: Engine, readers: int, rate: int = 40) -> tuple[list[int], int, int]:
    """Let a push begin that takes a while; return the readers, the article and the bulletin."""
    still.rates["global_rate"] = rate
    ids = await still.readers(readers)
    await still.start()
    article, bulletin = await still.publish("Мост открыт", lane=Lane.FLASH, everybody=True)
    await still.reached(bulletin, lambda found: found.accepted >= 5)
    return ids, article, bulletin


async def quiet(still: Engine) -> int:
    """Wait until nothing is on the way, and return how many calls there were."""
    await still.eventually(lambda: still.courier.idle)
    await still.writer.written()
    return len(still.sandbox.calls(method="sendMessage"))


async def test_a_pause_takes_hold_between_two_calls_and_a_resume_reaches_the_rest(still: Engine) -> None:
    readers, _, bulletin = await slow(still, 60)
    assert await pushes.pause(still.db, bulletin, still.clock.now(), 11)
    assert not await pushes.pause(still.db, bulletin, still.clock.now(), 12)
    still.ring()
    paused_at = await quiet(still)
    told = await pushes.progress(still.db, bulletin)
    assert (told.paused, told.pause_reason, told.done) == (True, "", False)
    assert told.waiting == 60 - paused_at
    assert paused_at < 60
    # Other news is not held up by what is paused.
    _, other = await still.publish("Ярмарка началась")
    assert (await still.done(other)).accepted == 60
    assert (await pushes.progress(still.db, bulletin)).accepted == paused_at
    assert await pushes.resume(still.db, bulletin, still.clock.now(), 11)
    assert not await pushes.resume(still.db, bulletin, still.clock.now(), 11)
    still.ring()
    assert (await still.done(bulletin)).accepted == 60
    assert all(still.count(reader, "Мост открыт") == 1 for reader in readers)


async def test_what_is_paused_can_be_stopped_for_good(still: Engine) -> None:
    readers, _, bulletin = await slow(still, 40)
    await pushes.pause(still.db, bulletin, still.clock.now())
    still.ring()
    sent = await quiet(still)
    assert await pushes.stop(still.db, bulletin, still.clock.now(), 11)
    assert not await pushes.stop(still.db, bulletin, still.clock.now(), 11)
    still.ring()
    told = await still.done(bulletin)
    assert (told.accepted, told.skipped) == (sent, {"stopped": 40 - sent})
    assert not await pushes.resume(still.db, bulletin, still.clock.now())
    assert sum(still.count(reader, "Мост открыт") for reader in readers) == sent


async def test_what_outlived_itself_in_a_pause_is_skipped(still_sqlite: Engine) -> None:
    still = still_sqlite
    _, _, bulletin = await slow(still, 40)
    await pushes.pause(still.db, bulletin, still.clock.now())
    still.ring()
    sent = await quiet(still)
    still.clock.advance(timedelta(hours=2))
    await pushes.resume(still.db, bulletin, still.clock.now())
    still.ring()
    assert (await still.done(bulletin)).skipped == {"too-late": 40 - sent}


async def test_a_push_that_fails_for_many_pauses_and_is_an_editors_business_then(
    still_sqlite: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    still = still_sqlite
    monkeypatch.setattr(circuit_breaker, "LEAST", 10)
    still.rates["global_rate"] = 60
    await still.readers(60)
    await still.start()
    still.sandbox.fault(
        "error",
        match={"method": "sendMessage"},
        times=None,
        code=403,
        description="Forbidden: bot was blocked by the user",
    )
    _, bulletin = await still.publish("Мост открыт")
    told = await still.reached(bulletin, lambda found: found.paused)
    assert told.pause_reason == "many-failed"
    newest = (await reads(audit.recent)(still.db, 1))[0]
    assert (newest.verb, newest.actor, newest.detail) == ("pause", None, "many-failed")
    await quiet(still)
    assert [trouble.talk for trouble in await status.untold(still.db, BOT, still.clock.now())] == [
        "owner_paused"
    ]
    await pushes.resume(still.db, bulletin, still.clock.now(), 11)
    still.ring()
    told = await still.done(bulletin)
    assert told.failed == {"blocked": 60}


async def test_a_few_who_left_pause_nothing(still_sqlite: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    still = still_sqlite
    monkeypatch.setattr(circuit_breaker, "LEAST", 5)
    readers = await still.readers(60)
    for reader in readers[::3]:
        still.sandbox.block(reader)
    await still.start()
    _, bulletin = await still.publish("Мост открыт")
    told = await still.done(bulletin)
    assert (told.accepted, told.failed, told.paused) == (40, {"blocked": 20}, False)


async def test_an_unknown_push_is_refused(still_sqlite: Engine) -> None:
    still = still_sqlite
    for verb in (pushes.pause, pushes.resume, pushes.stop):
        with pytest.raises(Refusal, match="not-found"):
            await verb(still.db, 404, still.clock.now())
    with pytest.raises(Refusal, match="not-published"):
        await pushes.of_article(still.db, 404)


async def test_progress_says_how_soon_it_was_accepted(still: Engine) -> None:
    await still.readers(8)
    await still.start()
    _, bulletin = await still.publish("Мост открыт")
    await still.done(bulletin)
    assert (await pushes.progress(still.db, bulletin)).within == {30: 8, 60: 8, 120: 8}


@pytest.fixture
async def doubtful(still_sqlite: Engine) -> tuple[Any, int, int, int]:
    """An engine that leaves flashes in doubt; a reader who may have got one, the article and the bulletin."""
    still = still_sqlite
    still.left_in_doubt = frozenset({Lane.FLASH})
    (anna,) = await still.readers(1)
    await still.start()
    still.sandbox.fault("reset_after", match={"method": "sendMessage"})
    article, bulletin = await still.publish("Мост открыт", lane=Lane.FLASH, everybody=True)
    told = await still.done(bulletin)
    assert (told.in_doubt, told.accepted) == (1, 0)
    return still, anna, article, bulletin


async def test_what_is_in_doubt_is_sent_again_when_an_editor_says_so(doubtful: Any) -> None:
    still, anna, article, bulletin = doubtful
    assert await in_doubt.listing(still.db) == [(article, "Мост открыт", 1)]
    assert still.count(anna, "Мост открыт") == 1
    assert await in_doubt.send(still.db, article, still.clock.now(), 11) == 1
    still.ring()
    assert (await still.reached(bulletin, lambda found: found.accepted == 1)).in_doubt == 0
    assert still.count(anna, "Мост открыт") == 2
    assert await in_doubt.listing(still.db) == []


async def test_what_is_in_doubt_can_be_let_be(doubtful: Any) -> None:
    still, anna, article, bulletin = doubtful
    assert await in_doubt.drop(still.db, article, still.clock.now(), 11) == 1
    assert await in_doubt.drop(still.db, article, still.clock.now(), 11) == 0
    assert (await still.done(bulletin)).skipped == {"in-doubt": 1}
    assert still.count(anna, "Мост открыт") == 1


async def test_what_a_dead_process_had_claimed_is_in_doubt_in_those_lanes_alone(still: Engine) -> None:
    still.left_in_doubt = frozenset({Lane.FLASH})
    await still.readers(1)
    flash, _ = await still.publish("Срочно", lane=Lane.FLASH, everybody=True)
    story, bulletin = await still.publish("Обычное")
    await still.start()
    still.sandbox.fault("hang", match={"method": "sendMessage"}, times=None, seconds=3_600)
    await still.eventually(still.courier.under_way.called)
    await still.kill()
    still.sandbox.clear_faults()
    await still.start()
    await still.done(bulletin)
    assert {row.subject_id: row.state for row in await still.rows()} == {
        flash: State.DOUBT,
        story: State.DONE,
    }


async def test_an_edit_is_never_in_doubt(doubtful: Any) -> None:
    still, anna, article, bulletin = doubtful
    await in_doubt.send(still.db, article, still.clock.now())
    still.ring()
    await still.reached(bulletin, lambda found: found.accepted == 1)
    still.sandbox.fault("reset_after", match={"method": "editMessageText"})
    corrected = await still.correct(article, "Мост закрыт")
    assert (await still.done(corrected)).in_doubt == 0
    assert still.count(anna, "Мост закрыт") >= 1
