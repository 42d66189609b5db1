"""Breaking news from the desk: for whom, how, the last question, the moment to take it back, the card afterwards."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.desk import breaking
from bot.model.chat import ChatState
from bot.model.newsroom.role import DUTY_EDITOR
from bot.model.story.article import Content, Status
from bot.readers import settings
from bot.sandbox import Sandbox
from bot.store.engine.database import Database
from bot.store.newsroom import articles
from bot.store.newsroom import topics as kept_topics
from tests.support.desk.editors import BRIDGE, QUICK, draft, hire, opened, story
from tests.support.messages import Message, data_of, labels, plain
from tests.support.people import ANNA, BORIS, JAMES
from tests.support.people import EDITOR as EGOR
from tests.support.people import OWNER as OLGA
from tests.support.world import ASIA, BOT, ECONOMY, World, settings_for

AS_FLASH, DO_NOT = "Срочной новостью", "Не отправлять"


@pytest.fixture
async def patient(sandbox: Sandbox, sqlite_db: Database) -> AsyncIterator[World]:
    """A whole bot that waits a minute before breaking news starts."""
    world = World(sandbox, sqlite_db, settings_for(sandbox, **QUICK, flash_undo_seconds=60))
    await world.prepare()
    app = await world.whole()
    async with sqlite_db.write() as tx:
        await kept_topics.put(tx, "economy", {"ru": "Экономика", "en": "Economy"}, origin="desk")
    yield world
    await app.stop()


async def chosen(room: World, editor: int, label: str = AS_FLASH) -> Message:
    """Open the choice from a story's card."""
    card = await opened(room, editor)
    await room.press(editor, card, label)
    return await room.changed(card, "Со звуком" if label == AS_FLASH else "Sound")


async def sent(room: World, editor: int, page: Message) -> Message:
    """Send what was chosen, through the last question, and return the message that says when it goes out."""
    await room.press(editor, page, "Отправить:")
    asked = await room.changed(page, "Да, отправить")
    await room.press(editor, asked, "Да, отправить")
    return await room.answer(editor, "Уйдёт в")


async def test_a_draft_is_sent_as_breaking_news_and_taken_back_unseen(patient: World) -> None:
    room = patient
    await room.say(BORIS, "/start")
    await room.say(OLGA, "/start")
    await hire(room, EGOR, "Егор", DUTY_EDITOR.rights)
    number = (await draft(room)).id
    page = await chosen(room, OLGA)
    assert BRIDGE.headline in plain(page)
    assert "Кому: Экономика" in plain(page)
    await room.press(OLGA, page, "Всем")
    await room.changed(page, "Кому: всем")
    await room.press(OLGA, page, "Без звука")
    page = await room.changed(page, "без звука")
    await room.press(OLGA, page, "Отправить:")
    asked = await room.changed(page, "Да, отправить")
    assert "Отправить всем — в 3 чата?" in plain(asked)
    assert "Придёт без звука." in plain(asked)
    assert "⚠" in plain(asked), "nobody has reviewed it"
    await room.press(OLGA, asked, "Да, отправить")
    waits = await room.answer(OLGA, "Уйдёт в")
    assert "Пока её никто не видит." in plain(waits)
    assert labels(waits) == [DO_NOT, "‹ К новости"]
    assert BRIDGE.headline not in plain(await room.say(BORIS, "/latest"))
    others = await opened(room, EGOR)
    assert "Уйдёт в" in plain(others)
    assert (await room.forge(BORIS, waits, data_of(waits, DO_NOT) or ""))["text"]
    assert (await story(room, number)).status is Status.PUBLISHED
    assert "Никто её не видел" in plain_answer(await room.press(EGOR, others, DO_NOT))
    assert (await story(room, number)).status is Status.DRAFT
    await room.changed(others, AS_FLASH)
    page = await room.changed(waits, "Отправить:")
    assert "Отменено" not in plain(page)
    told = plain_answer(await room.forge(OLGA, page, data_of(waits, DO_NOT) or ""))
    assert "Публикация отменена: Егор" in told
    await room.press(OLGA, page, "Назад")
    await room.changed(waits, "Язык:")
    assert BRIDGE.headline not in " ".join(room.texts(BORIS))


def plain_answer(answer: dict[str, str]) -> str:
    return answer["text"].replace("\u00a0", " ")


