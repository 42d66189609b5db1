"""On a draft's card: topics and languages by buttons, an embargo in words, the other forms, a feed's held edit."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.desk import held, record
from bot.desk.story import draft as drafts
from bot.desk.story import lock, release, review
from bot.model.desk.rules import DeskRules
from bot.model.newsroom.role import AUTHOR, DUTY_EDITOR
from bot.model.story.article import Content
from bot.model.story.content import Paragraph, Run
from bot.store.newsroom import articles, held_edits, topics
from tests.support.desk.editors import BRIDGE, answered, draft, hire, more, opened, page_of, story
from tests.support.messages import Message, active, buttons, labels, plain
from tests.support.people import ANNA, BORIS, JAMES
from tests.support.people import EDITOR as EGOR
from tests.support.people import OWNER as OLGA
from tests.support.world import ASIA, BOT, ECONOMY, WORLD, World


async def test_topics_are_marked_section_by_section(desk: World) -> None:
    number = (await draft(desk)).id
    page = await page_of(desk, EGOR)
    await desk.press(EGOR, page, "Темы ›")
    top = await desk.changed(page, "✅ Экономика")
    assert [each for each in labels(top) if each.startswith(("✅", "▫️"))] == ["▫️ Мир", "✅ Экономика"]
    await desk.press(EGOR, top, "Мир ›")
    below = await desk.changed(page, "▫️ Азия")
    await desk.press(EGOR, below, "▫️ Азия")
    below = await desk.changed(page, "✅ Азия")
    assert "Темы: Азия, Экономика" in plain(below)
    await desk.press(EGOR, below, "Назад")
    await desk.press(EGOR, await desk.changed(page, "✅ Экономика"), "✅ Экономика")
    await desk.press(EGOR, await desk.changed(page, "▫️ Экономика"), "Назад")
    await desk.changed(page, "Заголовок…")
    assert (await story(desk, number)).topic_ids == (ASIA,)


def turn(page: Message, sign: str) -> str:
    """Return what the button to another page says."""
    return next(
        str(each["callback_data"])
        for each in buttons(page)
        if "Страница" in each["text"] and sign in each["text"]
    )


async def test_many_topics_have_pages_and_a_choice_stays_on_its_page(desk: World) -> None:
    async with desk.db.write() as tx:
        for at in range(25):
            names = {"ru": f"Тема {at:02}", "en": f"Topic {at:02}"}
            await topics.put(tx, f"topic-{at}", names, origin="file", position=10 + at)
    await draft(desk)
    page = await page_of(desk, EGOR)
    await desk.press(EGOR, page, "Темы ›")
    first = await desk.changed(page, "Тема 17")
    assert "▫️ Тема 18" not in labels(first)
    await desk.forge(EGOR, first, turn(first, "›"))
    second = await desk.changed(page, "Тема 24")
    await desk.press(EGOR, second, "Тема 20")
    second = await desk.changed(page, "✅ Тема 20")
    assert "▫️ Тема 24" in labels(second)
    await desk.forge(EGOR, second, turn(second, "‹"))
    await desk.changed(page, "Мир ›")


async def test_an_editor_of_some_topics_marks_those_alone(desk: World) -> None:
    number = (await draft(desk, topic=ECONOMY)).id
    await hire(desk, BORIS, "Борис", AUTHOR.rights, about=frozenset({ECONOMY}))
    page = await page_of(desk, BORIS)
    await desk.press(BORIS, page, "Темы ›")
    top = await desk.changed(page, "▫️ Мир")
    assert "✅ Экономика" in active(top)
    assert "▫️ Мир" not in active(top)
    said = (await desk.forge(BORIS, top, f"edit:topic:{number}:1:{WORLD}:0"))["text"]
    assert "не распространяются" in said
    assert "сначала отметьте другую" in (await desk.press(BORIS, top, "✅ Экономика"))["text"]
    for word in ("x", "99"):
        said = (await desk.forge(BORIS, top, f"edit:topic:{number}:1:{word}:0"))["text"]
        assert "устарела" in said
    assert (await story(desk, number)).topic_ids == (ECONOMY,)


async def test_of_two_editors_the_second_changes_no_topic_unseen(desk: World) -> None:
    number = (await draft(desk)).id
    page = await page_of(desk, EGOR)
    await desk.press(EGOR, page, "Темы ›")
    top = await desk.changed(page, "▫️ Мир")
    await desk.press(EGOR, top, "▫️ Мир")
    await desk.changed(page, "✅ Мир")
    # The same button again, as it stood: the story has changed since.
    said = (await desk.forge(EGOR, page, f"edit:topic:{number}:1:{WORLD}:0"))["text"]
    assert "изменили" in said
    assert (await story(desk, number)).topic_ids == (WORLD, ECONOMY)


async def test_language_and_readers_are_chosen_by_buttons(desk: World) -> None:
    number = (await draft(desk)).id
    page = await page_of(desk, EGOR)
    await desk.press(EGOR, page, "Язык ›")
    await desk.press(EGOR, await desk.changed(page, "▫️ English"), "English")
    await desk.press(EGOR, await desk.changed(page, "Язык: English"), "Языки читателей")
    shown = await desk.changed(page, "✅ Язык самой новости")
    await desk.press(EGOR, shown, "▫️ Русский")
    await desk.press(EGOR, await desk.changed(page, "✅ Русский"), "▫️ English")
    await desk.press(EGOR, await desk.changed(page, "✅ English"), "Назад")
    assert "Для читателей на языках: Русский, English" in plain(await desk.changed(page, "Заголовок…"))
    kept = await story(desk, number)
    assert (kept.content.language, kept.languages) == ("en", ("ru", "en"))
    await desk.press(EGOR, desk.again(page), "Языки читателей")
    shown = await desk.changed(page, "▫️ Язык самой новости")
    await desk.press(EGOR, shown, "▫️ Язык самой новости")
    await desk.changed(page, "✅ Язык самой новости")
    assert (await story(desk, number)).languages == ()
    for data in (f"edit:lang:{number}:{kept.revision + 1}:xx", f"edit:for:{number}:{kept.revision + 1}:xx"):
        assert "устарела" in (await desk.forge(EGOR, page, data))["text"]
    revision = (await story(desk, number)).revision
    for data in (f"edit:for:{number}:1:en", f"edit:lang:{number}:1:ru"):
        assert "изменили" in (await desk.forge(EGOR, page, data))["text"]
    assert (await story(desk, number)).revision == revision


async def test_an_embargo_is_set_changed_and_lifted_and_a_publication_waits_for_it(desk: World) -> None:
    number = (await draft(desk)).id
    await desk.press(EGOR, await page_of(desk, EGOR), "Эмбарго…")
    card = await answered(desk, EGOR, "через 130 минут", "До какого времени")
    assert "Эмбарго до:" in plain(card)
    assert "(Europe/Moscow), ещё 2 ч " in plain(card)
    kept = await story(desk, number)
    assert kept.embargo_until
    assert timedelta(minutes=129) < kept.embargo_until - desk.clock.now() <= timedelta(minutes=130)
    await desk.press(EGOR, card, "Эмбарго…")
    asked = await desk.answer(EGOR, "Сейчас:")
    before = len(desk.shown(EGOR))
    desk.send(EGOR, "вчера", reply_to=asked["message_id"])
    await desk.until(lambda: len(desk.shown(EGOR)) == before + 2)
    card = await answered(desk, EGOR, "через 3 дня", "До какого времени")
    assert "ещё 2 дн. 23 ч" in plain(card) or "ещё 3 дн." in plain(card)
    await review.approve(desk.db, number, at=desk.clock.now(), by=OLGA, seen=1, rules=DeskRules())
    said = (await desk.forge(EGOR, card, f"desk:publish:{number}:1"))["text"]
    assert "под эмбарго" in said
    await desk.press(EGOR, await desk.changed(card, "✖"), "Снять эмбарго")
    assert "Эмбарго до:" not in plain(await desk.changed(card, "Опубликовать"))
    assert "Эмбарго уже снято" in (await desk.forge(EGOR, card, f"desk:lift:{number}:1"))["text"]
    verbs = [each.verb for each in (await record.of_article(desk.db, BOT, number, 9)).deeds]
    assert verbs == ["lift-embargo", "approve", "embargo", "embargo"]
    await hire(desk, ANNA, "Анна", AUTHOR.rights)
    await lock.give_back(desk.db, number, by=EGOR)
    page = await page_of(desk, ANNA)
    assert "Эмбарго…" not in active(page)


async def test_a_scheduled_hour_is_shown_with_the_time_left_and_changed_on_the_card(desk: World) -> None:
    number = (await draft(desk)).id
    now = desk.clock.now()
    await review.approve(desk.db, number, at=now, by=OLGA, seen=1, rules=DeskRules())
    hour = now + timedelta(hours=5, minutes=30)
    zone = "Asia/Bishkek"
    await release.schedule(desk.db, number, hour, at=now, by=OLGA, zone=zone, rules=DeskRules(), seen=1)
    card = await opened(desk, EGOR)
    assert "(Europe/Moscow), через 5 ч" in plain(card)
    await desk.press(EGOR, card, "Запланировать")
    assert "Сейчас:" in plain(await desk.answer(EGOR, "Когда выпустить"))
    card = await answered(desk, EGOR, "через 10 минут", "Когда выпустить")
    assert "через 9 мин" in plain(card) or "через 10 мин" in plain(card)
    said = (await desk.forge(EGOR, card, f"desk:embargo:{number}:1"))["text"]
    assert "уже запланирована" in said


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("Страница", "Мост"),
        ("Полный текст", "Проехали все."),
        ("Кратко", "Первыми проехали автобусы."),
        ("Заголовок", BRIDGE.headline),
        ("Срочная новость", "СРОЧНО"),
        ("Строка в дайджесте", BRIDGE.headline),
    ],
)
async def test_a_story_is_looked_at_in_each_form(desk: World, label: str, words: str) -> None:
    await draft(desk, replace(BRIDGE, blocks=(Paragraph((Run("Проехали все."),)),)))
    card = await opened(desk, EGOR)
    await desk.press(EGOR, await more(desk, EGOR, card), "В другом виде")
    page = await desk.changed(card, "Кратко")
    before = len(desk.shown(EGOR))
    await desk.press(EGOR, page, label)
    shown = await desk.until(lambda: desk.shown(EGOR)[before:])
    assert words in str(shown[0])


async def test_the_bots_own_words_are_looked_at_in_the_other_language(desk: World) -> None:
    number = (await draft(desk)).id
    card = await opened(desk, EGOR)
    await desk.press(EGOR, await more(desk, EGOR, card), "В другом виде")
    await desk.press(EGOR, await desk.changed(card, "▫️ English"), "English")
    page = await desk.changed(card, "✅ English")
    before = len(desk.shown(EGOR))
    await desk.press(EGOR, page, "Кратко")
    shown = await desk.until(lambda: desk.shown(EGOR)[before:])
    assert "Economy" in plain(shown[0])
    for word in ("brief:xx", "poster:en", "brief"):
        assert "устарела" in (await desk.forge(EGOR, page, f"desk:look:{number}:1:{word}"))["text"]
    assert len(desk.shown(EGOR)) == before + 1


async def held_story(room: World) -> int:
    """Publish a story whose feed then sends it without its text."""
    body = (Paragraph((Run("Первыми проехали автобусы и поезда."),)),)
    number = (await draft(room, replace(BRIDGE, blocks=body))).id
    now = room.clock.now()
    await review.approve(room.db, number, at=now, by=OLGA, seen=1, rules=DeskRules())
    await release.publish(room.db, number, at=now, by=OLGA, rules=DeskRules())
    await hold_edit(room, number, "Мост через Светлую открыли утром")
    return number


async def hold_edit(room: World, number: int, headline: str) -> None:
    async with room.db.write() as tx:
        edit = Content(headline, source_name="Вести долины")
        await held_edits.keep(tx, number, edit, source="valley", reason="text", at=room.clock.now())


async def test_a_feeds_held_edit_is_accepted_on_the_card(desk: World) -> None:
    number = await held_story(desk)
    card = await opened(desk, EGOR)
    await desk.press(EGOR, card, "Правка источника")
    page = await desk.changed(card, "Принять правку")
    assert "Мост через Светлую открыли утром" in plain(page)
    assert (await desk.press(EGOR, page, "Принять правку"))["text"] == "Сохранено."
    assert "Правка источника" not in str(labels(await desk.changed(card, "исправлена")))
    assert (await story(desk, number)).content.headline == "Мост через Светлую открыли утром"
    said = (await desk.forge(EGOR, card, f"desk:held:{number}"))["text"]
    assert "нет" in said


async def test_a_feeds_held_edit_is_refused_and_another_one_is_not_taken_for_it(desk: World) -> None:
    number = await held_story(desk)
    card = await opened(desk, EGOR)
    await desk.press(EGOR, card, "Правка источника")
    page = await desk.changed(card, "Принять правку")
    await hold_edit(desk, number, "Мост закрыли")
    assert "изменили" in (await desk.press(EGOR, page, "Принять правку"))["text"]
    await desk.press(EGOR, await desk.changed(card, "Правка источника"), "Правка источника")
    page = await desk.changed(card, "Отклонить правку")
    for data in (f"desk:accept:{number}:1", f"desk:refuse:{number}:1"):
        assert "изменили" in (await desk.forge(EGOR, page, data))["text"]
    await desk.press(EGOR, card, "Правка источника")
    await desk.press(EGOR, await desk.changed(card, "Отклонить правку"), "Отклонить правку")
    await desk.changed(card, "Задержанная правка отклонена")
    assert not await held.any_of(desk.db, number)
    assert (await story(desk, number)).revision == 1
    last = (await record.of_article(desk.db, BOT, number, 1)).deeds[0]
    assert (last.verb, last.actor) == ("refuse", EGOR)


async def test_an_accepted_edit_does_not_undo_a_correction_that_was_not_seen(desk: World) -> None:
    number = await held_story(desk)
    card = await opened(desk, EGOR)
    await desk.press(EGOR, card, "Правка источника")
    page = await desk.changed(card, "Принять правку")
    async with desk.db.write() as tx:
        found = await articles.get(tx, number)
        assert found
        after = found.correct(replace(found.content, lead="Исправлено."), desk.clock.now())
        await articles.save(tx, after, by=OLGA)
    assert "изменили" in (await desk.press(EGOR, page, "Принять правку"))["text"]
    assert (await story(desk, number)).content.lead == "Исправлено."


async def test_choices_speak_english(desk: World) -> None:
    content = Content("A bridge opened", "Buses came first.", language="en", source_name="Valley News")
    number = (await draft(desk, content)).id
    await hire(desk, JAMES, "James", DUTY_EDITOR.rights)
    page = await desk.say(JAMES, "/desk")
    await desk.press(JAMES, page, "A bridge")
    await desk.press(JAMES, await desk.changed(page, "Change…"), "Change…")
    await desk.press(JAMES, await desk.changed(page, "Readers’ languages"), "Readers’ languages")
    shown = await desk.changed(page, "✅ The story’s own language")
    assert "Who is it for?" in plain(shown)
    await desk.press(JAMES, shown, "Back")
    await desk.press(JAMES, await desk.changed(page, "Embargo…"), "Embargo…")
    card = await answered(desk, JAMES, "in 130 minutes", "Until when may nobody")
    assert "2 hr" in plain(card)
    assert "left" in plain(card)
    await desk.press(JAMES, await more(desk, JAMES, card), "In another form…")
    shown = await desk.changed(card, "In a digest")
    assert "It comes to you alone" in plain(shown)
    at = desk.clock.now()
    await drafts.change(
        desk.db, number, "lead", lambda each: replace(each, lead="-"), at=at, by=JAMES, seen=1
    )
