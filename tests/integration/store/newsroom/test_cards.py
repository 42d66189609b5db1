"""A card is taken from one state to the next by one press alone."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from bot.model.audience import EVERYBODY, Everybody, Followers
from bot.model.desk.card import CardState
from bot.store.engine.database import Database
from bot.store.newsroom import audit, cards
from bot.store.tables.operations import bot
from tests.support.transactions import reads, writes

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
add, get, take = writes(cards.add), reads(cards.get), writes(cards.take)
change, asked = writes(cards.change), reads(cards.newest)


@pytest.fixture
async def db(db: Database) -> Database:
    async with db.writer.begin() as tx:
        await tx.execute(insert(bot).values(id=1))
    return db


async def test_a_card_comes_back_as_it_was_kept(db: Database) -> None:
    card = await add(db, 1, 5, 5, at=NOW)
    assert card.state is CardState.ASKED
    assert (card.audience, card.topics) == (EVERYBODY, ())
    await writes(cards.address)(db, card.id, Followers((3,)))
    changed = await change(db, card.id, preview_id=7, control_id=8)
    assert await get(db, card.id) == changed
    assert (changed.audience, changed.topics) == (Followers((3,)), (3,))
    assert await reads(cards.by_message)(db, 1, 5, 7) == changed
    assert await reads(cards.by_message)(db, 1, 5, 8) == changed
    assert await reads(cards.by_message)(db, 1, 6, 8) is None
    for audience in (Followers((3,), ("ru", "en")), Everybody(("en",))):
        assert (await writes(cards.address)(db, card.id, audience)).audience == audience
    with pytest.raises(LookupError):
        await change(db, 99, preview_id=1)


async def test_the_last_card_that_waits_for_a_text_is_found_for_its_author_alone(db: Database) -> None:
    await add(db, 1, 5, 5, at=NOW)
    last = await add(db, 1, 5, 5, at=NOW)
    assert await asked(db, 1, 5, 5, since=NOW) == last
    assert await asked(db, 1, 5, 6, since=NOW) is None
    assert await asked(db, 1, 5, 5, since=NOW + timedelta(seconds=1)) is None
    await take(db, last.id, CardState.ASKED, CardState.OPEN)
    assert (await asked(db, 1, 5, 5, since=NOW)) != last


async def test_of_many_presses_at_once_one_takes_the_card(db: Database) -> None:
    card = await add(db, 1, 5, 5, at=NOW, state=CardState.OPEN)
    presses = [take(db, card.id, CardState.OPEN, CardState.SENT, sent_at=NOW) for _ in range(8)]
    taken = [each for each in await asyncio.gather(*presses) if each is not None]
    assert len(taken) == 1
    assert taken[0].state is CardState.SENT
    assert await reads(cards.on_the_way)(db, 1) == taken


async def test_what_was_done_is_told_newest_first(db: Database) -> None:
    note = writes(audit.add)
    await note(db, NOW, 5, "publish", article_id=3, revision=1)
    await note(db, NOW, None, "release", article_id=4, revision=1, detail="feed:1")
    assert [entry.verb for entry in await reads(audit.recent)(db, 9)] == ["release", "publish"]
    assert [entry.actor for entry in await reads(audit.recent)(db, 9, article_id=3)] == [5]
