"""A group as the desk: cards appear there, everybody acts with rights of their own, and there is no noise."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.desk import amend, record
from bot.desk.live import groups
from bot.desk.publish import publish
from bot.desk.story import draft as drafts
from bot.desk.story import release, review
from bot.model.desk.rules import DeskRules
from bot.model.newsroom.role import DUTY_EDITOR
from bot.model.story.article import Content, Status
from bot.sandbox import Sandbox
from bot.store.engine.database import Database
from tests.support.desk import live
from tests.support.desk.editors import BRIDGE, QUICK, draft, hire, story
from tests.support.messages import Message, labels, plain
from tests.support.people import ANNA, BORIS, JAMES
from tests.support.people import EDITOR as EGOR
from tests.support.people import OWNER as OLGA
from tests.support.world import BOT, ECONOMY, World, settings_for

MEMBERS = [OLGA, EGOR, ANNA, BORIS, JAMES, BOT]


async def founded(room: World, **options: Any) -> int:
    """Let an owner make a group the desk; return its id."""
    group: int = room.sandbox.add_chat(
        "supergroup", title="Редакция", creator=OLGA, members=MEMBERS, **options
    )["id"]
    # Telegram takes what one member alone sees from an administrator.
    room.sandbox.set_member(group, BOT, "administrator", by=OLGA)
    room.send(OLGA, "/desk@vestnik_bot here", group)
    await room.answer(group, "Теперь эта группа")
    await live.desk(room)
    return group


async def written(room: World, content: Content = BRIDGE, by: int = ANNA) -> int:
    """Let somebody of the newsroom keep a draft."""
    now = room.clock.now()
    made = await drafts.make(room.db, content, at=now, by=by, topic_ids=(ECONOMY,))
    return made.id


def cards(room: World, group: int, headline: str = BRIDGE.headline) -> list[Message]:
    return [each for each in room.shown(group) if headline in plain(each) and "Язык:" in plain(each)]


async def test_a_story_is_reviewed_and_published_in_the_group_with_personal_rights(desk: World) -> None:
    group = await founded(desk)
    number = await written(desk)
    await live.desk(desk)
    (card,) = cards(desk, group)
    assert "Черновик" in plain(card)
    assert "В редакцию" not in "".join(labels(card))
    # Nobody's card: no button is disabled, and each press asks who presses.
    assert "только редакторам" in (await desk.press(BORIS, card, "На проверку"))["text"]
    assert (await desk.press(EGOR, card, "На проверку"))["text"] == "Отправлено на проверку."
    await live.desk(desk)
    (below,) = cards(desk, group)
    assert below["message_id"] > card["message_id"], "what waits for a review stands at the end"
    assert (await desk.press(OLGA, below, "Одобрить"))["text"] == "Одобрено."
    await live.desk(desk)
    (card,) = cards(desk, group)
    assert (await desk.press(EGOR, card, "Опубликовать"))["text"] == "Отправляется."
    assert (await story(desk, number)).status is Status.PUBLISHED
    await live.desk(desk)
    (card,) = cards(desk, group)
    assert "Егор: Опубликовано" in plain(card)


async def test_questions_are_put_to_who_pressed_and_answered_by_who_has_the_right(desk: World) -> None:
    group = await founded(desk)
    number = await written(desk)
    await review.submit(desk.db, number, at=desk.clock.now(), by=ANNA)
    await live.desk(desk)
    (card,) = cards(desk, group)
    await desk.press(OLGA, card, "Вернуть автору")
    asked = await desk.answer(group, "Что исправить")
    assert plain(asked).startswith("Ольга\n")
    assert asked["reply_markup"]["selective"] is True
    said = await desk.refused(BORIS, "Всё не так", group, reply_to=asked["message_id"])
    assert "только редакторам" in plain(said)
    assert (await story(desk, number)).status is Status.REVIEW
    desk.send(EGOR, "Нет даты", group, reply_to=asked["message_id"])
    await desk.until(lambda: "Нет даты" in "".join(map(plain, cards(desk, group))))
    assert (await story(desk, number)).status is Status.DRAFT
    assert asked["message_id"] not in [each["message_id"] for each in desk.shown(group)]
    await desk.until(lambda: len(cards(desk, group)) == 1)


async def test_a_page_between_a_card_and_its_verb_does_not_take_the_cards_place(desk: World) -> None:
    group = await founded(desk)
    number = await written(desk)
    await live.desk(desk)
    (card,) = cards(desk, group)
    await desk.press(EGOR, card, "Отозвать…")
    page = await desk.answer(group, "читателей это не коснётся")
    assert page["reply_to_message"]["message_id"] == card["message_id"]
    assert "Язык:" in plain(desk.again(card))
    await desk.press(OLGA, page, "Назад")
    await desk.until(lambda: page["message_id"] not in [each["message_id"] for each in desk.shown(group)])
    assert cards(desk, group) == [card]
    await desk.press(OLGA, card, "Отозвать…")
    await desk.press(OLGA, await desk.answer(group, "читателей это не коснётся"), "Да, отозвать")
    asked = await desk.answer(group, "Почему отзываете")
    desk.send(OLGA, "Повтор", group, reply_to=asked["message_id"])
    await desk.answer(group, "Причина: Повтор")
    assert (await story(desk, number)).status is Status.KILLED
    await live.desk(desk)
    assert len(cards(desk, group)) == 1


async def test_new_drafts_of_feeds_are_one_message_and_what_feeds_publish_is_none(desk: World) -> None:
    group = await founded(desk)
    before = len(desk.shown(group))
    for number in range(12):
        await draft(desk, Content(f"Черновик номер {number}"))
    released = await draft(desk, Content("Вышла сама"))
    await publish(desk.db, released.id, desk.clock.now())
    await live.desk(desk)
    (told,) = desk.shown(group)[before:]
    assert "12 новых черновиков из лент" in plain(told)
    assert len(labels(told)) == 10
    await desk.press(EGOR, told, "Черновик номер 3")
    await desk.answer(group, "Язык:")
    assert desk.again(told) == told, "the list stays for the others"
    await draft(desk, Content("Ещё один"))
    await live.desk(desk)
    assert not cards(desk, group, "Ещё один"), "drafts of feeds are told of once a minute"
    await live.desk(desk, 2 * live.LATER)
    await live.cards(desk, 3 * live.LATER)
    assert cards(desk, group, "Ещё один")


async def test_what_the_schedule_and_the_command_line_do_moves_the_card(desk: World) -> None:
    group = await founded(desk)
    number = await written(desk)
    now, rules = desk.clock.now(), DeskRules()
    await review.approve(desk.db, number, at=now, by=OLGA, seen=1, rules=rules)
    await live.desk(desk)
    (card,) = cards(desk, group)
    await release.publish(desk.db, number, at=now, by=None, rules=rules)
    await live.desk(desk)
    (published,) = cards(desk, group)
    assert published["message_id"] > card["message_id"]
    corrected = replace(BRIDGE, headline="Мост через Светлую открыли днём")
    await amend.correct(desk.db, number, corrected, now, by=EGOR)
    await live.desk(desk)
    (after,) = cards(desk, group, "открыли днём")
    assert after["message_id"] == published["message_id"], "a correction moves nothing"


async def test_what_a_command_takes_back_appears_in_the_group(desk: World) -> None:
    group = await founded(desk)
    feeds = await draft(desk)
    await publish(desk.db, feeds.id, desk.clock.now())
    await live.desk(desk)
    assert cards(desk, group) == [], "what a trusted feed publishes is no matter for the desk"
    await amend.kill(desk.db, feeds.id, desk.clock.now(), reason="Просьба источника")
    await live.desk(desk)
    (card,) = cards(desk, group)
    assert "Отозвана" in plain(card)
    assert "Просьба источника" in plain(card)


async def test_only_an_owner_makes_a_group_the_desk_and_nobody_as_the_group(desk: World) -> None:
    group = desk.sandbox.add_chat("supergroup", title="Редакция", creator=OLGA, members=MEMBERS)["id"]
    desk.sandbox.set_member(group, BOT, "administrator", by=OLGA)
    assert "права: выдавать права" in plain(await desk.refused(EGOR, "/desk@vestnik_bot here", group))
    desk.send(OLGA, "/desk@vestnik_bot here", group, anonymous=True)
    await desk.answer(group, "Напишите от своего имени")
    assert await groups.of_bot(desk.db, BOT) == []
    assert "в группе" in plain(await desk.say(OLGA, "/desk here"))
    await desk.say(OLGA, "/desk@vestnik_bot here", group)
    assert "уже" in plain(await desk.say(OLGA, "/desk@vestnik_bot here", group))
    await written(desk)
    await live.desk(desk)
    (card,) = cards(desk, group)
    await desk.say(OLGA, "/desk@vestnik_bot off", group)
    assert "устарела" in (await desk.press(EGOR, card, "На проверку"))["text"]
    verbs = [each.verb for each in (await record.page(desk.db, BOT, 9)).deeds]
    assert verbs == ["desk-off", "draft", "desk-here"]


async def test_nobody_answers_a_question_as_the_group(desk: World) -> None:
    group = await founded(desk)
    number = await written(desk)
    await review.submit(desk.db, number, at=desk.clock.now(), by=ANNA)
    await live.desk(desk)
    (card,) = cards(desk, group)
    await desk.press(OLGA, card, "Вернуть автору")
    asked = await desk.answer(group, "Что исправить")
    desk.send(OLGA, "Нет даты", group, reply_to=asked["message_id"], anonymous=True)
    await desk.answer(group, "Напишите от своего имени")
    assert (await story(desk, number)).status is Status.REVIEW


async def test_a_reader_and_a_group_that_is_no_desk_get_nothing(desk: World) -> None:
    group = await founded(desk)
    number = await written(desk)
    await live.desk(desk)
    (card,) = cards(desk, group)
    for verb in ("submit", "approve", "publish", "withdraw", "stop", "again", "card", "preview"):
        said = (await desk.forge(BORIS, card, f"desk:{verb}:{number}:1"))["text"]
        assert "только редакторам" in said, verb
    other = desk.sandbox.add_chat("supergroup", title="Двор", creator=OLGA, members=MEMBERS)["id"]
    hello = await desk.answer(other, "Администраторы")
    for verb in ("submit", "publish", "card"):
        said = (await desk.forge(EGOR, hello, f"desk:{verb}:{number}:1"))["text"]
        assert "устарела" in said or "в личные сообщения" in said, verb
    assert (await story(desk, number)).status is Status.DRAFT
    assert "Язык:" not in "".join(desk.texts(other))


async def test_in_a_forum_the_desk_is_one_topic(desk: World) -> None:
    group = desk.sandbox.add_chat(
        "supergroup", title="Редакция", creator=OLGA, members=MEMBERS, is_forum=True
    )["id"]
    thread = desk.sandbox.add_thread(group, "Выпуск")
    desk.send(OLGA, "/desk@vestnik_bot here", group, thread_id=thread)
    await desk.answer(group, "Теперь эта группа")
    await live.desk(desk)
    number = await written(desk)
    await live.desk(desk)
    (card,) = cards(desk, group)
    assert card["message_thread_id"] == thread
    await desk.press(EGOR, card, "Отозвать…")
    page = await desk.answer(group, "читателей это не коснётся")
    assert page["message_thread_id"] == thread
    await desk.press(EGOR, page, "Назад")
    await desk.until(lambda: page["message_id"] not in [each["message_id"] for each in desk.shown(group)])
    await desk.press(EGOR, card, "На проверку")
    await live.desk(desk)
    (below,) = cards(desk, group)
    assert below["message_thread_id"] == thread
    desk.send(OLGA, "/desk@vestnik_bot here", group)
    await desk.until(lambda: len([each for each in desk.texts(group) if "Теперь эта" in each]) == 2)
    await amend.kill(desk.db, number, desk.clock.now(), OLGA)
    await live.desk(desk)
    (moved,) = cards(desk, group)
    assert "message_thread_id" not in moved


async def test_an_english_group_and_a_group_that_becomes_a_supergroup(desk: World) -> None:
    group = desk.sandbox.add_chat("group", title="Desk", creator=OLGA, members=MEMBERS)["id"]
    desk.send(OLGA, "/desk@vestnik_bot here", group)
    await desk.answer(group, "Теперь эта группа")
    await live.desk(desk)
    await written(desk)
    await live.desk(desk)
    assert cards(desk, group)
    moved = desk.sandbox.upgrade(group)
    await desk.say(OLGA, "/id@vestnik_bot", moved)
    assert [each.chat_id for each in await groups.of_bot(desk.db, BOT)] == [moved]


async def test_a_dead_process_leaves_cards_that_the_next_one_sends(
    sandbox: Sandbox, sqlite_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = World(sandbox, sqlite_db, settings_for(sandbox, **QUICK))
    await room.prepare()
    async with room.listening():
        await room.say(OLGA, "/start")
        await hire(room, EGOR, "Егор", DUTY_EDITOR.rights)
        group = await founded(room)
        await written(room)
        # It dies when all is decided and nothing is sent.
        with monkeypatch.context() as patch:
            patch.setattr(live.refresh, "AT_ONCE", 0)
            await live.desk(room)
        assert not cards(room, group)
    async with room.listening():
        await live.desk(room)
        assert len(cards(room, group)) == 1
        await live.desk(room)
        assert len(cards(room, group)) == 1


async def test_what_takes_a_conversation_of_its_own_is_not_begun_in_a_group(desk: World) -> None:
    group = await founded(desk)
    number = await written(desk)
    await live.desk(desk)
    (card,) = cards(desk, group)
    assert not {"Изменить…", "⚡ Срочно…"} & set(labels(card))
    for verb in ("change", "flash", "correct", "update", "pick", "fixloud"):
        said = (await desk.forge(OLGA, card, f"desk:{verb}:{number}:1"))["text"]
        assert "личные сообщения" in said, verb
    assert "личные сообщения" in (await desk.forge(OLGA, card, "picks:list"))["text"]
    assert cards(desk, group) == [card]


async def test_a_question_is_not_answered_once_the_group_is_no_desk(desk: World) -> None:
    group = await founded(desk)
    number = await written(desk)
    await live.desk(desk)
    (card,) = cards(desk, group)
    await desk.press(OLGA, card, "Отозвать…")
    await desk.press(OLGA, await desk.answer(group, "Новость не выходила"), "Да, отозвать")
    asked = await desk.answer(group, "Почему отзываете")
    await desk.say(OLGA, "/desk@vestnik_bot off", group)
    said = await desk.refused(OLGA, "Повтор", group, reply_to=asked["message_id"])
    assert "устарела" in plain(said)
    assert (await story(desk, number)).status is Status.DRAFT
