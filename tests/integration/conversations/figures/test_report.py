"""The daily report: at its hour, once to each who works at the desk, and never a stale one."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from bot.conversations.figures.report import send_due
from bot.model.newsroom.grant import Grant
from bot.model.newsroom.role import AUTHOR
from bot.readers import stories
from bot.store.newsroom import staff as kept
from bot.store.tables.audience import chat
from tests.support.people import ANNA, JAMES
from tests.support.people import EDITOR as EGOR
from tests.support.people import OWNER as OLGA
from tests.support.world import BOT, ECONOMY, World

AT = time(20)
TODAY = datetime.now(UTC).replace(hour=17, minute=0, second=0, microsecond=0)
"""Eight in the evening in Moscow, the newsroom's zone here."""


async def at_work(room: World) -> None:
    """Let the owner, James as an author, Anna as a reader and Egor without a start of his own be there for days."""
    for user in (OLGA, JAMES, ANNA):
        await room.say(user, "/start")
    async with room.db.write() as tx:
        for user in (JAMES, EGOR):
            given = Grant(user, "", AUTHOR.rights, given_by=OLGA, given_at=TODAY)
            assert await kept.put(tx, BOT, given)
        await tx.execute(chat.update().values(created_at=TODAY - timedelta(days=5)))


def reports(room: World, user: int) -> list[str]:
    return [each for each in room.texts(user) if each.startswith(("День редакции", "The day at the desk"))]


async def test_everybody_at_the_desk_gets_it_once_in_their_own_language(room: World) -> None:
    await at_work(room)
    number = await room.story("Мост открыт", ECONOMY)
    await stories.opened(room.db, number)
    # What the test publishes now is of the day that ends within the next 24 hours.
    due = TODAY + timedelta(days=int(room.clock.now() >= TODAY))
    await send_due(room.services, due - timedelta(hours=1), AT)
    assert not reports(room, OLGA)
    for minutes in (0, 1, 170):
        await send_due(room.services, due + timedelta(minutes=minutes), AT)
    (russian,), (english,) = reports(room, OLGA), reports(room, JAMES)
    assert "Вышло: 1" in russian
    assert "Мост открыт — 1" in russian
    assert "Went out: 1" in english
    assert not reports(room, ANNA)
    assert not reports(room, EGOR)
    await send_due(room.services, due + timedelta(days=1), AT)
    assert len(reports(room, OLGA)) == 2


async def test_after_an_outage_a_stale_report_is_left_out_and_none_is_sent_where_there_is_none(
    room: World,
) -> None:
    await at_work(room)
    await send_due(room.services, TODAY + timedelta(hours=3, minutes=1), AT)
    await send_due(room.services, TODAY, None)
    assert not reports(room, OLGA)


async def test_whoever_starts_the_bot_later_is_not_told_of_the_day_before(room: World) -> None:
    await at_work(room)
    async with room.db.write() as tx:
        late = TODAY + timedelta(minutes=1)
        await tx.execute(chat.update().where(chat.c.telegram_id == JAMES).values(created_at=late))
    await send_due(room.services, TODAY + timedelta(minutes=2), AT)
    assert len(reports(room, OLGA)) == 1
    assert not reports(room, JAMES)


async def test_a_report_that_telegram_refuses_one_person_reaches_the_others(room: World) -> None:
    await at_work(room)
    room.sandbox.block(OLGA)
    await send_due(room.services, TODAY, AT)
    assert len(reports(room, JAMES)) == 1
