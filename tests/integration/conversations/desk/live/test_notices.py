"""Notices: whoever acts is told nothing, the others once, quietly, several deeds in one message."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.desk import amend
from bot.desk.flash.send import Choice, send_story
from bot.desk.live import notices
from bot.desk.publish import publish
from bot.desk.story import draft as drafts
from bot.desk.story import release, review
from bot.model.audience import Everybody
from bot.model.desk.rules import DeskRules
from bot.model.newsroom.role import AUTHOR, DUTY_EDITOR, EDITOR
from bot.model.story.article import Status
from bot.publishing.kill import kill
from bot.store.newsroom import audit
from tests.support.desk import live
from tests.support.desk.editors import BRIDGE, draft, hire
from tests.support.messages import Message, labels, plain
from tests.support.people import ANNA, BORIS, JAMES
from tests.support.people import EDITOR as EGOR
from tests.support.people import OWNER as OLGA
from tests.support.world import BOT, ECONOMY, WORLD, World

RULES = DeskRules()
LATER_BRIDGE = replace(BRIDGE, lead="Первыми проехали автобусы, за ними велосипеды.")


@pytest.fixture
async def newsroom(desk: World) -> World:
    """The desk with authors: Anna, and James who reads English; Boris is a reader."""
    await hire(desk, ANNA, "Анна", AUTHOR.rights)
    await hire(desk, JAMES, "James", AUTHOR.rights)
    await desk.say(BORIS, "/start")
    await live.desk(desk)
    return desk


async def written(room: World, by: int = ANNA) -> int:
    made = await drafts.make(room.db, BRIDGE, at=room.clock.now(), by=by, topic_ids=(ECONOMY,))
    return made.id


def told(room: World, person: int) -> list[Message]:
    """The notices in a person's chat."""
    return [each for each in room.shown(person) if " · " in plain(each) and "Язык:" not in plain(each)]


async def test_editors_are_asked_for_a_review_and_the_author_hears_what_came_of_it(newsroom: World) -> None:
    room, now = newsroom, newsroom.clock.now()
    await hire(room, BORIS, "Борис", EDITOR.rights, about=frozenset({WORLD}))
    number = await written(room)
    await review.submit(room.db, number, at=now, by=ANNA)
    await live.desk(room)
    (asked,) = told(room, OLGA)
    assert BRIDGE.headline in plain(asked)
    assert "Анна: Отправлено на проверку" in plain(asked)
    assert (len(told(room, EGOR)), told(room, ANNA), told(room, BORIS)) == (1, [], []), (
        "Boris has other topics"
    )
    # The notice opens the card.
    await room.press(OLGA, asked, BRIDGE.headline)
    await room.changed(asked, "На проверке")
    await review.send_back(room.db, number, at=now, by=OLGA, note="Нет даты открытия")
    await live.desk(room)
    (heard,) = told(room, ANNA)
    assert "Ольга: Возвращено автору (Нет даты открытия)" in plain(heard)
    assert told(room, OLGA) == []
    await live.desk(room)
    assert len(told(room, ANNA)) == 1, "once"


async def test_several_deeds_of_a_minute_are_one_quiet_message_and_a_kill_is_loud(newsroom: World) -> None:
    room, now = newsroom, newsroom.clock.now()
    number = await written(room)
    await review.approve(room.db, number, at=now, by=OLGA, seen=1, rules=RULES)
    await live.desk(room, timedelta(seconds=1))
    assert told(room, ANNA) == [], "more may follow at once"
    await release.publish(room.db, number, at=now, by=EGOR, rules=RULES)
    await live.desk(room)
    (heard,) = told(room, ANNA)
    assert "Ольга: Одобрено" in plain(heard)
    assert "Егор: Опубликовано" in plain(heard)
    assert labels(heard) == [BRIDGE.headline]
    await amend.correct(room.db, number, LATER_BRIDGE, now, by=EGOR)
    await live.desk(room, timedelta(seconds=30))
    assert len(told(room, ANNA)) == 1, "a minute has not gone by"
    await amend.kill(room.db, number, now, EGOR, reason="Мост не тот")
    await live.desk(room, timedelta(seconds=31))
    heard = told(room, ANNA)[-1]
    assert "Исправлено" in plain(heard)
    assert "Егор: Отозвано (Мост не тот)" in plain(heard)
    quiet = [each["params"].get("disable_notification") for each in sent(room, ANNA)]
    assert quiet[-2:] == ["true", "false"]


async def test_an_author_is_told_in_their_language_of_what_the_bot_did_by_itself(newsroom: World) -> None:
    room, now = newsroom, newsroom.clock.now()
    number = await written(room, JAMES)
    await review.approve(room.db, number, at=now, by=OLGA, seen=1, rules=RULES)
    await release.publish(room.db, number, at=now, by=None, rules=RULES)
    await live.desk(room)
    heard = plain(room.shown(JAMES)[-1])
    assert "the bot itself: Published" in heard
    assert "Ольга: Approved" in heard


