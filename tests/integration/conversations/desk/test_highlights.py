"""Highlights by buttons: picked on cards, ordered, named, sent, scheduled, put at the head of digests, stopped."""

from __future__ import annotations

from datetime import time

from bot.desk import amend, highlights
from bot.desk.publish import publish
from bot.matching.highlights import plan_highlights
from bot.model.desk.highlights import HighlightsState
from bot.model.newsroom.role import AUTHOR, DUTY_EDITOR
from bot.model.story.article import Content
from bot.readers import settings
from tests.support.desk.editors import answered, draft, hire, more
from tests.support.messages import Message, data_of, labels, plain
from tests.support.people import ANNA, BORIS, JAMES
from tests.support.people import EDITOR as EGOR
from tests.support.people import OWNER as OLGA
from tests.support.world import BOT, WORLD, World

BREAD, BRIDGE = Content("Хлеб подешевел", "На рубль."), Content("Мост открыли", "Первым прошёл автобус.")


async def published(desk: World, content: Content) -> int:
    number = (await draft(desk, content)).id
    await publish(desk.db, number, desk.clock.now())
    return number


async def pick(desk: World, user: int, headline: str, button: str = "В «Главное»") -> Message:
    """Open the story's card and put it among the highlights; return their page."""
    found = await desk.say(user, f"/desk {headline}")
    await desk.press(user, found, headline)
    card = await desk.changed(found, "No." if button.startswith("To") else "№")
    page_with = card if button in labels(card) else await more(desk, user, card)
    await desk.press(user, page_with, button)
    state = "Being made" if button.startswith("To") else "Составляется"

    def page() -> Message | None:
        said = ((plain(each), each) for each in reversed(desk.shown(user)))
        return next((each for words, each in said if state in words and headline in words), None)

    return await desk.until(page)


async def taker(desk: World, user: int) -> None:
    await desk.say(user, "/start")
    here = await desk.chat(user)
    await settings.choose(desk.db, here.id, desk.clock.now(), digest_at=(time(18),), zone="UTC")


async def state(desk: World, number: int) -> HighlightsState:
    return (await highlights.view(desk.db, number, BOT)).picked.state


async def test_an_editor_picks_orders_names_previews_and_sends(desk: World) -> None:
    await taker(desk, BORIS)
    await published(desk, BREAD)
    await published(desk, BRIDGE)
    await pick(desk, EGOR, BREAD.headline)
    page = await pick(desk, EGOR, BRIDGE.headline)
    for words in ("Главное", "Составляется", "1. Хлеб подешевел", "2. Мост открыли", "1 чат"):
        assert words in plain(page), words
    await desk.press(EGOR, page, "↑")
    page = await desk.changed(page, "1. Мост открыли")
    await desk.press(EGOR, page, "Заголовок…")
    page = await answered(desk, EGOR, "Что важно  к вечеру", "Как озаглавить")
    assert "Что важно к вечеру" in plain(page)
    await desk.press(EGOR, page, "Как увидят читатели")
    shown = plain(await desk.answer(EGOR, "Первым прошёл автобус"))
    assert shown.startswith("Что важно к вечеру")
    assert shown.index("Мост открыли") < shown.index("Хлеб подешевел")
    await desk.press(EGOR, page, "Всем")
    page = await desk.changed(page, "Кому: всем")
    assert "Тем, кто получает дайджест" in labels(page)
    await desk.press(EGOR, page, "Отправить")
    page = await desk.changed(page, "Отправляется")
    number = int(str(data_of(page, "Обновить")).split(":")[2])
    assert await plan_highlights(desk.db, BOT, desk.clock.now())
    await desk.press(EGOR, page, "Обновить")
    page = await desk.changed(page, "в очереди")
    await desk.press(EGOR, page, "Остановить")
    assert "пропущено" in plain(await desk.changed(page, "пропущено"))
    assert await state(desk, number) is HighlightsState.DONE


async def test_in_english_at_an_hour_and_at_the_head_of_digests(desk: World) -> None:
    await hire(desk, JAMES, "James", DUTY_EDITOR.rights)
    await published(desk, BREAD)
    page = await pick(desk, JAMES, BREAD.headline, "To the top stories")
    assert "Top stories" in plain(page)
    await desk.press(JAMES, page, "Schedule…")
    page = await answered(desk, JAMES, "in 2 hours", "When should it go out")
    assert "Goes out" in plain(page)
    number = int(str(data_of(page, "Refresh")).split(":")[2])
    assert await state(desk, number) is HighlightsState.SCHEDULED
    await desk.press(JAMES, page, "Change again")
    page = await desk.changed(page, "Being made")
    await desk.press(JAMES, page, "Into digests")
    page = await desk.changed(page, "next digest")
    assert await state(desk, number) is HighlightsState.HEAD
    await desk.press(JAMES, page, "Drop")
    await desk.changed(page, "Dropped")


