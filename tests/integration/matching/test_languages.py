"""News go to readers of their language: planned so, asked again when they go out, listed and digested so."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from bot.desk import amend
from bot.matching.digest import plan_due
from bot.model.audience import Audience, Everybody, Followers
from bot.model.bulletin import BulletinKind
from bot.model.chat import Chat
from bot.model.delivery import Lane
from bot.model.story.article import Content
from bot.publishing.publish import publish
from bot.readers import digests, latest, settings
from bot.store.engine.database import Database
from bot.store.ledger import bulletins, claims, plan
from bot.store.newsroom import articles, feeds, topics
from bot.store.tables.audience import chat
from bot.store.tables.ledger import delivery
from tests.support.readers import BOT, ECONOMY, NOW, SPORT, Newsroom
from tests.support.transactions import reads, writes

RU, EN, BOTH, ALL = 21, 22, 23, 24


async def readers(newsroom: Newsroom, *follows: int) -> dict[int, Chat]:
    """Let four chats join: of Russian, of English, of both, of every language."""
    made = {}
    for who, languages in ((RU, ("ru",)), (EN, ("en",)), (BOTH, ("ru", "en")), (ALL, ())):
        here = await newsroom.join(who, *follows)
        made[who] = await settings.choose(newsroom.db, here.id, newsroom.now, news_languages=languages)
    return made


async def reached(newsroom: Newsroom) -> set[int]:
    """Plan what waits, and return the Telegram ids of the chats that are to get the last story."""
    async with newsroom.db.write() as tx:
        for each in await bulletins.unfinished(tx):
            if each.kind is BulletinKind.NEW:
                await plan.add_page(tx, each, each.ceiling, newsroom.now)
            await plan.advance(tx, each, each.ceiling, newsroom.now)
        got = select(chat.c.telegram_id).join(delivery, delivery.c.chat_id == chat.c.id)
        found = await tx.execute(got.where(delivery.c.subject_id == newsroom.made[-1]))
        return set(found.scalars())


async def flash(newsroom: Newsroom, language: str, audience: Audience, *topic_ids: int) -> None:
    @writes
    async def publishing(tx: Any) -> None:
        content = Content("Срочно", language=language)
        one = await articles.add(
            tx, content, source="desk", uid="flash", at=newsroom.now, topic_ids=topic_ids
        )
        await publish(tx, one.id, newsroom.now, lane=Lane.FLASH, audience=audience)
        newsroom.made.append(one.id)

    await publishing(newsroom.db)


@pytest.mark.parametrize(
    ("language", "who"),
    [
        ("ru", {RU, BOTH, ALL}),
        ("en", {EN, BOTH, ALL}),
        ("en-GB", {EN, BOTH, ALL}),
        ("ky", {ALL}),
    ],
)
async def test_a_story_is_planned_for_readers_of_its_language(
    newsroom: Newsroom, language: str, who: set[int]
) -> None:
    await readers(newsroom, ECONOMY)
    newsroom.made.append(await newsroom.story("Курс", ECONOMY, language=language))
    assert await reached(newsroom) == who


@pytest.mark.parametrize(
    ("audience", "who"),
    [
        (Everybody(), {RU, BOTH, ALL}),
        (Everybody(("ru", "en")), {RU, EN, BOTH, ALL}),
        (Everybody(("en",)), {EN, BOTH, ALL}),
        (Followers(), {RU, BOTH, ALL}),
        (Followers(None, ("en",)), {EN, BOTH, ALL}),
        (Followers(None, ()), {RU, EN, BOTH, ALL}),
    ],
)
async def test_a_flash_is_for_the_languages_that_it_is_addressed_to(
    newsroom: Newsroom, audience: Audience, who: set[int]
) -> None:
    await readers(newsroom, ECONOMY)
    await flash(newsroom, "ru", audience, ECONOMY)
    assert await reached(newsroom) == who


async def test_a_flash_that_was_widened_stays_so_for_those_whom_a_new_topic_concerns(
    newsroom: Newsroom,
) -> None:
    await readers(newsroom, SPORT)
    await flash(newsroom, "ru", Followers(None, ("ru", "en")), ECONOMY)
    assert await reached(newsroom) == set()
    content = Content("Срочно", "И о спорте.")
    await amend.correct(newsroom.db, newsroom.made[-1], content, newsroom.now, topic_ids=(ECONOMY, SPORT))
    assert await reached(newsroom) == {RU, EN, BOTH, ALL}


async def test_an_audience_is_counted_by_what_its_chats_read(newsroom: Newsroom) -> None:
    await readers(newsroom, ECONOMY)
    await newsroom.join(25)
    count = reads(plan.count)
    everybody = await count(newsroom.db, Everybody())
    assert everybody == {("ru",): 1, ("en",): 1, ("ru", "en"): 1, (): 2}
    assert sum((await count(newsroom.db, Followers((ECONOMY,)))).values()) == 4
    assert await count(newsroom.db, Followers(())) == {}


async def test_a_choice_changed_after_planning_is_kept_when_the_story_goes_out(newsroom: Newsroom) -> None:
    made = await readers(newsroom, ECONOMY)
    newsroom.made.append(await newsroom.story("Курс", ECONOMY))
    await reached(newsroom)
    await settings.choose(newsroom.db, made[RU].id, newsroom.now, news_languages=("en",))
    claimed = await writes(claims.claim)(
        newsroom.db, BOT, Lane.STORY, newsroom.now, limit=10, lease=timedelta(minutes=1)
    )
    assert {each.telegram_id for each in claimed.deliveries} == {BOTH, ALL}
    assert claimed.skipped == {"other-language": 1}


async def test_the_latest_and_digests_keep_to_the_chats_languages(newsroom: Newsroom) -> None:
    made = await readers(newsroom, ECONOMY)
    await newsroom.story("Курс", ECONOMY)
    await newsroom.story("Rates", ECONOMY, language="en-US")
    wanted = {RU: ["Курс"], EN: ["Rates"], BOTH: ["Rates", "Курс"], ALL: ["Rates", "Курс"]}
    for who, headlines in wanted.items():
        for topic_id in (None, ECONOMY):
            found = await latest.newest(newsroom.db, made[who].id, topic_id, 10)
            assert [each.content.headline for each in found.articles] == headlines
        digest, _ = await digests.make(newsroom.db, made[who], newsroom.now)
        assert digest is not None
        assert [one.content.headline for part in digest.sections for one in part.articles] == headlines


async def test_a_digest_with_nothing_in_the_chats_languages_stays_away(newsroom: Newsroom) -> None:
    made = await readers(newsroom, ECONOMY)
    for one in (made[RU], made[EN]):
        hours = {"digest_at": (time(12),), "zone": "UTC"}
        await settings.choose(newsroom.db, one.id, newsroom.now, **hours)
    await newsroom.story("Rates", ECONOMY, language="en")
    assert await plan_due(newsroom.db, BOT, newsroom.now.replace(hour=12)) == 1


async def test_whoever_joins_reads_their_own_language_where_the_newsroom_tells_news_in_it(
    newsroom: Newsroom,
) -> None:
    assert (await newsroom.join(31, language="en")).news_languages == (), "nothing is known of the newsroom"
    await writes(feeds.put)(
        newsroom.db,
        "https://example.org/feed",
        name="",
        language="ru",
        publish="auto",
        backfill=0,
        interval=60,
        origin="file",
        at=newsroom.now,
    )
    assert (await newsroom.join(32, language="ru")).news_languages == ("ru",)
    assert (await newsroom.join(33, language="en")).news_languages == (), "there is nothing in English"
    await newsroom.story("Rates", ECONOMY, language="en-GB")
    assert (await newsroom.join(34, language="en")).news_languages == ("en",)


async def test_news_follow_the_chats_language_while_nothing_else_was_chosen(newsroom: Newsroom) -> None:
    await newsroom.story("Rates", ECONOMY, language="en")
    await newsroom.story("Курс", ECONOMY)
    here = await newsroom.join(31)
    assert here.news_languages == ("ru",)
    here = await settings.choose_language(newsroom.db, here.id, newsroom.now, "en")
    assert (here.language, here.news_languages) == ("en", ("en",))
    here = await settings.toggle_news_language(newsroom.db, here.id, newsroom.now, "ru")
    here = await settings.choose_language(newsroom.db, here.id, newsroom.now, "ru")
    assert (here.language, here.news_languages) == ("ru", ("en", "ru"))


async def test_the_last_language_taken_away_leaves_every_language(newsroom: Newsroom) -> None:
    here = await newsroom.join(31)
    for code, chosen in (("ru", ("ru",)), ("en", ("ru", "en")), ("ru", ("en",)), ("en", ())):
        here = await settings.toggle_news_language(newsroom.db, here.id, newsroom.now, code)
        assert here.news_languages == chosen


@pytest.mark.parametrize("audience", [Everybody, Followers])
async def test_languages_change_no_way_in_which_a_page_of_chats_is_found(
    sqlite_db: Database, audience: type[Everybody | Followers]
) -> None:
    """On SQLite: the same steps, by the same indexes, whether a page asks for languages or not."""
    asked: list[tuple[str, Any]] = []

    @event.listens_for(sqlite_db.writer.sync_engine, "before_cursor_execute")
    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("INSERT INTO delivery"):
            asked.append((statement, parameters))

    async def way(
        tx: Any, article_id: int, languages: tuple[str, ...], bot_id: int | None = None
    ) -> list[str]:
        made, _ = await bulletins.add(
            tx,
            article_id=article_id,
            revision=1,
            kind=BulletinKind.NEW,
            lane=Lane.FLASH,
            audience=audience(languages=languages),
            at=NOW,
            key=f"page:{languages}:{bot_id}",
            by=None,
            bot_id=bot_id,
        )
        told = await bulletins.get(tx, made)
        assert told is not None
        await plan.add_page(tx, told, 500, NOW)
        statement, parameters = asked[-1]
        found = await tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        return [row[3] for row in found]

    async with sqlite_db.write() as tx:
        topic = await topics.put(tx, "economy", {"ru": "Экономика"}, origin="file")
        one = await articles.add(tx, Content("Курс"), source="desk", uid="1", at=NOW, topic_ids=[topic])
        await articles.save(tx, one.publish(NOW))
        ways = [await way(tx, one.id, languages) for languages in ((), ("ru",), ("ru", "en"))]
        ways.append(await way(tx, one.id, ("ru",), bot_id=1))
    assert all(each == ways[0] for each in ways)
    assert not any(step.startswith("SCAN") for step in ways[0]), ways[0]
