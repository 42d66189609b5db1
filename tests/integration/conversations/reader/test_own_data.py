"""/mydata and what /stop leaves: all that is kept is shown to its person alone, and goes when the person goes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.desk import staff
from bot.model.chat import ChatKind
from bot.readers import membership
from bot.store.newsroom.tables import audit
from bot.store.tables.audience import chat
from bot.store.tables.desk import desk_mute
from tests.support.messages import Message, text_of
from tests.support.transactions import reads
from tests.support.world import World

BOT, OWNER, EDITOR, ANNA, BORIS, JAMES = 700700, 11, 12, 21, 22, 23
ECONOMY = 3


def content(room: World, message: Message) -> dict[str, Any]:
    """Return the file that a message brings."""
    stored = room.sandbox.world.files.get(message["document"]["file_id"])
    assert stored is not None
    assert message["document"]["file_name"] == "mydata.json"
    found: dict[str, Any] = json.loads(stored.content)
    return found


async def asked(room: World, user: int, words: str = "/mydata") -> Message:
    """Ask for the file, and return the message that brings it."""

    def files() -> list[Message]:
        return [each for each in room.shown(user) if "document" in each]

    before = len(files())
    room.send(user, words)
    await room.until(lambda: len(files()) > before)
    return files()[-1]


@reads
async def rows(tx: Any, table: Any, *where: Any) -> int:
    return int((await tx.execute(select(func.count()).select_from(table).where(*where))).scalar_one())


@reads
async def left(tx: Any) -> list[Any]:
    found = select(audit.c.actor, audit.c.detail, audit.c.bot_id).where(audit.c.verb == "leave")
    return [tuple(row) for row in await tx.execute(found)]


async def test_a_reader_gets_all_that_was_chosen_in_the_words_of_their_language(room: World) -> None:
    await room.choose(ANNA, quiet=None, flash_at_night=True, news_languages=("ru",))
    await room.press_newest(ANNA, "Экономика")
    await membership.join(
        room.db,
        BOT,
        -100,
        kind=ChatKind.CHANNEL,
        title="Канал Анны",
        language="ru",
        zone="UTC",
        at=room.clock.now(),
        invited_by=ANNA,
    )
    answer = await asked(room, ANNA)
    assert "всё, что я о вас храню" in answer["caption"]
    said = content(room, answer)
    assert said["Ваш ID в Telegram"] == ANNA
    assert said["Чат"]["Состояние"] == "получает новости"
    assert said["Чат"]["Срочные новости в тихие часы"] is True
    assert said["Чат"]["Языки новостей"] == ["Русский"]
    assert [(each["Тема"], each["Приходит"]) for each in said["Темы"]] == [("Экономика", "как обычно")]
    assert said["Скрыто"] == []
    await room.say(ANNA, "/follow все новости в дайджест")
    await room.say(ANNA, "/mute азия навсегда")
    more = content(room, await asked(room, ANNA))
    assert ("Все новости", "в дайджест") in [(each["Тема"], each["Приходит"]) for each in more["Темы"]]
    assert more["Скрыто"] == [{"Что": "Азия", "До": "Навсегда"}]
    assert said["Что вам отправлено"] == {"Новости": 0, "Дайджестов": 0, "Сообщений": 0}
    assert said["Группы и каналы, куда вы добавили бота"] == ["Канал Анны"]
    assert said["Редакция"] is None


async def test_it_speaks_english_and_keeps_nothing_of_who_only_asks(room: World) -> None:
    said = content(room, await asked(room, JAMES))
    assert said["Chat"] is None
    assert said["Topics"] == []
    assert await membership.find(room.db, BOT, JAMES) is None


async def test_an_editor_sees_rights_and_deeds_and_nobody_elses(room: World) -> None:
    await room.say(EDITOR, "/start")
    await staff.add(room.db, BOT, EDITOR, "Егор", by=OWNER, at=room.clock.now())
    await room.say(OWNER, "/start")
    desk = content(room, await asked(room, EDITOR))["Редакция"]
    assert desk["Права"]["Ваше имя"] == "Егор"
    assert desk["Права"]["Кем выданы"] == OWNER
    assert desk["Записи в журнале редакции"] == []
    owners = content(room, await asked(room, OWNER))["Редакция"]
    assert owners["Права"] is None
    assert [each["Действие"] for each in owners["Записи в журнале редакции"]] == ["Права изменены"]
    assert content(room, await asked(room, ANNA))["Редакция"] is None


async def test_in_a_group_nothing_is_shown(room: World) -> None:
    made = room.sandbox.add_chat("supergroup", title="Соседи", creator=ANNA, members=[BORIS, BOT])["id"]
    await room.answer(made, "Администраторы")
    before = len(room.shown(made))
    await room.say(ANNA, "/start")
    room.send(ANNA, "/mydata@vestnik_bot", made)
    await room.answer(ANNA, "Соседи")
    assert len(room.shown(made)) == before
    assert not room.sandbox.calls(method="sendDocument")


async def test_after_stop_nothing_is_left_but_what_keeps_the_chat_alone(room: World) -> None:
    await room.choose(ANNA, flash_at_night=True, news_languages=("ru",))
    await membership.join(
        room.db,
        BOT,
        -100,
        kind=ChatKind.CHANNEL,
        title="Канал Анны",
        language="ru",
        zone="UTC",
        at=room.clock.now(),
        invited_by=ANNA,
    )
    async with room.db.write() as tx:
        await tx.execute(desk_mute.insert().values(bot_id=BOT, user_id=ANNA))
    room.send(ANNA, "/stop")
    await room.press_newest(ANNA, "Да, остановить и удалить")
    await room.answer(ANNA, "удалены")
    assert await rows(room.db, chat, chat.c.invited_by == ANNA) == 0
    assert await rows(room.db, desk_mute, desk_mute.c.user_id == ANNA) == 0
    assert await rows(room.db, chat, chat.c.telegram_id == ANNA, chat.c.flash_at_night) == 0
    assert await left(room.db) == [(None, "", None)], "that somebody left, and not who"
    said = content(room, await asked(room, ANNA))
    assert said["Чат"].keys() == {"Состояние", "С какого времени", "Язык"}
    assert said["Чат"]["Состояние"] == "просил не беспокоить"
    assert said["Темы"] == said["Группы и каналы, куда вы добавили бота"] == []


@pytest.mark.parametrize("words", ["/mydata 22", "/mydata <b>", "/mydata " + "я" * 3000])
async def test_whatever_stands_behind_it_it_is_ones_own(room: World, words: str) -> None:
    await room.choose(BORIS)
    said = content(room, await asked(room, ANNA, words))
    assert said["Ваш ID в Telegram"] == ANNA
    assert said["Чат"] is None


async def test_the_menu_and_the_help_name_it(room: World) -> None:
    said = text_of(await room.say(ANNA, "/help"))
    assert "/mydata" in said
    assert "ID и язык этого чата" in said