async def test_what_waits_starts_on_time_after_a_restart_and_is_too_late_to_undo(
    sandbox: Sandbox, sqlite_db: Database
) -> None:
    room = World(sandbox, sqlite_db, settings_for(sandbox, **QUICK, flash_undo_seconds=60))
    await room.prepare()
    app = await room.whole()
    await room.say(BORIS, "/start")
    await room.say(OLGA, "/start")
    await room.say(OLGA, "/breaking Мост через Светлую закрыли")
    control = await room.answer(OLGA, "Кому: всем")
    waits = await sent(room, OLGA, control)
    await app.stop()
    again = await room.whole()
    await room.say(BORIS, "/latest")
    assert not any("СРОЧНО" in each for each in room.texts(BORIS))
    room.clock.advance(timedelta(minutes=1))
    room.services.bell.ring()
    await room.answer(BORIS, "СРОЧНО")
    told = plain_answer(await room.forge(OLGA, waits, data_of(waits, DO_NOT) or ""))
    assert "Отменить уже нельзя" in told
    late = await room.answer(OLGA, "Её ещё можно отозвать у всех.")
    await room.press(OLGA, late, "Отозвать")
    await room.changed(late, "Отозвать отовсюду")
    await again.stop()


async def test_breaking_news_is_pinned_where_the_bot_may_and_the_notice_of_it_goes(running: World) -> None:
    room = running
    await room.say(JAMES, "/start")
    await hire(room, JAMES, "James", DUTY_EDITOR.rights)
    may, may_not = (
        room.sandbox.add_chat("supergroup", title=title, creator=ANNA, members=[BORIS, BOT])["id"]
        for title in ("Двор", "Дом")
    )
    room.sandbox.set_member(may, BOT, "administrator", by=ANNA)
    room.sandbox.restrict(may_not, can_pin_messages=False)
    for chat in (may, may_not):
        await room.settled(chat, ChatState.ACTIVE, "")
    await draft(room, Content("The bridge is open again", "First the buses.", language="ru"))
    desk = await room.say(JAMES, "/desk")
    await room.press(JAMES, desk, "The bridge")
    card = await room.changed(desk, "Language:")
    await room.press(JAMES, card, "As breaking news")
    page = await room.changed(card, "Pinned")
    await room.press(JAMES, page, "Everybody")
    await room.changed(page, "To: everybody")
    await room.press(JAMES, page, "Pinned")
    page = await room.changed(page, "with a sound, pinned")
    await room.press(JAMES, page, "Send to")
    asked = await room.changed(page, "Yes, send to")
    assert "It is pinned where the bot may do that, which takes twice as long." in plain(asked)
    await room.press(JAMES, asked, "Yes, send to")
    done = await room.answer(JAMES, "Done")
    assert "The story’s card" in " ".join(labels(done))
    for chat in (may, may_not):
        news = await room.answer(chat, "The bridge is open again")
        assert room.sandbox.chat(chat).pinned == ([news["message_id"]] if chat == may else [])
    await room.until(lambda: not any("pinned_message" in each for each in room.sandbox.messages(may)))


async def test_what_says_the_same_is_offered_as_an_update(desk: World) -> None:
    first = await desk.story("Мост через Светлую открыли утром", ASIA)
    await desk.say(EGOR, "/breaking Мост через Светлую открыли\n#Азия")
    control = await desk.answer(EGOR, "Кому: Азия")
    await desk.press(EGOR, control, "Отправить:")
    asked = await desk.changed(control, "Отправить как продолжение")
    assert "Мост через Светлую открыли утром" in plain(asked)
    assert "Всё равно отправить: 0" in labels(asked)
    await desk.press(EGOR, asked, "Отправить как продолжение")
    sent_card = await breaking.of_message(desk.db, BOT, EGOR, control["message_id"])
    assert sent_card
    assert sent_card.article_id
    out = await story(desk, sent_card.article_id)
    assert (out.update_of, out.status) == (first, Status.PUBLISHED)


async def test_breaking_news_that_nobody_sent_is_told_apart_among_the_drafts(desk: World) -> None:
    await draft(desk)
    desk.send(OLGA, "/breaking Мост через Светлую закрыли")
    control = await desk.answer(OLGA, "Кому: всем")
    await desk.press(OLGA, control, "Отменить")
    await desk.changed(control, "Текст остался среди черновиков")
    shelves = await desk.say(OLGA, "/desk")
    assert "⚡ Не отправлена: Мост через Светлую закрыли" in labels(shelves)
    assert BRIDGE.headline in labels(shelves)
    await desk.press(OLGA, shelves, "Не отправлена")
    assert "Черновик · срочная, не отправлена" in plain(await desk.changed(shelves, "Язык:"))


