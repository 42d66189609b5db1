"""From a draft to its approval: who edits, who approves, and what an edit does to an approval."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.desk.story import draft, review
from bot.model.desk.rules import DeskRules
from bot.model.errors import Refusal
from bot.model.story.article import Status
from bot.store.engine.database import Database, open_database
from tests.support.desk.verbs import ANNA, BORIS, ECONOMY, OPENED, Desk


async def test_a_draft_is_submitted_approved_and_published(desk: Desk) -> None:
    story = await desk.draft()
    assert story.status is Status.DRAFT
    story = await review.submit(desk.db, story.id, at=desk.now, by=ANNA)
    assert story.status is Status.REVIEW
    story = await desk.approve(story)
    assert story.status is Status.APPROVED
    assert story.approved
    out = await desk.publish(story)
    assert out.article.status is Status.PUBLISHED
    assert await desk.news(story) == [out.bulletin_id]
    assert await desk.deeds(story) == ["draft", "submit", "approve", "publish"]


async def test_one_message_makes_one_draft(desk: Desk) -> None:
    first = await desk.draft(key="message:5")
    assert (await desk.draft(key="message:5")).id == first.id


@pytest.mark.parametrize(
    "change",
    [
        {"content": replace(OPENED, headline="Мост через Светлую закрыли")},
        {"topic_ids": (1,)},
        {"languages": ("ru", "en")},
    ],
)
async def test_an_edit_of_text_topics_or_languages_voids_the_approval(
    desk: Desk, change: dict[str, object]
) -> None:
    story = await desk.approved()
    edited = await draft.edit(desk.db, story.id, **change, at=desk.now, by=ANNA, seen=story.revision)  # type: ignore[arg-type]
    assert edited.status is Status.DRAFT
    assert not edited.approved
    with pytest.raises(Refusal, match="not-approved"):
        await desk.publish(edited)
    kept = await desk.get(story)
    assert kept.status is Status.DRAFT
    assert await desk.news(story) == []


async def test_an_edit_takes_a_scheduled_story_off_the_schedule(desk: Desk) -> None:
    story = await desk.schedule(await desk.approved(), desk.later(hours=1))
    edited = await desk.edit(story, "Мост через Светлую закрыли")
    assert edited.status is Status.DRAFT
    assert edited.release_at is None


async def test_the_author_does_not_approve_unless_the_rules_say_so(desk: Desk) -> None:
    story = await desk.draft()
    with pytest.raises(Refusal, match="own-story"):
        await desk.approve(story, by=ANNA)
    desk.rules = DeskRules(other_approves=False)
    assert (await desk.approve(story, by=ANNA)).approved


async def test_without_approval_nothing_is_published_unless_the_rules_say_so(desk: Desk) -> None:
    story = await desk.draft()
    with pytest.raises(Refusal, match="not-approved"):
        await desk.publish(story)
    desk.rules = DeskRules(approval=False)
    assert (await desk.publish(story)).article.status is Status.PUBLISHED


async def test_a_story_is_sent_back_with_a_note(desk: Desk) -> None:
    story = await review.submit(desk.db, (await desk.draft()).id, at=desk.now, by=ANNA)
    back = await review.send_back(desk.db, story.id, at=desk.now, by=BORIS, note="Сколько автобусов?")
    assert back.status is Status.DRAFT
    assert await desk.deeds(story) == ["draft", "submit", "send-back"]


async def test_who_saw_an_older_revision_is_told_who_changed_the_draft(desk: Desk) -> None:
    story = await desk.draft()
    await desk.edit(story, "Мост через Светлую открыли утром", by=BORIS)
    with pytest.raises(Refusal, match="changed-meanwhile") as refused:
        await desk.edit(story, "Мост через Светлую открыли днём")
    facts = refused.value.facts
    assert (facts["edited_by"], facts["revision"], facts["last_verb"]) == (BORIS, 2, "edit")
    with pytest.raises(Refusal, match="changed-meanwhile"):
        await desk.approve(story)


async def test_two_editors_press_at_once_and_the_second_is_told_what_the_first_did(desk: Desk) -> None:
    story = await desk.draft()
    desk.rules = DeskRules(other_approves=False)
    presses = await asyncio.gather(
        desk.approve(story, by=ANNA), desk.approve(story, by=BORIS), return_exceptions=True
    )
    (refused,) = [each for each in presses if isinstance(each, Refusal)]
    kept = await desk.get(story)
    assert kept.approval is not None
    assert refused.code == "already-approved"
    assert (refused.facts["last_verb"], refused.facts["last_by"]) == ("approve", kept.approval.by)


async def test_two_edits_at_once_lose_nothing(desk: Desk) -> None:
    story = await desk.draft()
    edits = await asyncio.gather(
        desk.edit(story, "Мост открыли в полдень", by=ANNA),
        desk.edit(story, "Мост открыли в полночь", by=BORIS),
        return_exceptions=True,
    )
    (refused,) = [each for each in edits if isinstance(each, Refusal)]
    assert refused.code == "changed-meanwhile"
    assert refused.facts["edited_by"] == (await desk.get(story)).edited_by
    assert (await desk.get(story)).revision == 2


async def test_a_restart_in_between_changes_nothing(desk: Desk, migrated_url: str) -> None:
    story = await review.submit(desk.db, (await desk.draft()).id, at=desk.now, by=ANNA)
    again: Database = open_database(migrated_url)
    try:
        other = Desk(again)
        approved = await other.approve(story)
        assert approved.approved
        assert (await other.publish(approved)).article.topic_ids == (ECONOMY,)
    finally:
        await again.close()


async def test_what_readers_saw_is_corrected_not_edited(desk: Desk) -> None:
    out = await desk.publish(await desk.approved())
    with pytest.raises(Refusal, match="already-published"):
        await desk.edit(out.article, "Мост через Светлую закрыли")
