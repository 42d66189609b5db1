"""Breaking news: preview, to whom, out, once; refused to others; ahead of what waits."""

from __future__ import annotations

from bot.model.delivery import Lane

ANNA, BORIS, OWNER, EDITOR = 21, 22, 11, 12


async def test_breaking_news_is_previewed_confirmed_and_sent_once(newsroom) -> None:
    for reader in (ANNA, BORIS, OWNER):
        newsroom.say(reader, "/start")
        await newsroom.answer(reader, "Здравствуйте")
    newsroom.say(OWNER, "/breaking Землетрясение в долине\nПострадавших нет.")
    preview = await newsroom.answer(OWNER, "Землетрясение в долине")
    control = await newsroom.answer(OWNER, "Кому: всем")
    newsroom.say(OWNER, "Землетрясение на юге\nПострадавших нет.", reply_to=preview["message_id"])
    await newsroom.answer(OWNER, "Землетрясение на юге")
    data = newsroom.button(control, "Отправить 3")
    assert data
    for _ in range(2):
        newsroom.sandbox.press(OWNER, OWNER, control["message_id"], data, forge=True)
    await newsroom.answer(ANNA, "Землетрясение на юге")
    await newsroom.answer(BORIS, "Землетрясение на юге")
    await newsroom.answer(OWNER, "Готово")
    assert sum("Землетрясение" in text for text in newsroom.texts(ANNA)) == 1


async def test_it_goes_to_the_chosen_topics_followers_alone(newsroom) -> None:
    await newsroom.follow(ANNA, "Экономика")
    await newsroom.follow(BORIS, "Мир")
    newsroom.say(OWNER, "/breaking Курс изменился")
    await newsroom.answer(OWNER, "Кому: всем")
    await newsroom.press(OWNER, "Экономика")
    await newsroom.answer(OWNER, "Кому: Экономика")
    await newsroom.press(OWNER, "Отправить 1")
    await newsroom.answer(ANNA, "Курс изменился")
    await newsroom.answer(OWNER, "Готово")
    assert not any("Курс" in text for text in newsroom.texts(BORIS))


async def test_others_are_refused_also_with_a_forged_button(newsroom) -> None:
    newsroom.say(ANNA, "/breaking Я тоже редактор")
    await newsroom.answer(ANNA, "Это могут только редакторы")
    newsroom.say(OWNER, "/breaking Мост закрыт")
    control = await newsroom.answer(OWNER, "Кому: всем")
    data = newsroom.button(control, "Отправить")
    newsroom.say(ANNA, "/start")
    greeting = await newsroom.answer(ANNA, "Здравствуйте")
    pressed = newsroom.sandbox.press(ANNA, ANNA, greeting["message_id"], data, forge=True)
    answer = await newsroom.until(lambda: newsroom.answered(pressed))
    assert "только редакторы" in answer["text"]
    assert not any("Мост закрыт" in text for text in newsroom.texts(ANNA))


async def test_an_owner_makes_an_editor_who_may_then_send(newsroom) -> None:
    newsroom.say(EDITOR, "/start")
    await newsroom.answer(EDITOR, "Здравствуйте")
    newsroom.say(OWNER, f"/editors {EDITOR}")
    await newsroom.answer(OWNER, "Редактор добавлен")
    newsroom.say(EDITOR, "/breaking")
    await newsroom.answer(EDITOR, "Пришлите срочную новость")
    newsroom.say(EDITOR, "Снег на перевале")
    await newsroom.press(EDITOR, "Отменить")
    await newsroom.answer(EDITOR, "Ничего не отправлено")


async def test_a_press_after_a_restart_sends_what_was_prepared_before_once(newsroom) -> None:
    await newsroom.follow(ANNA, "Экономика")
    newsroom.say(OWNER, "/breaking Мост закрыт")
    control = await newsroom.answer(OWNER, "Кому: всем")
    data = newsroom.button(control, "Отправить")
    await newsroom.restart()
    await newsroom.press(OWNER, "Отправить")
    await newsroom.answer(ANNA, "Мост закрыт")
    await newsroom.restart()
    pressed = newsroom.sandbox.press(OWNER, OWNER, control["message_id"], data, forge=True)
    answer = await newsroom.until(lambda: newsroom.answered(pressed))
    assert "же отправлено" in answer["text"]
    await newsroom.answer(OWNER, "Готово")
    assert sum("Мост закрыт" in text for text in newsroom.texts(ANNA)) == 1


async def test_a_press_by_two_editors_at_once_sends_once(newsroom) -> None:
    await newsroom.follow(ANNA, "Экономика")
    newsroom.say(EDITOR, "/start")
    hello = await newsroom.answer(EDITOR, "Здравствуйте")
    newsroom.say(OWNER, f"/editors {EDITOR}")
    await newsroom.answer(OWNER, "Редактор добавлен")
    newsroom.say(OWNER, "/breaking Мост закрыт")
    control = await newsroom.answer(OWNER, "Кому: всем")
    data = newsroom.button(control, "Отправить")
    pressed = [
        newsroom.sandbox.press(person, person, message["message_id"], data, forge=True)
        for person, message in ((OWNER, control), (EDITOR, hello), (OWNER, control))
    ]
    answers = [await newsroom.until(lambda one=one: newsroom.answered(one)) for one in pressed]
    assert sorted("же отправлено" in each["text"] for each in answers) == [False, True, True]
    await newsroom.answer(OWNER, "Готово")
    for reader in (ANNA, EDITOR):
        assert sum("Мост закрыт" in text for text in newsroom.texts(reader)) == 1


