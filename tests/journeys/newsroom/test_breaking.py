"""Breaking news: preview, to whom, out, once; refused to others; ahead of what waits."""

from __future__ import annotations

import asyncio
import re

from sqlalchemy import func, select

from bot.desk import breaking
from bot.desk.flash import choice
from bot.model.delivery import Lane
from bot.model.story.article import Content
from bot.store.tables.ledger import delivery
from tests.journeys.newsroom.conftest import Newsroom
from tests.support.messages import data_of
from tests.support.world import BOT

ANNA, BORIS, OWNER, EDITOR = 21, 22, 11, 12
NEWS = ("Землетрясение", "Заметка")


async def test_breaking_news_is_previewed_confirmed_and_sent_once(newsroom: Newsroom) -> None:
    for reader in (ANNA, BORIS, OWNER):
        newsroom.send(reader, "/start")
        await newsroom.answer(reader, "Здравствуйте")
    newsroom.send(OWNER, "/breaking Землетрясение в долине\nПострадавших нет.")
    preview = await newsroom.answer(OWNER, "Землетрясение в долине")
    control = await newsroom.answer(OWNER, "Кому: всем")
    newsroom.send(OWNER, "Землетрясение на юге\nПострадавших нет.", reply_to=preview["message_id"])
    await newsroom.answer(OWNER, "Землетрясение на юге")
    await newsroom.press_newest(OWNER, "Отправить: 3")
    await newsroom.answer(OWNER, "в 3 чата?")
    data = data_of(control, "Отправить: 3")
    assert data
    data = data.replace("send", "sure")
    for _ in range(2):
        newsroom.sandbox.press(OWNER, OWNER, control["message_id"], data, forge=True)
    await newsroom.answer(ANNA, "Землетрясение на юге")
    await newsroom.answer(BORIS, "Землетрясение на юге")
    await newsroom.answer(OWNER, "Готово")
    assert sum("Землетрясение" in text for text in newsroom.texts(ANNA)) == 1


async def test_it_goes_to_the_chosen_topics_followers_alone(newsroom: Newsroom) -> None:
    await newsroom.follow(ANNA, "Экономика")
    await newsroom.follow(BORIS, "Мир")
    newsroom.send(OWNER, "/breaking Курс изменился")
    await newsroom.answer(OWNER, "Кому: всем")
    await newsroom.press_newest(OWNER, "Экономика")
    await newsroom.answer(OWNER, "Кому: Экономика")
    await newsroom.press_newest(OWNER, "Отправить: 1")
    await newsroom.answer(ANNA, "Курс изменился")
    await newsroom.answer(OWNER, "Готово")
    assert not any("Курс" in text for text in newsroom.texts(BORIS))


async def test_others_are_refused_also_with_a_forged_button(newsroom: Newsroom) -> None:
    newsroom.send(ANNA, "/breaking Я тоже редактор")
    await newsroom.answer(ANNA, "Это доступно только редакторам")
    newsroom.send(OWNER, "/breaking Мост закрыт")
    control = await newsroom.answer(OWNER, "Кому: всем")
    data = data_of(control, "Отправить")
    newsroom.send(ANNA, "/start")
    greeting = await newsroom.answer(ANNA, "Здравствуйте")
    pressed = newsroom.sandbox.press(ANNA, ANNA, greeting["message_id"], data, forge=True)
    answer = await newsroom.until(lambda: newsroom.answered(pressed))
    assert "только редакторам" in answer["text"]
    assert not any("Мост закрыт" in text for text in newsroom.texts(ANNA))


async def test_an_owner_makes_an_editor_who_may_then_send(newsroom: Newsroom) -> None:
    newsroom.send(EDITOR, "/start")
    await newsroom.answer(EDITOR, "Здравствуйте")
    newsroom.send(OWNER, f"/editors {EDITOR}")
    await newsroom.answer(OWNER, "Редактор добавлен")
    newsroom.send(EDITOR, "/breaking")
    await newsroom.answer(EDITOR, "Пришлите срочную новость")
    newsroom.send(EDITOR, "Снег на перевале")
    await newsroom.press_newest(EDITOR, "Отменить")
    await newsroom.answer(EDITOR, "Ничего не отправлено")


async def test_a_press_after_a_restart_sends_what_was_prepared_before_once(newsroom: Newsroom) -> None:
    await newsroom.follow(ANNA, "Экономика")
    newsroom.send(OWNER, "/breaking Мост закрыт")
    control = await newsroom.answer(OWNER, "Кому: всем")
    data = data_of(control, "Отправить")
    await newsroom.restart()
    await newsroom.press_newest(OWNER, "Отправить")
    await newsroom.press_newest(OWNER, "Да, отправить")
    await newsroom.answer(ANNA, "Мост закрыт")
    await newsroom.restart()
    pressed = newsroom.sandbox.press(OWNER, OWNER, control["message_id"], data, forge=True)
    answer = await newsroom.until(lambda: newsroom.answered(pressed))
    assert "же отправлено" in answer["text"]
    await newsroom.answer(OWNER, "Готово")
    assert sum("Мост закрыт" in text for text in newsroom.texts(ANNA)) == 1


