"""Which stories stand beside a story: those that share rare words first, and never what nobody may see."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.publishing.kill import kill
from bot.publishing.publish import publish
from bot.store.engine.database import Database
from bot.store.newsroom import articles
from bot.store.newsroom.search import alike
from tests.support.readers import ASIA, ECONOMY, Newsroom
from tests.support.transactions import reads, writes


async def beside(db: Database, number: int, limit: int = 3) -> list[int]:
    async with db.read() as tx:
        to = await articles.get(tx, number)
        assert to is not None
        return [each.id for each in await articles.related(tx, to, limit, to.topic_ids)]


async def test_those_with_the_same_rare_words_come_first_then_the_newest(newsroom: Newsroom) -> None:
    alike_one = await newsroom.story("Тоннель под перевалом Кызарт открыт", ECONOMY)
    old = await newsroom.story("Курс вырос", ECONOMY)
    elsewhere = await newsroom.story("Тоннель под перевалом Кызарт", ASIA)
    english = await newsroom.story("Tunnel Кызарт", ECONOMY, language="en")
    here = await newsroom.story("Перевал Кызарт: тоннель закрыт", ECONOMY)
    new = await newsroom.story("Погода", ECONOMY)
    assert await beside(newsroom.db, here) == [alike_one, new, old]
    assert await beside(newsroom.db, here, 1) == [alike_one]
    assert not {elsewhere, english, here} & set(await beside(newsroom.db, here, 9))


async def test_what_nobody_may_see_stands_beside_nothing(newsroom: Newsroom) -> None:
    killed = await newsroom.story("Тоннель Кызарт открыт", ECONOMY)
    here = await newsroom.story("Тоннель Кызарт закрыт", ECONOMY)
    await writes(kill)(newsroom.db, killed, newsroom.now)
    held = await writes(articles.add)(
        newsroom.db,
        (await reads(articles.get)(newsroom.db, here)).content,  # type: ignore[union-attr]
        source="desk",
        uid="held",
        at=newsroom.now,
        topic_ids=(ECONOMY,),
    )
    await writes(publish)(newsroom.db, held.id, newsroom.now, not_before=newsroom.now + timedelta(seconds=5))
    assert await beside(newsroom.db, here) == []


async def test_words_that_many_have_and_what_is_long_ago_say_nothing(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alike, "FREQUENT", 3)
    long_ago = await newsroom.story("Кызарт", ECONOMY)
    newsroom.now += timedelta(days=31)
    stories = [await newsroom.story(f"Тоннель номер{number}", ECONOMY) for number in range(4)]
    here = await newsroom.story("Тоннель Кызарт", ECONOMY)
    assert await beside(newsroom.db, here, 5) == [*stories[::-1], long_ago]


async def test_a_story_without_topics_stands_alone(newsroom: Newsroom) -> None:
    here = await newsroom.story("Тоннель")
    await newsroom.story("Тоннель открыт", ECONOMY)
    assert await beside(newsroom.db, here) == []
