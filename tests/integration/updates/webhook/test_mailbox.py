"""A process hears updates and another one handles them: they share the database and a bell, and nothing else."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import orjson
from aiogram import Bot, Dispatcher
from aiogram.types import InlineQuery, Message

from bot.bell import LocalBell, brought
from bot.store.engine.database import Database
from bot.store.operations import inbox, unread
from bot.updates.reception import Reception
from bot.updates.webhook.door import mailbox

BOT_ID = 5
CHATS = range(31, 41)
EACH = 10


def said(number: int, chat: int, text: str) -> bytes:
    who = {"id": chat, "first_name": "А", "is_bot": False}
    where = {"id": chat, "type": "private", "first_name": "А"}
    message = {"message_id": number, "date": 1, "chat": where, "from": who, "text": text}
    return orjson.dumps({"update_id": number, "message": message})


def typed(number: int, person: int) -> bytes:
    who = {"id": person, "first_name": "А", "is_bot": False}
    query = {"id": str(number), "from": who, "query": "мост", "offset": ""}
    return orjson.dumps({"update_id": number, "inline_query": query})


async def test_what_one_process_hears_another_handles_once_and_in_order(db: Database) -> None:
    heard: dict[int, list[str]] = {chat: [] for chat in CHATS}
    asked: list[str] = []
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def hear(message: Message) -> None:
        heard[message.chat.id].append(str(message.text))

    @dispatcher.inline_query()
    async def look_up(query: InlineQuery) -> None:
        asked.append(query.query)

    bot, bell = Bot(f"{BOT_ID}:" + "T" * 35), LocalBell()
    reception = Reception(dispatcher, bot, db, by_rows=True)
    await reception.resume()
    looks: set[asyncio.Task[None]] = set()
    bell.listen(lambda: looks.add(asyncio.ensure_future(reception.look())), brought(BOT_ID))
    door = mailbox(db, BOT_ID, bell)

    async def tell(chat: int) -> None:
        """Say things one by one, as Telegram brings a chat's; updates of later chats have the lower numbers."""
        for turn in range(EACH):
            body = said(1000 * (100 - chat) + turn, chat, str(turn))
            assert await door.keep(body)
            if turn % 3 == 0:
                # Telegram did not hear the answer, and brings the same again.
                assert await door.keep(body)

    await asyncio.gather(*map(tell, CHATS), door.keep(typed(7, 77)), door.keep(b"{"), door.keep(b"[1]"))
    await asyncio.gather(*looks)
    await reception.look()
    async with asyncio.timeout(60):
        while sum(map(len, heard.values())) < EACH * len(CHATS) or not asked:
            await asyncio.sleep(0.01)
    await reception.close(30)
    assert heard == {chat: [str(turn) for turn in range(EACH)] for chat in CHATS}
    assert asked == ["мост"]
    async with db.read() as tx:
        assert await inbox.waiting(tx, BOT_ID) == []
        assert len(await inbox.handled(tx, BOT_ID)) == EACH * len(CHATS) + 1
        assert [each.update_id for each in await unread.listing(tx, BOT_ID)] == [0]
    await bot.session.close()


async def test_handled_updates_stay_for_a_day_and_the_newest_unread_ones_alone(db: Database) -> None:
    now = datetime(2026, 12, 1, 12, tzinfo=UTC)
    async with db.write() as tx:
        await inbox.put(tx, BOT_ID, {1: "{}", 2: "{}"}, now - timedelta(days=2))
        await inbox.put(tx, BOT_ID, {3: "{}"}, now)
        await inbox.settle(tx, BOT_ID, [1, 3])
        assert await inbox.drop_old(tx, now - timedelta(hours=26), 10) == 1
        assert (await inbox.waiting(tx, BOT_ID), await inbox.handled(tx, BOT_ID)) == ([2], {3})
        for number in range(unread.MOST + 20):
            one = unread.UnreadUpdate(number, now + timedelta(seconds=number), "why", "{}")
            await unread.put(tx, BOT_ID, one)
        kept = await unread.listing(tx, BOT_ID)
        assert [each.update_id for each in kept] == [*range(unread.MOST + 19, 19, -1)]
        assert await unread.count(tx, BOT_ID, now + timedelta(seconds=100)) == 19
        await unread.forget(tx, now + timedelta(days=1))
        assert await unread.listing(tx, BOT_ID) == []
