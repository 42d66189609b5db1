"""What whoever set a chat up is told, on both databases: once, again after a day, never who did it, gone with them."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.model.chat import Chat, ChatKind
from bot.model.places.notice import ChatTrouble
from bot.readers import membership
from bot.readers.places import keepers
from tests.support.readers import BOT, Newsroom

ANNA, BORIS = 21, 22
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def channel(newsroom: Newsroom) -> Chat:
    """Let Anna bring the bot into a channel in which Boris set something up."""
    here = await newsroom.join(-1005, kind=ChatKind.CHANNEL, title="Канал", invited_by=ANNA)
    await keepers.note(newsroom.db, here, BORIS)
    return here


async def lost(newsroom: Newsroom, at: datetime, by: int | None = None) -> None:
    await membership.shut_out(newsroom.db, BOT, -1005, reason="no-rights", at=at, by=by)


async def told(newsroom: Newsroom, at: datetime) -> list[int]:
    """Tell what is to be told, and return to whom."""
    found = await keepers.untold(newsroom.db, BOT)
    assert {each.trouble for each in found} <= {ChatTrouble.SILENCED}
    for each in found:
        await keepers.told(newsroom.db, each, at)
    return sorted(each.user_id for each in found)


async def test_each_is_told_once_and_again_a_day_after_it_was_right(newsroom: Newsroom) -> None:
    await channel(newsroom)
    at = newsroom.now
    await lost(newsroom, at)
    assert await told(newsroom, at) == [ANNA, BORIS]
    await lost(newsroom, at + HOUR)
    assert await told(newsroom, at + HOUR) == []
    for later, whom in ((2 * HOUR, []), (DAY + HOUR, [ANNA, BORIS])):
        await membership.come_back(newsroom.db, BOT, -1005, at + later)
        await lost(newsroom, at + later + HOUR)
        assert await told(newsroom, at + later + HOUR) == whom


async def test_who_did_it_knows_and_what_is_right_again_is_not_told(newsroom: Newsroom) -> None:
    await channel(newsroom)
    await lost(newsroom, newsroom.now, by=ANNA)
    assert [each.user_id for each in await keepers.untold(newsroom.db, BOT)] == [BORIS]
    await membership.come_back(newsroom.db, BOT, -1005, newsroom.now)
    assert await keepers.untold(newsroom.db, BOT) == []


async def test_nobody_is_told_of_a_private_chat(newsroom: Newsroom) -> None:
    await newsroom.join(BORIS)
    await membership.shut_out(newsroom.db, BOT, BORIS, reason="kicked", at=newsroom.now)
    assert await keepers.untold(newsroom.db, BOT) == []


async def test_who_leaves_is_told_nothing_any_more(newsroom: Newsroom) -> None:
    anna = await newsroom.join(ANNA)
    await channel(newsroom)
    await lost(newsroom, newsroom.now)
    await membership.leave(newsroom.db, anna.id, newsroom.now)
    assert [each.user_id for each in await keepers.untold(newsroom.db, BOT)] == [BORIS]
