"""/breaking before it goes out: where the text comes from, the preview, to whom, and who may."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.desk import breaking, staff

BOT, OWNER, EDITOR, ANNA, BORIS = 700700, 11, 12, 21, 22
WORLD, ASIA, ECONOMY = 1, 2, 3


def text_of(message) -> str:
    return (message.get("text") or message.get("caption") or "").replace("\u00a0", " ")


def labels(message) -> list[str]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


@pytest.fixture(autouse=True)
async def owner(room) -> None:
    await room.say(OWNER, "/start")


async def card(room, words: str, **options) -> tuple[dict, dict]:
    """Write as the owner and return the preview and the controls that come."""
    before = len(room.shown(OWNER))
    room.sandbox.send(OWNER, OWNER, words, **options)
    await room.until(lambda: len(room.shown(OWNER)) == before + 2)
    preview, control = room.shown(OWNER)[-2:]
    assert "Кому" in text_of(control)
    async with asyncio.timeout(30):
        while await breaking.of_message(room.db, BOT, OWNER, control["message_id"]) is None:
            await asyncio.sleep(0.01)
    return preview, control


async def test_a_text_becomes_a_preview_as_readers_see_it(room) -> None:
    preview, control = await card(room, "/breaking Мост закрыт <b>\nОбъезд по <улице> & дальше.")
    assert "СРОЧНО" in text_of(preview)
    assert "Мост закрыт <b>" in text_of(preview)
    assert "Объезд по <улице> & дальше." in text_of(preview)
    assert any(each["type"] == "date_time" for each in preview["entities"])
    assert "Поделиться" in labels(preview)
    assert "Кому: всем" in text_of(control)
    assert "1 чат" in text_of(control)
    assert "Отправить 1" in labels(control)


async def test_a_message_replied_to_or_the_next_one_is_taken(room) -> None:
    words = room.sandbox.send(OWNER, OWNER, "Снег на перевале\nПроезд закрыт.")
    await room.seen(OWNER, "Не понимаю")
    preview, _ = await card(room, "/breaking", reply_to=words["message_id"])
    assert "Снег на перевале" in text_of(preview)
    asked = await room.say(OWNER, "/breaking")
    assert labels(asked) == ["Отменить"]
    preview, _ = await card(room, "Ветер усилился")
    assert "Ветер усилился" in text_of(preview)


async def test_a_photo_comes_with_its_caption_also_forwarded(room) -> None:
    preview, _ = await card(room, "", photo=True, caption="/breaking Мост закрыт")
    assert preview["photo"]
    assert "Мост закрыт" in text_of(preview)
    assert "/breaking" not in text_of(preview)
    group = room.sandbox.add_chat("supergroup", title="Редакция", creator=OWNER, members=[EDITOR])["id"]
    photo = room.sandbox.send(group, EDITOR, "", photo=True, caption="Дым над портом")
    await room.say(OWNER, "/breaking")
    source = {"chat_id": group, "message_id": photo["message_id"]}
    preview, _ = await card(room, "", forward_from=source)
    assert preview["photo"]
    assert "Дым над портом" in text_of(preview)


async def test_an_album_makes_one_card(room) -> None:
    await room.say(OWNER, "/breaking")
    before = len(room.shown(OWNER))
    for caption in ("", "Дым над портом\nПожар потушен.", ""):
        room.sandbox.send(OWNER, OWNER, "", photo=True, caption=caption, media_group="album")
    await room.until(lambda: len(room.shown(OWNER)) == before + 2)
    preview, control = room.shown(OWNER)[-2:]
    assert preview["photo"]
    assert "Дым над портом" in text_of(preview)
    assert "Кому" in text_of(control)


async def test_what_is_neither_text_nor_photo_is_refused_and_a_text_may_follow(room) -> None:
    await room.say(OWNER, "/breaking")
    assert "заголовок" in text_of(await room.say(OWNER, "", photo=True))
    preview, _ = await card(room, "Мост закрыт")
    assert "Мост закрыт" in text_of(preview)


async def test_an_answer_to_the_preview_changes_it_in_place(room) -> None:
    preview, control = await card(room, "/breaking Мост закрт")
    room.sandbox.send(OWNER, OWNER, "Мост закрыт\nДо утра.", reply_to=preview["message_id"])
    changed = await room.changed(preview, "До\u00a0утра")
    assert "Мост закрыт" in text_of(changed)
    room.sandbox.send(OWNER, OWNER, "Мост открыт", reply_to=control["message_id"])
    await room.changed(preview, "Мост открыт")


async def test_another_photo_makes_the_preview_anew_and_the_old_one_goes(room) -> None:
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
    assert "Мост закрыт" in text_of(fresh)
    room.sandbox.send(OWNER, OWNER, "Мост открыт", reply_to=fresh["message_id"])
    assert (await room.changed(fresh, "Мост открыт"))["photo"]
    assert "Отправить 1" in labels(controls)


async def test_topics_are_chosen_by_buttons_or_named_in_the_text(room) -> None:
    page = await room.say(ANNA, "/topics")
    await room.press(ANNA, page, "Мир")
    preview, control = await card(room, "/breaking Порт закрыт\n#economy #Азия")
    assert "Кому: Азия, Экономика" in text_of(control)
    assert "#economy" not in text_of(preview)
    assert "#Азия" in text_of(preview)
    assert "Отправить 1" in labels(control)
    await room.press(OWNER, control, "Азия")
    await room.changed(control, "Кому: Экономика")
    assert "Отправить 0" in labels(room.again(control))
    assert "#Азия" not in text_of(room.again(preview))
    await room.press(OWNER, control, "Всем")
    await room.changed(control, "Кому: всем")
    assert "Отправить 2" in labels(room.again(control))


async def test_who_muted_a_topic_or_stopped_the_bot_is_not_counted(room) -> None:
    for reader in (ANNA, BORIS):
        page = await room.say(reader, "/topics")
        await room.press(reader, page, "Мир")
    await room.forge(BORIS, page, "pick:2:1")
    _, control = await card(room, "/breaking Порт закрыт\n#Азия")
    assert "Отправить 1" in labels(control)
    question = await room.say(ANNA, "/stop")
    await room.press(ANNA, question, "Да, остановить")
    await room.press(OWNER, control, "Всем")
    await room.changed(control, "Отправить 2")


async def test_a_preview_opens_in_full_for_the_editor_alone(room) -> None:
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


async def test_a_dropped_card_sends_nothing_and_says_so(room) -> None:
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
    assert "Отменено" in text_of(await room.say(OWNER, "Другое", reply_to=preview["message_id"]))
    assert not room.rung


async def test_a_question_that_is_dropped_or_old_takes_no_message(room) -> None:
    asked = await room.say(OWNER, "/breaking")
    await room.press(OWNER, asked, "Отменить")
    await room.changed(asked, "Ничего не отправлено")
    assert "Не понимаю" in text_of(await room.say(OWNER, "просто слова"))
    await room.say(OWNER, "/breaking")
    room.clock.advance(timedelta(hours=1, seconds=1))
    assert "Не понимаю" in text_of(await room.say(OWNER, "просто слова"))


async def test_two_editors_who_press_send_it_once(room) -> None:
    await staff.add(room.db, BOT, EDITOR, "Егор", OWNER, room.clock.now())
    hello = await room.say(EDITOR, "/start")
    _, control = await card(room, "/breaking Мост закрыт")
    send = next(
        button["callback_data"]
        for row in control["reply_markup"]["inline_keyboard"]
        for button in row
        if "Отправить" in button["text"]
    )
    first = await room.press(OWNER, control, "Отправить")
    second = await room.forge(EDITOR, hello, send)
    again = await room.forge(OWNER, control, send)
    assert "Отправляется" in first["text"]
    assert "же отправлено" in second["text"]
    assert "же отправлено" in again["text"]
    await room.changed(control, "Отправляется")
    assert "Остановить" in labels(room.again(control))


async def test_the_text_of_what_was_sent_is_not_changed_by_an_answer(room) -> None:
    preview, control = await card(room, "/breaking Мост закрыт")
    await room.press(OWNER, control, "Отправить")
    said = text_of(await room.say(OWNER, "Мост открыт", reply_to=preview["message_id"]))
    assert "уже опубликована" in said
    assert "Мост закрыт" in text_of(room.again(preview))


async def test_an_editor_taken_off_meanwhile_can_send_no_more(room) -> None:
    await staff.add(room.db, BOT, EDITOR, "Егор", OWNER, room.clock.now())
    await room.say(EDITOR, "/start")
    room.sandbox.send(EDITOR, EDITOR, "/breaking Мост закрыт")
    control = await room.seen(EDITOR, "Кому")
    await staff.remove(room.db, BOT, EDITOR, OWNER, room.clock.now())
    assert "только редакторы" in (await room.press(EDITOR, control, "Отправить"))["text"]
    preview = room.shown(EDITOR)[-2]
    said = text_of(await room.say(EDITOR, "Другое", reply_to=preview["message_id"]))
    assert "только редакторы" in said or "Не понимаю" in said
    assert not room.rung