async def test_of_two_editors_the_second_sees_what_the_first_did(desk: World) -> None:
    await published(desk, BREAD)
    first = await pick(desk, EGOR, BREAD.headline)
    number = int(str(data_of(first, "Обновить")).split(":")[2])
    for verb in ("send", "head", "drop", "all", "up", "out"):
        seen = (await highlights.view(desk.db, number, BOT)).picked.version
        await highlights.change(desk.db, number, BOT, lambda one: one.name("Итоги"))
        said = await desk.forge(OLGA, await desk.say(OLGA, "/desk"), f"picks:{verb}:{number}:{seen}:1")
        assert "Тем временем" in said["text"], verb
    assert await state(desk, number) is HighlightsState.OPEN
    # What was asked in words is bound to what the editor saw, too.
    await desk.press(EGOR, desk.again(first), "Обновить")
    page = await desk.changed(first, "Итоги")
    await desk.press(EGOR, page, "Заголовок…")
    await highlights.change(desk.db, number, BOT, lambda one: one.name("Другие итоги"))
    asked = await desk.answer(EGOR, "Как озаглавить")
    await desk.say(EGOR, "Мои итоги", reply_to=asked["message_id"])
    assert (await highlights.view(desk.db, number, BOT)).picked.headline == "Другие итоги"


async def test_who_has_no_right_picks_nothing_and_sends_nothing(desk: World) -> None:
    number = await published(desk, BREAD)
    await pick(desk, EGOR, BREAD.headline)
    await desk.say(BORIS, "/start")
    own = await desk.say(BORIS, "/id")
    for data in (f"desk:pick:{number}:1", "picks:list", "picks:show:1", "picks:send:1:2", "picks:stop:1:2"):
        assert "только редакторам" in (await desk.forge(BORIS, own, data))["text"], data
    await hire(desk, ANNA, "Анна", AUTHOR.rights)
    assert "нет такого права" in (await desk.forge(ANNA, own, "picks:send:1:2"))["text"]
    await hire(desk, ANNA, "Анна", DUTY_EDITOR.rights, about=frozenset({WORLD}))
    page = await desk.say(ANNA, "/desk")
    assert "не распространяются" in (await desk.forge(ANNA, page, "picks:send:1:2"))["text"]
    assert "не распространяются" in (await desk.forge(ANNA, page, f"desk:pick:{number}:1"))["text"]
    for data in ("picks:show:x", "picks:show:77", "picks:up:77:1:1", "picks:send:77:1"):
        assert "устарела" in (await desk.forge(EGOR, page, data))["text"], data
    assert await state(desk, 1) is HighlightsState.OPEN


async def test_what_was_taken_back_is_marked_and_stops_the_sending(desk: World) -> None:
    number = await published(desk, BREAD)
    page = await pick(desk, EGOR, BREAD.headline)
    await amend.kill(desk.db, number, desk.clock.now(), reason="Ошибка")
    said = await desk.press(EGOR, page, "Отправить")
    assert "снята с публикации" in said["text"]
    assert "читатели этого не увидят" in plain(await desk.changed(page, "снято с публикации"))


async def test_an_editor_of_other_topics_neither_names_nor_schedules_nor_reorders(desk: World) -> None:
    number = await published(desk, BREAD)
    page = await pick(desk, EGOR, BREAD.headline)
    await desk.press(EGOR, page, "Заголовок…")
    await hire(desk, EGOR, "Егор", DUTY_EDITOR.rights, about=frozenset({WORLD}))
    assert "не распространяются" in plain(await answered(desk, EGOR, "Итоги дня", "Как озаглавить"))
    (picked,) = await highlights.at_work(desk.db, BOT)
    for verb in ("title", "at", "all", "send", "drop"):
        said = await desk.forge(EGOR, page, f"picks:{verb}:{picked.id}:{picked.version}")
        assert "не распространяются" in said["text"], verb
    said = await desk.forge(EGOR, page, f"picks:out:{picked.id}:{picked.version}:{number}")
    assert "не распространяются" in said["text"]
    assert await highlights.at_work(desk.db, BOT) == [picked]
