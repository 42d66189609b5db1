"""/desk: a draft is found, previewed, reviewed, approved, published, scheduled and taken back by buttons."""

from __future__ import annotations

from datetime import timedelta

import pytest
from aiogram.types import BotCommandScopeChat

from bot.conversations.menus import set_menu
from bot.desk import amend, record
from bot.desk.story import release, review
from bot.model.desk.rules import DeskRules
from bot.model.newsroom.role import AUTHOR, DUTY_EDITOR
from bot.model.story.article import Content, Status
from bot.readers import topics
from bot.sandbox import Sandbox
from bot.store.desk import search
from bot.store.engine.database import Database
from bot.store.newsroom import articles
from tests.support.desk.editors import BRIDGE, QUICK, answered, draft, hire, more, opened, story
from tests.support.messages import active, data_of, labels, plain
from tests.support.people import ANNA, BORIS, JAMES
from tests.support.people import EDITOR as EGOR
from tests.support.people import OWNER as OLGA
from tests.support.world import BOT, ECONOMY, WORLD, World, settings_for


async def test_a_feeds_draft_is_found_previewed_reviewed_approved_published_and_reaches_a_reader(
    running: World,
) -> None:
    room = running
    await room.say(BORIS, "/start")
    await topics.toggle(room.db, (await room.chat(BORIS)).id, ECONOMY, room.clock.now())
    await room.say(OLGA, "/start")
    await hire(room, EGOR, "Егор", DUTY_EDITOR.rights)
    number = (await draft(room)).id
    found = await room.say(EGOR, "/desk светлую")
    await room.press(EGOR, found, BRIDGE.headline)
    card = await room.changed(found, "Источник: Вести долины")
    for words in ("Черновик", "Первыми проехали автобусы.", "Темы: Экономика", "✖ ", "версия 1"):
        assert words in plain(card), words
    assert "Опубликовать" not in labels(card)
    await room.press(EGOR, card, "Как увидят читатели")
    shown = await room.answer(EGOR, "Экономика")
    assert BRIDGE.headline in plain(shown)
    assert (await room.press(EGOR, card, "На проверку"))["text"] == "Отправлено на проверку."
    await room.changed(found, "Вернуть автору")
    desk = await room.say(OLGA, "/desk")
    assert "На проверке: 1" in plain(desk)
    await room.press(OLGA, desk, BRIDGE.headline)
    card = await room.changed(desk, "Язык:")
    assert (await room.press(OLGA, card, "Одобрить"))["text"] == "Одобрено."
    card = await room.changed(desk, "Опубликовать")
    assert "✖" not in plain(card)
    assert (await room.press(OLGA, card, "Опубликовать"))["text"] == "Отправляется."
    await room.answer(BORIS, BRIDGE.headline)
    await room.press(OLGA, await room.changed(desk, "Отозвать"), "Обновить")
    card = await room.changed(desk, "Telegram")
    assert "Опубликована" in plain(card)
    assert "Опубликовано" in plain(card)
    assert (await story(room, number)).status is Status.PUBLISHED


async def test_of_two_editors_the_second_is_told_who_published(desk: World) -> None:
    number = (await draft(desk)).id
    now, rules = desk.clock.now(), DeskRules()
    await review.approve(desk.db, number, at=now, by=OLGA, seen=1, rules=rules)
    first, second = await opened(desk, OLGA), await opened(desk, EGOR)
    assert (await desk.press(EGOR, second, "Опубликовать"))["text"] == "Отправляется."
    told = (await desk.press(OLGA, first, "Опубликовать"))["text"]
    assert "уже опубликована" in told
    assert "Опубликовано: Егор" in told
    assert "Опубликовать" not in labels(await desk.changed(first, "Егор: Опубликовано"))
    deeds = (await record.of_article(desk.db, BOT, number, 9)).deeds
    assert [each.verb for each in deeds] == ["publish", "approve"]