async def test_whoever_may_take_back_hears_of_what_no_person_took_back(newsroom: World) -> None:
    room, now = newsroom, newsroom.clock.now()
    await hire(room, BORIS, "Борис", DUTY_EDITOR.rights, about=frozenset({WORLD}))
    first, second = await told_by_a_feed(room, "Мост открыт"), await told_by_a_feed(room, "Снег сошёл")
    token = audit.hand.set(audit.COMMAND)
    await amend.kill(room.db, first, now, reason="Просьба источника")
    audit.hand.reset(token)
    async with room.db.write() as tx:
        await kill(tx, second, now, source="valley", status=Status.UNPUBLISHED)
    await live.desk(room)
    (heard,) = told(room, OLGA)
    assert "командная строка: Отозвано (Просьба источника)" in plain(heard)
    assert "лента Вести долины: Снято с публикации" in plain(heard)
    assert labels(heard) == ["Мост открыт", "Снег сошёл"]
    assert (told(room, ANNA), told(room, BORIS)) == ([], []), "no right, or other topics"
    assert len(told(room, EGOR)) == 1


async def test_a_flash_is_told_of_when_it_can_not_be_undone_any_more(newsroom: World) -> None:
    room, now = newsroom, newsroom.clock.now()
    number = await written(room)
    choice = Choice(Everybody(), undo=timedelta(seconds=30))
    await send_story(room.db, number, choice, at=now, by=EGOR, rules=RULES)
    await live.desk(room, timedelta(seconds=20))
    assert (told(room, ANNA), told(room, OLGA)) == ([], []), "it can be undone"
    await release.undo(room.db, number, at=now + timedelta(seconds=21), by=EGOR)
    await live.desk(room, timedelta(seconds=40))
    assert "Опубликовано" not in "".join(map(plain, told(room, ANNA)))
    assert told(room, OLGA) == []
    again = now + timedelta(seconds=41)
    await send_story(room.db, number, choice, at=again, by=EGOR, rules=RULES)
    await live.desk(room, timedelta(seconds=60))
    assert told(room, OLGA) == []
    await live.desk(room, timedelta(seconds=72))
    (heard,) = told(room, OLGA)
    assert "Егор: Опубликовано" in plain(heard)
    assert "Егор: Опубликовано" in plain(told(room, ANNA)[-1])


async def test_a_person_switches_notices_off_and_on(newsroom: World) -> None:
    room, now = newsroom, newsroom.clock.now()
    page = await room.say(ANNA, "/desk")
    assert "больше не будет" in (await room.press(ANNA, page, "Уведомления: да"))["text"]
    page = await room.changed(page, "Уведомления: нет")
    number = await written(room)
    await review.approve(room.db, number, at=now, by=OLGA, seen=1, rules=RULES)
    await live.desk(room)
    assert told(room, ANNA) == []
    await room.press(ANNA, page, "Уведомления: нет")
    await room.changed(page, "Уведомления: да")
    await release.publish(room.db, number, at=now, by=EGOR, rules=RULES)
    await live.desk(room)
    (heard,) = told(room, ANNA)
    assert "Одобрено" not in plain(heard), "what was done meanwhile is past"


async def test_stale_notices_and_closed_chats_hold_nothing_up(newsroom: World) -> None:
    room, now = newsroom, newsroom.clock.now()
    number = await written(room)
    await review.submit(room.db, number, at=now - timedelta(hours=2), by=ANNA)
    await live.desk(room)
    assert told(room, OLGA) == []
    room.sandbox.block(ANNA)
    await review.approve(room.db, number, at=now, by=OLGA, seen=1, rules=RULES)
    await live.desk(room)
    assert await notices.take_due(room.db, BOT, now + timedelta(minutes=10)) == []
    room.sandbox.block(ANNA, blocked=False)
    await live.desk(room)
    assert told(room, ANNA) == [], "not told twice"


async def test_a_process_that_dies_leaves_notices_to_the_next(newsroom: World) -> None:
    room, now = newsroom, newsroom.clock.now()
    number = await written(room)
    await review.approve(room.db, number, at=now, by=OLGA, seen=1, rules=RULES)
    # It dies before the notice is due.
    await live.desk(room, timedelta(seconds=1))
    await live.desk(room, timedelta(minutes=30))
    assert len(told(room, ANNA)) == 1
    # The next one dies with the notice on its way: it is not told twice.
    await release.publish(room.db, number, at=now, by=EGOR, rules=RULES)
    await live.desk(room, timedelta(seconds=1))
    assert len(await notices.take_due(room.db, BOT, now + timedelta(minutes=40))) == 1
    await live.desk(room, timedelta(minutes=50))
    assert len(told(room, ANNA)) == 1


async def told_by_a_feed(room: World, headline: str) -> int:
    """Let a trusted feed publish a story by itself; return its number."""
    made = await draft(room, replace(BRIDGE, headline=headline))
    await publish(room.db, made.id, room.clock.now())
    return made.id


def sent(room: World, person: int) -> list[Message]:
    return [each for each in room.sandbox.calls(method="sendMessage") if each["chat_id"] == person]
