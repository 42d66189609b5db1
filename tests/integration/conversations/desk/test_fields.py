"""A draft's fields are changed on its card: in words, by a photo, and nothing that was typed is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.desk import record
from bot.desk.story import draft as drafts
from bot.desk.story import lock, review
from bot.model.desk.lock import IDLE
from bot.model.desk.rules import DeskRules
from bot.model.newsroom.role import AUTHOR, DUTY_EDITOR
from bot.model.story.article import Content, Status
from bot.model.story.content import (
    Figure,
    Heading,
    Mark,
    Media,
    MediaKind,
    Paragraph,
    Quote,
    Run,
    plain_text,
)
from bot.sandbox import Sandbox
from bot.store.engine.database import Database
from tests.support.desk.editors import BRIDGE, QUICK, answered, draft, hire, opened, page_of, story
from tests.support.messages import active, data_of, labels, plain, text_of
from tests.support.people import ANNA, BORIS, JAMES
from tests.support.people import EDITOR as EGOR
from tests.support.people import OWNER as OLGA
from tests.support.world import BOT, WORLD, World, settings_for


@pytest.mark.parametrize(
    ("button", "question", "words", "field"),
    [
        ("Заголовок…", "новый заголовок", "Мост  открыли\nутром", ("headline", "Мост открыли утром")),
        ("Лид…", "новый лид", "Движение открыто с утра.", ("lead", "Движение открыто с утра.")),
        ("Лид…", "новый лид", "-", ("lead", "")),
        ("Место и агентство…", "о месте", "Бишкек, 1 декабря", ("dateline", "Бишкек, 1 декабря")),
        ("Место и агентство…", "о месте", "—", ("dateline", "")),
    ],
)
async def test_a_field_is_changed_by_an_answer(
    desk: World, button: str, question: str, words: str, field: tuple[str, str]
) -> None:
    content = replace(BRIDGE, dateline="Бишкек, Вести")
    number = (await draft(desk, content)).id
    page = await page_of(desk, EGOR)
    await desk.press(EGOR, page, button)
    asked = await desk.answer(EGOR, question)
    name, after = field
    assert f"{getattr(content, name)}" in plain(asked)
    shown = await answered(desk, EGOR, words, question)
    assert (after or "—") in plain(shown)
    kept = await story(desk, number)
    assert (getattr(kept.content, name), kept.revision, kept.edited_by) == (after, 2, EGOR)
    last = (await record.of_article(desk.db, BOT, number, 1)).deeds[0]
    assert (last.verb, last.revision, last.actor) == ("edit", 2, EGOR)


async def test_a_text_keeps_what_the_phone_marked_and_pictures_stay_in_their_places(desk: World) -> None:
    photo = Figure(Media(MediaKind.PICTURE, url="https://example.org/1.jpg"))
    body = (
        Heading((Run("Что известно"),)),
        Paragraph((Run("Первыми проехали автобусы - 5 рейсов."),)),
        photo,
        Paragraph((Run("Движение", frozenset({Mark.BOLD})), Run(" открыто."))),
    )
    number = (await draft(desk, replace(BRIDGE, blocks=body))).id
    await desk.press(EGOR, await page_of(desk, EGOR), "Текст…")
    asked = await desk.answer(EGOR, "новый текст")
    assert "останутся на своих местах" in plain(asked)
    # What is copied is what stands there, to the last sign.
    shown = desk.shown(EGOR)[-2]
    assert text_of(shown) == "Что известно\n\nПервыми проехали автобусы - 5 рейсов.\n\nДвижение открыто."
    assert "bold" in [each["type"] for each in shown["entities"]]
    words = "Что известно\n\nПервыми проехали поезда.\n\nДвижение открыто.\nПодробности позже."
    entities = [
        {"type": "text_link", "offset": words.index("поезда"), "length": 6, "url": "https://example.org/p"},
        {"type": "blockquote", "offset": words.index("Подробности"), "length": 19},
    ]
    await desk.say(EGOR, words, reply_to=asked["message_id"], entities=entities)
    kept = (await story(desk, number)).content
    heading, first, figure, second, quote = kept.blocks
    assert (heading, figure) == (body[0], photo)
    assert isinstance(first, Paragraph)
    assert [run.href for run in first.text if run.href] == ["https://example.org/p"]
    assert plain_text((second,)) == "Движение открыто."
    assert isinstance(quote, Quote)


async def test_a_long_text_is_shown_whole_and_a_dash_takes_the_text_away(desk: World) -> None:
    lines = [f"Абзац {at}: " + "мост открыт, " * 20 for at in range(40)]
    body = tuple(Paragraph((Run(line.strip()),)) for line in lines)
    number = (await draft(desk, replace(BRIDGE, blocks=body))).id
    page = await page_of(desk, EGOR)
    before = len(desk.shown(EGOR))
    await desk.press(EGOR, page, "Текст…")
    asked = await desk.answer(EGOR, "новый текст")
    above = "\n".join(text_of(each) for each in desk.shown(EGOR)[before:-1])
    assert all(line.strip() in above for line in lines)
    await desk.say(EGOR, "-", reply_to=asked["message_id"])
    assert (await story(desk, number)).content.blocks == ()


async def test_a_photo_is_the_picture_and_a_button_takes_it_away(desk: World) -> None:
    number = (await draft(desk)).id
    await desk.press(EGOR, await page_of(desk, EGOR), "Фото…")
    asked = await desk.answer(EGOR, "новое фото")
    before = len(desk.shown(EGOR))
    desk.send(EGOR, "не фото", reply_to=asked["message_id"])
    await desk.until(lambda: len(desk.shown(EGOR)) == before + 2)
    assert "нужно фото" in plain(desk.shown(EGOR)[before])
    page = await desk.say(EGOR, "", reply_to=asked["message_id"], photo=True)
    assert "Фото: есть" in plain(page)
    picture = (await story(desk, number)).content.picture
    assert picture
    assert picture.file_id
    await desk.press(EGOR, page, "Убрать фото")
    assert "Убрать фото" not in labels(await desk.changed(page, "Фото: —"))
    assert (await story(desk, number)).content.picture is None


async def test_a_picture_that_somebody_changed_is_not_taken_away_unseen(desk: World) -> None:
    old, new = (Media(MediaKind.PICTURE, url=f"https://example.org/{at}.jpg") for at in (1, 2))
    number = (await draft(desk, replace(BRIDGE, picture=old))).id
    page = await page_of(desk, EGOR)
    await lock.give_back(desk.db, number, by=EGOR)
    at = desk.clock.now()
    await drafts.change(
        desk.db, number, "picture", lambda each: replace(each, picture=new), at=at, by=OLGA, seen=1
    )
    said = (await desk.press(EGOR, page, "Убрать фото"))["text"]
    assert "Отредактировано: Ольга" in said
    assert (await story(desk, number)).content.picture == new
    await desk.press(EGOR, await desk.changed(page, "версия 2"), "Убрать фото")
    await desk.changed(page, "версия 3")
    assert (await story(desk, number)).content.picture is None


async def test_what_a_field_cannot_be_is_refused_in_words(desk: World) -> None:
    number = (await draft(desk)).id
    await desk.press(EGOR, await page_of(desk, EGOR), "Заголовок…")
    for words, why in (("-", "нельзя убрать"), ("м" * 300, "300 знаков"), (BRIDGE.headline, "не изменилось")):
        asked = await desk.answer(EGOR, "новый заголовок")
        before = len(desk.shown(EGOR))
        desk.send(EGOR, words, reply_to=asked["message_id"])
        await desk.until(lambda: len(desk.shown(EGOR)) == before + 2)  # noqa: B023
        assert why in plain(desk.shown(EGOR)[before]), words
    assert (await story(desk, number)).revision == 1


async def test_two_questions_of_one_editor_can_both_be_answered(desk: World) -> None:
    number = (await draft(desk)).id
    page = await page_of(desk, EGOR)
    await desk.press(EGOR, page, "Заголовок…")
    await desk.answer(EGOR, "новый заголовок")
    await desk.press(EGOR, page, "Лид…")
    await desk.answer(EGOR, "новый лид")
    await answered(desk, EGOR, "Мост открыли утром", "новый заголовок")
    await answered(desk, EGOR, "Движение открыто.", "новый лид")
    kept = await story(desk, number)
    assert (kept.content.headline, kept.content.lead) == ("Мост открыли утром", "Движение открыто.")


async def test_a_change_voids_the_approval_and_the_page_says_so_before(desk: World) -> None:
    number = (await draft(desk)).id
    await review.approve(desk.db, number, at=desk.clock.now(), by=OLGA, seen=1, rules=DeskRules())
    page = await page_of(desk, EGOR)
    assert "снова станет черновиком" in plain(page)
    await desk.press(EGOR, page, "Лид…")
    shown = await answered(desk, EGOR, "Движение открыто.", "новый лид")
    assert "черновиком" not in plain(shown)
    kept = await story(desk, number)
    assert (kept.status, kept.approval) == (Status.DRAFT, None)


async def test_the_second_editor_is_told_who_edits_and_takes_over_and_nothing_typed_is_lost(
    desk: World,
) -> None:
    number = (await draft(desk)).id
    await desk.press(EGOR, await page_of(desk, EGOR), "Лид…")
    await desk.answer(EGOR, "новый лид")
    card = await opened(desk, OLGA)
    assert "Сейчас правит Егор" in plain(card)
    await desk.press(OLGA, card, "Изменить")
    told = await desk.changed(card, "Всё равно править")
    assert "Сейчас правит Егор" in plain(told)
    await desk.press(OLGA, told, "Всё равно править")
    page = await desk.changed(card, "Заголовок…")
    assert "Сейчас правите вы" in plain(page)
    news = await desk.answer(EGOR, "теперь ведёт Ольга")
    assert labels(news) == ["Открыть карточку"]
    assert not any("теперь ведёт" in each for each in desk.texts(OLGA))
    kept = await answered(desk, EGOR, "Лид <Егора> & прочее", "новый лид")
    assert "Новость сейчас правит Ольга" in plain(kept)
    assert "Лид <Егора> & прочее" in plain(kept)
    assert "правит Ольга" in (await desk.press(EGOR, kept, "Всё равно внести"))["text"]
    await desk.press(OLGA, page, "Лид…")
    await answered(desk, OLGA, "Лид Ольги", "новый лид")
    await desk.press(OLGA, desk.shown(OLGA)[-1], "К карточке")
    await desk.changed(desk.shown(OLGA)[-1], "На проверку")
    # The lock is given back: what Egor typed can be put in.
    await desk.press(EGOR, kept, "Всё равно внести")
    await desk.changed(kept, "Лид <Егора> & прочее")
    assert (await story(desk, number)).content.lead == "Лид <Егора> & прочее"
    deeds = (await record.of_article(desk.db, BOT, number, 9)).deeds
    assert [(each.verb, each.actor) for each in deeds] == [
        ("edit", EGOR),
        ("edit", OLGA),
        ("break-lock", OLGA),
    ]


async def test_a_field_that_somebody_else_changed_is_not_overwritten_unseen(desk: World) -> None:
    number = (await draft(desk)).id
    page = await page_of(desk, EGOR)
    await desk.press(EGOR, page, "Лид…")
    await desk.answer(EGOR, "новый лид")
    await desk.press(EGOR, page, "К карточке")
    await desk.changed(page, "На проверку")
    at = desk.clock.now()
    await drafts.change(
        desk.db, number, "lead", lambda each: replace(each, lead="Лид Ольги"), at=at, by=OLGA, seen=1
    )
    kept = await answered(desk, EGOR, "Лид Егора", "новый лид")
    assert "Отредактировано: Ольга" in plain(kept)
    assert (await story(desk, number)).content.lead == "Лид Ольги"
    await desk.press(EGOR, kept, "Всё равно внести")
    await desk.changed(kept, "Лид Егора")
    assert (await story(desk, number)).content.lead == "Лид Егора"


async def test_an_author_takes_no_editing_over_and_a_lock_falls_by_itself(desk: World) -> None:
    number = (await draft(desk)).id
    await hire(desk, ANNA, "Анна", AUTHOR.rights)
    past = desk.clock.now() - IDLE + timedelta(minutes=1)
    await lock.take(desk.db, number, at=past, by=EGOR)
    card = await opened(desk, ANNA)
    await desk.press(ANNA, card, "Изменить")
    told = await desk.changed(card, "Всё равно править")
    assert "Всё равно править" not in active(told)
    assert "нет такого права" in (await desk.forge(ANNA, told, f"edit:over:{number}:1"))["text"]
    await lock.give_back(desk.db, number, by=EGOR)
    await lock.take(desk.db, number, at=past - timedelta(minutes=2), by=EGOR)
    await desk.press(ANNA, told, "Назад")
    card = await desk.changed(card, "Изменить")
    assert "правит" not in plain(card)
    await desk.press(ANNA, card, "Изменить")
    await desk.changed(card, "Сейчас правите вы")


async def test_a_question_and_a_kept_answer_outlive_a_restart(sandbox: Sandbox, sqlite_db: Database) -> None:
    room = World(sandbox, sqlite_db, settings_for(sandbox, **QUICK))
    await room.prepare()
    async with room.listening():
        await room.say(OLGA, "/start")
        await hire(room, EGOR, "Егор", DUTY_EDITOR.rights)
        number = (await draft(room)).id
        await room.press(EGOR, await page_of(room, EGOR), "Лид…")
        await room.answer(EGOR, "новый лид")
    async with room.listening():
        await lock.take(room.db, number, at=room.clock.now(), by=OLGA, force=True)
        kept = await answered(room, EGOR, "Лид Егора", "новый лид")
    await lock.give_back(sqlite_db, number, by=OLGA)
    async with room.listening():
        await room.press(EGOR, kept, "Всё равно внести")
        await room.changed(kept, "Сейчас правите вы")
    assert (await story(room, number)).content.lead == "Лид Егора"


async def test_a_published_story_and_one_of_other_topics_are_not_changed_here(desk: World) -> None:
    number = (await draft(desk)).id
    page = await page_of(desk, EGOR)
    await hire(desk, BORIS, "Борис", DUTY_EDITOR.rights, about=frozenset({WORLD}))
    own = await desk.say(BORIS, "/id")
    verbs = ("ask:{}:1:lead", "unpicture:{}:1", "page:{}:1", "over:{}:1", "topics:{}:1:0:0", "topic:{}:1:1:0")
    for verb in (*verbs, "lang:{}:1:en", "for:{}:1:en", "again:{}:0:lead", "back:{}:1"):
        said = (await desk.forge(BORIS, own, "edit:" + verb.format(number)))["text"]
        assert "не распространяются" in said, verb
    for data in ("edit:ask:x:1:lead", f"edit:ask:{number}:1:url", f"edit:again:{number}:0:url", "edit:page:"):
        assert "устарела" in (await desk.forge(EGOR, page, data))["text"], data
    at = desk.clock.now()
    await review.approve(desk.db, number, at=at, by=OLGA, seen=1, rules=DeskRules())
    card = await opened(desk, OLGA)
    await desk.press(OLGA, card, "Опубликовать")
    assert "уже опубликована" in (await desk.press(EGOR, page, "Лид…"))["text"]
    assert "Изменить…" not in labels(await desk.changed(card, "Опубликована"))


async def test_the_page_speaks_english(desk: World) -> None:
    content = Content("A bridge opened", "Buses came first.", language="en", source_name="Valley News")
    number = (await draft(desk, content)).id
    await hire(desk, JAMES, "James", DUTY_EDITOR.rights)
    page = await desk.say(JAMES, "/desk")
    await desk.press(JAMES, page, "A bridge")
    card = await desk.changed(page, "Change…")
    await desk.press(JAMES, card, "Change…")
    shown = await desk.changed(page, "Headline…")
    for words in (
        "Lead: Buses came first.",
        "Topics: Economy",
        "Language: English",
        "You have been editing it",
    ):
        assert words in plain(shown), words
    await desk.press(JAMES, shown, "Lead…")
    asked = await desk.answer(JAMES, "The new lead?")
    assert "Now (press to copy): Buses came first." in plain(asked)
    shown = await answered(desk, JAMES, "Trams came first.", "The new lead?")
    assert "Lead: Trams came first." in plain(shown)
    assert data_of(shown, "To the card") == f"edit:back:{number}:2"
