"""Links of others that look like the desk's questions, in what the bot sends: an answer to them does nothing."""

from __future__ import annotations

import pytest

from bot.desk import staff
from bot.desk.publish import publish
from bot.model.story.article import Content, Status
from bot.store.newsroom import topics as kept_topics
from tests.support.desk.editors import draft, link_asked, story
from tests.support.messages import plain
from tests.support.people import ANNA
from tests.support.people import EDITOR as EGOR
from tests.support.people import OWNER as OLGA
from tests.support.world import BOT, World

LOOKALIKES = (
    *("d-kill-{story}-1-", "d-killquiet-{story}-1-", "d-takedown-{story}-1-", "d-unpublish-{story}-1-"),
    *("d-fixheadline-{story}-1-", "e-headline-{draft}-1", "h-at-1-1", "n-topic-0-0", "u-{person}"),
)


async def shown(room: World, user: int, link: str) -> int:
    """Let the bot send what a feed wrote, with a link of the feed's choice; return the message."""
    entity = {"type": "text_link", "offset": 0, "length": 4, "url": link}
    sent = await room.services.client.send_message(user, "Мост закрыт", entities=[entity], parse_mode=None)
    return sent.message_id


@pytest.mark.parametrize("lookalike", LOOKALIKES)
async def test_a_feeds_link_that_looks_like_a_question_is_none(desk: World, lookalike: str) -> None:
    published, kept = await draft(desk), (await draft(desk, Content("Хлеб подешевел"))).id
    await publish(desk.db, published.id, desk.clock.now())
    mark = lookalike.format(story=published.id, draft=kept, person=ANNA)
    before = await staff.find(desk.db, BOT, ANNA)
    for link in (
        f"https://t.me/vestnik_bot?start={mark}",
        f"https://t.me/vestnik_bot?start={mark}-{'A' * 12}",
        # A question that somebody else was asked is nobody's here.
        link_asked(desk, ANNA, mark),
    ):
        await desk.say(OLGA, "завтра в 18:00", reply_to=await shown(desk, OLGA, link))
    assert (await story(desk, published.id)).status is Status.PUBLISHED
    assert (await story(desk, published.id)).content.headline == published.content.headline
    assert (await story(desk, kept)).revision == 1
    assert await staff.find(desk.db, BOT, ANNA) == before
    async with desk.db.read() as tx:
        assert len((await kept_topics.load(tx)).all) == 3


async def test_the_bots_own_question_is_understood(desk: World) -> None:
    published = await draft(desk)
    await publish(desk.db, published.id, desk.clock.now())
    link = link_asked(desk, EGOR, f"d-kill-{published.id}-1-")
    assert "Отозва" in plain(await desk.say(EGOR, "Ошибка", reply_to=await shown(desk, EGOR, link)))
    assert (await story(desk, published.id)).status is Status.KILLED