async def test_a_second_flash_tells_what_goes_before_it(desk: World) -> None:
    await hire(desk, JAMES, "James", DUTY_EDITOR.rights)
    await desk.say(OLGA, "/breaking Мост через Светлую закрыли")
    first = await desk.answer(OLGA, "Кому: всем")
    await desk.press(OLGA, first, "Отправить:")
    await desk.press(OLGA, await desk.changed(first, "Да, отправить"), "Да, отправить")
    await desk.say(JAMES, "/breaking Snow closes the pass\n#economy")
    second = await desk.answer(JAMES, "To: Economy")
    await desk.press(JAMES, second, "Send to")
    asked = await desk.changed(second, "Yes, send to")
    assert "Going out now: “Мост через Светлую закрыли”." in plain(asked)
    assert "Before this one: 3 messages, 1 second. The last reader gets it in 1 second." in plain(asked)
    assert "Send this to the readers of Economy" in plain(asked)


async def test_an_update_takes_the_right_for_the_topics_of_the_first_story(desk: World) -> None:
    first = await desk.story("Курс сома вырос к доллару", ECONOMY)
    await hire(desk, EGOR, "Егор", DUTY_EDITOR.rights, about=frozenset({ASIA}))
    await desk.say(EGOR, "/breaking Курс сома вырос к доллару\n#Азия")
    control = await desk.answer(EGOR, "Кому: Азия")
    number = (data_of(control, "Отправить") or "").split(":")[2]
    told = await desk.forge(EGOR, control, f"flash:update:{number}:1:{first}")
    assert "тем" in plain_answer(told)
    assert (await desk.forge(EGOR, control, f"flash:update:{number}:1:999"))["text"]
    card = await breaking.of_message(desk.db, BOT, EGOR, control["message_id"])
    assert card
    assert card.article_id
    assert (await story(desk, card.article_id)).status is Status.DRAFT


async def test_of_two_editors_with_the_same_story_one_sends(desk: World) -> None:
    number = (await draft(desk)).id
    first, second = await chosen(desk, OLGA), await chosen(desk, EGOR)
    for editor, page in ((OLGA, first), (EGOR, second)):
        await desk.press(editor, page, "Отправить:")
        await desk.changed(page, "Да, отправить")
    await desk.press(EGOR, desk.again(second), "Да, отправить")
    told = plain_answer(await desk.press(OLGA, desk.again(first), "Да, отправить"))
    assert "уже опубликована" in told
    over = await desk.changed(first, "К новости")
    await desk.press(OLGA, over, "К новости")
    assert "Опубликована" in plain(await desk.changed(first, "Язык:"))
    assert (await story(desk, number)).status is Status.PUBLISHED


async def test_a_story_that_was_changed_meanwhile_is_not_sent_unseen(desk: World) -> None:
    kept = await draft(desk)
    page = await chosen(desk, EGOR)
    await desk.press(EGOR, page, "Отправить:")
    asked = await desk.changed(page, "Да, отправить")
    async with desk.db.write() as tx:
        await articles.save(tx, kept.correct(Content("Мост закрыли"), desk.clock.now()), by=OLGA)
    assert "изменил" in plain_answer(await desk.press(EGOR, asked, "Да, отправить"))
    await desk.changed(page, "Мост закрыли")
    assert (await story(desk, kept.id)).status is Status.DRAFT


async def test_a_reader_decides_whether_breaking_news_comes_at_night(desk: World) -> None:
    await desk.say(ANNA, "/start")
    now = desk.clock.now()
    page = await desk.say(ANNA, "/settings")
    await desk.press(ANNA, page, "Тихие часы")
    hours = await desk.changed(page, "С какого часа?")
    assert "Срочные" not in " ".join(labels(hours))
    for hour in ("22:00", "07:00"):
        await desk.press(ANNA, desk.again(page), hour)
    await desk.changed(page, "22:00–07:00")
    await desk.press(ANNA, desk.again(page), "Тихие часы")
    asked = await desk.changed(page, "Срочные сразу: нет")
    assert "Срочные новости — тоже." in plain(asked)
    await desk.press(ANNA, asked, "Срочные сразу: нет")
    agreed = await desk.changed(page, "Срочные сразу: да")
    assert "Срочные новости приходят сразу." in plain(agreed)
    assert (await desk.chat(ANNA)).flash_at_night
    await settings.choose(desk.db, (await desk.chat(ANNA)).id, now, flash_at_night=False)
