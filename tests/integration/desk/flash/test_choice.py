"""For whom a card of breaking news is: many chats are counted once for all who look at it."""

from __future__ import annotations

import pytest

from bot.desk import breaking
from bot.desk.flash import choice
from bot.model.desk.card import Card
from bot.store.ledger import counts
from bot.store.ledger.counts import Counts
from tests.support.desk.verbs import ANNA, ECONOMY, OPENED, Desk
from tests.support.readers import ASIA, BOT, Newsroom


async def card(desk: Desk) -> Card:
    asked = await breaking.ask(desk.db, BOT, ANNA, ANNA, at=desk.now)
    return await breaking.draft(desk.db, asked, OPENED, desk.now, topic_ids=(ECONOMY,))


async def test_many_chats_are_counted_once_for_each_choice(
    desk: Desk, newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counts, "FEW_CHATS", 0)
    made, kept = await card(desk), Counts(lambda: 0.0)
    await newsroom.join(21, ECONOMY)
    assert (await breaking.view(desk.db, kept, made.id)).audience == 1
    await newsroom.join(22, ECONOMY)
    assert (await breaking.view(desk.db, kept, made.id)).audience == 1, "counted a moment ago"
    assert (await breaking.view(desk.db, Counts(), made.id)).audience == 2
    await newsroom.join(23, ASIA)
    await choice.address(desk.db, made.id, ASIA)
    assert (await breaking.view(desk.db, kept, made.id)).audience == 3, "another choice"
    await choice.address_language(desk.db, made.id, "en")
    assert (await breaking.view(desk.db, kept, made.id)).audience == 3, (
        "the languages are told apart afterwards"
    )


async def test_few_chats_are_counted_at_each_look(desk: Desk, newsroom: Newsroom) -> None:
    made, kept = await card(desk), Counts(lambda: 0.0)
    await newsroom.join(21, ECONOMY)
    assert (await breaking.view(desk.db, kept, made.id)).audience == 1
    await newsroom.join(22, ECONOMY)
    assert (await breaking.view(desk.db, kept, made.id)).audience == 2
