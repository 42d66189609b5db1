"""/stop: asked once, then nothing is left but that the chat is to be let alone."""

from __future__ import annotations

from sqlalchemy import select

from bot.model.chat import ChatState
from bot.store.engine.schema import metadata
from bot.store.tables.audience import chat
from tests.support.messages import labels, text_of
from tests.support.readers import choices
from tests.support.transactions import reads
from tests.support.world import World

ANNA, BORIS = 21, 22
ECONOMY = 3


@reads
async def known_of(tx, telegram_id: int) -> tuple[dict, dict[str, int]]:
    """Return the chat's own row, and how many rows of other tables name the chat."""
    row = (await tx.execute(select(chat).where(chat.c.telegram_id == telegram_id))).mappings().one()
    others = [table for table in metadata.sorted_tables if "chat_id" in table.c]
    counts = {}
    for table in others:
        found = await tx.execute(select(table).where(table.c.chat_id == row["id"]))
        counts[table.name] = len(found.all())
    return dict(row), counts


async def test_it_asks_and_whoever_stays_keeps_everything(room: World) -> None:
    page = await room.say(ANNA, "/topics")
    await room.press(ANNA, page, "Экономика")
    question = await room.say(ANNA, "/stop")
    assert labels(question) == ["Да, остановить и удалить", "Нет, остаться"]
    assert (await room.chat(ANNA)).state is ChatState.ACTIVE
    await room.press(ANNA, question, "Нет, остаться")
    question = await room.changed(question, "по-прежнему")
    assert labels(question) == []
    assert await choices(room.db, (await room.chat(ANNA)).id) == {ECONOMY: True}


async def test_nothing_personal_is_left(room: World) -> None:
    await room.story("Мост открыт", ECONOMY)
    page = await room.say(ANNA, "/topics")
    await room.press(ANNA, page, "Экономика")
    settings = await room.say(ANNA, "/settings")
    for data in (
        *("set:0:digest:9", "set:0:quiet:22:7", "set:0:zone:Asia/Bishkek", "set:0:form:headline"),
        *("set:0:pictures:off", "set:0:size:3", "set:0:instant:off", "set:0:up:3"),
        *("mode:2:1:0:0:2", "pick:0:0", "hush:t3:0:-:week"),
        *("set:0:days:540:31", "set:0:weekend:1:10", "set:0:hour:3", "set:0:day:10", "set:0:most:3:2"),
        *("set:0:silent:on", "set:0:merges:off", "set:0:pause:7", "set:0:awayflash:on"),
    ):
        await room.forge(ANNA, settings, data)
    await room.say(ANNA, "/digest")
    question = await room.say(ANNA, "/stop")
    await room.press(ANNA, question, "Да, остановить")
    await room.changed(question, "удалены")
    row, counts = await known_of(room.db, ANNA)
    assert not any(counts.values()), counts
    said = {name: value for name, value in row.items() if value not in (None, "", 0, False, ())}
    assert said.keys() == {
        *("id", "bot_id", "telegram_id", "kind", "state", "state_reason", "state_at", "created_at"),
        *("language", "zone", "instant"),
    }
    assert said["zone"] == "UTC"


async def test_who_left_is_let_alone_until_they_start_again(room: World) -> None:
    page = await room.say(ANNA, "/topics")
    question = await room.say(ANNA, "/stop")
    await room.press(ANNA, question, "Да, остановить")
    for data in ("pick:3:0", "set:0:language:en", "mute:1:3"):
        assert "/start" in (await room.forge(ANNA, page, data))["text"], data
    for command in (
        "/topics",
        "/settings",
        "/digest",
        "/latest",
        "/help",
        "/id",
        "что нового?",
        "/start-not",
    ):
        assert "/start" in text_of(await room.say(ANNA, command)), command
    assert (await room.chat(ANNA)).state is ChatState.STOPPED
    assert "Анна" in text_of(await room.say(ANNA, "/start"))
    assert (await room.chat(ANNA)).state is ChatState.ACTIVE
    assert await choices(room.db, (await room.chat(ANNA)).id) == {}


async def test_who_blocks_and_comes_back_keeps_what_was_chosen(room: World) -> None:
    page = await room.say(ANNA, "/topics")
    await room.press(ANNA, page, "Экономика")
    room.sandbox.block(ANNA)
    await room.settled(ANNA, ChatState.BLOCKED, "blocked")
    room.sandbox.block(ANNA, blocked=False)
    await room.settled(ANNA, ChatState.ACTIVE, "")
    assert await choices(room.db, (await room.chat(ANNA)).id) == {ECONOMY: True}


async def test_who_stopped_and_then_blocks_and_unblocks_stays_stopped(room: World) -> None:
    question = await room.say(ANNA, "/stop")
    await room.press(ANNA, await room.say(ANNA, "/start"), "Экономика")
    await room.press(ANNA, question, "Да, остановить")
    room.sandbox.block(ANNA)
    room.sandbox.block(ANNA, blocked=False)
    assert "/start" in text_of(await room.say(ANNA, "/topics"))
    assert (await room.chat(ANNA)).state is ChatState.STOPPED
