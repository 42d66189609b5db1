"""Following, and the order of topics."""

from __future__ import annotations

import asyncio

import pytest

from bot.model.errors import Refusal
from bot.model.following.mode import Mode
from bot.readers import topics
from tests.support.readers import ASIA, ECONOMY, SPORT, WORLD, Newsroom, choices


async def test_following_and_leaving_a_topic_takes_turns(newsroom: Newsroom) -> None:
    here = await newsroom.join()
    made = await topics.toggle(newsroom.db, here.id, ECONOMY, newsroom.now)
    assert made.topic is not None
    assert (made.topic.slug, made.followed, made.mode) == ("economy", True, Mode.AT_ONCE)
    assert not (await topics.toggle(newsroom.db, here.id, ECONOMY, newsroom.now)).followed
    assert await choices(newsroom.db, here.id) == {}


async def test_many_presses_at_once_take_turns_too(newsroom: Newsroom) -> None:
    here = await newsroom.join()
    presses = [topics.toggle(newsroom.db, here.id, ECONOMY, newsroom.now) for _ in range(10)]
    followed = [each.followed for each in await asyncio.gather(*presses)]
    assert followed.count(True) == followed.count(False) == 5
    assert await choices(newsroom.db, here.id) == {}


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("economy", "economy"),
        ("Экономике", "economy"),
        ("об экономике", "economy"),
        ("новости спорта", "sport"),
        ("sports", "sport"),
        ("в Азии", "asia"),
        ("котики", None),
        ("", None),
    ],
)
async def test_a_topic_is_found_however_its_name_is_inflected(
    newsroom: Newsroom, words: str, slug: str | None
) -> None:
    found = topics.meant(await topics.all_topics(newsroom.db), words)
    assert (found.slug if found else None) == slug


async def test_a_topic_below_a_followed_one_is_switched_off_and_heard_again(newsroom: Newsroom) -> None:
    here = await newsroom.join(21, WORLD)
    assert not (await topics.toggle(newsroom.db, here.id, ASIA, newsroom.now)).followed
    assert await choices(newsroom.db, here.id) == {WORLD: True, ASIA: False}
    assert (await topics.toggle(newsroom.db, here.id, ASIA, newsroom.now)).followed
    assert await choices(newsroom.db, here.id) == {WORLD: True}


async def test_topics_that_are_not_there_are_refused(newsroom: Newsroom) -> None:
    here = await newsroom.join()
    for verb in (topics.toggle, topics.follow, topics.as_above):
        with pytest.raises(Refusal, match="no-topic"):
            await verb(newsroom.db, here.id, 999, newsroom.now)
    with pytest.raises(Refusal, match="no-topic"):
        await topics.move_up(newsroom.db, here.id, ECONOMY)


async def test_topics_stand_as_they_were_followed_until_they_are_moved(newsroom: Newsroom) -> None:
    here = await newsroom.join(21, SPORT, ECONOMY, WORLD)

    async def order() -> list[str]:
        return [each.slug for each in await topics.ordered(newsroom.db, here.id)]

    assert await order() == ["sport", "economy", "world"]
    await topics.move_up(newsroom.db, here.id, WORLD)
    assert await order() == ["sport", "world", "economy"]
    await topics.move_up(newsroom.db, here.id, SPORT)
    assert await order() == ["sport", "world", "economy"], "the first one is at the top"
    await topics.toggle(newsroom.db, here.id, SPORT, newsroom.now)
    await topics.toggle(newsroom.db, here.id, SPORT, newsroom.now)
    assert await order() == ["world", "economy", "sport"], "what is followed anew comes last"
