"""The desk's lists and locks."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from bot.desk import amend, lookup
from bot.desk.story import draft, lists, lock, review
from bot.desk.story.lists import Shelf
from bot.model.delivery import Lane
from bot.model.desk.lock import IDLE
from bot.model.errors import Refusal
from bot.model.story.article import Content, Status
from bot.store.desk import lists as kept
from bot.store.desk import search
from bot.store.engine.database import Database
from bot.store.newsroom.tables import article
from tests.support.desk.verbs import ANNA, BORIS, Desk
from tests.support.engine import Engine

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


async def shelf(desk: Desk, which: Shelf) -> list[str]:
    return [each.headline for each in await lists.shelf(desk.db, which, desk.now)]


async def test_each_story_stands_in_the_list_of_its_state(desk: Desk) -> None:
    await desk.draft(Content("Черновик о паромах"))
    asked = await desk.draft(Content("Проверка цен на хлеб"))
    await review.submit(desk.db, asked.id, at=desk.now, by=ANNA)
    await desk.approved(Content("Одобрено расписание трамваев"))
    for hours, headline in ((3, "Позже выйдет прогноз погоды"), (2, "Скоро выйдет обзор рынка")):
        await desk.schedule(await desk.approved(Content(headline)), desk.later(hours=hours))
    await desk.publish(await desk.draft(Content("Молния о мосте"), flash=True), passing=("not-reviewed",))
    gone = await desk.publish(await desk.approved(Content("Отозванная заметка")))
    await amend.kill(desk.db, gone.article.id, desk.now, BORIS, reason="Ошибка")
    assert await shelf(desk, Shelf.DRAFTS) == ["Черновик о паромах"]
    assert await shelf(desk, Shelf.REVIEW) == ["Проверка цен на хлеб"]
    assert await shelf(desk, Shelf.APPROVED) == ["Одобрено расписание трамваев"]
    assert await shelf(desk, Shelf.SCHEDULED) == ["Скоро выйдет обзор рынка", "Позже выйдет прогноз погоды"]
    assert await shelf(desk, Shelf.OUT) == ["Молния о мосте"]
    assert await shelf(desk, Shelf.UNREVIEWED) == ["Молния о мосте"]
    assert set(await lists.overview(desk.db, desk.now)) == set(Shelf)
    (found,) = (await lookup.newest(desk.db, 5, "трамваев", at=desk.now)).stories
    assert found.status is Status.APPROVED


async def test_a_list_is_read_page_by_page_and_counted_up_to_a_bound(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "MOST_COUNTED", 3)
    for number in range(5):
        await desk.draft(Content(f"Черновик {number}"))
    second = await lists.shelf(desk.db, Shelf.DRAFTS, desk.now, limit=2, offset=2)
    assert [each.headline for each in second] == ["Черновик 2", "Черновик 1"]
    piles = await lists.overview(desk.db, desk.now, limit=2)
    assert [each.headline for each in piles[Shelf.DRAFTS].stories] == ["Черновик 4", "Черновик 3"]
    assert (piles[Shelf.DRAFTS].size, piles[Shelf.OUT].size) == (4, 0)


async def test_stories_are_found_by_any_form_of_the_words_in_any_order(desk: Desk) -> None:
    await desk.draft(Content("Ёлку на площади зажгут в пятницу"))
    story = await desk.draft(Content("Трамваи пойдут по новому мосту"))
    await desk.edit(story, "Трамваи пошли по Новому мосту")
    await desk.draft(Content("The city opens a T-junction"))

    async def found(words: str) -> list[str]:
        return [each.headline for each in (await lookup.newest(desk.db, 5, words, at=desk.now)).stories]

    assert await found("МОСТЫ трамвая") == ["Трамваи пошли по Новому мосту"]
    assert await found("пойдут") == []
    assert await found("елка") == await found("ЁЛКИ") == ["Ёлку на площади зажгут в пятницу"]
    assert await found("cities") == await found("t-junctions") == ["The city opens a T-junction"]
    assert await found("*") == await found("[]") == await found("%") == []
    assert len(await found("")) == 3


async def test_how_far_back_a_search_looked_is_said_where_it_left_stories_out(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await desk.draft(Content("Мост закрыли"))
    desk.now += timedelta(days=1)
    await desk.draft(Content("Мост открыли"))
    found = await lookup.newest(desk.db, 5, "мост", at=desk.now)
    assert ([each.headline for each in found.stories], found.since) == (
        ["Мост открыли", "Мост закрыли"],
        None,
    )
    monkeypatch.setattr(search, "LOOKED_THROUGH", 1)
    found = await lookup.newest(desk.db, 5, "мост", at=desk.now)
    assert ([each.headline for each in found.stories], found.since) == (["Мост открыли"], desk.now)
    assert first.id not in [each.id for each in found.stories]


async def test_what_is_going_out_is_listed_until_everybody_has_it(still: Engine) -> None:
    await still.readers(30)
    first, bulletin = await still.publish("Мост открыт")
    second, _ = await still.publish("Ярмарка началась", lane=Lane.FLASH)

    async def listed() -> list[int]:
        return [each.id for each in await lists.shelf(still.db, Shelf.GOING_OUT, still.clock.now())]

    assert await listed() == [second, first]
    still.sandbox.fault("hang", match={"method": "sendMessage"}, times=None, seconds=3_600)
    await still.start()
    await still.reached(bulletin, lambda found: found.planned)
    assert first in await listed()
    still.sandbox.clear_faults()
    await still.done(bulletin)
    async with asyncio.timeout(60):
        while await listed():
            await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    ("listed", "way"),
    [
        (kept.with_lines(kept.newest_in(Status.DRAFT).limit(10)), "ix_article_status_id"),
        (kept.with_lines(kept.next_scheduled().limit(10)), "ix_article_release_at"),
        (kept.with_lines(kept.newest_out().limit(10)), "ix_article_status_published_at"),
        (kept.with_lines(kept.for_review().limit(10)), "ix_article_unreviewed"),
        (kept.claimed(700700), "ix_delivery_claimed"),
        (kept.waiting_after(700700, Lane.STORY, None, NOW), "ix_delivery_waiting"),
        (kept.waiting_after(700700, Lane.STORY, (NOW, 5), NOW), "ix_delivery_waiting"),
    ],
)
async def test_among_a_hundred_thousand_stories_a_list_is_a_walk_along_an_index(
    sqlite_db: Database, listed: Any, way: str
) -> None:
    async with sqlite_db.write() as tx:
        values = {"source": "feed", "status": Status.DRAFT, "revision": 1, "created_at": NOW}
        await tx.execute(insert(article), [{**values, "source_uid": str(each)} for each in range(5000)])
        await tx.exec_driver_sql("ANALYZE")
    async with sqlite_db.read() as tx:
        compiled = listed.compile(tx.engine, compile_kwargs={"literal_binds": True})
        plan = " ".join(row[3] for row in await tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}"))
    assert way in plan
    assert "SCAN" not in plan or "SCAN article USING" in plan
    assert "TEMP B-TREE" not in plan


async def test_a_lock_says_who_edits_and_keeps_others_out(desk: Desk) -> None:
    story = await desk.draft()
    taken = await lock.take(desk.db, story.id, at=desk.now, by=ANNA)
    assert (taken.user_id, taken.action, taken.since) == (ANNA, "edit", desk.now)
    with pytest.raises(Refusal, match="locked") as refused:
        await desk.edit(story, "Мост закрыли", by=BORIS)
    assert (refused.value.facts["holder"], refused.value.facts["since"]) == (ANNA, desk.now)
    with pytest.raises(Refusal, match="locked"):
        await lock.take(desk.db, story.id, at=desk.now, by=BORIS)
    (listed,) = await lists.shelf(desk.db, Shelf.DRAFTS, desk.now)
    assert listed.lock == taken
    await lock.give_back(desk.db, story.id, by=BORIS)
    assert await lock.holder(desk.db, story.id, desk.now) == taken
    await lock.give_back(desk.db, story.id, by=ANNA)
    assert (await desk.edit(story, "Мост закрыли", by=BORIS)).revision == 2


async def test_a_lock_falls_by_itself_and_an_edit_keeps_it(desk: Desk) -> None:
    story = await desk.draft()
    await lock.take(desk.db, story.id, at=desk.now, by=ANNA)
    desk.now += IDLE - timedelta(seconds=1)
    story = await desk.edit(story, "Мост закрыли", by=ANNA)
    desk.now += IDLE - timedelta(seconds=1)
    assert await lock.holder(desk.db, story.id, desk.now) is not None
    desk.now += timedelta(seconds=1)
    assert await lock.holder(desk.db, story.id, desk.now) is None
    assert (await lock.take(desk.db, story.id, at=desk.now, by=BORIS)).since == desk.now


async def test_a_lock_is_broken_and_nothing_typed_is_lost(desk: Desk) -> None:
    story = await desk.draft()
    await lock.take(desk.db, story.id, at=desk.now, by=ANNA)
    story = await desk.edit(story, "Мост закрыли до вечера", by=ANNA)
    await lock.take(desk.db, story.id, at=desk.now, by=BORIS, force=True)
    assert (await desk.get(story)).content.headline == "Мост закрыли до вечера"
    assert "break-lock" in await desk.deeds(story)
    with pytest.raises(Refusal, match="locked"):
        await desk.edit(story, "Мост закрыли до утра", by=ANNA)


async def test_publishing_lets_the_lock_fall(desk: Desk) -> None:
    story = await desk.approved()
    await lock.take(desk.db, story.id, at=desk.now, by=ANNA)
    await desk.publish(story)
    assert await lock.holder(desk.db, story.id, desk.now) is None


async def test_a_follow_up_of_nothing_is_refused(desk: Desk) -> None:
    with pytest.raises(Refusal, match="not-found"):
        await draft.make(desk.db, Content("Ещё о мосте"), at=desk.now, by=ANNA, update_of=77)
