"""An operator follows one story through the log, from the feed to its end, as text and as JSON."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.commands.logs import set_up
from bot.desk import amend
from tests.journeys.newsroom.conftest import Newsroom

ANNA, BORIS = 21, 22

WAY = [
    "story.came_in",
    "story.published",
    "bulletin.planned",
    "delivery.first_sent",
    "push.ended new",
    "story.corrected",
    "bulletin.planned",
    "push.ended corrected",
    "story.killed",
    "bulletin.planned",
    "push.ended killed",
]


@pytest.fixture(params=["text", "json"])
def log_file(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """The file of the bot's log."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    before = logging.getLogger().handlers[:]
    file = tmp_path / f"vestnik.{request.param}"
    set_up("INFO", file, request.param)
    yield file
    logging.captureWarnings(False)
    for handler in logging.getLogger().handlers[:]:
        handler.close()
    logging.basicConfig(handlers=before, force=True)


def way(file: Path, article: int) -> list[str]:
    """Return the story's events in order, as `grep -w article=N` and `jq 'select(.article == N)'` find them."""
    lines = file.read_text(encoding="utf-8").splitlines()
    if file.suffix == ".text":
        events = [line.split()[3:] for line in lines if f"article={article}" in line.split()]
        fields = [(words[0], dict(word.split("=", 1) for word in words[1:])) for words in events]
    else:
        fields = [(each["event"], each) for each in map(json.loads, lines) if each.get("article") == article]
    return [f"{event} {each['kind']}" if event == "push.ended" else event for event, each in fields]


async def ended(newsroom: Newsroom, file: Path, article: int, kind: str) -> None:
    """Let the jobs run until the log says that the push has ended."""
    async with asyncio.timeout(60):
        while f"push.ended {kind}" not in way(file, article):
            await newsroom.tick()


async def test_one_story_is_followed_from_the_feed_to_its_end(newsroom: Newsroom, log_file: Path) -> None:
    for reader in (ANNA, BORIS):
        await newsroom.follow(reader, "Экономика")
    await newsroom.first_look()
    newsroom.wire.put("bridge", "Мост открыт", "Движение пущено утром.")
    await newsroom.answer(BORIS, "пущено утром")
    article = 1  # the first story in its database
    await ended(newsroom, log_file, article, "new")
    newsroom.wire.put("bridge", "Мост открыт", "Движение пущено вечером.")
    await newsroom.answer(BORIS, "пущено вечером")
    await ended(newsroom, log_file, article, "corrected")
    await amend.kill(newsroom.db, article, newsroom.clock.now(), 11)
    await newsroom.until(lambda: not any("Мост" in text for text in newsroom.texts(BORIS)))
    await ended(newsroom, log_file, article, "killed")
    assert way(log_file, article) == WAY
