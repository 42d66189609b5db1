"""/latest and /digest, a story in full in its place, and muting from under it."""

from __future__ import annotations

import re

from bot.desk.amend import kill
from bot.model.chat import ChatState
from bot.readers import membership
from bot.sandbox import Sandbox
from bot.store.engine.database import Database
from tests.support.messages import labels, text_of
from tests.support.people import OWNER
from tests.support.transactions import CountingDatabase
from tests.support.world import BOT, World, settings_for

ANNA, BORIS, JAMES = 21, 22, 23
WORLD, ASIA, ECONOMY = 1, 2, 3
LONG = " ".join(f"Строители закончили участок {n} раньше срока." for n in range(300))


async def test_nothing_yet_is_said_honestly(room: World) -> None:
    assert "Пока новостей нет" in text_of(await room.say(ANNA, "/latest"))


async def test_whoever_never_said_start_reads_the_latest_in_their_own_language(room: World) -> None:
    await room.story("Мост открыт", ASIA)
    await room.story("Bridge opened", ASIA, language="en")
    for user, own, other in ((JAMES, "Bridge opened", "Мост открыт"), (ANNA, "Мост открыт", "Bridge opened")):
        for words in ("/latest", "/latest asia"):
            said = text_of(await room.say(user, words))
            assert own in said
            assert other not in said
    assert await membership.find(room.db, BOT, JAMES) is None


async def test_the_latest_of_a_language_that_is_not_told_are_those_of_all(room: World) -> None:
    await room.story("Мост открыт", ASIA)
    assert "Мост открыт" in text_of(await room.say(JAMES, "/latest"))


async def test_an_editor_who_said_stop_reads_the_latest_in_their_own_language(room: World) -> None:
    await room.story("Мост открыт", ASIA)
    await room.story("Bridge opened", ASIA, language="en")
    await room.say(OWNER, "/start")
    await room.press(OWNER, await room.say(OWNER, "/stop"), "Да, остановить")
    await room.settled(OWNER, ChatState.STOPPED, "asked")
    said = text_of(await room.say(OWNER, "/latest"))
    assert "Мост открыт" in said
    assert "Bridge opened" not in said


async def test_the_latest_are_those_of_a_topic_by_any_of_its_names(room: World) -> None:
    await room.story("Курс вырос", ECONOMY)
    await room.story("Мост открыт", ASIA)
    for words in ("economy", "Экономика", "ЭКОНОМИКА", "Economy", "деньги", "#economy"):
        said = text_of(await room.say(ANNA, f"/latest {words}"))
        assert "Курс вырос" in said
        assert "Мост открыт" not in said
    assert "Мост открыт" in text_of(await room.say(ANNA, "/latest Мир"))


async def test_as_many_are_listed_as_were_asked_for_and_ten_at_most(room: World) -> None:
    for number in range(12):
        await room.story(f"Новость-{number:02}", ECONOMY)
    for words, count in (("", 5), ("3", 3), ("экономика 2", 2), ("99", 10), ("0", 1)):
        said = text_of(await room.say(ANNA, f"/latest {words}"))
        assert len(re.findall(r"Новость-\d\d", said)) == count


async def test_the_latest_cost_one_transaction_beside_the_visits_own(
    sqlite_db: Database, sandbox: Sandbox
) -> None:
    db = CountingDatabase(sqlite_db)
    room = World(sandbox, db, settings_for(sandbox), inbox=sqlite_db)
    await room.prepare()
    await room.story("Курс вырос", ECONOMY)
    async with room.listening():
        db.reads = db.writes = 0
        assert "Курс вырос" in text_of(await room.say(ANNA, "/latest экономика 3"))
        assert (db.reads, db.writes) == (2, 0)
    await db.close()


async def test_an_unknown_topic_is_answered_with_what_there_is(room: World) -> None:
    said = text_of(await room.say(ANNA, "/latest <b>котики</b>"))
    assert "<b>котики</b>" in said
    assert "Экономика" in said


