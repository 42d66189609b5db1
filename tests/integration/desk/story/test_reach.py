"""What readers see of the desk's verbs: replies, notices, an undo window, and what could not be taken back."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.bell import LocalBell
from bot.desk import amend
from bot.desk.afterwards import proposals
from bot.desk.release_due import release_due
from bot.desk.story import draft, release
from bot.matching.matcher import Matcher
from bot.model.delivery import Lane
from bot.model.desk.loudness import Loudness
from bot.model.desk.rules import DeskRules
from bot.model.search.query import Query
from bot.model.story.article import Content, Status
from bot.store.audience import subscriptions
from bot.store.desk import threads
from bot.store.ledger import claims
from bot.store.newsroom import articles
from bot.store.newsroom.search.find import find
from tests.support.engine import Engine
from tests.support.transactions import reads, writes
from tests.support.world import BOT

BORIS = 12
FREE = DeskRules(approval=False)
STAYS: dict[str, Any] = {"code": 400, "description": "Bad Request: message can't be deleted for everyone"}
FIXED: dict[str, Any] = {"code": 400, "description": "Bad Request: message can't be edited"}


async def left(engine: Engine, story: int, count: int) -> None:
    """Wait until the story still stands in so many chats and nothing more is tried."""
    async with asyncio.timeout(60):
        while True:
            spread = await amend.spread(engine.db, story)
            if spread.settled and len(spread.left) == count:
                return
            await asyncio.sleep(0.02)


async def followed_up(engine: Engine, first: int, headline: str) -> release.Released:
    """Publish a follow-up that only its first story's readers can get: it is under no topic of theirs."""
    now = engine.clock.now()
    made = await draft.make(
        engine.db, Content(headline), at=now, by=BORIS, topic_ids=(), flash=True, update_of=first
    )
    out = await release.publish(engine.db, made.id, at=now, by=BORIS, rules=FREE)
    engine.ring()
    return out


def message(engine: Engine, reader: int, words: str) -> Any:
    (found,) = [each for each in engine.sandbox.messages(reader) if words in each.get("text", "")]
    return found


async def test_a_follow_up_reaches_who_has_the_first_story_as_a_reply(engine: Engine) -> None:
    (anna,) = await engine.readers(1)
    first, bulletin = await engine.publish("Мост открыт")
    await engine.done(bulletin)

    @writes
    async def anna_follows_nothing(tx: Any) -> None:
        await subscriptions.unsubscribe(tx, (await engine.row(anna)).id, engine.topic)

    await anna_follows_nothing(engine.db)
    await engine.readers(1, first=2000)
    out = await followed_up(engine, first, "По мосту пошли трамваи")
    await engine.done(out.bulletin_id)
    reply = message(engine, anna, "трамваи")
    assert reply["reply_to_message"]["message_id"] == message(engine, anna, "Мост")["message_id"]
    assert engine.count(2000, "трамваи") == 0


async def test_a_follow_up_goes_out_although_the_first_message_was_deleted(engine: Engine) -> None:
    (anna,) = await engine.readers(1)
    first, bulletin = await engine.publish("Мост открыт")
    await engine.done(bulletin)
    engine.sandbox.chat(anna).messages.clear()
    out = await followed_up(engine, first, "По мосту пошли трамваи")
    await engine.done(out.bulletin_id)
    assert "reply_to_message" not in message(engine, anna, "трамваи")


async def test_a_loud_correction_edits_the_story_and_replies_to_it(engine: Engine) -> None:
    (anna,) = await engine.readers(1)
    first, bulletin = await engine.publish("Мост открыт")
    await engine.done(bulletin)
    notice = Content("Уточнение: мост закрыт")
    await amend.correct(
        engine.db,
        first,
        Content("Мост закрыт", "Коротко о главном."),
        engine.clock.now(),
        by=BORIS,
        loudness=Loudness.LOUD,
        notice=notice,
    )
    engine.ring()
    await engine.sandbox.wait_until(
        lambda: engine.count(anna, "Мост закрыт") == 1 and engine.count(anna, "Уточнение") == 1
    )
    reply = message(engine, anna, "Уточнение")
    assert reply["reply_to_message"]["message_id"] == message(engine, anna, "Мост закрыт")["message_id"]
    await amend.kill(engine.db, first, engine.clock.now(), BORIS, reason="Ошибка")
    engine.ring()
    await engine.sandbox.wait_until(lambda: engine.count(anna, "мост") + engine.count(anna, "Мост") == 0)


