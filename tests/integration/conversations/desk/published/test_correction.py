"""A published story is corrected on its card: a proposal that survives, shown before it goes out, in three voices."""

from __future__ import annotations

import pytest

from bot.desk import amend, record
from bot.model.newsroom.role import AUTHOR, DUTY_EDITOR
from bot.model.story.article import Content
from bot.sandbox import Sandbox
from bot.store.engine.database import Database
from tests.support.desk.editors import QUICK, answered, hire, story
from tests.support.messages import Message, active, data_of, labels, plain
from tests.support.people import ANNA, BORIS, JAMES
from tests.support.people import EDITOR as EGOR
from tests.support.people import OWNER as OLGA
from tests.support.world import BOT, ECONOMY, WORLD, World, settings_for

OPENED, LATER = "Мост через Светлую открыли", "Мост через Светлую откроют в мае"


async def card_of(room: World, user: int, number: int) -> Message:
    """Forge the press that opens a card, and return the card."""
    own = await room.say(user, "/id")
    await room.forge(user, own, f"desk:card:{number}")
    return await room.changed(own, "No." if user == JAMES else "№")


async def begun(room: World, user: int, number: int, label: str = "Исправить…") -> Message:
    card = await card_of(room, user, number)
    await room.press(user, card, label)
    return await room.changed(card, "Заголовок…" if label.startswith("И") else "Headline…")


async def reworded(room: World, user: int, page: Message, words: str) -> Message:
    """Correct the headline, and return the page of the correction."""
    await room.press(user, page, "Заголовок…")
    return await answered(room, user, words, "Каким должен быть заголовок")


async def test_words_and_headline_are_corrected_looked_at_and_let_out(out: World) -> None:
    number = await out.story(OPENED, ECONOMY, text="Первыми проехали 12 автобусов.")
    first = await out.answer(BORIS, OPENED)
    page = await begun(out, EGOR, number)
    assert "Читатели ничего не увидят" in plain(page)
    await out.press(EGOR, page, "Заголовок…")
    asked = await out.answer(EGOR, "Каким должен быть заголовок")
    assert OPENED in plain(asked)
    shown = await out.say(EGOR, LATER, reply_to=asked["message_id"])
    for words in (OPENED, LATER, "Будет изменено сообщений: 1"):
        assert words in plain(shown), words
    await out.press(EGOR, shown, "Несколько слов…")
    shown = await answered(out, EGOR, "12 автобусов\n21 автобус", "Какие слова исправить")
    assert "21 автобус" in plain(shown)
    await out.press(EGOR, shown, "Как увидят читатели")
    await out.answer(EGOR, LATER)
    # Nothing is out yet, and another editor's card says who is at it.
    assert (await story(out, number)).revision == 1
    assert "Готовит исправление: Егор" in plain(await card_of(out, OLGA, number))
    assert (await out.press(EGOR, shown, "Выпустить с пометкой"))["text"] == "Исправление отправляется."
    edited = await out.changed(first, "откроют")
    assert "Исправлено" in plain(edited)
    await out.changed(shown, "Исправлено в чатах")
    kept = await story(out, number)
    assert (kept.revision, kept.content.headline) == (2, LATER)
    assert "21 автобус" in str(kept.content.blocks)
    last = (await record.of_article(out.db, BOT, number, 1)).deeds[0]
    assert (last.verb, last.actor) == ("correct", EGOR)
    # A message is edited before the ledger knows that it was.
    while "Исправлено в чатах: 1 / 1" not in plain(out.again(shown)):
        await out.press(EGOR, out.again(shown), "Обновить")


async def test_a_typo_is_corrected_without_a_date_and_a_loud_one_replies(out: World) -> None:
    number = await out.story(OPENED, ECONOMY)
    first = await out.answer(BORIS, OPENED)
    page = await reworded(out, EGOR, await begun(out, EGOR, number), f"{OPENED} утром")
    await out.press(EGOR, page, "Тихо")
    edited = await out.changed(first, "утром")
    assert "Исправлено" not in plain(edited)
    page = await reworded(out, EGOR, await begun(out, EGOR, number), LATER)
    await out.press(EGOR, page, "Громко")
    card = await answered(out, EGOR, "Мы ошиблись\nМост ещё закрыт.", "Что сказать в ответе")
    assert LATER in plain(card)
    told = await out.answer(BORIS, "Мы ошиблись")
    assert told["reply_to_message"]["message_id"] == first["message_id"]
    assert "Исправлено" in plain(await out.changed(first, "откроют"))