async def test_what_was_changed_meanwhile_is_shown_before_anything_is_done(desk: World) -> None:
    kept_draft = await draft(desk)
    card = await opened(desk, OLGA)
    async with desk.db.write() as tx:
        after = kept_draft.correct(Content("Мост открыли на неделю раньше"), desk.clock.now())
        await articles.save(tx, after, by=EGOR)
    for verb in ("return", "schedule", "submit"):
        assert "изменил" in (await desk.forge(OLGA, card, f"desk:{verb}:{kept_draft.id}:1"))["text"], verb
    assert "изменил" in (await desk.forge(OLGA, card, f"desk:approve:{kept_draft.id}:1"))["text"]
    card = await desk.changed(card, "на неделю раньше")
    assert "версия 2" in plain(card)
    assert (await story(desk, kept_draft.id)).status is Status.DRAFT


async def test_a_warning_is_passed_by_a_second_press(desk: World) -> None:
    await desk.story("Мост через Светлую открыли утром", ECONOMY)
    number = (await draft(desk)).id
    card = await opened(desk, OLGA)
    assert "⚠" in plain(card)
    await desk.press(OLGA, card, "Одобрить")
    asked = await desk.changed(card, "Всё равно одобрить")
    assert (await story(desk, number)).status is Status.DRAFT
    await desk.press(OLGA, asked, "Всё равно одобрить")
    await desk.changed(card, "Опубликовать")
    last = (await record.of_article(desk.db, BOT, number, 1)).deeds[0]
    assert (last.verb, last.detail) == ("approve", "like-headline")


async def test_a_story_is_scheduled_by_words_and_its_time_taken_away(desk: World) -> None:
    number = (await draft(desk)).id
    await review.approve(desk.db, number, at=desk.clock.now(), by=OLGA, seen=1, rules=DeskRules())
    card = await opened(desk, EGOR)
    await desk.press(EGOR, card, "Запланировать")
    before = desk.clock.now()
    asked = await desk.answer(EGOR, "Когда выпустить")
    unclear = len(desk.shown(EGOR))
    desk.send(EGOR, "как-нибудь потом", reply_to=asked["message_id"])
    await desk.until(lambda: len(desk.shown(EGOR)) == unclear + 2)
    assert "через 20 минут" in plain(desk.shown(EGOR)[unclear])
    planned = await answered(desk, EGOR, "через 2 часа", "Когда выпустить")
    assert "Запланирована" in plain(planned)
    kept_story = await story(desk, number)
    assert kept_story.release_at
    assert timedelta(hours=2) <= kept_story.release_at - before < timedelta(hours=2, minutes=5)
    await desk.press(EGOR, planned, "Снять время выхода")
    await desk.changed(planned, "Одобрена")
    assert (await story(desk, number)).status is Status.APPROVED


async def test_a_story_is_sent_back_with_a_note_and_killed_with_a_reason(desk: World) -> None:
    number = (await draft(desk)).id
    await review.submit(desk.db, number, at=desk.clock.now(), by=EGOR)
    await desk.press(OLGA, await opened(desk, OLGA), "Вернуть автору")
    card = await answered(desk, OLGA, "Нет даты открытия", "Что исправить")
    assert "Черновик" in plain(card)
    assert "Нет даты открытия" in plain(card)
    now, rules = desk.clock.now(), DeskRules()
    await review.approve(desk.db, number, at=now, by=OLGA, seen=1, rules=rules)
    await release.publish(desk.db, number, at=now, by=OLGA, rules=rules)
    card = await opened(desk, EGOR)
    await desk.press(EGOR, card, "Отозвать")
    ways = await desk.changed(card, "Отозвать отовсюду")
    assert any("юридическим" in each for each in labels(ways))
    await desk.press(EGOR, ways, "Отозвать отовсюду")
    card = await answered(desk, EGOR, "Мост не тот", "Почему отзываете")
    assert "Отозвана" in plain(card)
    assert "Причина: Мост не тот" in plain(card)
    found = await story(desk, number)
    assert (found.status, found.reason) == (Status.KILLED, "Мост не тот")
    # The question can be answered once: the second answer says what was done.
    asked = await desk.answer(EGOR, "Почему отзываете")
    before = len(desk.shown(EGOR))
    desk.send(EGOR, "Ещё раз", reply_to=asked["message_id"])
    await desk.until(lambda: len(desk.shown(EGOR)) == before + 2)
    assert "Отозвано: Егор" in plain(desk.shown(EGOR)[before])


