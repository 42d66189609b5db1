"""/audit: what was done, by whom and when, with what became different; page by page, for owners alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot.desk import amend, record, staff
from bot.desk.release_due import RETURNED
from bot.desk.story import draft, lock, release
from bot.model.desk.rules import DeskRules
from bot.model.story.article import Content
from bot.model.story.difference import Change
from bot.store.newsroom import articles, audit
from tests.support.messages import labels, plain
from tests.support.people import EDITOR
from tests.support.people import OWNER as OLGA
from tests.support.transactions import reads, writes
from tests.support.world import BOT, ECONOMY, WORLD, World


async def corrected(room: World) -> int:
    """Publish a story and correct its headline, words and topics, as Egor."""
    number = await room.story("Мост закрыт", ECONOMY, text="Движение закрыли до утра.")
    story = await reads(articles.get)(room.db, number)
    assert story
    text = story.content.blocks[0]
    blocks = (replace(text, text=(replace(text.text[0], text="Движение закрыли до вечера."),)),)
    content = replace(story.content, headline="Мост открыт", blocks=blocks)
    await amend.correct(room.db, number, content, room.clock.now(), topic_ids=(WORLD,), by=EDITOR)
    return number


async def test_a_deed_is_told_with_names_and_what_became_different(room: World) -> None:
    await room.say(OLGA, "/start")
    await room.say(EDITOR, "/start")
    await staff.add(room.db, BOT, EDITOR, "Егор", by=OLGA, at=room.clock.now())
    number = await corrected(room)
    page = plain(await room.say(OLGA, "/audit"))
    assert "Europe/Moscow" in page
    assert "Егор\nИсправлено №" in page
    assert "Заголовок: Мост закрыт → Мост открыт" in page
    assert "закрыли до утра. → Движение закрыли до вечера." in page
    assert "Темы: Экономика → Мир" in page
    assert "Ольга\nПрава изменены: Егор" in page
    assert "Права: — → писать" in page
    of_story = plain(await room.say(OLGA, f"/audit {number}"))
    assert f"Что делали с новостью {number}" in of_story
    assert "Права" not in of_story
    assert "сам бот\nОпубликовано" in of_story


async def test_pages_are_turned_by_buttons_and_stand_still_while_more_is_done(room: World) -> None:
    await room.say(OLGA, "/start")
    note = writes(audit.add)
    for number in range(20):
        await note(room.db, room.clock.now(), OLGA, "pause", detail=f"дело {number}.", bot_id=BOT)
    await note(room.db, room.clock.now(), None, "leave", detail="chat 7")
    page = await room.say(OLGA, "/audit")
    assert "дело 19." in plain(page)
    assert "leave" not in plain(page)
    assert labels(page) == ["Раньше ›"]
    await note(room.db, room.clock.now(), OLGA, "stop", detail="новое дело.", bot_id=BOT)
    await room.press(OLGA, page, "Раньше")
    older = await room.changed(page, "дело 13.")
    assert "дело 14." not in plain(older)
    assert labels(older) == ["‹ Позже", "Раньше ›"]
    await room.press(OLGA, older, "Раньше")
    older = await room.changed(page, "дело 2.")
    await room.press(OLGA, older, "Раньше")
    oldest = await room.changed(page, "дело 0.")
    assert labels(oldest) == ["‹ Позже"]
    await room.press(OLGA, oldest, "Позже")
    await room.changed(page, "дело 7.")


async def test_a_page_of_the_longest_deeds_fits_into_a_message(room: World) -> None:
    await room.say(OLGA, "/start")
    changes = [Change("headline", "Мост " * 40, "Дорога " * 40)] * 8
    for _ in range(9):
        at = room.clock.now()
        await writes(audit.add)(room.db, at, OLGA, "correct", detail="х" * 600, bot_id=BOT, changes=changes)
    page = plain(await room.say(OLGA, "/audit"))
    assert page.count("Исправлено") == 6
    assert page.count("и ещё 5 изменений") == 6


async def test_another_bots_deeds_are_not_shown_here(room: World) -> None:
    await room.say(OLGA, "/start")
    await writes(audit.add)(room.db, room.clock.now(), 5, "pause", detail="чужое", bot_id=BOT + 1)
    assert "чужое" not in plain(await room.say(OLGA, "/audit"))


async def test_of_an_article_gives_the_storys_deeds_alone(room: World) -> None:
    number = await corrected(room)
    await room.story("Другая", ECONOMY)
    found = await record.of_article(room.db, BOT, number, 5)
    assert [(deed.verb, deed.revision) for deed in found.deeds] == [("correct", 2), ("publish", 1)]
    assert {change.field for change in found.deeds[0].difference} == {"headline", "body", "topics"}
    assert (found.older, found.newer) == (False, False)


async def test_the_export_goes_through_everything_from_a_time_on(room: World) -> None:
    note = writes(audit.add)
    for day in range(1, 4):
        await note(room.db, datetime(2026, 3, day, tzinfo=UTC), None, "leave", detail=str(day))
    since = datetime(2026, 3, 2, tzinfo=UTC)
    assert [deed.detail async for deed in record.everything(room.db, since=since)] == ["2", "3"]


async def test_the_desks_deeds_are_told_in_words(room: World) -> None:
    await room.say(OLGA, "/start")
    await room.say(EDITOR, "/start")
    await staff.add(room.db, BOT, EDITOR, "Егор", by=OLGA, at=room.clock.now())
    now, rules = room.clock.now(), DeskRules()
    number = (await draft.make(room.db, Content("Мост открыт"), at=now, by=EDITOR, flash=True)).id
    await lock.take(room.db, number, at=now, by=EDITOR)
    await lock.take(room.db, number, at=now, by=OLGA, force=True)
    far = datetime(2100, 5, 3, 9, tzinfo=UTC)
    warned = ("not-reviewed",)
    await release.schedule(
        room.db, number, far, at=now, by=OLGA, zone="Asia/Bishkek", rules=rules, passing=warned
    )
    note = writes(audit.add)
    await note(room.db, now, None, RETURNED, article_id=number, detail="first-taken-back")
    page = plain(await room.say(OLGA, f"/audit {number}"))
    assert "Егор\nСоздан черновик №" in page
    assert f"Правка перехвачена № {number}: Егор" in page
    assert f"Запланировано № {number}, версия 1: 3 мая 2100, 12:00 — без проверки" in page
    assert f"Не вышло, вернулось в редакцию № {number}: Новость, которую продолжает эта, отозвана." in page
