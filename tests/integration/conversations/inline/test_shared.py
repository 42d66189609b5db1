"""What people put into chats of theirs follows the newsroom, as far as Telegram allows."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot.conversations.inline.corrections import put_right
from bot.desk.amend import correct, kill
from bot.model.message import SharedMessage
from bot.model.story.article import Content
from bot.operations.housekeeping import SHARED_DAYS, clean_up
from bot.readers import shared
from bot.store.tables.shared import shared_story
from tests.support.messages import Message, text_of
from tests.support.world import ECONOMY, World

BORIS = 22


@pytest.fixture
def typing(room: World) -> World:
    """A listening bot that has inline mode."""
    room.sandbox.set_inline()
    return room


async def chosen(room: World, words: str = "мост") -> Message:
    """Let Boris put the first story with these words into a group where the bot is not; the bot takes note."""
    before = await count(room)
    asked = room.sandbox.inline(BORIS, words)
    await room.until(lambda: room.sandbox.shown(asked)["answered"])
    there = room.sandbox.add_chat("group", title="Соседи", creator=BORIS)["id"]
    result = room.sandbox.shown(asked)["results"][0]["id"]
    message: Message = room.sandbox.choose(there, BORIS, asked, result)
    async with asyncio.timeout(60):
        while await count(room) == before:
            await asyncio.sleep(0.02)
    return message


async def count(room: World) -> int:
    async with room.db.read() as tx:
        return int((await tx.execute(select(func.count()).select_from(shared_story))).scalar_one())


async def due(room: World) -> int:
    return len(await shared.due(room.db, room.services.bot.id, room.clock.now(), 99))


async def test_a_correction_reaches_a_shared_story_days_later_and_again(typing: World) -> None:
    number = await typing.story("Мост открыт", ECONOMY)
    message = await chosen(typing)
    assert await due(typing) == 0
    for headline in ("Мост закрыт", "Мост открыт снова"):
        await correct(typing.db, number, Content(headline, "Лид."), typing.clock.now())
        assert await due(typing) == 1
        await put_right(typing.services, typing.clock.now())
        assert headline in text_of(typing.again(message))
        assert await due(typing) == 0


async def test_a_kill_leaves_a_notice_and_nothing_to_remember(typing: World) -> None:
    number = await typing.story("Мост открыт", ECONOMY)
    message = await chosen(typing)
    await kill(typing.db, number, typing.clock.now())
    await put_right(typing.services, typing.clock.now())
    assert "отозвала" in text_of(typing.again(message))
    assert "Мост" not in text_of(typing.again(message))
    assert await count(typing) == 0


async def test_what_telegram_refuses_is_tried_again_and_at_last_let_be(typing: World) -> None:
    number = await typing.story("Мост открыт", ECONOMY)
    message = await chosen(typing)
    await correct(typing.db, number, Content("Мост закрыт", "Лид."), typing.clock.now())
    typing.sandbox.fault("error", match={"method": "editMessageText"}, code=500, description="Internal")
    now = typing.clock.now()
    await put_right(typing.services, now)
    assert await due(typing) == 0
    assert "Мост открыт" in text_of(typing.again(message))
    await put_right(typing.services, now + timedelta(minutes=2))
    assert "Мост закрыт" in text_of(typing.again(message))


async def test_of_one_story_so_many_messages_are_remembered(
    typing: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared, "MOST", 1)
    number = await typing.story("Мост открыт", ECONOMY)
    await chosen(typing)
    for name in ("one", "x" * (shared.LONGEST_NAME + 1)):
        one = SharedMessage(name, number, 1, "ru", "UTC")
        await shared.note(typing.db, typing.services.bot.id, one, typing.clock.now())
    assert await count(typing) == 1


async def test_what_changed_before_it_was_noted_is_put_right(typing: World) -> None:
    number = await typing.story("Мост открыт", ECONOMY)
    await correct(typing.db, number, Content("Мост закрыт", "Лид."), typing.clock.now())
    for name, revision in (("old", 1), ("new", 2)):
        one = SharedMessage(name, number, revision, "ru", "UTC")
        await shared.note(typing.db, typing.services.bot.id, one, typing.clock.now())
    found = await shared.due(typing.db, typing.services.bot.id, typing.clock.now(), 9)
    assert [each.inline_message_id for each in found] == ["old"]


async def test_after_a_week_it_is_forgotten(typing: World) -> None:
    await typing.story("Мост открыт", ECONOMY)
    await chosen(typing)
    now = typing.clock.now()
    await clean_up(typing.db, now + timedelta(days=SHARED_DAYS - 1), 365)
    assert await count(typing) == 1
    await clean_up(typing.db, now + timedelta(days=SHARED_DAYS, hours=1), 365)
    assert await count(typing) == 0


async def test_the_last_word_is_the_beginning_of_one_and_a_picture_stands_beside_it(typing: World) -> None:
    await typing.story("Мостостроители", ECONOMY, photo=True)
    asked = typing.sandbox.inline(BORIS, "мостостр")
    await typing.until(lambda: typing.sandbox.shown(asked)["answered"])
    assert [each["title"] for each in typing.sandbox.shown(asked)["results"]] == ["Мостостроители"]
    done = typing.sandbox.inline(BORIS, "мостостр ")
    await typing.until(lambda: typing.sandbox.shown(done)["answered"])
    assert typing.sandbox.shown(done)["results"] == []