async def test_what_goes_out_is_paused_resumed_and_stopped(desk: World) -> None:
    number = (await draft(desk)).id
    now, rules = desk.clock.now(), DeskRules()
    await review.approve(desk.db, number, at=now, by=OLGA, seen=1, rules=rules)
    await release.publish(desk.db, number, at=now, by=OLGA, rules=rules)
    card = await opened(desk, EGOR)
    assert "⏳" in plain(card)
    assert (await desk.press(EGOR, card, "Пауза"))["text"]
    await desk.press(EGOR, await desk.changed(card, "Продолжить"), "Продолжить")
    await desk.press(EGOR, await desk.changed(card, "Пауза"), "Остановить")
    await desk.changed(card, "⏹")
    deeds = (await record.of_article(desk.db, BOT, number, 3)).deeds
    assert [each.verb for each in deeds] == ["stop", "resume", "pause"]


async def test_a_card_and_a_question_outlive_a_restart(sandbox: Sandbox, sqlite_db: Database) -> None:
    room = World(sandbox, sqlite_db, settings_for(sandbox, **QUICK))
    await room.prepare()
    async with room.listening():
        await room.say(OLGA, "/start")
        number = (await draft(room)).id
        card = await opened(room, OLGA)
        await room.press(OLGA, card, "Отозвать")
        await room.press(OLGA, await room.changed(card, "Да, отозвать"), "Да, отозвать")
        await room.answer(OLGA, "Почему отзываете")
    async with room.listening():
        await room.press(OLGA, room.again(card), "Назад")
        await room.press(OLGA, await room.changed(card, "На проверку"), "На проверку")
        await room.changed(card, "На проверке")
        said = await answered(room, OLGA, "Повтор", "Почему отзываете")
        assert "Отозвана" in plain(said)
    assert (await story(room, number)).status is Status.KILLED


async def test_what_a_card_has_no_room_for_is_one_press_away_and_survives_a_change(desk: World) -> None:
    number = (await draft(desk)).id
    await review.approve(desk.db, number, at=desk.clock.now(), by=OLGA, seen=1, rules=DeskRules())
    card = await opened(desk, EGOR)
    assert "В другом виде…" not in labels(card)
    page = await more(desk, EGOR, card)
    assert labels(page) == ["В другом виде…", "‹ Назад"]
    await desk.press(EGOR, page, "Назад")
    card = await desk.changed(page, "Ещё…")
    # An old press says what it opens: nothing is kept of it, and the story may stand otherwise by then.
    await release.publish(desk.db, number, at=desk.clock.now(), by=OLGA, rules=DeskRules())
    await desk.forge(EGOR, card, f"desk:more:{number}:1")
    assert "В другом виде…" in labels(await desk.changed(card, "Исправить…"))


async def test_who_has_no_right_or_one_for_other_topics_sees_no_button_and_forges_none(desk: World) -> None:
    number = (await draft(desk)).id
    await desk.say(BORIS, "/start")
    assert "только редакторам" in plain(await desk.say(BORIS, "/desk"))
    own = await desk.say(BORIS, "/id")
    assert "только редакторам" in (await desk.forge(BORIS, own, f"desk:card:{number}"))["text"]
    await hire(desk, ANNA, "Анна", DUTY_EDITOR.rights, about=frozenset({WORLD}))
    card = await opened(desk, ANNA)
    assert active(card) == ["Как увидят читатели", "В другом виде…", "‹ В редакцию", "🔄 Обновить"]
    assert "Одобрить" in labels(card)
    for verb in ("submit", "approve", "publish", "return", "schedule", "withdraw", "kill", "stop"):
        said = (await desk.forge(ANNA, card, f"desk:{verb}:{number}:1"))["text"]
        assert "не распространяются" in said, verb
    await hire(desk, ANNA, "Анна", AUTHOR.rights)
    assert "нет такого права" in (await desk.forge(ANNA, card, f"desk:publish:{number}:1"))["text"]
    assert "устарела" in (await desk.forge(OLGA, await desk.say(OLGA, "/id"), "desk:card:x"))["text"]
    assert (await story(desk, number)).status is Status.DRAFT


