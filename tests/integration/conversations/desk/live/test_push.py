"""The card of a story that goes out: sent, failed, in doubt, edited; steered and decided by whoever may."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.desk import amend, record
from bot.desk.live import shown
from bot.desk.story import release, review
from bot.model.delivery import Lane
from bot.model.desk.rules import DeskRules
from bot.model.newsroom.role import DUTY_EDITOR
from bot.model.story.article import Content
from bot.readers import topics
from bot.sandbox import Sandbox
from bot.store.engine.database import Database
from bot.store.newsroom import topics as kept_topics
from tests.support.desk import live
from tests.support.desk.editors import BRIDGE, QUICK, draft, hire, opened
from tests.support.messages import labels, plain
from tests.support.people import ANNA, BORIS, JAMES
from tests.support.people import EDITOR as EGOR
from tests.support.people import OWNER as OLGA
from tests.support.world import BOT, ECONOMY, World, settings_for

BLOCKED = {"code": 403, "description": "Forbidden: bot was blocked by the user"}


@pytest.fixture
async def room(sandbox: Sandbox, sqlite_db: Database) -> AsyncIterator[World]:
    """A whole bot that leaves to the editors what is in doubt, two editors and three readers."""
    settings = settings_for(sandbox, **QUICK, leave_in_doubt=frozenset({Lane.STORY}))
    world = World(sandbox, sqlite_db, settings)
    await world.prepare()
    app = await world.whole()
    async with sqlite_db.write() as tx:
        await kept_topics.put(tx, "economy", {"ru": "Экономика", "en": "Economy"}, origin="desk")
    await world.say(OLGA, "/start")
    await hire(world, EGOR, "Егор", DUTY_EDITOR.rights)
    for reader in (ANNA, BORIS, JAMES):
        await world.say(reader, "/start")
        await topics.toggle(world.db, (await world.chat(reader)).id, ECONOMY, world.clock.now())
    yield world
    await app.stop()


async def approved(room: World, content: Content = BRIDGE) -> int:
    number = (await draft(room, content)).id
    now = room.clock.now()
    await review.approve(room.db, number, at=now, by=OLGA, seen=1, rules=DeskRules())
    return number


async def test_a_card_tells_how_a_push_went_and_editors_decide_what_is_in_doubt(room: World) -> None:
    number = await approved(room)
    card, olga = await opened(room, EGOR), await opened(room, OLGA)
    room.sandbox.fault("error", match={"method": "sendMessage", "chat_id": ANNA}, **BLOCKED)
    room.sandbox.fault("reset_after", match={"method": "sendMessage", "chat_id": BORIS})
    await room.press(EGOR, card, "Опубликовать")
    told = await room.changed(card, "Не подтверждено: 1")
    for words in ("Опубликована", "Принято Telegram: 1 из 3", "Не доставлено: бот заблокирован"):
        assert words in plain(told), (words, plain(told))
    assert "Отправить ещё раз: 1" in labels(await room.changed(olga, "Отправить ещё раз: 1"))
    assert (await room.press(OLGA, room.again(olga), "Отправить ещё раз"))["text"]
    told = await room.changed(card, "Принято Telegram: 2 из 3")
    await room.until(lambda: "Не подтверждено" not in plain(room.again(card)))
    assert "Отправить ещё раз: 1" not in labels(room.again(card))
    # The other one's card was not brought up to date yet when it was pressed.
    late = (await room.forge(EGOR, room.again(card), f"desk:leave:{number}:1"))["text"]
    assert "успел раньше" in late
    assert "Ольга" in late
    verbs = [each.verb for each in (await record.of_article(room.db, BOT, number, 9)).deeds]
    assert verbs == ["send-doubtful", "publish", "approve"]


async def test_a_correction_and_a_kill_show_in_how_many_chats_they_arrived(room: World) -> None:
    number = await approved(room)
    card = await opened(room, EGOR)
    await room.press(EGOR, card, "Опубликовать")
    await room.changed(card, "Принято Telegram: 3 из 3")
    content = Content("Мост через Светлую открыли для автобусов", language="ru")
    await amend.correct(room.db, number, content, room.clock.now(), by=EGOR)
    room.services.bell.ring()
    told = await room.changed(card, "Исправлено в чатах: 3 / 3")
    assert "для автобусов" in plain(told)
    await amend.kill(room.db, number, room.clock.now(), EGOR, reason="Мост закрыли")
    room.services.bell.ring()
    told = await room.changed(card, "Удалено в чатах: 3")
    assert "Отозвана" in plain(told)


async def test_while_it_goes_out_the_card_comes_to_the_chats_end(room: World) -> None:
    number = await approved(room)
    card = await opened(room, EGOR)
    room.sandbox.fault("slow", match={"method": "sendMessage", "chat_id": JAMES}, seconds=3_600)
    await release.publish(room.db, number, at=room.clock.now(), by=OLGA, rules=DeskRules())
    room.services.bell.ring()
    await room.changed(card, "В очереди: 1")
    await room.say(EGOR, "/id")
    kept = await shown.find(room.db, BOT, EGOR, number)
    assert kept
    await shown.note(room.db, BOT, kept, sent_at=kept.sent_at - live.LATER)
    await room.until(lambda: "В очереди: 1" in plain(room.shown(EGOR)[-1]))
    sunk = room.shown(EGOR)[-1]
    assert sunk["message_id"] > card["message_id"]
    room.sandbox.clear_faults()
    await room.changed(sunk, "Готово")
    assert card["message_id"] not in [each["message_id"] for each in room.shown(EGOR)]