async def test_without_a_topic_the_latest_are_of_what_is_followed(room: World) -> None:
    await room.story("Курс вырос", ECONOMY)
    await room.story("Мост открыт", ASIA)
    page = await room.say(ANNA, "/topics")
    await room.press(ANNA, page, "Экономика")
    said = text_of(await room.say(ANNA, "/latest"))
    assert "Курс вырос" in said
    assert "Мост открыт" not in said


async def test_a_story_opens_in_place_page_by_page_and_leads_back_to_the_list(room: World) -> None:
    await room.choose(ANNA, form="classic")
    await room.story("Дорога достроена", ECONOMY, text=LONG)
    page = await room.say(ANNA, "/latest экономика")
    stands = len(room.shown(ANNA))
    await room.press(ANNA, page, "1")
    page = await room.changed(page, "1/4")
    assert "участок 0 " in text_of(page)
    await room.press(ANNA, page, "›")
    page = await room.changed(page, "2/4")
    await room.press(ANNA, page, "К списку")
    page = await room.changed(page, "Последнее: Экономика")
    assert len(room.shown(ANNA)) == stands


async def test_a_brief_opens_in_full_and_collapses(room: World) -> None:
    await room.choose(ANNA, form="classic")
    article = await room.story("Дорога достроена", ECONOMY, text=LONG)
    brief = await room.brief(ANNA, article)
    assert "участок 299" not in text_of(brief)
    await room.press(ANNA, brief, "Читать полностью")
    full = await room.changed(brief, "1/4")
    await room.press(ANNA, full, "Свернуть")
    collapsed = await room.changed(full, "Читать полностью")
    assert text_of(collapsed) == text_of(brief)
    assert any("Поделиться" in label for label in labels(collapsed))


async def test_a_story_that_was_withdrawn_can_not_be_opened(room: World) -> None:
    article = await room.story("Ошибка", ECONOMY, text=LONG)
    brief = await room.brief(ANNA, article)
    await kill(room.db, article, room.clock.now())
    answer = await room.press(ANNA, brief, "Читать полностью")
    assert "больше нет" in answer["text"]
    assert "участок 299" not in text_of(room.again(brief))


async def test_pages_out_of_range_are_the_nearest(room: World) -> None:
    await room.choose(ANNA, form="classic")
    article = await room.story("Дорога достроена", ECONOMY, text=LONG)
    brief = await room.brief(ANNA, article)
    await room.forge(ANNA, brief, f"full:{article}:999")
    await room.changed(brief, "4/4")
    await room.forge(ANNA, brief, f"full:{article}:-5")
    await room.changed(brief, "1/4")


async def test_a_digest_now_groups_what_is_followed_by_topic(room: World) -> None:
    page = await room.say(ANNA, "/topics")
    await room.press(ANNA, page, "Экономика")
    await room.story("Курс вырос", ECONOMY)
    await room.story("Мост открыт", ASIA)
    said = text_of(await room.say(ANNA, "/digest"))
    assert "ЭКОНОМИКА" in said
    assert "Курс вырос" in said
    assert "Мост открыт" not in said


async def test_a_story_with_a_picture_opens_in_its_caption(room: World) -> None:
    await room.choose(ANNA, form="classic")
    article = await room.story("Дорога достроена", ECONOMY, text=LONG, photo=True)
    brief = await room.brief(ANNA, article)
    assert brief["photo"]
    await room.press(ANNA, brief, "Читать полностью")
    full = await room.changed(brief, "1/")
    assert len(text_of(full)) <= 1024
    await room.press(ANNA, full, "Свернуть")
    await room.changed(full, "Читать полностью")


async def test_a_picture_that_telegram_can_not_have_does_not_hold_the_story_back(room: World) -> None:
    article = await room.story("Дорога достроена", ECONOMY, photo="https://example.org/none.png")
    brief = await room.brief(ANNA, article)
    assert "Дорога достроена" in text_of(brief)
    assert "photo" not in brief