async def test_a_quiet_correction_has_no_dated_line(engine: Engine) -> None:
    await engine.readers(1)
    first, bulletin = await engine.publish("Мост открыт")
    await engine.done(bulletin)
    for loudness, dated in ((Loudness.QUIET, False), (Loudness.DATED, True), (Loudness.QUIET, True)):
        words = Content(f"Мост открыт, {loudness} {dated}", "Коротко о главном.")
        await amend.correct(engine.db, first, words, engine.clock.now(), by=BORIS, loudness=loudness)
        story = await reads(articles.get)(engine.db, first)
        assert story is not None
        assert (story.content, story.corrected) == (words, dated)


async def test_nothing_of_a_flash_leaves_before_the_undo_window_is_over(still: Engine) -> None:
    (anna,) = await still.readers(1)
    now = still.clock.now()
    made = await draft.make(
        still.db, Content("Мост открыт"), at=now, by=BORIS, topic_ids=(still.topic,), flash=True
    )
    rules = DeskRules(approval=False, flash_undo=timedelta(minutes=1))
    out = await release.publish(still.db, made.id, at=now, by=BORIS, rules=rules)
    await still.start()
    assert not await still.matcher.step()
    assert await still.claim(Lane.FLASH) == []
    still.clock.advance(timedelta(minutes=1))
    await still.done(out.bulletin_id)
    assert still.count(anna, "Мост") == 1


async def test_each_way_to_take_a_story_back_has_its_own_words_where_a_message_stays(engine: Engine) -> None:
    (anna,) = await engine.readers(1)
    ways = {
        amend.kill: ("отозвала", Status.KILLED),
        amend.take_down: ("юридическим", Status.TAKEN_DOWN),
        amend.unpublish: ("недоступна", Status.UNPUBLISHED),
    }
    for way, (words, status) in ways.items():
        first, bulletin = await engine.publish(f"Мост открыт {status}")
        await engine.done(bulletin)
        engine.sandbox.fault("error", match={"method": "deleteMessage"}, times=1, **STAYS)
        story = await way(engine.db, first, engine.clock.now(), BORIS, reason="По решению редакции")
        engine.ring()
        assert (story.status, story.reason) == (status, "По решению редакции")
        await engine.sandbox.wait_until(lambda words=words: engine.count(anna, words) == 1)


async def test_what_could_not_be_taken_back_is_tried_again(engine: Engine) -> None:
    (anna,) = await engine.readers(1)
    first, bulletin = await engine.publish("Мост открыт")
    await engine.done(bulletin)
    engine.sandbox.fault("error", match={"method": "deleteMessage"}, times=None, **STAYS)
    engine.sandbox.fault("error", match={"method": "editMessageText"}, times=None, **FIXED)
    await amend.kill(engine.db, first, engine.clock.now(), BORIS, reason="Ошибка")
    engine.ring()
    await left(engine, first, 1)
    engine.sandbox.clear_faults()
    assert await amend.retry(engine.db, first, engine.clock.now(), BORIS) == 1
    engine.ring()
    await engine.sandbox.wait_until(lambda: engine.count(anna, "Мост") == 0)
    await left(engine, first, 0)


