"""Correcting: a next revision, an edit for who has the story, news for whom it only now concerns."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.model.bulletin import BulletinKind
from bot.model.delivery import Lane
from bot.model.errors import Refusal
from bot.model.story.article import Content, Status
from bot.publishing.correct import STILL_NEWS, correct
from bot.publishing.publish import publish
from tests.integration.publishing.conftest import FIRST_BOT, NOW, Newsroom
from tests.support.transactions import writes

CLOSED = Content("Мост закрыт", "Движение остановлено.")


async def test_a_correction_is_a_revision_a_bulletin_and_a_deed(newsroom: Newsroom) -> None:
    story = await newsroom.story(status=Status.PUBLISHED)
    corrected = await writes(correct)(newsroom.db, story.id, CLOSED, NOW, by=5)
    assert await newsroom.now(story) == corrected
    (told,) = await newsroom.bulletins()
    assert (told.kind, told.revision, told.lane) == (BulletinKind.CORRECTED, 2, Lane.CORRECTION)
    (deed,) = await newsroom.deeds()
    assert (deed.verb, deed.actor, deed.revision, deed.detail) == ("correct", 5, 2, "")


async def test_a_feeds_correction_names_the_feed_in_the_audit(newsroom: Newsroom) -> None:
    story = await newsroom.story(status=Status.PUBLISHED)
    await writes(correct)(newsroom.db, story.id, CLOSED, NOW, source="feed:3")
    (deed,) = await newsroom.deeds()
    assert (deed.verb, deed.actor, deed.detail) == ("correct", None, "feed:3")


@pytest.mark.parametrize(("flash", "lane"), [(False, Lane.STORY), (True, Lane.FLASH)])
async def test_new_topics_are_news_while_the_story_is(newsroom: Newsroom, flash: bool, lane: Lane) -> None:
    story = await newsroom.story(status=Status.PUBLISHED, flash=flash)
    both = (newsroom.economy, newsroom.sport)
    await writes(correct)(newsroom.db, story.id, CLOSED, NOW + STILL_NEWS / 2, topic_ids=both)
    told = {each.kind: each.lane for each in await newsroom.bulletins()}
    assert told == {BulletinKind.CORRECTED: Lane.CORRECTION, BulletinKind.NEW: lane}


async def test_topics_of_an_old_story_are_only_corrected(newsroom: Newsroom) -> None:
    story = await newsroom.story(status=Status.PUBLISHED)
    late = NOW + STILL_NEWS + timedelta(seconds=1)
    await writes(correct)(newsroom.db, story.id, story.content, late, topic_ids=(newsroom.sport,))
    assert [each.kind for each in await newsroom.bulletins()] == [BulletinKind.CORRECTED]
    assert (await newsroom.now(story)).topic_ids == (newsroom.sport,)


async def test_a_story_of_one_bot_stays_with_that_bot_under_new_topics(newsroom: Newsroom) -> None:
    story = await newsroom.story(flash=True)
    await writes(publish)(newsroom.db, story.id, NOW, lane=Lane.FLASH, bot_id=FIRST_BOT)
    both = (newsroom.economy, newsroom.sport)
    await writes(correct)(newsroom.db, story.id, CLOSED, NOW, topic_ids=both)
    assert {each.bot_id for each in await newsroom.bulletins()} == {FIRST_BOT}


async def test_messages_can_be_left_as_they_are(newsroom: Newsroom) -> None:
    story = await newsroom.story(status=Status.PUBLISHED)
    await writes(correct)(newsroom.db, story.id, CLOSED, NOW, topic_ids=(newsroom.sport,), tell=False)
    assert await newsroom.bulletins() == []
    assert (await newsroom.now(story)).content == CLOSED
    assert [deed.verb for deed in await newsroom.deeds()] == ["correct"]


async def test_a_draft_is_corrected_and_nobody_is_told(newsroom: Newsroom) -> None:
    story = await newsroom.story()
    await writes(correct)(newsroom.db, story.id, CLOSED, NOW)
    assert await newsroom.bulletins() == []
    assert (await newsroom.now(story)).revision == 2


async def test_a_correction_that_changes_nothing_is_refused_and_leaves_no_deed(newsroom: Newsroom) -> None:
    story = await newsroom.story(status=Status.PUBLISHED)
    with pytest.raises(Refusal, match="unchanged"):
        await writes(correct)(newsroom.db, story.id, story.content, NOW)
    assert (await newsroom.bulletins(), await newsroom.deeds()) == ([], [])
