"""Bulletins become deliveries page by page, the most urgent first; stops and pauses sweep behind."""

from __future__ import annotations

import pytest

from bot.desk import amend, pushes
from bot.matching import matcher
from bot.matching.matcher import Matcher
from bot.model.delivery import Lane, State
from bot.model.release import PARKED
from tests.support.engine import Engine, matcher_of


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matcher, "FIRST_PAGE", 2)
    monkeypatch.setattr(matcher, "PAGE", 4)


def planner(still: Engine) -> tuple[Matcher, list[Lane | None]]:
    """A matcher that is stepped by hand, and what it rang for."""
    rings: list[Lane | None] = []
    return matcher_of(still.db, rings.append), rings


async def test_pages_grow_from_a_small_one_and_each_rings(still: Engine) -> None:
    await still.readers(9)
    await still.publish("Мост открыт")
    mine, rings = planner(still)
    planned = []
    while await mine.step():
        planned.append(len(await still.rows()))
    assert planned == [2, 4, 8, 9]
    assert rings == [Lane.STORY] * 4


async def test_a_flash_is_planned_before_the_pages_of_a_story(still: Engine) -> None:
    await still.readers(9)
    story, _ = await still.publish("Обычное")
    mine, _ = planner(still)
    await mine.step()
    flash, _ = await still.publish("Срочно", lane=Lane.FLASH, everybody=True)
    for _ in range(4):
        await mine.step()
    rows = await still.rows()
    assert sum(row.subject_id == flash for row in rows) == 9
    assert sum(row.subject_id == story for row in rows) == 2


async def test_who_joins_after_the_decision_is_not_in_its_audience(still: Engine) -> None:
    await still.readers(3)
    await still.publish("Мост открыт")
    await still.readers(2, first=5000)
    mine, _ = planner(still)
    while await mine.step():
        pass
    assert len(await still.rows()) == 3


async def test_a_pause_and_a_stop_sweep_page_by_page_and_plan_nothing_more(still: Engine) -> None:
    await still.readers(9)
    _, bulletin = await still.publish("Мост открыт")
    mine, _ = planner(still)
    await mine.step()
    await mine.step()
    await pushes.pause(still.db, bulletin, still.clock.now())
    while await mine.step():
        pass
    rows = await still.rows()
    assert [row.due_at for row in rows] == [PARKED] * 4
    assert await still.claim(Lane.STORY) == []
    await pushes.resume(still.db, bulletin, still.clock.now())
    while await mine.step():
        pass
    assert PARKED not in {row.due_at for row in await still.rows()}
    assert len(await still.rows()) == 9
    await pushes.stop(still.db, bulletin, still.clock.now())
    while await mine.step():
        pass
    assert {(row.state, row.reason) for row in await still.rows()} == {(State.SKIPPED, "stopped")}


async def test_a_killed_story_is_not_planned_further(still: Engine) -> None:
    await still.readers(9)
    article, _ = await still.publish("Мост открыт")
    mine, _ = planner(still)
    await mine.step()
    await amend.kill(still.db, article, still.clock.now())
    while await mine.step():
        pass
    rows = await still.rows()
    assert len(rows) == 2
    assert {(row.state, row.reason) for row in rows} == {(State.SKIPPED, "killed")}
