"""Killing: nothing of the story goes out any more, and what stands is taken back."""

from __future__ import annotations

import pytest

from bot.model.bulletin import BulletinKind
from bot.model.delivery import Lane
from bot.model.errors import Refusal
from bot.model.story.article import Status
from bot.publishing.kill import kill
from bot.publishing.publish import publish
from bot.store.ledger import bulletins
from tests.integration.publishing.conftest import NOW, Newsroom
from tests.support.transactions import reads, writes


async def test_a_kill_stops_the_storys_news_and_takes_the_story_back(newsroom: Newsroom) -> None:
    made = await writes(publish)(newsroom.db, (await newsroom.story()).id, NOW)
    await writes(kill)(newsroom.db, made.article.id, NOW, by=5)
    assert (await newsroom.now(made.article)).status is Status.KILLED
    news = await reads(bulletins.get)(newsroom.db, made.bulletin_id)
    assert news is not None
    assert news.stopped_at == NOW
    (told,) = await newsroom.bulletins()
    assert (told.kind, told.lane, told.bot_id) == (BulletinKind.KILLED, Lane.KILL, None)
    deed = (await newsroom.deeds())[0]
    assert (deed.verb, deed.actor, deed.article_id) == ("kill", 5, made.article.id)


async def test_a_source_that_takes_its_story_back_is_named_in_the_audit(newsroom: Newsroom) -> None:
    story = await newsroom.story(status=Status.PUBLISHED)
    await writes(kill)(newsroom.db, story.id, NOW, source="feed:3")
    (deed,) = await newsroom.deeds()
    assert (deed.actor, deed.detail) == (None, "feed:3")


async def test_a_story_that_nobody_has_is_killed_without_a_bulletin_and_never_twice(
    newsroom: Newsroom,
) -> None:
    story = await newsroom.story()
    await writes(kill)(newsroom.db, story.id, NOW)
    assert await newsroom.bulletins() == []
    with pytest.raises(Refusal, match="already-killed"):
        await writes(kill)(newsroom.db, story.id, NOW)
    assert len(await newsroom.deeds()) == 1
