"""Publishing: story, bulletin and audit together, once, for whom it is meant."""

from __future__ import annotations

import asyncio

import pytest

from bot.model.audience import EVERYBODY, FOLLOWERS
from bot.model.bulletin import BulletinKind
from bot.model.delivery import Lane
from bot.model.errors import Refusal
from bot.model.story.article import Status
from bot.publishing.publish import Published, publish
from tests.integration.publishing.conftest import FIRST_BOT, NOW, SECOND_BOT, Newsroom
from tests.support.transactions import writes


async def test_a_story_is_published_with_its_bulletin_and_its_deed(newsroom: Newsroom) -> None:
    made = await writes(publish)(newsroom.db, (await newsroom.story()).id, NOW, by=5)
    assert (await newsroom.now(made.article)).status is Status.PUBLISHED
    (told,) = await newsroom.bulletins()
    assert (told.id, told.kind, told.lane) == (made.bulletin_id, BulletinKind.NEW, Lane.STORY)
    assert (told.audience, told.bot_id) == (FOLLOWERS, None)
    (deed,) = await newsroom.deeds()
    assert (deed.verb, deed.actor, deed.article_id, deed.revision) == ("publish", 5, made.article.id, 1)


async def test_of_two_who_publish_at_once_one_is_refused(newsroom: Newsroom) -> None:
    story = await newsroom.story()
    done = await asyncio.gather(
        *(writes(publish)(newsroom.db, story.id, NOW) for _ in range(2)), return_exceptions=True
    )
    assert {type(each) for each in done} == {Published, Refusal}
    assert len(await newsroom.bulletins()) == 1


async def test_a_story_of_one_bot_reaches_no_chat_of_another(newsroom: Newsroom) -> None:
    for bot, audience in ((FIRST_BOT, EVERYBODY), (SECOND_BOT, FOLLOWERS)):
        story = await newsroom.story(flash=True)
        await writes(publish)(newsroom.db, story.id, NOW, lane=Lane.FLASH, audience=audience, bot_id=bot)
    assert await newsroom.planned() == [FIRST_BOT, SECOND_BOT]
    assert [deed.bot_id for deed in await newsroom.deeds()] == [SECOND_BOT, FIRST_BOT]


async def test_a_story_of_no_bot_in_particular_reaches_the_chats_of_all(newsroom: Newsroom) -> None:
    await writes(publish)(newsroom.db, (await newsroom.story()).id, NOW)
    assert await newsroom.planned() == [FIRST_BOT, SECOND_BOT]


async def test_what_is_not_there_can_not_be_published(newsroom: Newsroom) -> None:
    with pytest.raises(Refusal, match="not-found"):
        await writes(publish)(newsroom.db, 99, NOW)
