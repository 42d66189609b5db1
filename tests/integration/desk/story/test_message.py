"""A draft that a message became: found by the message, changed with it, never over another editor's words."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.desk.story import draft, lock
from bot.desk.story.message import key_of, of_message, reword
from bot.model.errors import Refusal
from bot.model.story.article import Article, Content, Status
from bot.model.story.content import Media, MediaKind
from tests.support.desk.verbs import ANNA, BORIS, OPENED, Desk

KEY = key_of(7, ANNA, 5)
EARLY = Content("Мост через Светлую открыли раньше", "Первыми проехали автобусы.")
EARLIER = Content("Мост через Светлую открыли ещё раньше", "Первыми проехали автобусы.")


async def said(desk: Desk, content: Content, seen: int | None = None) -> Article:
    """Let Anna's message say something else."""
    return await reword(desk.db, 1, content, at=desk.now, by=ANNA, seen=seen)


def test_keys_tell_bots_chats_messages_and_places_apart() -> None:
    keys = {KEY, key_of(8, ANNA, 5), key_of(7, BORIS, 5), key_of(7, ANNA, 6), key_of(7, ANNA, 5, 2)}
    assert len(keys) == 5
    assert key_of(7, ANNA, "5", 1) == KEY


async def test_a_message_is_one_draft_and_finds_it(desk: Desk) -> None:
    made = await desk.draft(key=KEY)
    assert (await desk.draft(EARLY, key=KEY)).id == made.id
    found = await of_message(desk.db, KEY)
    assert found
    assert (found.id, found.content) == (made.id, OPENED)
    assert await of_message(desk.db, key_of(7, ANNA, 6)) is None


async def test_an_edit_is_a_revision_of_an_approved_story_and_voids_the_approval(desk: Desk) -> None:
    story = await desk.approved(key=KEY)
    after = await said(desk, EARLY)
    assert (after.revision, after.status, after.approval, after.edited_by) == (2, Status.DRAFT, None, ANNA)
    assert after.topic_ids == story.topic_ids
    assert await desk.deeds(story) == ["draft", "approve", "reword"]
    with pytest.raises(Refusal, match="unchanged"):
        await said(desk, EARLY)


async def test_other_words_on_the_card_are_kept_until_the_message_s_are_wanted(desk: Desk) -> None:
    story = await desk.draft(key=KEY)
    await desk.edit(story, "Первый день моста", by=BORIS)
    with pytest.raises(Refusal, match="changed-on-card"):
        await said(desk, EARLY)
    with pytest.raises(Refusal, match="changed-meanwhile"):
        await said(desk, EARLY, seen=1)
    assert (await desk.get(story)).content.headline == "Первый день моста"
    assert (await said(desk, EARLY, seen=2)).revision == 3
    assert (await said(desk, EARLIER)).revision == 4


async def test_a_message_that_says_nothing_new_has_no_quarrel_with_the_card(desk: Desk) -> None:
    story = await desk.draft(key=KEY)
    await desk.edit(story, "Первый день моста", by=BORIS)
    with pytest.raises(Refusal, match="unchanged"):
        await said(desk, OPENED)
    picture = Media(MediaKind.PICTURE, file_id="other")
    with pytest.raises(Refusal, match="changed-on-card"):
        await said(desk, replace(OPENED, picture=picture))


async def test_topics_alone_are_no_other_words(desk: Desk) -> None:
    story = await desk.draft(key=KEY)
    await draft.edit(desk.db, story.id, at=desk.now, by=BORIS, seen=1, topic_ids=(1,))
    after = await said(desk, EARLY)
    assert (after.revision, after.topic_ids) == (3, (1,))


async def test_a_lock_and_what_is_out_stop_it(desk: Desk) -> None:
    story = await desk.draft(key=KEY)
    await lock.take(desk.db, story.id, at=desk.now, by=BORIS)
    with pytest.raises(Refusal, match="locked"):
        await said(desk, EARLY)
    await lock.give_back(desk.db, story.id, by=BORIS)
    await desk.approve(await desk.get(story))
    await desk.publish(story)
    with pytest.raises(Refusal, match="already-published"):
        await said(desk, EARLY)
    with pytest.raises(Refusal, match="already-published"):
        await said(desk, EARLY, seen=1)


async def test_of_two_at_once_one_is_first_and_the_other_is_told(desk: Desk) -> None:
    story = await desk.draft(key=KEY)
    both = await asyncio.gather(
        said(desk, EARLY), desk.edit(story, "Первый день моста", by=BORIS), return_exceptions=True
    )
    lost = [each for each in both if isinstance(each, Refusal)]
    assert [each.code in ("changed-on-card", "changed-meanwhile") for each in lost] == [True]
    assert (await desk.get(story)).revision == 2
