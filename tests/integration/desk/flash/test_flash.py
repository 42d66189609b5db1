"""Breaking news without a card: unseen until it starts, for whom, as an update, what goes out before, at night."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from bot.bell import LocalBell
from bot.desk.flash.backlog import estimate
from bot.desk.flash.choice import audience_of
from bot.desk.flash.send import Choice, send_story
from bot.desk.story import release
from bot.matching.catch_up import plan_catch_ups
from bot.matching.matcher import Matcher
from bot.model.clock import Clock
from bot.model.delivery import Lane, Manner
from bot.model.errors import Refusal
from bot.model.story.article import Article, Content, Status
from bot.readers import latest, settings, stories
from bot.readers.search import find as searching
from bot.store.audience import chats, digests
from bot.store.ledger import bulletins, claims
from bot.store.newsroom import articles, audit, topics
from tests.support.desk.verbs import BORIS, ECONOMY, Desk
from tests.support.readers import ASIA, BOT, Newsroom
from tests.support.transactions import reads, writes

UNDO = timedelta(seconds=5)
LIVES = {Lane.FLASH: timedelta(hours=1), Lane.STORY: timedelta(days=1)}
LEASE = timedelta(seconds=60)

claim = writes(claims.claim)


class At(Clock):
    """A clock that stands."""

    def __init__(self, moment: datetime) -> None:
        super().__init__()
        self._moment = moment

    def now(self) -> datetime:
        return self._moment


async def flash(desk: Desk, story: Article, *topic_ids: int, **how: Any) -> Article:
    choice = Choice(audience_of(topic_ids), **{"undo": UNDO, **how})
    return await send_story(desk.db, story.id, choice, at=desk.now, by=BORIS, rules=desk.rules)


async def plan(desk: Desk, at: datetime) -> None:
    matcher = Matcher(desk.db, At(at), LocalBell(), lives=LIVES, planned=lambda _lane: None)
    while await matcher.step():
        pass


async def claimed(desk: Desk, lane: Lane, at: datetime) -> claims.Claim:
    return await claim(desk.db, BOT, lane, at, limit=9, lease=LEASE)


async def seen(desk: Desk, article_id: int, reader: int) -> set[str]:
    """Where a reader sees the story now: among the latest, by its words, by its link, in a digest made now."""
    found = set()
    if article_id in [each.id for each in (await latest.newest(desk.db, None, None, 9)).articles]:
        found.add("latest")
    page = await searching.search(
        desk.db, searching.SearchReader(None, "ru", "UTC", desk.now), "мост", searching.Choice()
    )
    if page and article_id in [each.id for each in page.articles]:
        found.add("search")
    try:
        await stories.read(desk.db, article_id)
        found.add("link")
    except Refusal:
        pass
    async with desk.db.read() as tx:
        one, known = await chats.expect(tx, reader), await topics.load(tx)
        since, until = desk.later(days=-1), desk.later(minutes=1)
        groups = await digests.contents(tx, one, known, since=since, until=until)
    return found | {"digest" for _, ids in groups if article_id in ids}


async def test_nobody_sees_the_story_before_its_start_and_everybody_after(
    desk: Desk, newsroom: Newsroom
) -> None:
    story = await desk.draft()
    out = await flash(desk, story, ECONOMY)
    # Who comes later is not told of it by itself: the digest has it.
    reader = await newsroom.join(21, ECONOMY)
    await settings.choose(desk.db, reader.id, desk.now, instant=False)
    assert out.published_at == desk.later(seconds=5)
    assert await seen(desk, story.id, reader.id) == set()
    await plan(desk, desk.later(seconds=4))
    assert await seen(desk, story.id, reader.id) == set()
    await plan(desk, desk.later(seconds=5))
    assert await seen(desk, story.id, reader.id) == {"latest", "search", "link", "digest"}


async def test_a_story_with_a_moment_goes_out_the_same_way_from_the_desk(
    desk: Desk, newsroom: Newsroom
) -> None:
    reader = await newsroom.join(21)
    story = await desk.approved(flash=True)
    await desk.publish(story)
    assert await seen(desk, story.id, reader.id) == set()
    await release.undo(desk.db, story.id, at=desk.later(seconds=4), by=BORIS)
    assert (await desk.get(story)).status is Status.APPROVED
    with pytest.raises(Refusal, match="already-approved"):
        await release.undo(desk.db, story.id, at=desk.later(seconds=4), by=BORIS)


async def test_without_a_moment_it_starts_at_once(desk: Desk, newsroom: Newsroom) -> None:
    await newsroom.join(21)
    story = await desk.draft()
    await flash(desk, story, undo=timedelta())
    await plan(desk, desk.now)
    assert len((await claimed(desk, Lane.FLASH, desk.now)).deliveries) == 1


async def test_its_topics_are_those_of_the_choice_and_the_audit_keeps_the_choice(desk: Desk) -> None:
    story = await desk.approved()
    out = await flash(desk, story, ASIA, manner=Manner.SILENT)
    assert (out.topic_ids, out.flash, out.unreviewed) == ((ASIA,), True, True)
    deeds = await reads(audit.recent)(desk.db, 2, article_id=story.id)
    assert [(each.verb, each.detail) for each in deeds] == [
        ("publish", "not-reviewed"),
        ("flash", "topics own silent"),
    ]
    everybody = await flash(desk, await desk.draft(Content("Снег на перевале выпал ночью")))
    assert everybody.topic_ids == (ECONOMY,)


async def test_what_says_the_same_is_refused_until_the_editor_knows_or_makes_it_an_update(desk: Desk) -> None:
    first = await desk.draft(key="first")
    await flash(desk, first, undo=timedelta())
    again = await desk.draft(key="again")
    with pytest.raises(Refusal, match="warned"):
        await flash(desk, again)
    with pytest.raises(Refusal, match="warned"):
        await flash(desk, again, alike=again.id)
    out = await flash(desk, again, update_of=first.id)
    assert out.update_of == first.id
    told = await reads(bulletins.get)(desk.db, (await desk.news(out))[0])
    assert told is not None
    assert told.reply_to == first.id
    await release.undo(desk.db, again.id, at=desk.now, by=BORIS)
    third = await desk.draft(Content(first.content.headline, "Иначе."), key="third")
    assert await flash(desk, third, alike=first.id)


@pytest.mark.parametrize("agreed", [False, True])
async def test_at_night_it_comes_where_the_chat_agreed_and_in_the_morning_elsewhere(
    desk: Desk, newsroom: Newsroom, agreed: bool
) -> None:
    reader = await newsroom.join(21, zone="UTC")
    night = {"quiet": (time(8), time(12)), "flash_at_night": agreed}
    await settings.choose(desk.db, reader.id, desk.now, **night)
    story = await desk.draft()
    await flash(desk, story, undo=timedelta())
    await plan(desk, desk.now)
    at_once = (await claimed(desk, Lane.FLASH, desk.now)).deliveries
    assert len(at_once) == agreed
    progress = await reads(bulletins.progress)(desk.db, (await desk.news(story))[0])
    assert progress is not None
    assert (progress.quiet, progress.done) == (not agreed, not agreed)
    if not agreed:
        morning = desk.now.replace(hour=12)
        assert not (await claimed(desk, Lane.STORY, morning - UNDO)).deliveries
        await plan_catch_ups(desk.db, BOT, morning + UNDO)
        assert len((await claimed(desk, Lane.STORY, morning + UNDO)).deliveries) == 1


async def test_who_agrees_at_night_gets_what_waited(desk: Desk, newsroom: Newsroom) -> None:
    reader = await newsroom.join(21, zone="UTC")
    await settings.choose(desk.db, reader.id, desk.now, quiet=(time(8), time(12)))
    await flash(desk, await desk.draft(), undo=timedelta())
    await plan(desk, desk.now)
    assert not (await claimed(desk, Lane.FLASH, desk.now)).deliveries
    await settings.choose(desk.db, reader.id, desk.now, quiet=None)
    await plan_catch_ups(desk.db, BOT, desk.now)
    assert len((await claimed(desk, Lane.STORY, desk.now)).deliveries) == 1


async def test_the_backlog_names_what_goes_out_before_and_how_long_that_takes(
    desk: Desk, newsroom: Newsroom
) -> None:
    for user in (21, 22, 23):
        await newsroom.join(user)

    async def asked(manner: Manner = Manner.SOUND) -> tuple[str, int, float, float]:
        found = await estimate(desk.db, BOT, desk.now, rate=2, chats=10, manner=manner)
        return found.headline, found.messages, found.seconds, found.own_seconds

    assert await asked() == ("", 0, 0, 5)
    story = await desk.draft()
    await flash(desk, story, undo=timedelta(), manner=Manner.PINNED)
    headline = story.content.headline
    assert await asked() == (headline, 3, 3, 8), "it is not planned yet"
    await plan(desk, desk.now)
    assert await asked() == (headline, 3, 3, 8)
    await claimed(desk, Lane.FLASH, desk.now)
    assert await asked(Manner.PINNED) == (headline, 3, 3, 13)


async def test_an_archived_story_returns_to_the_archive(desk: Desk) -> None:
    story = await desk.draft()

    @writes
    async def archive(tx: Any) -> None:
        old = replace(story, status=Status.ARCHIVED, published_at=desk.later(days=-9))
        await articles.save(tx, old)

    await archive(desk.db)
    await flash(desk, story)
    after = await release.undo(desk.db, story.id, at=desk.later(seconds=1), by=BORIS)
    assert (after.status, after.published_at) == (Status.ARCHIVED, desk.later(days=-9))
