"""What is wrong is told to the owners, once a day, in their language; nobody else hears of it."""

from __future__ import annotations

from datetime import timedelta

from bot.conversations.owners import tell_owners
from bot.store import feeds
from bot.store.database import writes

OWNER, ANNA = 11, 21
REASON = "<timeout> & more"


def text_of(message) -> str:
    return message.get("text") or ""


async def failing_feed(room) -> None:
    """Let a feed fail five times in a row."""
    now = room.clock.now()
    feed_id = await writes(feeds.put)(
        room.db,
        "https://example.org/feed",
        name="Лента <b>",
        language="ru",
        publish="auto",
        origin="file",
        interval=60,
        at=now,
    )
    for _ in range(5):
        await writes(feeds.record_failure)(room.db, feed_id, reason=REASON, next_poll_at=now)


async def test_a_feed_that_keeps_failing_is_told_once_a_day(room) -> None:
    await room.say(OWNER, "/start")
    await room.say(ANNA, "/start")
    await failing_feed(room)
    for _ in range(2):
        await tell_owners(room.context, room.bot, room.clock.now())
    told = [text for text in room.texts(OWNER) if "Лента <b>" in text]
    assert len(told) == 1
    assert REASON in told[0]
    assert len(room.shown(ANNA)) == 1
    room.clock.advance(timedelta(days=1, seconds=1))
    await tell_owners(room.context, room.bot, room.clock.now())
    assert sum("Лента <b>" in text for text in room.texts(OWNER)) == 2


async def test_an_owner_is_told_in_the_language_they_chose(room) -> None:
    settings = await room.say(OWNER, "/settings")
    await room.forge(OWNER, settings, "set:0:language:en")
    await failing_feed(room)
    await tell_owners(room.context, room.bot, room.clock.now())
    assert any("A feed keeps failing" in text for text in room.texts(OWNER))


async def test_an_owner_who_never_started_the_bot_costs_nothing(room) -> None:
    await failing_feed(room)
    await tell_owners(room.context, room.bot, room.clock.now())
    assert room.texts(OWNER) == []
    assert "Чаты" in text_of(await room.say(OWNER, "/status"))
