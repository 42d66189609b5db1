"""Cards that follow their stories: whoever changes a story, each card of it reads so soon after."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.conversations.live.places import errand_of
from bot.desk import amend
from bot.desk.live import shown
from bot.desk.story import review
from bot.model.newsroom.role import AUTHOR, EDITOR
from bot.sandbox import Sandbox
from bot.store.engine.database import Database
from tests.support.desk import live
from tests.support.desk.editors import BRIDGE, QUICK, draft, hire, opened
from tests.support.messages import data_of, labels, plain
from tests.support.people import EDITOR as EGOR
from tests.support.people import JAMES
from tests.support.people import OWNER as OLGA
from tests.support.world import BOT, World, settings_for


async def test_a_card_follows_what_others_do_whoever_they_are(desk: World) -> None:
    number = (await draft(desk)).id
    olga, egor = await opened(desk, OLGA), await opened(desk, EGOR)
    await desk.press(EGOR, egor, "На проверку")
    await live.cards(desk)
    assert "На проверке" in plain(desk.again(olga))
    # A command line, or a feed, is nobody.
    await amend.kill(desk.db, number, desk.clock.now(), reason="Ошибка источника")
    await live.cards(desk)
    for card in (olga, egor):
        assert "Причина: Ошибка источника" in plain(desk.again(card))
        assert labels(desk.again(card)) == ["‹ В редакцию", "🔄 Обновить"]


async def test_a_card_speaks_the_language_of_its_chat(desk: World) -> None:
    number = (await draft(desk)).id
    await hire(desk, JAMES, "James", EDITOR.rights)
    page = await desk.say(JAMES, "/desk")
    await desk.press(JAMES, page, BRIDGE.headline)
    card = await desk.changed(page, "Source: Вести долины")
    await review.submit(desk.db, number, at=desk.clock.now(), by=EGOR)
    await live.cards(desk)
    assert "In review" in plain(desk.again(card))
    assert "Approve" in labels(desk.again(card))


async def test_what_reads_the_same_is_not_edited_and_edits_keep_apart(desk: World) -> None:
    number = (await draft(desk)).id
    card = await opened(desk, OLGA)
    await live.cards(desk)
    before = edits(desk)
    await live.cards(desk)
    assert edits(desk) == before
    await review.submit(desk.db, number, at=desk.clock.now(), by=EGOR)
    await live.cards(desk, timedelta(0))
    assert edits(desk) == before, "the card was looked at just now"
    await live.cards(desk)
    assert edits(desk) == before + 1
    assert "На проверке" in plain(desk.again(card))


async def test_a_message_that_shows_something_else_is_a_card_no_more(desk: World) -> None:
    number = (await draft(desk)).id
    card = await opened(desk, OLGA)
    await desk.press(OLGA, card, "В редакцию")
    await desk.changed(card, "Черновики: 1")
    await review.submit(desk.db, number, at=desk.clock.now(), by=EGOR)
    await live.cards(desk)
    assert "Черновики: 1" in plain(desk.again(card))
    await desk.press(OLGA, desk.again(card), BRIDGE.headline)
    await desk.changed(card, "На проверке")
    await desk.press(OLGA, desk.again(card), "Отозвать…")
    await desk.changed(card, "Да, отозвать")
    await review.send_back(desk.db, number, at=desk.clock.now(), by=EGOR, note="Нет даты")
    await live.cards(desk)
    assert "Да, отозвать" in labels(desk.again(card)), "the question stays until it is answered"


async def test_of_two_cards_in_a_chat_the_newer_one_lives_and_the_buttons_of_both(desk: World) -> None:
    number = (await draft(desk)).id
    first, second = await opened(desk, OLGA), await opened(desk, OLGA)
    await review.submit(desk.db, number, at=desk.clock.now(), by=EGOR)
    await live.cards(desk)
    assert "Черновик" in plain(desk.again(first))
    assert "На проверке" in plain(desk.again(second))
    await desk.press(OLGA, desk.again(first), "Обновить")
    assert "На проверке" in plain(await desk.changed(first, "На проверке"))


async def test_a_deleted_card_is_let_be_and_one_of_who_has_no_rights_any_more(desk: World) -> None:
    number = (await draft(desk)).id
    card = await opened(desk, OLGA)
    await hire(desk, JAMES, "James", AUTHOR.rights)
    page = await desk.say(JAMES, "/desk")
    await desk.press(JAMES, page, BRIDGE.headline)
    james = await desk.changed(page, "Language:")
    await desk.services.client.delete_message(OLGA, card["message_id"])
    await hire(desk, JAMES, "James", frozenset())
    await review.submit(desk.db, number, at=desk.clock.now(), by=EGOR)
    await live.cards(desk)
    assert await shown.due(desk.db, BOT, desk.clock.now() + live.LATER) == []
    assert "Draft" in plain(desk.again(james))


async def test_a_restart_goes_on_with_the_cards(sandbox: Sandbox, sqlite_db: Database) -> None:
    room = World(sandbox, sqlite_db, settings_for(sandbox, **QUICK))
    await room.prepare()
    async with room.listening():
        await room.say(OLGA, "/start")
        number = (await draft(room)).id
        card = await opened(room, OLGA)
        await review.submit(room.db, number, at=room.clock.now(), by=EGOR)
    async with room.listening():
        await live.cards(room)
        assert "На проверке" in plain(room.again(card))


def edits(room: World) -> int:
    return len(room.sandbox.calls(method="editMessageText"))


async def test_what_was_on_its_way_does_not_take_the_place_of_a_page(desk: World) -> None:
    number = (await draft(desk)).id
    card = await opened(desk, OLGA)
    kept = await shown.find(desk.db, BOT, OLGA, number)
    assert kept is not None
    may_go = asyncio.Event()

    async def late() -> None:
        await may_go.wait()
        await desk.services.client.edit_message_text("Карточка", chat_id=OLGA, message_id=card["message_id"])

    desk.services.errands.ask(errand_of(kept), late)
    pressed = desk.sandbox.press(OLGA, OLGA, card["message_id"], str(data_of(card, "Отозвать…")))
    while await shown.find(desk.db, BOT, OLGA, number) is not None:
        await asyncio.sleep(0)
    may_go.set()
    await desk.until(lambda: desk.answered(pressed))
    await desk.changed(card, "Новость не выходила")