async def test_a_search_says_how_far_back_it_looked(desk: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(2):
        await draft(desk, Content(f"Мост номер {number}"))
    page = await desk.say(EGOR, "/desk мосты")
    assert {"Мост номер 0", "Мост номер 1"} <= set(labels(page))
    assert "Заголовки просмотрены" not in plain(page)
    monkeypatch.setattr(search, "LOOKED_THROUGH", 1)
    page = await desk.say(EGOR, "/desk мосты")
    assert "Мост номер 0" not in labels(page)
    assert "Заголовки просмотрены с " in plain(page)


async def test_nobody_approves_their_own_and_shelves_turn_pages(desk: World) -> None:
    for number in range(12):
        await draft(desk, Content(f"Черновик номер {number}"), by=EGOR)
    page = await desk.say(EGOR, "/desk")
    assert "Черновики: 12" in plain(page)
    await desk.press(EGOR, page, "Черновики ›")
    shelf = await desk.changed(page, "Черновик номер 4")
    await desk.press(EGOR, shelf, "Раньше")
    shelf = await desk.changed(page, "Черновик номер 0")
    assert "Черновик номер 4" not in labels(shelf)
    await desk.press(EGOR, shelf, "Черновик номер 0")
    card = await desk.changed(page, "Язык:")
    assert "Одобрить" in labels(card)
    assert "Одобрить" not in active(card)
    number = int(str(data_of(card, "Отозвать")).split(":")[2])
    assert "другой редактор" in (await desk.forge(EGOR, card, f"desk:approve:{number}:1"))["text"]
    await amend.kill(desk.db, number, desk.clock.now())
    await desk.press(EGOR, card, "На проверку")
    assert labels(await desk.changed(card, "Отозвана")) == ["‹ В редакцию", "🔄 Обновить"]


async def test_the_menu_has_the_desk_for_who_has_a_right_there_and_the_desk_speaks_english(
    desk: World,
) -> None:
    async def menu(user: int) -> set[str]:
        await set_menu(desk.services, user)
        scope = BotCommandScopeChat(chat_id=user)
        return {each.command for each in await desk.services.client.get_my_commands(scope)}

    await draft(desk, Content("A bridge " * 400, "Long. " * 400, language="en"))
    await hire(desk, JAMES, "James", AUTHOR.rights)
    await desk.say(BORIS, "/start")
    assert "desk" in await menu(JAMES)
    assert "desk" not in await menu(BORIS)
    page = await desk.say(JAMES, "/desk")
    assert "Drafts: 1" in plain(page)
    await desk.press(JAMES, page, "A bridge")
    card = await desk.changed(page, "For review")
    assert "Topics: Economy" in plain(card)
    assert labels(card)[:3] == ["As readers will see it", "Change…", "For review"]


async def test_the_desk_is_shown_in_private_alone(desk: World) -> None:
    chat = desk.sandbox.add_chat("supergroup", title="Редакция", creator=OLGA, members=[EGOR, BOT])["id"]
    await desk.answer(chat, "Администраторы")
    desk.send(EGOR, "/desk@vestnik_bot", chat)
    await desk.answer(EGOR, "в личные сообщения")
    assert not any("Черновики" in each for each in desk.texts(chat))


async def test_what_a_feed_writes_at_length_does_not_push_the_cards_own_lines_out(desk: World) -> None:
    long = Content("Мост <b>&amp; {{7*7}}" * 40, "лид <i>" * 200, source_name="<b>Вести</b>" * 300)
    number = (await draft(desk, long)).id
    await amend.kill(desk.db, number, desk.clock.now(), EGOR, reason="п" * 4000)
    page = await desk.say(EGOR, "/desk мост")
    await desk.forge(EGOR, page, f"desk:card:{number}")
    card = plain(await desk.changed(page, "Причина:"))
    assert f"№ {number}, версия 1" in card
    assert "<b>Вести</b>" in card
    assert "{{7*7}}" in card
