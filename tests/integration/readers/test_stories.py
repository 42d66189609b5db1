"""Reading one story, and the latest."""

from __future__ import annotations

import pytest

from bot.desk.amend import kill
from bot.model.errors import Refusal
from bot.readers import latest, stories
from tests.support.readers import ASIA, ECONOMY, SPORT, WORLD, Newsroom


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