async def test_what_a_wrong_clock_published_is_not_claimed_before_its_time(still: Engine) -> None:
    await still.readers(1)
    now = still.clock.now()
    made = await draft.make(still.db, Content("Мост открыт"), at=now, by=BORIS, topic_ids=(still.topic,))
    hour = now + timedelta(hours=1)
    await release.schedule(still.db, made.id, hour, at=now, by=BORIS, zone="UTC", rules=FREE)
    still.clock.advance(timedelta(hours=1))
    assert await release_due(still.db, still.clock.now()) == 1
    matcher = Matcher(still.db, still.clock, LocalBell(), lives={}, planned=lambda _lane: None)
    assert await matcher.step()
    back = timedelta(minutes=30)
    still.clock.advance(-back)
    await writes(claims.set_back)(still.db, BOT, still.clock, back)
    assert len([row for row in await still.rows() if row.due_at <= still.clock.now()]) == 1
    assert await still.claim(Lane.STORY) == []
    still.clock.advance(back)
    assert len(await still.claim(Lane.STORY)) == 1


async def test_who_had_a_killed_story_is_told_and_nobody_else(engine: Engine) -> None:
    anna, boris = await engine.readers(2)
    first, bulletin = await engine.publish("Мост открыт")
    await engine.done(bulletin)
    (late,) = await engine.readers(1, first=2000)

    @writes
    async def anna_follows_nothing(tx: Any) -> None:
        await subscriptions.unsubscribe(tx, (await engine.row(anna)).id, engine.topic)

    await anna_follows_nothing(engine.db)
    notice = Content("Отозвано: Мост открыт", "Он закрыт.")
    now = engine.clock.now()
    await amend.kill(engine.db, first, now, BORIS, reason="Ошибка", notice=notice)
    engine.ring()
    for reader in (anna, boris):
        await engine.sandbox.wait_until(lambda reader=reader: engine.count(reader, "Отозвано") == 1)
        await engine.sandbox.wait_until(lambda reader=reader: engine.count(reader, "Мост открыт") == 1)
        told = message(engine, reader, "Отозвано")
        assert "reply_to_message" not in told
    assert engine.count(late, "Отозвано") == 0
    # Nobody finds it in a list: it is for those who had the story.
    told_of = await reads(threads.withdrawal_of)(engine.db, first)
    assert told_of is not None
    assert told_of.content == notice
    assert await reads(find)(engine.db, Query(), 5) == []


async def test_of_a_kill_in_the_middle_of_a_push_only_those_are_told_who_had_the_story(still: Engine) -> None:
    anna, _boris = await still.readers(2)
    first, _ = await still.publish("Мост открыт")
    await amend.kill(still.db, first, still.clock.now(), BORIS, notice=Content("Отозвано: Мост открыт"))
    await still.start()
    told_of = await reads(threads.withdrawal_of)(still.db, first)
    assert told_of is not None
    while await still.matcher.step():
        pass
    assert still.count(anna, "Отозвано") == 0
    assert not [row for row in await still.rows() if row.subject_id == told_of.id]


async def test_a_correction_while_the_first_push_is_going_out_is_what_the_rest_get(still: Engine) -> None:
    readers = await still.readers(3)
    first, bulletin = await still.publish("Мост открыт")
    # Telegram holds up the first call: the push is under way while the correction is decided.
    still.sandbox.fault("slow", match={"chat_id": readers[0]}, seconds=3_600, times=None)
    await still.start()
    async with asyncio.timeout(60):
        while not any(each.hits for each in still.sandbox.faults.waiting()):
            await asyncio.sleep(0.01)
    prepared = await proposals.propose(
        still.db,
        first,
        lambda content: replace(content, headline="Мост закрыт"),
        at=still.clock.now(),
        by=BORIS,
        seen=1,
    )
    version = prepared.proposal.version
    await proposals.apply(still.db, first, at=still.clock.now(), by=BORIS, version=version)
    still.ring()
    still.sandbox.clear_faults()
    await still.done(bulletin)
    for reader in readers:
        await still.sandbox.wait_until(lambda reader=reader: still.count(reader, "Мост закрыт") == 1)
        assert still.count(reader, "Мост открыт") == 0