async def test_a_photo_reaches_readers_as_the_preview_showed_it(newsroom) -> None:
    await newsroom.follow(ANNA, "Экономика")
    newsroom.say(OWNER, "", photo=True, caption="/breaking Дым над портом\nПожарные на месте.")
    preview = await newsroom.answer(OWNER, "Дым над портом")
    await newsroom.press(OWNER, "Отправить")
    shown = await newsroom.answer(ANNA, "Дым над портом")
    assert shown["caption"] == preview["caption"]
    assert shown["photo"][-1]["file_unique_id"] == preview["photo"][-1]["file_unique_id"]
    labels = [
        [button["text"] for row in each["reply_markup"]["inline_keyboard"] for button in row]
        for each in (preview, shown)
    ]
    assert labels[0] == labels[1]


async def test_a_flash_overtakes_everything_that_waits(newsroom) -> None:
    await newsroom.follow(ANNA, "Экономика")
    await newsroom.follow(BORIS, "Экономика")
    await newsroom.tick()
    newsroom.say(OWNER, "/breaking Землетрясение")
    await newsroom.answer(OWNER, "Кому: всем")
    newsroom.sandbox.fault("429", match={"text_contains": "Заметка"}, scope="global", retry_after=5)
    for number in range(20):
        newsroom.wire.put(str(number), f"Заметка {number}", "Коротко.")
    refused = await newsroom.until(
        lambda: [each for each in newsroom.sandbox.calls() if each["status"] == 429]
    )
    await newsroom.press(OWNER, "Отправить")
    await newsroom.until(lambda: sum("Заметка" in text for text in newsroom.texts(BORIS)) == 20)
    await newsroom.until(lambda: sum("Заметка" in text for text in newsroom.texts(ANNA)) == 20)
    sent = [
        each["params"]["text"]
        for each in newsroom.sandbox.calls(since=refused[-1]["n"], method="sendMessage")
        if each["status"] == 200 and each["chat_id"] in (ANNA, BORIS)
    ]
    flashes = [at for at, text in enumerate(sent) if "Землетрясение" in text]
    # What was on its way when the editor pressed is not called back.
    assert len(flashes) == 2
    assert flashes[-1] < len(sent) / 4


async def test_a_push_is_stopped_and_says_whom_it_did_not_reach(newsroom) -> None:
    await newsroom.follow(ANNA, "Экономика")
    newsroom.say(OWNER, "/breaking Ошибка редакции")
    await newsroom.answer(OWNER, "Кому: всем")
    newsroom.sandbox.fault("429", match={"chat_id": ANNA}, scope="chat", retry_after=2, times=1)
    await newsroom.press(OWNER, "Отправить")
    await newsroom.press(OWNER, "Остановить")
    stopped = await newsroom.answer(OWNER, "Остановлено")
    assert "0 / 1" in stopped["text"]
    assert not any("Ошибка редакции" in text for text in newsroom.texts(ANNA))


async def test_a_push_is_paused_goes_on_and_says_how_far_it_has_come(newsroom) -> None:
    for reader in (ANNA, BORIS, OWNER):
        newsroom.say(reader, "/start")
        await newsroom.answer(reader, "Здравствуйте")
    newsroom.app.outgoing.halt("for the test")
    newsroom.say(OWNER, "/breaking Мост закрыт до утра")
    await newsroom.press(OWNER, "Отправить 3")
    await newsroom.answer(OWNER, "Отправляется")
    pressed = await newsroom.press(OWNER, "Пауза")
    assert pressed["text"] == "Приостановлено."
    card = await newsroom.answer(OWNER, "На паузе")
    stopped = newsroom.sandbox.press(
        ANNA, ANNA, newsroom.shown(ANNA)[-1]["message_id"], newsroom.button(card, "Продолжить"), forge=True
    )
    await newsroom.until(lambda: newsroom.sandbox.callback(stopped)["answered"])
    assert "только редакторы" in newsroom.sandbox.callback(stopped)["text"]
    assert not any("Мост закрыт" in text for text in newsroom.texts(ANNA))
    newsroom.app.outgoing.courier.halted = None
    await newsroom.press(OWNER, "Продолжить")
    await newsroom.answer(ANNA, "Мост закрыт до утра")
    done = await newsroom.answer(OWNER, "Готово")
    assert "Принято Telegram: 3 / 3" in done["text"].replace("\u00a0", " ")
    assert "За 30 с: 100 %" in done["text"].replace("\u00a0", " ")
    assert "reply_markup" not in done


async def test_what_is_in_doubt_is_left_to_the_editor_where_the_newsroom_wants_it(newsroom) -> None:
    for reader in (ANNA, OWNER):
        newsroom.say(reader, "/start")
        await newsroom.answer(reader, "Здравствуйте")
    newsroom.app.outgoing.courier._carrier.left_in_doubt = frozenset({Lane.FLASH})
    newsroom.say(OWNER, "/breaking Мост закрыт до утра")
    await newsroom.answer(OWNER, "Кому: всем")
    newsroom.sandbox.fault("reset_after", match={"method": "sendRichMessage", "chat_id": ANNA})
    newsroom.sandbox.fault("reset_after", match={"method": "sendMessage", "chat_id": ANNA})
    await newsroom.press(OWNER, "Отправить 2")
    await newsroom.answer(OWNER, "Под вопросом: 1")
    await newsroom.press(OWNER, "Отправить ещё раз: 1")
    await newsroom.until(lambda: sum("Мост закрыт" in text for text in newsroom.texts(ANNA)) == 2)
