"""Who gets what by modes, the whole wire and mutes: planned, asked again at the claim, counted, and told in digests."""

from __future__ import annotations

import random
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from bot.matching.digest import plan_due
from bot.model.audience import FOLLOWERS, Audience, Everybody, Followers
from bot.model.chat import Chat
from bot.model.delivery import Lane
from bot.model.following.mode import WIRE, Mode, nearest, resolved
from bot.model.following.mute import MuteKind, MuteSpan, MuteTarget, feed_of
from bot.model.release import QUIET
from bot.model.story.article import Content
from bot.publishing.publish import publish
from bot.readers import settings, topics
from bot.readers.following import mutes
from bot.store.audience import digests, subscriptions
from bot.store.engine.database import Database
from bot.store.following import mutes as kept_mutes
from bot.store.ledger import bulletins, claims, plan
from bot.store.newsroom import articles, feeds
from bot.store.newsroom import topics as newsroom_topics
from bot.store.operations import bots
from bot.store.tables.audience import chat
from bot.store.tables.ledger import delivery
from tests.support.readers import ASIA, BOT, ECONOMY, NOW, SPORT, WORLD, Newsroom
from tests.support.transactions import reads, writes

FEED = "feed:1"
ABOUT = ((), (WORLD,), (ASIA,), (ECONOMY,), (ASIA, ECONOMY), (WORLD, SPORT), (ASIA, WORLD, SPORT))
TOPIC, SOURCE = MuteKind.TOPIC, MuteKind.FEED


@dataclass
class Reader:
    """A chat, and what it chose and muted, in the model's own words."""

    chat: Chat
    chosen: dict[int, Mode]
    muted: set[MuteTarget]

    def wants(self, known: Any, topic_ids: Collection[int], source: str) -> Mode:
        """Return the greatest mode in which the story comes."""
        chains = [known.chain(topic_id) for topic_id in topic_ids]
        feed = feed_of(source)
        if feed is not None and MuteTarget(SOURCE, feed) in self.muted:
            return Mode.OFF
        if any(MuteTarget(TOPIC, step) in self.muted for chain in chains for step in chain):
            return Mode.OFF
        modes = [nearest(chain, self.chosen) for chain in chains] or [nearest((), self.chosen)]
        return max(resolved(mode, instant=self.chat.instant) for mode in modes)


async def some_readers(newsroom: Newsroom, chance: random.Random, count: int) -> list[Reader]:
    made = []
    for number in range(count):
        here = await newsroom.join(1000 + number)
        instant = chance.random() < 0.5
        here = await settings.choose(newsroom.db, here.id, newsroom.now, instant=instant)
        chosen = {
            topic_id: chance.choice(tuple(Mode))
            for topic_id in (WIRE, WORLD, ASIA, ECONOMY, SPORT)
            if chance.random() < 0.4
        }
        muted = {
            target
            for target in (MuteTarget(TOPIC, WORLD), MuteTarget(TOPIC, SPORT), MuteTarget(SOURCE, 1))
            if chance.random() < 0.15
        }
        lapsed = MuteTarget(TOPIC, ECONOMY)
        async with newsroom.db.write() as tx:
            for topic_id, mode in chosen.items():
                await subscriptions.set_mode(tx, here.id, topic_id, newsroom.now, mode=mode)
            for target in muted:
                until = None if chance.random() < 0.5 else newsroom.now + timedelta(days=1)
                await kept_mutes.keep(tx, here.id, target, newsroom.now, until=until)
            await kept_mutes.keep(
                tx, here.id, lapsed, newsroom.now, until=newsroom.now - timedelta(seconds=1)
            )
        made.append(Reader(here, chosen, muted))
    return made


@pytest.mark.parametrize("seed", range(3))
async def test_who_gets_a_story_a_flash_and_a_line_in_the_digest_is_what_the_rule_says(
    newsroom: Newsroom, seed: int
) -> None:
    chance = random.Random(seed)
    known = await topics.all_topics(newsroom.db)
    readers = await some_readers(newsroom, chance, 40)
    for number, topic_ids in enumerate(ABOUT):
        source = chance.choice((FEED, "feed:2", "desk"))
        wants = {each.chat.id: each.wants(known, topic_ids, source) for each in readers}
        for lane, least in ((Lane.STORY, Mode.AT_ONCE), (Lane.FLASH, Mode.FLASH)):
            expected = {chat_id for chat_id, mode in wants.items() if mode >= least}
            story = await tell(newsroom, f"{number}-{lane}", topic_ids, source=source, lane=lane)
            if lane is Lane.STORY:
                await told_in_digests(newsroom, readers, wants, story)
            assert await planned(newsroom, story) == expected
            async with newsroom.db.read() as tx:
                asked = [each.chat.id for each in readers]
                wanted = await plan.still_wanted(tx, story, asked, lane=lane, now=newsroom.now)
            assert wanted == expected
            if topic_ids and source == "desk":
                counted = await reads(plan.count)(
                    newsroom.db, Followers(topic_ids), lane=lane, now=newsroom.now
                )
                assert sum(counted.values()) == len(expected)