async def test_a_start_shows_what_an_open_card_became_before_a_death(newsroom: Newsroom) -> None:
    newsroom.send(OWNER, "/breaking Мост закрыт")
    control = await newsroom.answer(OWNER, "Кому: всем")
    preview = await newsroom.answer(OWNER, "Мост закрыт")
    async with asyncio.timeout(60):
        while not (card := await breaking.of_message(newsroom.db, BOT, OWNER, control["message_id"])):
            await asyncio.sleep(0.01)
    economy = (await breaking.find(newsroom.db, card.id)).topics.find("economy")
    assert economy
    # As a process leaves it that dies between keeping a change and showing it.
    await choice.address(newsroom.db, card.id, economy.id)
    await breaking.rewrite(newsroom.db, card.id, Content("Мост открыт", language="ru"), newsroom.clock.now())
    await newsroom.restart()
    await newsroom.changed(preview, "Мост открыт")
    await newsroom.changed(control, "Кому: Экономика")


async def test_presses_at_once_send_once_and_another_editors_is_refused(newsroom: Newsroom) -> None:
    await newsroom.follow(ANNA, "Экономика")
    newsroom.send(EDITOR, "/start")
    hello = await newsroom.answer(EDITOR, "Здравствуйте")
    newsroom.send(OWNER, f"/editors {EDITOR}")
    await newsroom.answer(OWNER, "Редактор добавлен")
    newsroom.send(OWNER, "/breaking Мост закрыт")
    control = await newsroom.answer(OWNER, "Кому: всем")
    data = (data_of(control, "Отправить") or "").replace("send", "sure")
    pressed = [
        newsroom.sandbox.press(person, person, message["message_id"], data, forge=True)
        for person, message in ((OWNER, control), (EDITOR, hello), (OWNER, control))
    ]
    answers = [await newsroom.until(lambda one=one: newsroom.answered(one)) for one in pressed]
    first, others, last = (each["text"] for each in answers)
    assert "устарела" in others
    assert sorted("же отправлено" in each for each in (first, last)) == [False, True]
    await newsroom.answer(OWNER, "Готово")
    for reader in (ANNA, EDITOR):
        # An editor is also told that it went out without a review.
        came = [
            text for text in newsroom.texts(reader) if "Мост закрыт" in text and "Опубликовано" not in text
        ]
        assert len(came) == 1


async def test_a_photo_reaches_readers_as_the_preview_showed_it(newsroom: Newsroom) -> None:
    await newsroom.follow(ANNA, "Экономика")
    newsroom.send(OWNER, "", photo=True, caption="/breaking Дым над портом\nПожарные на месте.")
    preview = await newsroom.answer(OWNER, "Дым над портом")
    await newsroom.press_newest(OWNER, "Отправить")
    await newsroom.press_newest(OWNER, "Да, отправить")
    shown = await newsroom.answer(ANNA, "Дым над портом")
    assert shown["caption"] == preview["caption"]
    assert shown["photo"][-1]["file_unique_id"] == preview["photo"][-1]["file_unique_id"]
    labels = [
        [button["text"] for row in each.get("reply_markup", {}).get("inline_keyboard", []) for button in row]
        for each in (preview, shown)
    ]
    assert [label for label in labels[1] if label not in ("Поделиться", "🔔 Следить")] == labels[0]


async def planned(newsroom: Newsroom, lane: Lane, count: int) -> None:
    """Wait until so many deliveries of a lane are in the ledger."""
    asked = select(func.count()).where(delivery.c.lane == lane)
    async with asyncio.timeout(60):
        while True:
            async with newsroom.db.read() as tx:
                if (await tx.execute(asked)).scalar_one() >= count:
                    return
            await asyncio.sleep(0.05)


