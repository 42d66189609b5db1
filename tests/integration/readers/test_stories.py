"""Reading one story, and the latest."""

from __future__ import annotations

import pytest

from bot.desk.amend import kill
from bot.model.errors import Refusal
from bot.model.following.mode import WIRE, Mode
from bot.model.following.mute import MuteKind, MuteTarget
from bot.readers import latest, stories, topics
from bot.store.following import mutes
from tests.support.readers import ASIA, ECONOMY, SPORT, WORLD, Newsroom
from tests.support.transactions import writes


async def headlines(
    newsroom: Newsroom, chat_id: int | None, topic_id: int | None, limit: int = 10
) -> list[str]:
    found = await latest.newest(newsroom.db, chat_id, topic_id, limit)
    return [each.content.headline for each in found.articles]


async def test_a_story_is_read_with_its_topics_until_it_is_withdrawn(newsroom: Newsroom) -> None:
    number = await newsroom.story("Порт", ASIA)
    found = await stories.read(newsroom.db, number)
    assert found.article.content.headline == "Порт"
    assert found.topics.path(found.article.topic_ids[0]) == "world/asia"
    await kill(newsroom.db, number, newsroom.now)
    for missing in (number, 999):
        with pytest.raises(Refusal, match="not-found"):
            await stories.read(newsroom.db, missing)


async def test_the_latest_are_newest_first_and_as_many_as_asked_for(newsroom: Newsroom) -> None:
    here = await newsroom.join()
    for name in ("первая", "вторая", "третья"):
        await newsroom.story(name, ECONOMY)
    assert await headlines(newsroom, here.id, None, 2) == ["третья", "вторая"]


async def test_the_latest_of_a_topic_include_those_below_it(newsroom: Newsroom) -> None:
    await newsroom.story("Порт", ASIA)
    await newsroom.story("Курс", ECONOMY)
    assert await headlines(newsroom, None, WORLD) == ["Порт"]
    assert await headlines(newsroom, None, SPORT) == []


async def test_without_a_topic_the_latest_are_what_is_followed_or_everything(newsroom: Newsroom) -> None:
    reader, other = await newsroom.join(21, ECONOMY), await newsroom.join(22)
    await newsroom.story("Порт", ASIA)
    await newsroom.story("Курс", ECONOMY)
    assert await headlines(newsroom, reader.id, None) == ["Курс"]
    assert await headlines(newsroom, other.id, None) == ["Курс", "Порт"]


async def test_the_whole_wire_brings_stories_without_a_topic_also_where_a_topic_is_off(
    newsroom: Newsroom,
) -> None:
    reader = await newsroom.join(21)
    await topics.choose(newsroom.db, reader.id, WIRE, newsroom.now, mode=Mode.DIGEST)
    await topics.choose(newsroom.db, reader.id, SPORT, newsroom.now, mode=Mode.OFF)
    for name, about in (
        ("без темы", ()),
        ("матч", (SPORT,)),
        ("стадион", (SPORT, ECONOMY)),
        ("порт", (ASIA,)),
    ):
        await newsroom.story(name, *about)
    assert await headlines(newsroom, reader.id, None) == ["порт", "стадион", "без темы"]


async def test_the_latest_leave_out_what_is_muted(newsroom: Newsroom) -> None:
    reader, other = await newsroom.join(21, WORLD, ECONOMY), await newsroom.join(22)
    for name, about, source in (
        ("порт", (ASIA,), "feed:1"),
        ("курс", (ECONOMY,), "feed:1"),
        ("банк", (ECONOMY,), "feed:2"),
        ("торги", (ECONOMY, ASIA), "feed:2"),
        ("без темы", (), "feed:2"),
    ):
        await newsroom.story(name, *about, source=source)
    for each in (reader, other):
        for target in (MuteTarget(MuteKind.TOPIC, WORLD), MuteTarget(MuteKind.FEED, 1)):
            await writes(mutes.keep)(newsroom.db, each.id, target, newsroom.now)
    assert await headlines(newsroom, reader.id, None) == ["банк"]
    assert await headlines(newsroom, other.id, None) == ["без темы", "банк"]
    assert await headlines(newsroom, other.id, latest.EVERY_TOPIC) == ["без темы", "банк"]
    # A topic that is asked for by name is shown though it is muted, and a source is not.
    assert await headlines(newsroom, reader.id, WORLD) == ["торги"]
