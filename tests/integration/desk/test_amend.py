"""Corrections and kills, from the verb to what stands in the chats."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.desk import amend
from bot.desk.afterwards import aftermath
from bot.model.bulletin import BulletinKind
from bot.model.chat import ChatState
from bot.model.delivery import Lane, SubjectKind
from bot.model.errors import Refusal
from bot.model.story.article import Content, Status
from bot.model.story.content import Paragraph, Run
from bot.store.audience import digests, subscriptions
from bot.store.audience.digests import Groups
from bot.store.ledger import deliveries
from bot.store.newsroom import articles, audit, topics
from tests.support.engine import Engine
from tests.support.transactions import reads, writes

put_topic = writes(topics.put)
add_article = writes(articles.add)
get_article = reads(articles.get)
deeds = reads(audit.recent)


def content(headline: str, lead: str = "Коротко о главном.") -> Content:
    return Content(headline, lead)


async def test_who_has_the_story_gets_an_edit_and_who_newly_matches_gets_it_as_news(engine: Engine) -> None:
    (anna,) = await engine.readers(1)
    (boris,) = await engine.readers(1, first=2000)
    sport = await put_topic(engine.db, "sport", {"ru": "Спорт"}, origin="file")

    @writes
    async def boris_follows_sport_alone(tx: Any) -> None:
        ours = (await engine.row(boris)).id
        await subscriptions.unsubscribe(tx, ours, engine.topic)
        await subscriptions.subscribe(tx, ours, sport, engine.clock.now())

    await boris_follows_sport_alone(engine.db)
    article, bulletin = await engine.publish("Мост открыт")
    await engine.done(bulletin)
    assert engine.count(boris, "Мост") == 0
    await amend.correct(
        engine.db, article, content("Мост закрыт"), engine.clock.now(), topic_ids=(engine.topic, sport)
    )
    engine.ring()
    await engine.sandbox.wait_until(
        lambda: engine.count(anna, "Мост закрыт") == 1 and engine.count(boris, "Мост закрыт") == 1
    )
    assert engine.count(anna, "Мост") == 1


async def test_other_topics_alone_are_a_correction(engine: Engine) -> None:
    (anna,) = await engine.readers(1)
    sport = await put_topic(engine.db, "sport", {"ru": "Спорт"}, origin="file")
    article, bulletin = await engine.publish("Мост открыт")
    await engine.done(bulletin)
    same = await get_article(engine.db, article)
    assert same is not None
    moved = {"topic_ids": (sport,)}
    assert await amend.correct(engine.db, article, same.content, engine.clock.now(), **moved) == 2
    engine.ring()
    await engine.sandbox.wait_until(lambda: any("порт" in text for text in engine.texts(anna)))
    with pytest.raises(Refusal, match="unchanged"):
        await amend.correct(engine.db, article, same.content, engine.clock.now(), **moved)


async def test_an_old_story_is_no_news_to_who_newly_matches(engine: Engine) -> None:
    await engine.readers(1)
    sport = await put_topic(engine.db, "sport", {"ru": "Спорт"}, origin="file")
    article, bulletin = await engine.publish("Мост открыт")
    await engine.done(bulletin)
    later = engine.clock.now() + timedelta(days=2)
    await amend.correct(engine.db, article, content("Мост закрыт"), later, topic_ids=(sport,))
    assert await engine.pushes(article) == [bulletin]


async def test_a_killed_story_that_waits_is_cancelled_before_any_page_is_planned(still: Engine) -> None:
    readers = await still.readers(30)
    await still.start()
    still.sandbox.fault("hang", match={"method": "sendMessage"}, times=None, seconds=0.2)
    article, bulletin = await still.publish("Мост открыт")
    await still.reached(bulletin, lambda found: found.audience == 30)
    await still.stop()
    still.sandbox.clear_faults()
    await amend.kill(still.db, article, still.clock.now())
    calls = still.sandbox.call_log.total
    claimed = await still.claim(Lane.STORY)
    assert claimed == []
    await still.start()
    await still.reached(bulletin, lambda found: found.done)
    assert still.sandbox.calls(calls, "sendMessage") == []
    assert sum(still.count(reader, "Мост") for reader in readers) == 0


@pytest.mark.parametrize("status", [Status.DRAFT, Status.SCHEDULED, Status.ARCHIVED])
async def test_what_was_not_published_can_be_killed_and_never_is(engine: Engine, status: Status) -> None:
    now = engine.clock.now()
    one = await add_article(
        engine.db, content("Мост открыт"), source="desk", uid="x", at=now, status=status, release_at=now
    )
    await amend.kill(engine.db, one.id, now, by=11)
    found = await get_article(engine.db, one.id)
    assert found is not None
    assert found.status is Status.KILLED
    with pytest.raises(Refusal, match="already-killed"):
        found.publish(now)
    assert [(deed.verb, deed.actor) for deed in await deeds(engine.db, 1)] == [("kill", 11)]


async def test_a_second_kill_and_an_unknown_story_are_refused(engine: Engine) -> None:
    article, _ = await engine.publish("Мост открыт")
    await amend.kill(engine.db, article, engine.clock.now())
    with pytest.raises(Refusal, match="already-killed"):
        await amend.kill(engine.db, article, engine.clock.now())
    with pytest.raises(Refusal, match="not-found"):
        await amend.kill(engine.db, article + 1, engine.clock.now())


async def test_chats_from_which_it_could_not_be_taken_back_are_listed(engine: Engine) -> None:
    anna, boris, vera = await engine.readers(3)
    article, bulletin = await engine.publish("Мост открыт")
    await engine.done(bulletin)
    engine.sandbox.block(anna)
    for method, said in (
        ("deleteMessage", "Bad Request: message can't be deleted for everyone"),
        ("editMessageText", "Bad Request: message can't be edited"),
    ):
        engine.sandbox.fault(
            "error", match={"method": method, "chat_id": boris}, code=400, description=said, times=None
        )
    assert (await amend.spread(engine.db, article)).shown == 3
    await engine.done(await engine.take_away(article))
    found = await amend.spread(engine.db, article)
    assert (found.shown, found.waiting) == (2, 0)
    assert {(each.telegram_id, each.reason) for each in found.left} == {
        (anna, "blocked"),
        (boris, "not-withdrawn"),
    }
    assert engine.count(vera, "Мост") == 0
    assert (await engine.row(boris)).state is ChatState.ACTIVE


async def _digest(engine: Engine, reader: int, *article_ids: int) -> int:
    """Let a digest of those stories go out to a reader; return its id."""
    groups: Groups = [(engine.topic, article_ids)]

    @writes
    async def open_it(tx: Any) -> int:
        ours = (await engine.row(reader)).id
        now = engine.clock.now()
        made = await digests.add(tx, ours, groups, since=now - timedelta(days=1), at=now)
        await deliveries.open_digest(tx, 700700, made, ours, now=now)
        return made

    made = await open_it(engine.db)
    engine.ring()
    await engine.sandbox.wait_until(lambda: engine.texts(reader))
    return made


async def test_a_digest_follows_its_stories_and_vanishes_with_the_last(engine: Engine) -> None:
    bridge, _ = await engine.publish("Мост открыт")
    fair, _ = await engine.publish("Ярмарка началась")
    (anna,) = await engine.readers(1)
    await _digest(engine, anna, bridge, fair)
    assert engine.count(anna, "Мост открыт") == engine.count(anna, "Ярмарка началась") == 1
    await engine.correct(bridge, "Мост закрыт")
    await engine.sandbox.wait_until(lambda: engine.count(anna, "Мост закрыт") == 1)
    assert engine.count(anna, "Мост открыт") == 0
    corrected = await get_article(engine.db, bridge)
    assert corrected is not None
    assert await aftermath.copies(engine.db, corrected) == 1
    # A message is edited before the ledger knows that it was.
    async with asyncio.timeout(60):
        while (found := (await aftermath.of(engine.db, corrected)).digests) != (1, 1, 0, 0):
            await asyncio.sleep(0.02)
    assert found is not None
    await engine.take_away(bridge)
    await engine.sandbox.wait_until(lambda: engine.count(anna, "Мост закрыт") == 0)
    assert engine.count(anna, "Ярмарка началась") == 1
    await engine.take_away(fair)
    await engine.sandbox.wait_until(lambda: engine.texts(anna) == [])


async def test_a_correction_below_the_lead_leaves_digests_alone(engine: Engine) -> None:
    bridge, _ = await engine.publish("Мост открыт")
    (anna,) = await engine.readers(1)
    await _digest(engine, anna, bridge)
    longer = Content("Мост открыт", "Коротко о главном.", blocks=(Paragraph((Run("Подробности."),)),))
    await amend.correct(engine.db, bridge, longer, engine.clock.now())
    engine.ring()
    await engine.done(await engine.decided(bridge, 2, BulletinKind.CORRECTED))
    rows = [row for row in await engine.rows() if row.kind is SubjectKind.DIGEST]
    assert [row.wanted for row in rows] == [1]