async def test_of_two_editors_the_second_keeps_what_was_typed_and_carries_it_over(out: World) -> None:
    number = await out.story(OPENED, ECONOMY)
    first = await out.answer(BORIS, OPENED)
    mine = await reworded(out, OLGA, await begun(out, OLGA, number), LATER)
    theirs = await begun(out, EGOR, number)
    await out.press(EGOR, theirs, "Лид…")
    theirs = await answered(out, EGOR, "Движение начнут весной.", "Каким должен быть лид")
    await out.press(EGOR, theirs, "Выпустить с пометкой")
    await out.changed(first, "весной")
    for label in ("Выпустить с пометкой", "Тихо"):
        told = (await out.forge(OLGA, mine, str(data_of(mine, label))))["text"]
        assert "Исправлено: Егор" in told.replace("\u00a0", " "), label
    page = await out.changed(mine, "Перенести на новую версию")
    assert LATER in plain(page)
    assert "Выпустить с пометкой" not in labels(page)
    told = (await out.forge(OLGA, page, str(data_of(mine, "Громко"))))["text"]
    assert "изменил" in told
    await out.press(OLGA, page, "Перенести")
    page = await out.changed(mine, "Выпустить с пометкой")
    # What the other editor changed is not undone.
    assert "весной" not in plain(page)
    await out.press(OLGA, page, "Выпустить с пометкой")
    await out.changed(first, "откроют")
    kept = await story(out, number)
    assert (kept.revision, kept.content.lead) == (3, "Движение начнут весной.")


async def test_an_old_page_lets_nothing_out_that_it_did_not_show(out: World) -> None:
    number = await out.story(OPENED, ECONOMY)
    old = await reworded(out, EGOR, await begun(out, EGOR, number), LATER)
    await reworded(out, EGOR, old, f"{LATER} или в июне")
    assert "с тех пор изменилось" in (await out.press(EGOR, old, "Тихо"))["text"]
    page = await out.changed(old, "в июне")
    assert (await out.press(EGOR, page, "Отменить исправление"))["text"].startswith("Отменено")
    card = await out.changed(old, "№")
    assert "Готовит исправление" not in plain(card)
    for verb in ("fixquiet", "fixdated", "fixloud", "fixcarry", "fixpreview"):
        told = (await out.forge(EGOR, card, f"desk:{verb}:{number}:1:2"))["text"]
        assert "с тех пор изменилось" in told, verb
    assert (await story(out, number)).revision == 1


async def test_a_kill_while_a_correction_is_prepared_ends_it(out: World) -> None:
    number = await out.story(OPENED, ECONOMY)
    first = await out.answer(BORIS, OPENED)
    page = await reworded(out, EGOR, await begun(out, EGOR, number), LATER)
    await out.press(EGOR, page, "Громко")
    await amend.kill(out.db, number, out.clock.now(), OLGA)
    out.services.bell.ring()
    told = await answered(out, EGOR, "Мы ошиблись", "Что сказать в ответе")
    assert "Отозвано: Ольга" in plain(told)
    assert "отозвана" in (await out.press(EGOR, page, "Выпустить с пометкой"))["text"]
    await out.changed(page, "Отозвана")
    await out.until(lambda: first not in out.shown(BORIS))
    assert not [each for each in out.texts(BORIS) if "Мы ошиблись" in each or LATER in each]


