"""A chat's digest on request: what is new, under its topics, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.desk.amend import correct, kill
from bot.model.chat import Chat
from bot.model.errors import Refusal
from bot.model.story.article import Content
from bot.model.story.digest import Digest
from bot.readers import digests, settings, topics
from tests.support.readers import ASIA, ECONOMY, SPORT, WORLD, Newsroom


async def quiet_reader(newsroom: Newsroom, *follows: int) -> Chat:
    """Return a chat that gets nothing at once."""
    here = await newsroom.join(21, *follows)
    return await settings.choose(newsroom.db, here.id, newsroom.now, instant=False)


async def made(newsroom: Newsroom, here: Chat) -> Digest | None:
    """Make a digest and let it be shown."""
    newsroom.now += timedelta(seconds=1)
    told, _ = await digests.make(newsroom.db, here, newsroom.now)
    if told:
        await digests.shown(newsroom.db, here, told, message_id=told.id, form="text", at=newsroom.now)
    return told


def outline(told: Digest | None) -> list[tuple[int | None, list[str]]]:
    assert told is not None
    return [(each.topic_id, [one.content.headline for one in each.articles]) for each in told.sections]


async def test_stories_stand_under_the_topics_chosen_in_the_chats_order(newsroom: Newsroom) -> None:
    here = await quiet_reader(newsroom, SPORT, WORLD, ECONOMY)
    await newsroom.story("Матч", SPORT)
    await newsroom.story("Порт", ASIA)
    await newsroom.story("Курс", ECONOMY)
    await newsroom.story("Выставка", WORLD)
    await newsroom.story("Чемпионат в порту", ASIA, SPORT)
    expected = [(SPORT, ["Чемпионат в порту", "Матч"]), (WORLD, ["Выставка", "Порт"]), (ECONOMY, ["Курс"])]
    assert outline(await made(newsroom, here)) == expected


async def test_what_is_muted_or_not_followed_is_left_out(newsroom: Newsroom) -> None:
    here = await quiet_reader(newsroom, WORLD)
    await topics.toggle(newsroom.db, here.id, ASIA, newsroom.now)
    await newsroom.story("Порт", ASIA)
    await newsroom.story("Курс", ECONOMY)
    await newsroom.story("Выставка", WORLD)
    assert outline(await made(newsroom, here)) == [(WORLD, ["Выставка"])]


async def test_nothing_is_told_twice(newsroom: Newsroom) -> None:
    here = await quiet_reader(newsroom, ECONOMY)
    await newsroom.story("Курс", ECONOMY)
    first = await made(newsroom, here)
    assert await made(newsroom, here) is None
    assert first is not None
    assert await digests.last(newsroom.db, here) == first.id
    await newsroom.story("Ставка", ECONOMY)
    assert outline(await made(newsroom, here)) == [(ECONOMY, ["Ставка"])]


async def test_one_that_was_never_shown_is_told_again(newsroom: Newsroom) -> None:
    here = await quiet_reader(newsroom, ECONOMY)
    await newsroom.story("Курс", ECONOMY)
    assert (await digests.make(newsroom.db, here, newsroom.now))[0] is not None
    assert outline(await made(newsroom, here)) == [(ECONOMY, ["Курс"])]


async def test_what_is_older_than_a_day_is_not_news(newsroom: Newsroom) -> None:
    here = await quiet_reader(newsroom, ECONOMY)
    await newsroom.story("Курс", ECONOMY)
    newsroom.now += timedelta(days=1, minutes=1)
    assert await made(newsroom, here) is None


async def test_it_reads_as_its_stories_read_now(newsroom: Newsroom) -> None:
    here = await quiet_reader(newsroom, ECONOMY)
    course, rate = await newsroom.story("Курс", ECONOMY), await newsroom.story("Ставка", ECONOMY)
    told = await made(newsroom, here)
    assert told is not None
    await correct(newsroom.db, course, Content("Курс вырос"), newsroom.now)
    await kill(newsroom.db, rate, newsroom.now)
    again, _ = await digests.read(newsroom.db, here.id, told.id)
    assert outline(again) == [(ECONOMY, ["Курс вырос"])]
    assert again.listed == 2


async def test_another_chats_digest_is_nobodys_business(newsroom: Newsroom) -> None:
    here, other = await quiet_reader(newsroom, ECONOMY), await newsroom.join(22)
    await newsroom.story("Курс", ECONOMY)
    told = await made(newsroom, here)
    assert told is not None
    for chat_id, digest_id in ((other.id, told.id), (here.id, 999)):
        with pytest.raises(Refusal, match="not-found"):
            await digests.read(newsroom.db, chat_id, digest_id)
    assert await digests.last(newsroom.db, other) is None
