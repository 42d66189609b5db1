"""What people say while the database is away: they are told that it is kept, and it is done when that can be."""

from __future__ import annotations

import asyncio
import logging
import re

import pytest

from bot.log import Outage
from bot.model.newsroom.role import OWNER
from bot.sandbox import Sandbox
from bot.store.audience import subscriptions
from bot.store.engine.database import Database, open_database
from bot.store.operations import inbox as kept
from bot.updates import outage
from tests.integration.conversations.trouble.conftest import RATES, Shaken
from tests.support.desk.editors import hire
from tests.support.messages import Message, plain
from tests.support.people import ANNA, BORIS, JAMES
from tests.support.people import EDITOR as EGOR
from tests.support.trouble import KINDS, FileTrouble
from tests.support.world import BOT, World, settings_for

KEPT = "Ваше сообщение не потеряно"
NOT_DONE = re.compile("^Не сделано: «.*Мир». База данных бота сейчас недоступна. Ничего не потеряно")
STORY = "Паром снова ходит вечером\n\nПоследний рейс теперь в 22:40, сообщили в речном управлении."


def logged(caplog: pytest.LogCaptureFixture, name: str) -> list[str]:
    """Return the outages of that name; no line has a traceback."""
    assert not [each for each in caplog.records if each.exc_info and each.levelno >= logging.ERROR]
    return [
        str(each.msg) for each in caplog.records if isinstance(each.msg, Outage) and each.msg.name == name
    ]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_story_that_was_written_meanwhile_becomes_a_draft_once(
    shaken: Shaken, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert shaken.trouble is not None
    before = len(shaken.shown(EGOR))
    with shaken.trouble.of(kind):
        # So long that no page has room for it.
        sent = shaken.send(EGOR, STORY + " Вечерние рейсы вернули." * 150)
        shaken.send(EGOR, "/id")
        told = await shaken.answer(EGOR, KEPT)
        assert len(shaken.shown(EGOR)) == before + 1
    card = await shaken.answer(EGOR, "Язык:")
    assert card["reply_to_message"]["message_id"] == sent["message_id"]
    assert "Паром снова ходит вечером" in plain(card)
    # In the order in which it was said, and each once.
    await shaken.answer(EGOR, "Этот чат")
    shown = [plain(each) for each in shaken.shown(EGOR)[before:]]
    assert [KEPT in shown[0], "Язык:" in shown[1], "Этот чат" in shown[2]] == [True] * 3
    assert len(shown) == 3
    assert told["text"] == shaken.services.talk.notice("kept", "ru")
    assert logged(caplog, "updates.failed")
    assert shaken.inbox is not None
    await unhandled(shaken.inbox)


async def test_of_one_that_nothing_can_be_done_about_the_person_is_told_to_send_it_again(
    shaken: Shaken, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shaken.trouble is not None
    monkeypatch.setattr(outage, "MOST_TRIES", 3)
    with shaken.trouble.of("read-only"):
        shaken.send(EGOR, STORY)
        shaken.send(EGOR, "/id")
        await shaken.answer(EGOR, "отправьте его ещё раз позже")
        await shaken.answer(EGOR, "Этот чат")
    assert shaken.inbox is not None
    await unhandled(shaken.inbox)
    assert not [each for each in shaken.texts(EGOR) if "Язык:" in each]


async def test_a_stop_leaves_what_was_said_to_the_next_start(sandbox: Sandbox, sqlite_db: Database) -> None:
    room = World(sandbox, sqlite_db, settings_for(sandbox, **RATES))
    await room.prepare()
    theirs = open_database(str(sqlite_db.url))
    trouble = FileTrouble(theirs)
    async with room.listening():
        await hire(room, EGOR, "Егор", OWNER.rights)
    inbox, room.db, room.inbox = sqlite_db, theirs, sqlite_db
    with trouble.of("read-only"):
        async with room.listening():
            room.send(EGOR, STORY)
            room.send(EGOR, "/id")
            await room.answer(EGOR, KEPT)
            await unhandled(inbox, 2)
    await unhandled(inbox, 2)
    async with room.listening():
        await room.answer(EGOR, "Этот чат")
    shown = [plain(each) for each in room.shown(EGOR)]
    assert ["Язык:" in shown[-2], "Этот чат" in shown[-1]] == [True, True]
    trouble.close()
    await theirs.close()


async def test_of_what_cannot_even_be_kept_each_is_told_and_presses_are_not_done_later(
    sandbox: Sandbox, sqlite_db: Database, caplog: pytest.LogCaptureFixture
) -> None:
    theirs = open_database(str(sqlite_db.url))
    room = World(sandbox, theirs, settings_for(sandbox, **RATES))
    await room.prepare()
    async with room.listening():
        room.db = sqlite_db
        topics = {user: await topics_of(room, user) for user in (ANNA, BORIS)}
        james = await room.say(JAMES, "/start")
        trouble = FileTrouble(theirs)
        with trouble.of("read-only"):
            before = len(room.shown(ANNA))
            room.send(ANNA, "/id")
            room.send(ANNA, "/topics")
            answers = [await room.press(user, topics[user], "Мир") for user in (ANNA, BORIS)]
            assert [NOT_DONE.search(each["text"]) is not None for each in answers] == [True, True]
            english = await room.press(JAMES, james, "World")
            assert re.match("Not done: “.*World”. The bot’s database is out of reach", english["text"])
            await room.answer(ANNA, KEPT)
        await room.answer(ANNA, "Этот чат")
        assert len([each for each in room.texts(ANNA)[before:] if KEPT in each]) == 1
        # What is pressed again is done, and once.
        await room.press(BORIS, topics[BORIS], "Мир")
        assert [await follows(room, user) for user in (ANNA, BORIS)] == [0, 1]
        trouble.close()
    assert not [each for each in caplog.records if each.exc_info and each.levelno >= logging.ERROR]
    assert [each for each in caplog.messages if each.startswith("updates.unavailable")]
    await theirs.close()


async def test_in_a_group_only_who_asks_the_bot_is_told(shaken: Shaken) -> None:
    assert shaken.trouble is not None
    chat = shaken.sandbox.add_chat("supergroup", title="Редакция", creator=EGOR, members=[ANNA, BOT])["id"]
    shaken.sandbox.set_member(chat, BOT, "administrator", by=EGOR)
    await shaken.answer(chat, "Администраторы")
    assert shaken.inbox is not None
    await unhandled(shaken.inbox)
    with shaken.trouble.of("read-only"):
        shaken.send(ANNA, "Кто сегодня дежурит?", chat)
        told = await shaken.refused(EGOR, "/desk@vestnik_bot here", chat)
        assert KEPT in plain(told)
    await shaken.answer(chat, "Теперь эта группа")
    assert not shaken.sandbox.ephemeral(chat, ANNA)


async def unhandled(db: Database, count: int = 0) -> None:
    """Wait until so many updates wait in the inbox."""
    async with asyncio.timeout(30):
        while True:
            async with db.read() as tx:
                if len(await kept.unhandled(tx, BOT)) == count:
                    return
            await asyncio.sleep(0.01)


async def topics_of(room: World, user: int) -> Message:
    """Let somebody start the bot, and return the message in which topics are chosen."""
    return await room.say(user, "/start")


async def follows(room: World, user: int) -> int:
    """Return how many topics somebody follows."""
    chat = await room.chat(user)
    async with room.db.read() as tx:
        return len(await subscriptions.of_chat(tx, chat.id))