async def told_in_digests(
    newsroom: Newsroom, readers: list[Reader], wants: dict[int, Mode], story: int
) -> None:
    """Check, before anything is planned, in whose digests the story stands."""
    known = await topics.all_topics(newsroom.db)
    since = newsroom.now - timedelta(seconds=1)
    async with newsroom.db.read() as tx:
        for each in readers:
            groups = await digests.contents(tx, each.chat, known, since=since, until=newsroom.now)
            stands = story in [article_id for _, ids in groups for article_id in ids]
            assert stands == (wants[each.chat.id] >= Mode.DIGEST)
            assert [at for _, ids in groups for at in ids].count(story) <= 1


async def tell(
    newsroom: Newsroom,
    headline: str,
    topic_ids: Collection[int],
    *,
    source: str = "desk",
    lane: Lane = Lane.STORY,
    audience: Audience = FOLLOWERS,
) -> int:
    """Publish a story without planning it, and return its id."""
    newsroom.now += timedelta(seconds=2)

    @writes
    async def publishing(tx: Any) -> int:
        one = await articles.add(
            tx,
            Content(headline),
            source=source,
            uid=headline,
            at=newsroom.now,
            topic_ids=topic_ids,
            flash=lane is Lane.FLASH,
        )
        await publish(tx, one.id, newsroom.now, lane=lane, audience=audience)
        return one.id

    return await publishing(newsroom.db)


async def planned(newsroom: Newsroom, story: int) -> set[int]:
    """Plan what waits, in pages that split the chats, and return the ids of those that are to get the story."""
    async with newsroom.db.write() as tx:
        for told in await bulletins.unfinished(tx):
            middle = told.ceiling // 2
            for page, end in ((told, middle), (replace(told, cursor=middle), told.ceiling)):
                count = await plan.add_page(tx, page, end, newsroom.now)
                await plan.advance(tx, page, end, newsroom.now, deliveries=count)
        got = select(chat.c.id).join(delivery, delivery.c.chat_id == chat.c.id)
        return set((await tx.execute(got.where(delivery.c.subject_id == story))).scalars())


async def claimed(newsroom: Newsroom, lane: Lane) -> tuple[set[int], dict[str, int]]:
    """Claim what is due, and return the Telegram ids of the chats and why others are skipped."""
    made = await writes(claims.claim)(
        newsroom.db, BOT, lane, newsroom.now, limit=100, lease=timedelta(minutes=1)
    )
    return {each.telegram_id for each in made.deliveries}, dict(made.skipped)


async def test_what_was_planned_is_asked_again_when_it_is_claimed(newsroom: Newsroom) -> None:
    stays, less, off, muted = [await newsroom.join(number, ECONOMY) for number in (21, 22, 23, 24)]
    story = await tell(newsroom, "Курс", (ECONOMY,))
    assert await planned(newsroom, story) == {stays.id, less.id, off.id, muted.id}
    await topics.choose(newsroom.db, less.id, ECONOMY, newsroom.now, mode=Mode.DIGEST)
    await topics.choose(newsroom.db, off.id, ECONOMY, newsroom.now, mode=Mode.OFF)
    target = MuteTarget(TOPIC, ECONOMY)
    await mutes.mute(newsroom.db, muted.id, target, newsroom.now, span=MuteSpan.TOMORROW)
    assert await claimed(newsroom, Lane.STORY) == ({21}, {"unsubscribed": 3})


async def test_a_flash_is_asked_for_by_its_own_rule_also_when_it_waited_for_the_morning(
    newsroom: Newsroom,
) -> None:
    flashes = await newsroom.join(21)
    await topics.choose(newsroom.db, flashes.id, ECONOMY, newsroom.now, mode=Mode.FLASH)
    story = await tell(newsroom, "Срочно", (ECONOMY,), lane=Lane.FLASH)
    assert await planned(newsroom, story) == {flashes.id}
    async with newsroom.db.write() as tx:
        await tx.execute(delivery.update().values(lane=Lane.STORY, reason=QUIET))
    assert await claimed(newsroom, Lane.STORY) == ({21}, {})


async def test_news_to_everybody_comes_whatever_is_muted_or_off(newsroom: Newsroom) -> None:
    here = await newsroom.join(21)
    for target in (MuteTarget(TOPIC, ECONOMY), MuteTarget(SOURCE, 1)):
        async with newsroom.db.write() as tx:
            await kept_mutes.keep(tx, here.id, target, newsroom.now, until=None)
    story = await tell(newsroom, "Срочно", (ECONOMY,), source=FEED, lane=Lane.FLASH, audience=Everybody())
    assert await planned(newsroom, story) == {here.id}
    assert await claimed(newsroom, Lane.FLASH) == ({21}, {})


