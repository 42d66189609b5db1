"""A reader's week in which clocks change: each day brings one digest, at the same hour; in Russian and in English."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.journeys.newsroom.conftest import Newsroom
from tests.support.messages import Message, plain

ANNA, JAMES = 21, 23
ECONOMY = 2
"""The topic of the newsroom file; sections come first."""


@dataclass(frozen=True)
class Words:
    """What somebody writes and reads in their language."""

    reader: int
    topic: str
    digest: str
    digest_name: str
    story: str


RUSSIAN = Words(
    reader=ANNA, topic="Экономика", digest="/digest в 9:00", digest_name="Дайджест", story="Сводка"
)
ENGLISH = Words(reader=JAMES, topic="Economy", digest="/digest at 9:00", digest_name="Digest", story="Report")
BOTH = pytest.mark.parametrize("words", [RUSSIAN, ENGLISH], ids=["ru", "en"])


def said(message: Message) -> str:
    return plain(message) or str(message.get("rich_message", {}).get("html", ""))


async def until(newsroom: Newsroom, at: datetime) -> None:
    """Let it become that time, and all that is due then be looked at."""
    newsroom.clock.advance(at - newsroom.clock.now())
    await newsroom.tick()


def count(newsroom: Newsroom, words: Words, name: str) -> int:
    return sum(said(each).startswith(name) for each in newsroom.sandbox.messages(words.reader))


@BOTH
@pytest.mark.parametrize("start", ["2027-03-25", "2027-10-28"])
async def test_each_day_of_a_week_with_a_change_of_clocks_brings_one_digest(
    newsroom: Newsroom, words: Words, start: str
) -> None:
    day = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo("Europe/Berlin"))
    await newsroom.first_look()
    await newsroom.follow(words.reader, words.topic)
    newsroom.clock.advance(day.replace(hour=8) - newsroom.clock.now())
    await newsroom.say(words.reader, "/zone Europe/Berlin")
    page = await newsroom.say(words.reader, "/settings")
    await newsroom.forge(words.reader, page, "set:0:instant:off")
    await newsroom.say(words.reader, words.digest)
    for number in range(7):
        nine = (day + timedelta(days=number)).replace(hour=9).astimezone(UTC)
        await until(newsroom, nine - timedelta(minutes=1))
        await newsroom.story(f"{words.story} {number}", ECONOMY)
        assert count(newsroom, words, f"{words.digest_name} ·") == number
        await until(newsroom, nine + timedelta(seconds=1))
        await newsroom.until(lambda seen=number + 1: count(newsroom, words, f"{words.digest_name} ·") == seen)
        told = next(
            said(each)
            for each in reversed(newsroom.sandbox.messages(words.reader))
            if said(each).startswith(words.digest_name)
        )
        assert f"{words.story} {number}" in told
        assert f"{words.story} {number - 1}" not in told
