"""An operator follows a story by its number through the log."""

from __future__ import annotations

import logging
import re

import pytest

from bot.desk import amend
from bot.desk.release_due import release_due
from bot.model.story.article import Content
from bot.sources.classify import Classifier
from bot.sources.intake import Handling, note, take
from bot.sources.item import Item
from bot.sources.submission import Origin, submission
from bot.store.newsroom import topics
from tests.integration.publishing.conftest import NOW, Newsroom
from tests.support.engine import matcher_of


async def _take(newsroom: Newsroom, headline: str) -> int:
    async with newsroom.db.write() as tx:
        item = Item("a1", headline, categories=("economy",))
        told = submission(item, Origin("feed:1", "ru"), Classifier(await topics.load(tx)))
        taken = await take(tx, told, NOW, handling=Handling.RELEASE, edit_delivered=True)
    note(taken)
    return taken.article.id


async def test_a_story_is_followed_by_its_number(
    newsroom: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    matcher = matcher_of(newsroom.db)
    article = await _take(newsroom, "Мост открыт")
    await release_due(newsroom.db, NOW)
    assert await matcher.step()
    await _take(newsroom, "Мост закрыт")
    await amend.correct(newsroom.db, article, Content("Мост открыт снова"), NOW, by=5)
    await amend.kill(newsroom.db, article, NOW)
    found = [re.sub(r"seconds=\S+", "seconds=…", line) for line in caplog.messages if "article=" in line]
    assert found == [
        f"story.came_in article={article} source=feed:1 uid=a1 status=scheduled",
        f"story.published article={article} revision=1 by=schedule",
        f"bulletin.planned bulletin=1 article={article} deliveries=2 seconds=…",
        f"story.corrected article={article} revision=2 by=feed",
        f"story.corrected article={article} revision=3 by=5",
        f"story.killed article={article} by=command",
    ]