async def test_a_flash_overtakes_everything_that_waits(newsroom: Newsroom) -> None:
    await newsroom.follow(ANNA, "Экономика")
    await newsroom.follow(BORIS, "Экономика")
    await newsroom.first_look()
    newsroom.send(OWNER, "/breaking Землетрясение")
    await newsroom.press_newest(OWNER, "Отправить")
    await newsroom.answer(OWNER, "Отправить всем")
    newsroom.app.courier.halted = "until all wait"
    for number in range(20):
        newsroom.wire.put(str(number), f"Заметка {number}", "Коротко.")
    await planned(newsroom, Lane.STORY, 40)
    await newsroom.press_newest(OWNER, "Да, отправить")
    await planned(newsroom, Lane.FLASH, 2)
    newsroom.app.courier.halted = None
    await newsroom.until(lambda: sum("Заметка" in text for text in newsroom.texts(BORIS)) == 20)
    await newsroom.until(lambda: sum("Заметка" in text for text in newsroom.texts(ANNA)) == 20)
    sent = [
        each["params"]["text"]
        for each in newsroom.sandbox.calls(method="sendMessage")
        if each["chat_id"] in (ANNA, BORIS) and any(words in each["params"]["text"] for words in NEWS)
    ]
    flashes = [at for at, text in enumerate(sent) if "Землетрясение" in text]
    assert len(flashes) == 2
    # A chat that has its flash may get a story before the other has its own.
    assert flashes[-1] < len(sent) / 4


async def test_a_push_is_stopped_and_says_whom_it_did_not_reach(newsroom: Newsroom) -> None:
    await newsroom.follow(ANNA, "Экономика")
    newsroom.send(OWNER, "/breaking Ошибка редакции")
    await newsroom.answer(OWNER, "Кому: всем")
    newsroom.sandbox.fault("429", match={"chat_id": ANNA}, scope="chat", retry_after=3_600, times=1)
    await newsroom.press_newest(OWNER, "Отправить")
    await newsroom.press_newest(OWNER, "Да, отправить")
    await newsroom.press_newest(OWNER, "Остановить")
    stopped = await newsroom.answer(OWNER, "Остановлено")
    assert "0 из 1" in stopped["text"].replace("\u00a0", " ")
    assert not any("Ошибка редакции" in text for text in newsroom.texts(ANNA))


async def test_a_push_is_paused_goes_on_and_says_how_far_it_has_come(newsroom: Newsroom) -> None:
    for reader in (ANNA, BORIS, OWNER):
        newsroom.send(reader, "/start")
        await newsroom.answer(reader, "Здравствуйте")
    newsroom.app.courier.halted = "for the test"
    newsroom.send(OWNER, "/breaking Мост закрыт до утра")
    await newsroom.press_newest(OWNER, "Отправить: 3")
    await newsroom.press_newest(OWNER, "Да, отправить")
    await newsroom.answer(OWNER, "Отправляется")
    pressed = await newsroom.press_newest(OWNER, "Пауза")
    assert pressed["text"] == "Приостановлено."
    card = await newsroom.answer(OWNER, "На паузе")
    stopped = newsroom.sandbox.press(
        ANNA, ANNA, newsroom.shown(ANNA)[-1]["message_id"], data_of(card, "Продолжить"), forge=True
    )
    await newsroom.until(lambda: newsroom.sandbox.callback(stopped)["answered"])
    assert "только редакторам" in newsroom.sandbox.callback(stopped)["text"]
    assert not any("Мост закрыт" in text for text in newsroom.texts(ANNA))
    newsroom.app.courier.halted = None
    await newsroom.press_newest(OWNER, "Продолжить")
    await newsroom.answer(ANNA, "Мост закрыт до утра")
    done = await newsroom.answer(OWNER, "Готово")
    assert "Принято Telegram: 3 из 3" in done["text"].replace("\u00a0", " ")
    took = re.search(r"Время: ([\d,]+) с", done["text"].replace("\u00a0", " "))
    assert took
    # A push that was over sooner says nothing of its first half-minute.
    assert ("За 30 с" in done["text"].replace("\u00a0", " ")) == (float(took[1].replace(",", ".")) > 30)
    assert "reply_markup" not in done


async def test_what_is_in_doubt_is_left_to_the_editor_where_the_newsroom_wants_it(newsroom: Newsroom) -> None:
    for reader in (ANNA, OWNER):
        newsroom.send(reader, "/start")
        await newsroom.answer(reader, "Здравствуйте")
    newsroom.app.courier.reconciler.refusals.left_in_doubt = frozenset({Lane.FLASH})
    newsroom.send(OWNER, "/breaking Мост закрыт до утра")
    await newsroom.answer(OWNER, "Кому: всем")
    newsroom.sandbox.fault("reset_after", match={"method": "sendRichMessage", "chat_id": ANNA})
    newsroom.sandbox.fault("reset_after", match={"method": "sendMessage", "chat_id": ANNA})
    await newsroom.press_newest(OWNER, "Отправить: 2")
    await newsroom.press_newest(OWNER, "Да, отправить")
    await newsroom.answer(OWNER, "Не подтверждено: 1")
    await newsroom.press_newest(OWNER, "Отправить ещё раз: 1")
    await newsroom.until(lambda: sum("Мост закрыт" in text for text in newsroom.texts(ANNA)) == 2)