async def test_the_correction_and_its_questions_outlive_a_restart(
    sandbox: Sandbox, sqlite_db: Database
) -> None:
    room = World(sandbox, sqlite_db, settings_for(sandbox, **QUICK))
    await room.prepare()
    async with room.listening():
        await room.say(OLGA, "/start")
        number = await room.story(OPENED, ECONOMY)
        page = await begun(room, OLGA, number)
        await room.press(OLGA, page, "Заголовок…")
        await room.answer(OLGA, "Каким должен быть заголовок")
    async with room.listening():
        shown = await answered(room, OLGA, LATER, "Каким должен быть заголовок")
        assert LATER in plain(shown)
    async with room.listening():
        await room.press(OLGA, shown, "Громко")
        await room.answer(OLGA, "Что сказать в ответе")
    async with room.listening():
        await answered(room, OLGA, "Мы ошиблись", "Что сказать в ответе")
    assert (await story(room, number)).content.headline == LATER


async def test_answers_that_mean_nothing_are_refused_in_words(desk: World) -> None:
    number = await desk.story(OPENED, ECONOMY)
    page = await begun(desk, OLGA, number)
    for label, question, said, told in (
        ("Несколько слов…", "Какие слова исправить", "одна строка", "Нужны две строки"),
        ("Несколько слов…", "Какие слова исправить", "трамвай\nтроллейбус", "Таких слов в новости нет"),
        ("Темы…", "В какие темы", "Экономика, Погода", "Таких тем нет: Погода"),
        ("Фото…", "новое фото", "вот оно", "Пришлите в ответ фото"),
    ):
        await desk.press(OLGA, page, label)
        assert told in plain(await answered(desk, OLGA, said, question)), label
    await desk.press(OLGA, page, "Темы…")
    shown = await answered(desk, OLGA, "Экономика, Мир", "В какие темы")
    assert "Экономика → Мир, Экономика" in plain(shown)


@pytest.mark.parametrize("label", ["Исправить…", "Продолжение…"])
async def test_a_reader_or_who_lacks_the_right_corrects_nothing(desk: World, label: str) -> None:
    number = await desk.story(OPENED, ECONOMY)
    await hire(desk, ANNA, "Анна", DUTY_EDITOR.rights, about=frozenset({WORLD}))
    card = await card_of(desk, ANNA, number)
    assert label in labels(card)
    assert label not in active(card)
    verbs = ("correct", "fixheadline", "fixdated", "fixloud", "fixdrop", "fixcarry", "fixpreview", "retry")
    for verb in (*verbs, "update", "another"):
        told = (await desk.forge(ANNA, card, f"desk:{verb}:{number}:1:1"))["text"]
        assert "не распространяются" in told, verb
        told = (await desk.forge(BORIS, await desk.say(BORIS, "/id"), f"desk:{verb}:{number}:1:1"))["text"]
        assert "только редакторам" in told, verb
    await hire(desk, ANNA, "Анна", AUTHOR.rights)
    assert "нет такого права" in (await desk.forge(ANNA, card, f"desk:fixdated:{number}:1:1"))["text"]


async def test_nobody_moves_a_story_to_topics_that_are_not_theirs(desk: World) -> None:
    number = await desk.story(OPENED, ECONOMY)
    await hire(desk, EGOR, "Егор", DUTY_EDITOR.rights, about=frozenset({ECONOMY}))
    page = await begun(desk, EGOR, number)
    await desk.press(EGOR, page, "Темы…")
    told = await answered(desk, EGOR, "Экономика, Мир", "В какие темы")
    assert "не распространяются" in plain(told)


async def test_the_correction_speaks_english(desk: World) -> None:
    content = "The bridge is open"
    number = await desk.story(content, ECONOMY, language="en")
    await hire(desk, JAMES, "James", DUTY_EDITOR.rights)
    page = await begun(desk, JAMES, number, "Correct…")
    await desk.press(JAMES, page, "Headline…")
    shown = await answered(desk, JAMES, "The bridge opens in May", "How should the headline read")
    assert "Messages that will be edited: 0" in plain(shown)
    assert labels(shown)[-6:] == [
        "As readers will see it",
        "Let it out with a dated line",
        "Quietly: it was a typo",
        "Loud: reply to the story…",
        "Drop the correction",
        "‹ Back",
    ]
    await desk.press(JAMES, shown, "Quietly")
    assert (await story(desk, number)).content == Content(
        "The bridge opens in May",
        "Лид.",
        blocks=(await story(desk, number)).content.blocks,
        url="https://example.org/1",
        language="en",
    )
