"""Highlights: to whom they go, once each, at once, at an hour or at the head of digests; corrections find them."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.desk import amend, highlights
from bot.matching import highlights as planning
from bot.matching.digest import plan_due
from bot.matching.highlights import plan_highlights
from bot.matching.matcher import Matcher
from bot.model.chat import Chat
from bot.model.delivery import State, SubjectKind
from bot.model.desk.highlights import MOST_STORIES, Highlights, HighlightsState
from bot.model.errors import Refusal
from bot.model.story.article import Content
from bot.readers import settings
from bot.store.audience import digests
from bot.store.desk import locks
from bot.store.tables.ledger import delivery
from tests.support.readers import BOT, ECONOMY, SPORT, Newsroom
from tests.support.transactions import reads, writes

EGOR = 900


@reads
async def told(tx: Any) -> dict[int, list[str]]:
    """Return what the digests that wait tell, by chat."""
    where = (delivery.c.kind == SubjectKind.DIGEST, delivery.c.state == State.WAITING)
    found = {}
    for row in (await tx.execute(select(delivery).where(*where))).all():
        digest = await digests.get(tx, row.subject_id)
        assert digest is not None
        found[row.chat_id] = [one.content.headline for part in digest.sections for one in part.articles]
    return found


@writes
async def sent(tx: Any) -> None:
    await tx.execute(update(delivery).values(state=State.DONE, shown=delivery.c.wanted))


async def takes_digests(newsroom: Newsroom, telegram_id: int, *topic_ids: int, **choices: Any) -> Chat:
    here = await newsroom.join(telegram_id, *topic_ids)
    chosen: dict[str, Any] = {"zone": "UTC", "digest_at": (time(18),), "instant": False}
    return await settings.choose(newsroom.db, here.id, newsroom.now, **chosen | choices)


async def picked(newsroom: Newsroom, *numbers: int) -> Highlights:
    for number in numbers:
        found = await highlights.pick(newsroom.db, number, BOT, at=newsroom.now, by=EGOR)
    return found


async def get(newsroom: Newsroom, number: int) -> Highlights:
    return (await highlights.view(newsroom.db, number, BOT)).picked


async def test_they_go_to_who_takes_digests_in_the_editors_order_and_once(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "PAGE", 2)
    takers = [await takes_digests(newsroom, each) for each in range(21, 26)]
    await newsroom.join(30, SPORT)
    bridge, bread = await newsroom.story("Мост", ECONOMY), await newsroom.story("Хлеб", SPORT)
    found = await picked(newsroom, bridge, bread)
    view = await highlights.view(newsroom.db, found.id, BOT)
    assert (view.audience, view.languages) == (5, ("ru",))
    await highlights.change(newsroom.db, found.id, BOT, lambda one: one.raise_up(bread))
    await highlights.send(newsroom.db, found.id, BOT, at=newsroom.now, by=EGOR)
    assert await plan_highlights(newsroom.db, BOT, newsroom.now) == 5
    assert await plan_highlights(newsroom.db, BOT, newsroom.now) == 0
    assert await told(newsroom.db) == {each.id: ["Хлеб", "Мост"] for each in takers}
    view = await highlights.view(newsroom.db, found.id, BOT)
    assert (view.picked.state, view.tally) == (HighlightsState.DONE, {State.WAITING: 5})
    # A stop leaves what is out and skips what waits.
    await highlights.stop(newsroom.db, found.id, BOT, at=newsroom.now, by=EGOR)
    assert await told(newsroom.db) == {}


async def test_everybody_who_reads_the_language_gets_them(newsroom: Newsroom) -> None:
    here = await newsroom.join(21, SPORT)
    other = await newsroom.join(22, SPORT)
    await settings.choose(newsroom.db, other.id, newsroom.now, news_languages=("en",))
    found = await picked(newsroom, await newsroom.story("Мост", ECONOMY))
    await highlights.change(newsroom.db, found.id, BOT, lambda one: one.address(everybody=True))
    await highlights.send(newsroom.db, found.id, BOT, at=newsroom.now, by=EGOR)
    assert await plan_highlights(newsroom.db, BOT, newsroom.now) == 1
    assert list(await told(newsroom.db)) == [here.id]


async def test_at_an_hour_and_not_before(newsroom: Newsroom) -> None:
    await takes_digests(newsroom, 21)
    found = await picked(newsroom, await newsroom.story("Мост", ECONOMY))
    hour = newsroom.now + timedelta(hours=2)
    with pytest.raises(Refusal, match="time-is-past"):
        await highlights.schedule(
            newsroom.db, found.id, BOT, newsroom.now, at=newsroom.now, by=EGOR, zone="UTC"
        )
    await highlights.schedule(newsroom.db, found.id, BOT, hour, at=newsroom.now, by=EGOR, zone="UTC")
    assert await plan_highlights(newsroom.db, BOT, newsroom.now) == 0
    await highlights.change(newsroom.db, found.id, BOT, lambda one: one.unschedule())
    assert await plan_highlights(newsroom.db, BOT, hour) == 0
    await highlights.schedule(newsroom.db, found.id, BOT, hour, at=newsroom.now, by=EGOR, zone="UTC")
    assert await plan_highlights(newsroom.db, BOT, hour) == 1


async def test_they_head_the_next_digest_of_each_chat_once(newsroom: Newsroom) -> None:
    reader = await takes_digests(newsroom, 21, ECONOMY)
    idle = await takes_digests(newsroom, 22, SPORT)
    bread, bridge = await newsroom.story("Хлеб", ECONOMY), await newsroom.story("Мост", ECONOMY)
    found = await picked(newsroom, bread)
    await highlights.head(newsroom.db, found.id, BOT, at=newsroom.now, by=EGOR)
    evening = newsroom.now.replace(hour=18)
    assert await plan_due(newsroom.db, BOT, evening) == 2
    # The head first, and what it tells not a second time below.
    assert await told(newsroom.db) == {reader.id: ["Хлеб", "Мост"], idle.id: ["Хлеб"]}
    await sent(newsroom.db)
    newsroom.now = evening
    await newsroom.story("Ночь", ECONOMY)
    assert await plan_due(newsroom.db, BOT, evening + timedelta(days=1)) == 1
    assert await told(newsroom.db) == {reader.id: ["Ночь"]}
    await plan_highlights(newsroom.db, BOT, evening + timedelta(days=2))
    assert (await get(newsroom, found.id)).state is HighlightsState.DONE
    assert bridge


async def test_a_digest_that_was_picked_is_not_merged_into_the_next_and_follows_a_kill(
    newsroom: Newsroom,
) -> None:
    reader = await takes_digests(newsroom, 21, ECONOMY)
    bread, bridge = await newsroom.story("Хлеб", ECONOMY), await newsroom.story("Мост", ECONOMY)
    found = await picked(newsroom, bread, bridge)
    await highlights.send(newsroom.db, found.id, BOT, at=newsroom.now, by=EGOR)
    await plan_highlights(newsroom.db, BOT, newsroom.now)
    await newsroom.story("Вечер", ECONOMY)
    await plan_due(newsroom.db, BOT, newsroom.now.replace(hour=18))
    assert sorted(map(len, (await told(newsroom.db)).values())) == [1]
    await sent(newsroom.db)
    await amend.kill(newsroom.db, bread, newsroom.now, reason="Ошибка")
    matcher = Matcher(
        newsroom.db,
        clock=type("At", (), {"now": lambda _self: newsroom.now})(),
        bell=type("Still", (), {"listen": lambda _self, _ring: None})(),
        lives={},
        planned=lambda _lane: None,
    )
    while await matcher.step():
        pass
    assert (await told(newsroom.db))[reader.id] == ["Мост"]
    await amend.correct(newsroom.db, bridge, Content("Новый мост", "Лид."), newsroom.now)
    while await matcher.step():
        pass
    assert (await told(newsroom.db))[reader.id] == ["Новый мост"]


async def test_what_may_not_be_is_refused(newsroom: Newsroom) -> None:
    number = await newsroom.story("Мост", ECONOMY)
    found = await picked(newsroom, number)

    async def refused(code: str, deed: Any) -> None:
        with pytest.raises(Refusal, match=code):
            await deed

    now, db = newsroom.now, newsroom.db
    await refused("already-picked", highlights.pick(db, number, BOT, at=now, by=EGOR))
    await refused("highlights-changed", highlights.send(db, found.id, BOT, at=now, by=EGOR, seen=1))
    await refused("stale", highlights.send(db, found.id, BOT + 1, at=now, by=EGOR))
    await writes(locks.take)(db, number, EGOR, "edit", at=now)
    await refused("highlights-story-locked", highlights.send(db, found.id, BOT, at=now, by=EGOR))
    await amend.kill(db, number, now, reason="Ошибка")
    await refused("highlights-story-gone", highlights.send(db, found.id, BOT, at=now, by=EGOR))
    await refused("not-published", highlights.pick(db, number, BOT, at=now, by=EGOR))
    emptied = await highlights.change(db, found.id, BOT, lambda one: one.remove(number))
    await refused("highlights-empty", highlights.head(db, emptied.id, BOT, at=now, by=EGOR))
    for each in range(MOST_STORIES):
        await picked(newsroom, await newsroom.story(f"Новость {each}", ECONOMY))
    full = highlights.pick(db, await newsroom.story("Лишняя", ECONOMY), BOT, at=now, by=EGOR)
    await refused("highlights-full", full)
    await highlights.drop(db, found.id, BOT, at=now, by=EGOR)
    await refused("highlights-over", highlights.drop(db, found.id, BOT, at=now, by=EGOR))
    assert await highlights.at_work(db, BOT) == []
