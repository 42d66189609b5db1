"""Joining, being shut out, coming back, leaving for good."""

from __future__ import annotations

from datetime import time, timedelta

from sqlalchemy import func, select

from bot.model.chat import ChatKind, ChatState
from bot.readers import membership, settings
from bot.store.newsroom.tables import audit
from bot.store.tables.audience import chat, subscription
from tests.support.readers import BOT, ECONOMY, WORLD, Newsroom, choices
from tests.support.transactions import reads


async def test_whoever_joins_twice_is_one_chat_with_its_choices(newsroom: Newsroom) -> None:
    first = await newsroom.join(21, ECONOMY)
    await settings.choose(newsroom.db, first.id, newsroom.now, language="en")
    again, new = await membership.join(
        newsroom.db,
        BOT,
        21,
        kind=ChatKind.PRIVATE,
        title="Анна Б.",
        language="ru",
        zone="UTC",
        at=newsroom.now,
    )
    assert (again.id, again.language, again.title, new) == (first.id, "en", "Анна Б.", False)
    assert await choices(newsroom.db, first.id) == {ECONOMY: True}


async def test_a_chat_that_shuts_the_bot_out_may_come_back_as_it_was(newsroom: Newsroom) -> None:
    here = await newsroom.join(21, ECONOMY)
    await settings.choose(newsroom.db, here.id, newsroom.now, digest_at=(time(9),))
    await membership.shut_out(newsroom.db, BOT, 21, reason="blocked", at=newsroom.now)
    found = await membership.find(newsroom.db, BOT, 21)
    assert found is not None
    assert (found.state, found.digest_due) == (ChatState.BLOCKED, None)
    await membership.come_back(newsroom.db, BOT, 21, newsroom.now)
    found = await membership.find(newsroom.db, BOT, 21)
    assert found is not None
    assert (found.state, found.digest_at) == (ChatState.ACTIVE, (time(9),))
    assert found.digest_due is not None


async def test_leaving_erases_what_is_known_and_is_written_down(newsroom: Newsroom) -> None:
    here = await newsroom.join(21, ECONOMY, WORLD)
    await settings.choose(
        newsroom.db,
        here.id,
        newsroom.now,
        form="rich",
        pictures=False,
        quiet=(time(23), time(7)),
        digest_at=(time(9), time(18)),
        digest_size=10,
        digest_empty=True,
    )
    await membership.leave(newsroom.db, here.id, newsroom.now)

    @reads
    async def left(tx):
        follows = select(func.count()).select_from(subscription).where(subscription.c.chat_id == here.id)
        row = (await tx.execute(select(chat).where(chat.c.id == here.id))).one()
        said = (await tx.execute(select(audit.c.verb))).scalars().all()
        return (await tx.execute(follows)).scalar_one(), row, said

    follows, row, said = await left(newsroom.db)
    assert (follows, row.title, row.state) == (0, "", ChatState.STOPPED)
    kept = ("digest_size", "digest_due", "quiet_from", "quiet_to", "form")
    assert [getattr(row, name) for name in kept] == [None] * len(kept)
    assert row.digest_times == ()
    assert (row.pictures, row.digest_empty, row.invited_by) == (None, False, None)
    assert "leave" in said


async def test_one_who_left_and_joins_again_begins_anew(newsroom: Newsroom) -> None:
    here = await newsroom.join(21, ECONOMY)
    await membership.leave(newsroom.db, here.id, newsroom.now)
    await membership.come_back(newsroom.db, BOT, 21, newsroom.now)
    found = await membership.find(newsroom.db, BOT, 21)
    assert found is not None
    assert found.state is ChatState.STOPPED, "who asked to be left alone must ask to come back"
    again = await newsroom.join(21)
    assert again.id == here.id
    assert again.state is ChatState.ACTIVE
    assert await choices(newsroom.db, here.id) == {}


async def test_a_group_that_moved_keeps_its_choices(newsroom: Newsroom) -> None:
    here = await newsroom.join(-5, ECONOMY, kind=ChatKind.GROUP)
    await membership.move(newsroom.db, BOT, -5, -1005, at=newsroom.now)
    assert await membership.find(newsroom.db, BOT, -5) is None
    found = await membership.find(newsroom.db, BOT, -1005)
    assert found is not None
    assert (found.id, found.kind) == (here.id, ChatKind.SUPERGROUP)


async def test_the_channels_of_whoever_promoted_the_bot_are_found(newsroom: Newsroom) -> None:
    for number, title in ((-1, "Река"), (-2, "Берег")):
        await newsroom.join(number, kind=ChatKind.CHANNEL, title=title, invited_by=21)
    await newsroom.join(-3, kind=ChatKind.CHANNEL, title="Чужой", invited_by=22)
    await newsroom.join(-4, kind=ChatKind.GROUP, title="Группа", invited_by=21)
    await membership.shut_out(newsroom.db, BOT, -1, reason="kicked", at=newsroom.now + timedelta(seconds=1))
    found = await membership.channels_of(newsroom.db, BOT, 21, 10)
    assert [each.title for each in found] == ["Берег"]
