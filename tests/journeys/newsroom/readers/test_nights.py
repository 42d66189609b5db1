"""A reader's night and pause: what waited comes as one message and follows its stories; in Russian and in English."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.desk.amend import kill
from bot.store.tables.ledger import delivery
from tests.journeys.newsroom.conftest import Newsroom
from tests.support.messages import Message, plain
from tests.support.transactions import reads

ANNA, JAMES = 21, 23
ECONOMY = 2
"""The topic of the newsroom file; sections come first."""


@dataclass(frozen=True)
class Words:
    """What somebody writes and reads in their language."""

    reader: int
    topic: str
    digest: str
    quiet: str
    pause: str
    asleep: str
    away: str
    digest_name: str
    story: str


RUSSIAN = Words(
    reader=ANNA,
    topic="Экономика",
    digest="/digest в 9:00",
    quiet="/quiet 23-7",
    pause="/pause на 2 дня",
    asleep="Пока вы спали",
    away="Пока вас не было",
    digest_name="Дайджест",
    story="Сводка",
)
ENGLISH = Words(
    reader=JAMES,
    topic="Economy",
    digest="/digest at 9:00",
    quiet="/quiet 23-7",
    pause="/pause for 2 days",
    asleep="While you were asleep",
    away="While you were away",
    digest_name="Digest",
    story="Report",
)
BOTH = pytest.mark.parametrize("words", [RUSSIAN, ENGLISH], ids=["ru", "en"])


def said(message: Message) -> str:
    return plain(message) or str(message.get("rich_message", {}).get("html", ""))


async def begin(newsroom: Newsroom, words: Words) -> None:
    """Let somebody whose clocks show UTC follow a topic."""
    await newsroom.first_look()
    await newsroom.follow(words.reader, words.topic)
    await newsroom.say(words.reader, "/zone UTC")


async def until(newsroom: Newsroom, at: datetime) -> None:
    """Let it become that time, and all that is due then be looked at."""
    newsroom.clock.advance(at - newsroom.clock.now())
    await newsroom.tick()


def count(newsroom: Newsroom, words: Words, name: str) -> int:
    return sum(said(each).startswith(name) for each in newsroom.sandbox.messages(words.reader))


@BOTH
async def test_what_came_overnight_is_told_in_the_morning_and_follows_its_stories(
    newsroom: Newsroom, words: Words
) -> None:
    await begin(newsroom, words)
    now = newsroom.clock.now()
    night = now.replace(hour=1, minute=0) + timedelta(days=1)
    await newsroom.say(words.reader, words.quiet)
    await until(newsroom, night)
    made = [await newsroom.story(f"{words.story} {number}", ECONOMY) for number in range(4)]
    await kept(newsroom, 4)
    assert count(newsroom, words, words.story) == 0
    await until(newsroom, night.replace(hour=7, second=1))
    await newsroom.until(lambda: count(newsroom, words, words.asleep) == 1)
    await kill(newsroom.db, made[2], newsroom.clock.now())
    await newsroom.until(lambda: f"{words.story} 2" not in newest(newsroom, words))
    assert f"{words.story} 3" in newest(newsroom, words)


@BOTH
async def test_a_pause_ends_with_one_message(newsroom: Newsroom, words: Words) -> None:
    await begin(newsroom, words)
    start = newsroom.clock.now()
    await newsroom.say(words.reader, words.pause)
    for number in range(3):
        await newsroom.story(f"{words.story} {number}", ECONOMY)
    await kept(newsroom, 3, reason="away")
    await until(newsroom, start + timedelta(days=2, minutes=5))
    await newsroom.until(lambda: count(newsroom, words, words.away) == 1)
    await newsroom.story(f"{words.story} 9", ECONOMY)
    await newsroom.until(lambda: count(newsroom, words, f"{words.story} 9") == 1)


def newest(newsroom: Newsroom, words: Words) -> str:
    return next(
        said(each)
        for each in reversed(newsroom.sandbox.messages(words.reader))
        if said(each).startswith(words.asleep)
    )


async def kept(newsroom: Newsroom, count: int, *, reason: str = "quiet") -> None:
    """Wait until so many stories are kept from the reader for that reason."""
    counted = select(func.count()).select_from(delivery).where(delivery.c.reason == reason)

    @reads
    async def now_kept(tx: Any) -> int:
        return int((await tx.execute(counted)).scalar_one())

    async with asyncio.timeout(60):
        while await now_kept(newsroom.db) < count:
            await asyncio.sleep(0.05)
