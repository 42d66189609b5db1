"""What is wrong is told to the owners, once a day, in their language; nobody else hears of it."""

from __future__ import annotations

from datetime import timedelta

from bot.conversations.alerts import tell_owners
from bot.model.story.article import Content
from bot.operations import status
from bot.operations.gauges import show_roles
from bot.operations.reports import TroubleReports
from bot.operations.status import Trouble
from bot.store.newsroom import feeds, held_edits
from bot.store.operations import leases
from tests.support.figures import figure
from tests.support.messages import text_of
from tests.support.transactions import reads, writes
from tests.support.world import World

OWNER, ANNA = 11, 21
REASON = "<timeout> & more"


async def failing_feed(room: World) -> None:
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


async def test_a_feed_that_keeps_failing_is_told_once_a_day(room: World) -> None:
    await room.say(OWNER, "/start")
    await room.say(ANNA, "/start")
    await failing_feed(room)
    for _ in range(2):
        await tell_owners(room.services, room.clock.now())
    told = [text for text in room.texts(OWNER) if "Лента <b>" in text]
    assert len(told) == 1
    assert REASON in told[0]
    assert len(room.shown(ANNA)) == 1
    room.clock.advance(timedelta(days=1, seconds=1))
    await tell_owners(room.services, room.clock.now())
    assert sum("Лента <b>" in text for text in room.texts(OWNER)) == 2


async def test_what_one_process_knows_every_process_sees_and_it_is_told_once(room: World) -> None:
    await room.say(OWNER, "/start")
    bot_id, now = room.services.bot.id, room.clock.now()
    first, second = (TroubleReports(room.db, bot_id) for _ in range(2))
    lost = [Trouble("letters:1", "owner_letters", {"feed": "Лента <b>", "count": 2})]
    await first.note("feeds", lost, now)
    await second.note("feeds", [], now)
    for _ in range(2):
        await tell_owners(room.services, now)
    assert sum("Лента <b>" in text for text in room.texts(OWNER)) == 1
    assert "Лента <b>" in text_of(await room.say(OWNER, "/status"))
    # A process that has ended says nothing more: what it said is let be after a while, unless somebody says it again.
    later = now + status.REPORT_HOLDS + timedelta(seconds=1)
    assert await reads(status.present)(room.db, bot_id, later) == []
    await first.note("feeds", lost, later)
    assert await reads(status.present)(room.db, bot_id, later) == lost
    await first.note("feeds", [], later)
    assert "Лента <b>" not in text_of(await room.say(OWNER, "/status"))


async def test_status_names_the_roles_that_nobody_has(room: World) -> None:
    bot_id, now = room.services.bot.id, room.clock.now()
    for name, owner in (
        (f"courier:{bot_id}", "machine-1:1:a"),
        ("ticks", "machine-2:2:b"),
        ("matcher", "gone:3:c"),
    ):
        ttl = timedelta(hours=-1 if owner.startswith("gone") else 1)
        await writes(leases.take)(room.db, name, owner, now, ttl=ttl)
    said = text_of(await room.say(OWNER, "/status"))
    assert "рассылает новости: machine-1:1:a" in said
    assert "делает всё, чему пришёл срок: machine-2:2:b" in said
    assert "ни один процесс: готовит рассылку" in said
    await show_roles(room.db, now)
    held = [figure("vestnik_role_held", role=role) for role in ("courier", "poller", "matcher", "ticks")]
    assert held == [1, 0, 0, 1]


async def test_an_owner_is_told_in_the_language_they_chose(room: World) -> None:
    settings = await room.say(OWNER, "/settings")
    await room.forge(OWNER, settings, "set:0:language:en")
    await failing_feed(room)
    await tell_owners(room.services, room.clock.now())
    assert any("A feed can’t be loaded" in text for text in room.texts(OWNER))


async def test_an_owner_who_never_started_the_bot_costs_nothing(room: World) -> None:
    await failing_feed(room)
    await tell_owners(room.services, room.clock.now())
    assert room.texts(OWNER) == []
    assert "Чаты" in text_of(await room.say(OWNER, "/status"))


async def test_a_headline_is_told_as_a_short_printable_line(room: World) -> None:
    await room.say(OWNER, "/start")
    now = room.clock.now()
    story = await room.story("Мост\x1b[2J \u202eоткрыт " * 90)
    content = Content("Мост", language="ru")
    await writes(held_edits.keep)(room.db, story, content, source="feed:1", reason="text", at=now)
    (trouble,) = await status.untold(room.db, room.services.bot.id, now)
    headline = trouble.facts["headline"]
    assert headline.startswith("Мост [2J открыт Мост")
    assert headline.isprintable()
    assert len(headline) <= 201
