"""A card is its author's: a forged press of somebody else's changes nothing, whichever button it names."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.desk import breaking, staff
from bot.desk.flash import send as flash
from bot.model.desk.card import Card, CardState
from bot.store.ledger.counts import Counts
from bot.store.operations import bots
from tests.support.world import World

BOT, OTHER_BOT, OWNER, EDITOR, ANNA = 700700, 700701, 11, 12, 21
ECONOMY = 3

BUTTONS = (
    *(f"to:{{card}}:{ECONOMY}", "to:{card}:0", "in:{card}:en", "send:{card}", "sure:{card}", "back:{card}"),
    *("reword:{card}", "keep:{card}", "drop:{card}", "pause:{card}", "resume:{card}", "stop:{card}"),
    *("again:{card}", "leave:{card}"),
)
STALE, NO_EDITOR = "Эта кнопка устарела", "только редакторам"


async def become(room: World, who: str) -> int:
    """Give the person their part, and return their Telegram id."""
    now = room.clock.now()
    match who:
        case "editor" | "former editor":
            await staff.add(room.db, BOT, EDITOR, "Егор", by=OWNER, at=now)
        case "another bot's editor":
            async with room.db.write() as tx:
                await bots.put(tx, OTHER_BOT, "second_bot", now)
            await staff.add(room.db, OTHER_BOT, EDITOR, "Егор", by=OWNER, at=now)
    if who == "former editor":
        await staff.remove(room.db, BOT, EDITOR, by=OWNER, at=now)
    return ANNA if who == "reader" else EDITOR


async def prepared(room: World, author: int) -> Card:
    """Write breaking news as its author, and return the card that then stands in the author's chat."""
    room.sandbox.send(author, author, "/breaking Мост закрыт")
    async with asyncio.timeout(60):
        while True:
            card = await breaking.in_preview(room.db, BOT, author, author, at=room.clock.now())
            if card and card.control_id is not None:
                return card
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("state", [CardState.OPEN, CardState.SENT])
@pytest.mark.parametrize(
    ("who", "says"),
    [
        ("editor", STALE),
        ("former editor", NO_EDITOR),
        ("reader", NO_EDITOR),
        ("another bot's editor", NO_EDITOR),
    ],
)
async def test_a_forged_press_of_any_button_is_refused_and_changes_nothing(
    room: World, caplog: pytest.LogCaptureFixture, who: str, says: str, state: CardState
) -> None:
    person = await become(room, who)
    await room.say(OWNER, "/start")
    hello = await room.say(person, "/start")
    card = await prepared(room, OWNER)
    if state is CardState.SENT:
        await flash.send(room.db, card.id, OWNER, room.clock.now(), rules=room.services.rules)
    before, shown = await breaking.view(room.db, Counts(), card.id), room.shown(OWNER)
    with caplog.at_level(logging.WARNING):
        for button in BUTTONS:
            answer = await room.forge(person, hello, f"flash:{button.format(card=card.id)}")
            assert says in answer["text"], button
    assert await breaking.view(room.db, Counts(), card.id) == before
    assert room.shown(OWNER) == shown
    forged = [each for each in caplog.messages if each.startswith("press.forged")]
    assert len(forged) == (len(BUTTONS) if who == "editor" else 0)


async def test_the_owner_too_sends_no_card_of_an_editors(room: World) -> None:
    await staff.add(room.db, BOT, EDITOR, "Егор", by=OWNER, at=room.clock.now())
    hello = await room.say(OWNER, "/start")
    await room.say(EDITOR, "/start")
    card = await prepared(room, EDITOR)
    assert STALE in (await room.forge(OWNER, hello, f"flash:sure:{card.id}"))["text"]
    assert (await breaking.find(room.db, card.id)).card.state is CardState.OPEN
