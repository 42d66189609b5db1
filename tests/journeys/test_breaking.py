"""Breaking news: preview, to whom, out, once; refused to others; ahead of what waits."""

from __future__ import annotations

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
    answer = await newsroom.until(
        lambda: (
            newsroom.sandbox.callback(pressed) if newsroom.sandbox.callback(pressed).get("answered") else None
        )
    )
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
