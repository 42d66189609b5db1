"""/breaking before it goes out: where the text comes from, the preview, to whom, and who may."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.desk import amend, breaking, staff
from bot.store.newsroom import articles
from tests.support.messages import data_of, labels, plain
from tests.support.world import World

BOT, OWNER, EDITOR, ANNA, BORIS = 700700, 11, 12, 21, 22
WORLD, ASIA, ECONOMY = 1, 2, 3


@pytest.fixture(autouse=True)
async def owner(room: World) -> None:
    await room.say(OWNER, "/start")


async def card(room: World, words: str, **options) -> tuple[dict, dict]:
    """Write as the owner and return the preview and the controls that come."""
    before = len(room.shown(OWNER))
    room.sandbox.send(OWNER, OWNER, words, **options)
    await room.until(lambda: len(room.shown(OWNER)) == before + 2)
    preview, control = room.shown(OWNER)[-2:]
    assert "Кому" in plain(control)
    async with asyncio.timeout(60):
        while await breaking.of_message(room.db, BOT, OWNER, control["message_id"]) is None:
            await asyncio.sleep(0.01)
    return preview, control


def sure(control: dict) -> str:
    """Return the data of the button that sends at once."""
    data = data_of(control, "Отправить")
    assert data
    return data.replace("send", "sure")


async def test_a_text_becomes_a_preview_as_readers_see_it(room: World) -> None:
    preview, control = await card(room, "/breaking Мост закрыт <b>\nОбъезд по <улице> & дальше.")
    assert "СРОЧНО" in plain(preview)
    assert "Мост закрыт <b>" in plain(preview)
    assert "Объезд по <улице> & дальше." in plain(preview)
    assert any(each["type"] == "date_time" for each in preview["entities"])
    assert "Поделиться" not in labels(preview), "nobody else can open it yet"
    assert "Кому: всем" in plain(control)
    assert "1 чат" in plain(control)
    assert "Отправить: 1" in labels(control)


async def test_a_message_replied_to_or_the_next_one_is_taken(room: World) -> None:
    words = room.sandbox.send(OWNER, OWNER, "Снег на перевале\nПроезд закрыт.")
    await room.answer(OWNER, "Черновик")
    preview, _ = await card(room, "/breaking", reply_to=words["message_id"])
    assert "Снег на перевале" in plain(preview)
    asked = await room.say(OWNER, "/breaking")
    assert labels(asked) == ["Отменить"]
    preview, _ = await card(room, "Ветер усилился")
    assert "Ветер усилился" in plain(preview)


async def test_an_answer_to_the_question_is_taken_like_the_next_message(room: World) -> None:
    asked = await room.say(OWNER, "/breaking")
    preview, _ = await card(room, "Ветер усилился", reply_to=asked["message_id"])
    assert "Ветер усилился" in plain(preview)


async def test_a_photo_comes_with_its_caption_also_forwarded(room: World) -> None:
    preview, _ = await card(room, "", photo=True, caption="/breaking Мост закрыт")
    assert preview["photo"]
    assert "Мост закрыт" in plain(preview)
    assert "/breaking" not in plain(preview)
    group = room.sandbox.add_chat("supergroup", title="Редакция", creator=OWNER, members=[EDITOR])["id"]
    photo = room.sandbox.send(group, EDITOR, "", photo=True, caption="Дым над портом")
    await room.say(OWNER, "/breaking")
    source = {"chat_id": group, "message_id": photo["message_id"]}
    preview, _ = await card(room, "", forward_from=source)
    assert preview["photo"]
    assert "Дым над портом" in plain(preview)


async def test_an_album_makes_one_card(room: World) -> None:
    await room.say(OWNER, "/breaking")
    before = len(room.shown(OWNER))
    for caption in ("", "Дым над портом\nПожар потушен.", ""):
        room.sandbox.send(OWNER, OWNER, "", photo=True, caption=caption, media_group="album")
    await room.until(lambda: len(room.shown(OWNER)) == before + 2)
    preview, control = room.shown(OWNER)[-2:]
    assert preview["photo"]
    assert "Дым над портом" in plain(preview)
    assert "Кому" in plain(control)


async def test_what_is_neither_text_nor_photo_is_refused_and_a_text_may_follow(room: World) -> None:
    await room.say(OWNER, "/breaking")
    assert "заголовок" in plain(await room.say(OWNER, "", photo=True))
    preview, _ = await card(room, "Мост закрыт")
    assert "Мост закрыт" in plain(preview)


async def test_an_answer_to_the_preview_changes_it_in_place(room: World) -> None:
    preview, control = await card(room, "/breaking Мост закрт")
    room.sandbox.send(OWNER, OWNER, "Мост закрыт\nДо утра.", reply_to=preview["message_id"])
    changed = await room.changed(preview, "До\u00a0утра")
    assert "Мост закрыт" in plain(changed)
    room.sandbox.send(OWNER, OWNER, "Мост открыт", reply_to=control["message_id"])
    await room.changed(preview, "Мост открыт")


async def test_another_photo_makes_the_preview_anew_and_the_old_one_goes(room: World) -> None:
    preview, control = await card(room, "", photo=True, caption="/breaking Мост закрыт")
    before = preview["photo"][-1]["file_unique_id"]
    room.sandbox.send(OWNER, OWNER, "", photo=True, reply_to=preview["message_id"])
    await room.until(
        lambda: {preview["message_id"], control["message_id"]}.isdisjoint(
            each["message_id"] for each in room.shown(OWNER)
        )
    )
    fresh, controls = room.shown(OWNER)[-2:]
    assert fresh["photo"][-1]["file_unique_id"] != before
    assert "Мост закрыт" in plain(fresh)
    room.sandbox.send(OWNER, OWNER, "Мост открыт", reply_to=fresh["message_id"])
    assert (await room.changed(fresh, "Мост открыт"))["photo"]
    assert "Отправить: 1" in labels(controls)


async def test_topics_are_chosen_by_buttons_or_named_in_the_text(room: World) -> None:
    page = await room.say(ANNA, "/topics")
    await room.press(ANNA, page, "Мир")
    preview, control = await card(room, "/breaking Порт закрыт\n#economy #Азия")
    assert "Кому: Азия, Экономика" in plain(control)
    assert "#economy" not in plain(preview)
    assert "#Азия" in plain(preview)
    assert "Отправить: 1" in labels(control)
    await room.press(OWNER, control, "Азия")
    await room.changed(control, "Кому: Экономика")
    assert "Отправить: 0" in labels(room.again(control))
    await room.until(lambda: "#Азия" not in plain(room.again(preview)))
    await room.press(OWNER, control, "Всем")
    await room.changed(control, "Кому: всем")
    assert "Отправить: 2" in labels(room.again(control))


async def test_who_muted_a_topic_or_stopped_the_bot_is_not_counted(room: World) -> None:
    for reader in (ANNA, BORIS):
        page = await room.say(reader, "/topics")
        await room.press(reader, page, "Мир")
    await room.forge(BORIS, page, "pick:2:1")
    _, control = await card(room, "/breaking Порт закрыт\n#Азия")
    assert "Отправить: 1" in labels(control)
    question = await room.say(ANNA, "/stop")
    await room.press(ANNA, question, "Да, остановить")
    await room.press(OWNER, control, "Всем")
    await room.changed(control, "Отправить: 2")


async def test_a_preview_opens_in_full_for_the_editor_alone(room: World) -> None:
    preview, _ = await card(room, "/breaking Мост закрыт\nСтрока первая.\n" + "Подробности. " * 150)
    await room.press(OWNER, preview, "Читать полностью")
    await room.until(lambda: "Подробности" in str(room.again(preview).get("rich_message")))
    opened = next(
        button["callback_data"]
        for row in preview["reply_markup"]["inline_keyboard"]
        for button in row
        if button["text"] == "Читать полностью"
    )
    hello = await room.say(ANNA, "/start")
    assert "больше нет" in (await room.forge(ANNA, hello, opened))["text"]


async def test_a_dropped_card_sends_nothing_and_says_so(room: World) -> None:
    preview, control = await card(room, "/breaking Мост закрыт")
    send = next(
        button["callback_data"]
        for row in control["reply_markup"]["inline_keyboard"]
        for button in row
        if "Отправить" in button["text"]
    )
    await room.press(OWNER, control, "Отменить")
    await room.changed(control, "Ничего не отправлено")
    assert "Отменено" in (await room.forge(OWNER, control, send))["text"]
    assert "Отменено" in plain(await room.say(OWNER, "Другое", reply_to=preview["message_id"]))
    assert not room.rung


async def test_a_dropped_cards_preview_has_no_buttons(room: World) -> None:
    preview, control = await card(room, "/breaking Мост закрыт\nСтрока первая.\n" + "Подробности. " * 150)
    assert labels(preview) == ["Читать полностью"]
    await room.press(OWNER, control, "Отменить")
    await room.until(lambda: not labels(room.again(preview)))
    assert "Мост закрыт" in plain(room.again(preview))


async def test_a_question_that_is_dropped_or_old_takes_no_message(room: World) -> None:
    asked = await room.say(OWNER, "/breaking")
    await room.press(OWNER, asked, "Отменить")
    await room.changed(asked, "Ничего не отправлено")
    assert "Это новость" in plain(await room.say(OWNER, "просто слова"))
    await room.say(OWNER, "/breaking")
    room.clock.advance(timedelta(hours=1, seconds=1))
    assert "Это новость" in plain(await room.say(OWNER, "просто слова"))


async def test_what_sends_and_what_drops_do_not_touch_and_everybody_is_asked_for_again(room: World) -> None:
    _, control = await card(room, "/breaking Мост закрыт")
    rows = [[button["text"] for button in row] for row in control["reply_markup"]["inline_keyboard"]]
    at = {row[0]: number for number, row in enumerate(rows)}
    assert abs(at["Отправить: 1"] - at["Отменить"]) > 1
    await room.press(OWNER, control, "Отправить")
    control = await room.changed(control, "в 1 чат?")
    assert not room.rung
    await room.press(OWNER, control, "Назад")
    control = await room.changed(control, "Кому: всем")
    await room.press(OWNER, control, "Экономика")
    control = await room.changed(control, "Кому: Экономика")
    await room.press(OWNER, control, "Отправить")
    await room.answer(OWNER, "Принято Telegram")


async def test_a_text_that_was_changed_before_it_is_sent_is_no_correction(room: World) -> None:
    preview, control = await card(room, "/breaking Мост закрт")
    room.sandbox.send(OWNER, OWNER, "Мост закрыт", reply_to=preview["message_id"])
    assert "Исправлено" not in plain(await room.changed(preview, "Мост закрыт"))
    await room.forge(OWNER, control, sure(control))
    await room.answer(OWNER, "Принято Telegram")
    async with room.db.read() as tx:
        article = (await articles.newest(tx, 1))[0]
    assert (article.content.headline, article.revision) == ("Мост закрыт", 2)
    assert "Исправлено" not in plain(await room.brief(ANNA, article.id))
    await amend.correct(
        room.db, article.id, replace(article.content, headline="Мост открыт"), room.clock.now()
    )
    assert "Исправлено" in plain(await room.brief(ANNA, article.id))


async def test_words_beside_an_open_preview_are_offered_as_its_text(room: World) -> None:
    preview, _ = await card(room, "/breaking Мост закрт")
    offer = await room.say(OWNER, "Мост закрыт\nДо утра.")
    assert "Заменить текст" in plain(offer)
    assert "Мост закрт" in plain(room.again(preview))
    await room.press(OWNER, offer, "Нет")
    await room.until(lambda: offer["message_id"] not in [each["message_id"] for each in room.shown(OWNER)])
    assert "Мост закрт" in plain(room.again(preview))
    offer = await room.say(OWNER, "Мост закрыт\nДо утра.")
    await room.press(OWNER, offer, "Да, заменить")
    await room.changed(preview, "Мост закрыт")
    await room.until(lambda: offer["message_id"] not in [each["message_id"] for each in room.shown(OWNER)])


async def test_breaking_is_over_when_another_command_comes(room: World) -> None:
    await room.say(OWNER, "/breaking")
    await room.say(OWNER, "/help")
    assert "Это новость" in plain(await room.say(OWNER, "Спасибо за помощь"))
    await room.say(OWNER, "/breaking")
    await card(room, "Мост закрыт")


async def test_two_presses_send_it_once(room: World) -> None:
    await room.say(ANNA, "/start")
    _, control = await card(room, "/breaking Мост закрыт")
    send = sure(control)
    await room.press(OWNER, control, "Отправить")
    control = await room.changed(control, "в 2 чата?")
    first = await room.press(OWNER, control, "Да, отправить")
    second = await room.forge(OWNER, control, send)
    again = await room.forge(OWNER, control, send)
    assert "Отправляется" in first["text"]
    assert "же отправлено" in second["text"]
    assert "же отправлено" in again["text"]
    progress = await room.answer(OWNER, "Отправляется")
    assert "Остановить" in labels(progress)
    assert room.shown(OWNER)[-1] == progress, "below, where the editor looks"
    await room.until(lambda: control["message_id"] not in [each["message_id"] for each in room.shown(OWNER)])


async def test_the_text_of_what_was_sent_is_not_changed_by_an_answer(room: World) -> None:
    preview, control = await card(room, "/breaking Мост закрыт")
    await room.forge(OWNER, control, sure(control))
    await room.answer(OWNER, "Принято Telegram")
    await room.until(lambda: control["message_id"] not in [each["message_id"] for each in room.shown(OWNER)])
    said = plain(await room.say(OWNER, "Мост открыт", reply_to=preview["message_id"]))
    assert "уже опубликована" in said
    assert "Мост закрыт" in plain(room.again(preview))


async def test_an_editor_taken_off_meanwhile_can_send_no_more(room: World) -> None:
    await staff.add(room.db, BOT, EDITOR, "Егор", by=OWNER, at=room.clock.now())
    await room.say(EDITOR, "/start")
    room.sandbox.send(EDITOR, EDITOR, "/breaking Мост закрыт")
    control = await room.answer(EDITOR, "Кому")
    await staff.remove(room.db, BOT, EDITOR, by=OWNER, at=room.clock.now())
    assert "только редакторам" in (await room.press(EDITOR, control, "Отправить"))["text"]
    preview = room.shown(EDITOR)[-2]
    said = plain(await room.say(EDITOR, "Другое", reply_to=preview["message_id"]))
    assert "только редакторам" in said or "Не понял" in said
    assert not room.rung


async def languages(room: World, **chosen: tuple[str, ...]) -> None:
    """Let Anna and Boris choose the languages of their news."""
    for name, codes in chosen.items():
        await room.choose({"anna": ANNA, "boris": BORIS}[name], news_languages=codes)


async def test_a_flash_goes_to_readers_of_its_language_and_an_editor_widens_it(room: World) -> None:
    await languages(room, anna=("ru",), boris=("en",))
    _, control = await card(room, "/breaking Мост закрыт до утра")
    assert "Кому: всем" in plain(control)
    assert "Языки читателей: Русский — 2, English — 2" in plain(control)
    assert "✅ Русский: 2" in labels(control)
    assert "Отправить: 2" in labels(control), "the owner reads every language"
    await room.press(OWNER, control, "English")
    control = await room.changed(control, "✅ English: 2")
    assert "Отправить: 3" in labels(control)
    await room.press(OWNER, control, "Русский")
    control = await room.changed(control, "▫️ Русский: 2")
    assert "Отправить: 2" in labels(control)
    await room.press(OWNER, control, "English")
    control = await room.changed(control, "✅ Русский: 2")
    assert "Отправить: 2" in labels(control), "without any it is for its own language again"
    await room.forge(OWNER, control, f"flash:in:{data_of(control, 'English').split(':')[2]}:%")
    assert "✅ Русский: 2" in labels(room.again(control))


async def test_the_languages_stay_when_topics_are_chosen(room: World) -> None:
    await languages(room, anna=("ru",), boris=("en",))
    for reader in (ANNA, BORIS):
        page = await room.say(reader, "/topics")
        await room.press(reader, page, "Экономика")
    _, control = await card(room, "/breaking Порт закрыт до утра")
    await room.press(OWNER, control, "English")
    control = await room.changed(control, "✅ English")
    await room.press(OWNER, control, "Экономика")
    control = await room.changed(control, "Отправить: 2")
    assert {"✅ Русский: 1", "✅ English: 1"} <= set(labels(control))


async def test_a_text_in_another_language_is_for_that_ones_readers(room: World) -> None:
    await languages(room, anna=("ru",), boris=("en",))
    preview, control = await card(room, "/breaking Мост закрыт до утра")
    room.sandbox.send(OWNER, OWNER, "The bridge is closed until the morning", reply_to=preview["message_id"])
    control = await room.changed(control, "✅ English: 2")
    assert "▫️ Русский: 2" in labels(control)