async def test_a_mute_lapses_by_itself(newsroom: Newsroom) -> None:
    here = await newsroom.join(21, ECONOMY)
    target = MuteTarget(TOPIC, ECONOMY)
    made = await mutes.mute(newsroom.db, here.id, target, newsroom.now, span=MuteSpan.TOMORROW)
    assert made.until is not None
    newsroom.now = made.until - timedelta(seconds=3)
    assert await planned(newsroom, await tell(newsroom, "Вечер", (ECONOMY,))) == set()
    newsroom.now = made.until
    assert await planned(newsroom, await tell(newsroom, "Утро", (ECONOMY,))) == {here.id}


async def test_a_digest_comes_to_who_chose_it_and_heads_stories_of_the_whole_wire(
    newsroom: Newsroom,
) -> None:
    here = await newsroom.join(21)
    await topics.choose(newsroom.db, here.id, SPORT, newsroom.now, mode=Mode.DIGEST)
    await topics.choose(newsroom.db, here.id, WIRE, newsroom.now, mode=Mode.DIGEST)
    for headline, topic_ids in (("Порт", (ASIA,)), ("Матч", (SPORT,)), ("Погода", ()), ("Курс", (ECONOMY,))):
        assert await planned(newsroom, await tell(newsroom, headline, topic_ids)) == set()
    known = await topics.all_topics(newsroom.db)
    async with newsroom.db.read() as tx:
        found = await digests.contents(tx, here, known, since=NOW, until=newsroom.now)
    assert [topic_id for topic_id, _ in found] == [SPORT, WORLD, ECONOMY, -1]
    due = (await newsroom.join(21)).digest_due
    assert due is not None
    assert await plan_due(newsroom.db, BOT, due) == 1


async def test_stories_of_paused_topics_alone_are_nobodys_and_of_retired_ones_the_whole_wires(
    newsroom: Newsroom,
) -> None:
    here = await newsroom.join(21)
    await topics.toggle(newsroom.db, here.id, WIRE, newsroom.now)
    async with newsroom.db.write() as tx:
        await newsroom_topics.set_pause(tx, ECONOMY, newsroom.now)
        await newsroom_topics.retire(tx, [SPORT], newsroom.now)
    assert await planned(newsroom, await tell(newsroom, "Курс", (ECONOMY,))) == set()
    assert await planned(newsroom, await tell(newsroom, "Матч", (SPORT,))) == {here.id}


async def test_a_source_is_muted_by_its_feed_whatever_its_stories_are_about(newsroom: Newsroom) -> None:
    async with newsroom.db.write() as tx:
        feed_id = await feeds.put(
            tx,
            "https://example.org/rss",
            name="Пример",
            language="ru",
            publish="auto",
            interval=600,
            origin="file",
            at=newsroom.now,
        )
    here = await newsroom.join(21, ECONOMY)
    await mutes.mute(newsroom.db, here.id, MuteTarget(SOURCE, feed_id), newsroom.now, span=MuteSpan.WEEK)
    story = await tell(newsroom, "Курс", (ECONOMY,), source=f"feed:{feed_id}")
    assert await planned(newsroom, story) == set()
    assert await planned(newsroom, await tell(newsroom, "Другой курс", (ECONOMY,))) == {here.id}


async def test_a_page_looks_at_its_own_followers_alone_and_at_mutes_only_where_there_are_some(
    sqlite_db: Database,
) -> None:
    """On SQLite. What nobody uses costs a look into an index: nobody follows the whole wire, nobody mutes."""
    newsroom = Newsroom(sqlite_db)
    asked: list[tuple[str, Any]] = []

    @event.listens_for(sqlite_db.writer.sync_engine, "before_cursor_execute")
    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("INSERT INTO delivery"):
            asked.append((statement, parameters))

    async def ways() -> list[str]:
        asked.clear()
        await planned(newsroom, await tell(newsroom, f"{newsroom.now}", (ASIA, ECONOMY)))
        statements = list(asked)
        async with sqlite_db.write() as tx:
            found = [
                await tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
                for statement, parameters in statements
            ]
        return [" / ".join(row[3] for row in rows) for rows in found]

    @writes
    async def topics_of(tx: Any) -> None:
        await bots.put(tx, BOT, "vestnik_bot", NOW)
        world = await newsroom_topics.put(tx, "world", {"ru": "Мир"}, origin="file")
        await newsroom_topics.put(tx, "asia", {"ru": "Азия"}, parent_id=world, origin="file")
        await newsroom_topics.put(tx, "economy", {"ru": "Экономика"}, origin="file")

    await topics_of(sqlite_db)
    here = await newsroom.join(21, ECONOMY)
    before = await ways()
    page = "SEARCH subscription USING PRIMARY KEY (topic_id=? AND chat_id>? AND chat_id<?)"
    assert all(way.startswith(page) for way in before)
    assert not any("SCAN" in way or "mute" in way for way in before)
    target = MuteTarget(TOPIC, WORLD)
    await mutes.mute(newsroom.db, here.id, target, newsroom.now, span=MuteSpan.GOOD)
    muted = await ways()
    assert all(way.startswith(page) for way in muted)
    assert any("SEARCH mute USING PRIMARY KEY (kind=? AND target_id=? AND chat_id>?" in way for way in muted)
