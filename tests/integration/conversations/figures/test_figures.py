"""/stats: a period's and a story's figures by buttons, in words and as pictures, in both languages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.desk import staff
from bot.desk.figures import story, tally
from bot.model.chat import ChatState
from bot.model.newsroom.grant import Grant
from bot.model.newsroom.role import AUTHOR
from bot.readers import topics
from bot.sandbox import Sandbox
from bot.store.engine.database import Database
from bot.store.newsroom import staff as kept
from bot.store.newsroom import topics as kept_topics
from bot.store.tables.figures import story_count
from tests.support.messages import Message, data_of, labels, plain
from tests.support.people import ANNA, BORIS, JAMES
from tests.support.people import EDITOR as EGOR
from tests.support.people import OWNER as OLGA
from tests.support.world import BOT, ECONOMY, World, settings_for

FAST = {"global_rate": 1000, "chat_rate": 1000, "chat_burst": 100, "group_rate": 60_000}


@pytest.fixture
async def running(sandbox: Sandbox, sqlite_db: Database) -> AsyncIterator[World]:
    """A whole bot; Boris and James follow the economy."""
    world = World(sandbox, sqlite_db, settings_for(sandbox, **FAST))
    await world.prepare()
    app = await world.whole()
    async with sqlite_db.write() as tx:
        # The start retires what no newsroom file names.
        await kept_topics.put(tx, "economy", {"ru": "Экономика", "en": "Economy"}, origin="desk")
    for user in (BORIS, JAMES, OLGA):
        await world.say(user, "/start")
    for user in (BORIS, JAMES):
        await topics.toggle(sqlite_db, (await world.chat(user)).id, ECONOMY, world.clock.now())
    yield world
    await app.stop()


async def out(world: World, headline: str, *readers: int) -> int:
    """Publish a story, and wait until the readers have it."""
    number = await world.story(headline, ECONOMY, text="Автобусы пошли первыми. " * 90, language="")
    world.services.bell.ring()
    for user in readers:
        await world.answer(user, headline)
    async with asyncio.timeout(60):
        while (await story.of_story(world.db, number)).reach != len(readers):
            await asyncio.sleep(0.01)
    await tally.count_pushes(world.db, world.clock.now() + timedelta(minutes=1))
    return number


async def drawn(world: World, user: int, before: int, many: int) -> list[Message]:
    """Wait for so many pictures, and return them."""

    def pictures() -> list[Message] | None:
        found = [each for each in world.shown(user)[before:] if each.get("photo")]
        return found if len(found) == many else None

    return await world.until(pictures)


async def test_the_figures_of_a_day_and_of_a_week_are_told_and_drawn(running: World) -> None:
    await out(running, "Мост через Светлую открыли", BORIS, JAMES)
    await tally.count_audiences(running.db, BOT)
    page = await running.say(OLGA, "/stats")
    for words in ("Сегодня", "Вышло: 1", "Доставлено: 2", "Пришли: 3 · ушли: 0", "личных 3", "Экономика: 2"):
        assert words in plain(page), words
    assert "девять из десяти — за" in plain(page)
    await running.press(OLGA, page, "7 дней")
    page = await running.changed(page, "За 7 дней")
    assert "✅ 7 дней" in labels(page)
    before = len(running.shown(OLGA))
    assert (await running.press(OLGA, page, "Графики"))["text"] == "Графики сейчас придут."
    pictures = await drawn(running, OLGA, before, 3)
    assert [plain(each) for each in pictures] == [
        "Вышло новостей",
        "Читатели: пришли и ушли",
        "Аудитория тем",
    ]
    assert {max(size["width"] for size in each["photo"]) for each in pictures} == {1080}


async def test_a_storys_figures_lead_back_to_its_card(running: World) -> None:
    number = await out(running, "Мост через Светлую открыли", BORIS, JAMES)
    brief = running.shown(BORIS)[-1]
    await running.press(BORIS, brief, "Читать полностью")
    own = await running.say(OLGA, "/desk")
    await running.forge(OLGA, own, f"desk:figures:{number}:1")
    page = await running.changed(own, "Видна в чатах: 2 из 2")
    assert "Открывали целиком: 1" in plain(page)
    assert "В течение" not in plain(page)
    assert data_of(page, "К новости") == f"desk:card:{number}"
    before = len(running.shown(OLGA))
    await running.press(OLGA, page, "Графики")
    (picture,) = await drawn(running, OLGA, before, 1)
    assert plain(picture) == "Как быстро дошла новость"
    await running.press(OLGA, page, "К новости")
    await running.changed(own, "Язык:")


async def test_an_english_author_reads_the_figures_in_english(running: World) -> None:
    async with running.db.write() as tx:
        before = await staff.find(running.db, BOT, JAMES)
        given = Grant(JAMES, "James", AUTHOR.rights, given_by=OLGA, given_at=running.clock.now())
        assert before.version == given.version
        assert await kept.put(tx, BOT, given)
    number = await out(running, "The bridge is open", BORIS, JAMES)
    page = await running.say(JAMES, "/stats")
    for words in ("Today", "Went out: 1", "Delivered: 2", "Gained: 3 · lost: 0"):
        assert words in plain(page), words
    await running.forge(JAMES, page, f"desk:figures:{number}")
    shown = await running.changed(page, "Stands in 2 of 2 chats")
    assert {"📊 As pictures", "‹ To the story"} <= set(labels(shown))


async def test_a_draft_has_no_figures_yet_and_a_forged_press_gets_none(room: World) -> None:
    await room.say(OLGA, "/start")
    own = await room.say(OLGA, "/stats")
    assert "Вышло: 0" in plain(own)
    told = await room.forge(OLGA, own, "stats:days:12")
    assert "Эта кнопка устарела" in str(told.get("text"))
    assert (await room.forge(OLGA, own, "stats:pictures:7"))["text"] == "Графики сейчас придут."
    theirs = await room.say(ANNA, "/start")
    for data in ("stats:days:7", "stats:pictures:7", "desk:figures:1", "desk:curve:1"):
        assert "только редакторам" in str((await room.forge(ANNA, theirs, data)).get("text")), data
    assert "только редакторам" in plain(await room.say(EGOR, "/stats"))


async def test_reactions_are_counted_and_name_nobody(running: World) -> None:
    channel = running.sandbox.add_chat("channel", title="Канал", creator=OLGA, members=[BOT, BORIS])["id"]
    await running.settled(channel, ChatState.ACTIVE, "")
    await topics.toggle(running.db, (await running.chat(channel)).id, ECONOMY, running.clock.now())
    number = await out(running, "Мост через Светлую открыли", BORIS, JAMES, channel)

    async def has(**signs: int) -> None:
        wanted = {{"heart": "❤", "fire": "🔥"}[name]: count for name, count in signs.items()}
        async with asyncio.timeout(60):
            while (await story.of_story(running.db, number)).reactions != wanted:
                await asyncio.sleep(0.01)

    boris, james = running.shown(BORIS)[-1]["message_id"], running.shown(JAMES)[-1]["message_id"]
    post = running.shown(channel)[-1]["message_id"]
    running.sandbox.react(BORIS, BORIS, boris, "🔥")
    running.sandbox.react(JAMES, JAMES, james, "🔥")
    await has(fire=2)
    running.sandbox.react(BORIS, BORIS, boris, "❤")
    await has(fire=1, heart=1)
    running.sandbox.react(channel, BORIS, post, "❤")
    running.sandbox.react(channel, OLGA, post, "❤")
    await has(fire=1, heart=3)
    running.sandbox.react(channel, OLGA, post)
    running.sandbox.react(JAMES, JAMES, james)
    await has(heart=2)
    # Under what is no story a reaction counts for nothing.
    running.sandbox.react(BORIS, BORIS, running.shown(BORIS)[0]["message_id"], "🔥")
    own = await running.say(OLGA, "/desk")
    await running.forge(OLGA, own, f"desk:figures:{number}")
    await running.changed(own, "Реакции: ❤ 2")
    async with running.db.read() as tx:
        rows = (await tx.execute(story_count.select())).all()
    assert {row.name: row.total for row in rows if row.chat_id == 0} == {"❤": 1, "🔥": 0}
    assert [row.total for row in rows if row.chat_id == (await running.chat(channel)).id] == [1]
