"""What happened at the desk is taken up once: cards for its groups, notices for its people."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.desk.live import groups, happened, notices, shown
from bot.desk.story import review
from bot.model.desk.shown_card import ShownCard
from bot.model.errors import Refusal
from bot.model.newsroom.grant import Grant
from bot.model.newsroom.role import AUTHOR, EDITOR
from bot.model.story.article import Content
from bot.store.newsroom import articles, staff
from tests.support.desk.verbs import ANNA, BORIS, ECONOMY, Desk
from tests.support.readers import BOT, Newsroom

GROUP, OWNER = -1001, 31


@pytest.fixture
async def desk(newsroom: Newsroom) -> Desk:
    """A newsroom with an author, an editor, an owner, and a group that is the desk."""
    made = Desk(newsroom.db)
    async with made.db.write() as tx:
        for person, rights in ((ANNA, AUTHOR.rights), (BORIS, EDITOR.rights)):
            assert await staff.put(tx, BOT, Grant(person, rights=rights, given_by=OWNER, given_at=made.now))
    await take_up(made)
    return made


async def take_up(desk: Desk, **later: float) -> list[int]:
    return await happened.take_up(desk.db, BOT, desk.later(**later), owners=frozenset({OWNER}))


async def due(desk: Desk, **later: float) -> list[ShownCard]:
    return [card for card, _ in await shown.due(desk.db, BOT, desk.later(**later))]


async def chosen(desk: Desk, chat: int = GROUP, thread: int | None = None) -> bool:
    return await groups.choose(desk.db, BOT, chat, thread_id=thread, at=desk.now, by=OWNER)


async def test_a_group_is_chosen_once_moved_and_left(desk: Desk) -> None:
    assert await chosen(desk)
    assert not await chosen(desk)
    assert await chosen(desk, thread=5)
    found = await groups.find(desk.db, BOT, GROUP)
    assert found is not None
    assert found.thread_id == 5
    for number in range(2, groups.MOST_GROUPS + 1):
        assert await chosen(desk, -1000 - number)
    with pytest.raises(Refusal, match="too-many-desks"):
        await chosen(desk, -2000)
    assert await groups.leave(desk.db, BOT, GROUP, at=desk.now, by=OWNER)
    assert not await groups.leave(desk.db, BOT, GROUP, at=desk.now, by=OWNER)
    assert len(await groups.of_bot(desk.db, BOT)) == groups.MOST_GROUPS - 1


async def test_a_deed_is_taken_up_once_however_often_it_is_looked_at(desk: Desk) -> None:
    await chosen(desk)
    story = await desk.draft()
    await review.submit(desk.db, story.id, at=desk.now, by=ANNA)
    for _ in range(3):
        assert await take_up(desk) == []
    (card,) = await due(desk)
    assert (card.chat_id, card.article_id, card.message_id, card.sinks) == (GROUP, story.id, 0, True)
    sent = ShownCard(GROUP, story.id, 7, desk.now, desk.now, state="review:1:999999")
    await shown.put(desk.db, BOT, sent)
    await take_up(desk)
    await take_up(desk, seconds=10)
    (card,) = await due(desk)
    assert not card.sinks, "it was shown after the deed"
    await desk.approve(story)
    await take_up(desk, seconds=10)
    (told,) = await notices.take_due(desk.db, BOT, desk.later(seconds=10))
    assert [(each.user_id, each.verb, each.actor) for each in told] == [(ANNA, "approve", BORIS)]
    assert await notices.take_due(desk.db, BOT, desk.later(seconds=10)) == []


async def test_a_press_that_shows_the_card_where_it_stands_does_not_keep_it_from_the_end(desk: Desk) -> None:
    await chosen(desk)
    story = await desk.draft()
    await take_up(desk)
    shown_at = ShownCard(GROUP, story.id, 7, desk.now, desk.now)
    await shown.put(desk.db, BOT, shown_at)
    assert not (await due(desk))[0].sinks
    await review.submit(desk.db, story.id, at=desk.now, by=ANNA)
    await take_up(desk)
    await shown.put(desk.db, BOT, shown_at)
    assert (await due(desk))[0].sinks


async def test_without_a_group_editors_of_the_topics_are_asked_but_not_who_submitted(desk: Desk) -> None:
    story = await desk.draft()
    await review.submit(desk.db, story.id, at=desk.now, by=ANNA)
    await take_up(desk)
    found = await notices.take_due(desk.db, BOT, desk.later(seconds=10))
    assert sorted(each[0].user_id for each in found) == [BORIS, OWNER]
    assert await due(desk) == []


async def test_notices_that_were_not_told_are_given_back_and_stale_ones_let_be(desk: Desk) -> None:
    story = await desk.approved()
    await take_up(desk)
    (told,) = await notices.take_due(desk.db, BOT, desk.later(seconds=10))
    await notices.give_back(desk.db, told)
    assert [told] == await notices.take_due(desk.db, BOT, desk.later(seconds=20))
    await notices.give_back(desk.db, told)
    assert await notices.take_due(desk.db, BOT, desk.later(hours=2)) == []
    assert not await notices.switch(desk.db, BOT, ANNA)
    assert not await notices.wanted(desk.db, BOT, ANNA)
    await desk.publish(story)
    await take_up(desk)
    assert await notices.take_due(desk.db, BOT, desk.later(hours=2)) == []
    assert await notices.switch(desk.db, BOT, ANNA)


async def test_drafts_of_sources_are_listed_once_a_minute(desk: Desk) -> None:
    await came_in(desk, 1)
    await chosen(desk)
    assert await take_up(desk) == []
    assert await due(desk) == [], "what came before the group was chosen is nothing new"
    one = await came_in(desk, 2)
    assert await take_up(desk) == []
    assert [each.article_id for each in await due(desk)] == [one]
    more = [await came_in(desk, 3), await came_in(desk, 4)]
    assert await take_up(desk, seconds=30) == []
    assert await take_up(desk, seconds=90) == more
    assert await take_up(desk, seconds=190) == []


async def test_a_chat_keeps_its_newest_cards_and_those_that_tell_of_a_push(desk: Desk) -> None:
    for number in range(1, shown.MOST_IN_CHAT + 4):
        sent_at = desk.now + timedelta(seconds=number)
        card = ShownCard(ANNA, number, number, sent_at, sent_at, user_id=ANNA, going=number == 1)
        assert await shown.put(desk.db, BOT, card) is None
    kept = [each for each in range(1, 30) if await shown.find(desk.db, BOT, ANNA, each)]
    assert kept == [1, *range(5, shown.MOST_IN_CHAT + 4)]
    found = await shown.of_message(desk.db, BOT, ANNA, 9)
    assert found is not None
    assert found.article_id == 9
    moved = ShownCard(ANNA, 9, 99, desk.now, desk.now, user_id=ANNA)
    assert await shown.put(desk.db, BOT, moved) == found
    assert not await shown.note(desk.db, BOT, found, state="old"), "another message is the card by now"
    await shown.drop(desk.db, BOT, ANNA, 99)
    assert await shown.find(desk.db, BOT, ANNA, 9) is None
    assert await shown.chats(desk.db, BOT) == {ANNA}


async def came_in(desk: Desk, number: int) -> int:
    content = Content(f"Сообщение {number}")
    async with desk.db.write() as tx:
        made = await articles.add(
            tx, content, source="valley", uid=str(number), at=desk.now, topic_ids=(ECONOMY,)
        )
        return made.id
