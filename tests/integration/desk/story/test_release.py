"""When a story goes out: at an hour, after an embargo, with a moment to undo a flash; and what stands in the way."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.desk import amend
from bot.desk.release_due import release_due
from bot.desk.story import checks, release, review
from bot.model.desk.check import Verb
from bot.model.desk.rules import DeskRules
from bot.model.errors import Refusal
from bot.model.story.article import Content, Status
from tests.support.desk.verbs import ANNA, BORIS, OPENED, Desk


async def test_a_scheduled_story_goes_out_at_its_hour_and_not_before(desk: Desk) -> None:
    hour = desk.later(hours=1)
    story = await desk.schedule(await desk.approved(), hour)
    assert (story.status, story.release_at, story.zone) == (Status.SCHEDULED, hour, "Asia/Bishkek")
    assert await release_due(desk.db, hour - timedelta(seconds=1)) == 0
    assert await release_due(desk.db, hour) == 1
    assert (await desk.get(story)).status is Status.PUBLISHED


async def test_a_schedule_is_changed_and_cancelled(desk: Desk) -> None:
    story = await desk.schedule(await desk.approved(), desk.later(hours=1))
    story = await desk.schedule(story, desk.later(hours=2))
    assert story.release_at == desk.later(hours=2)
    story = await release.unschedule(desk.db, story.id, at=desk.now, by=BORIS)
    assert (story.status, story.release_at, story.zone) == (Status.APPROVED, None, "")
    with pytest.raises(Refusal, match="already-approved"):
        await release.unschedule(desk.db, story.id, at=desk.now, by=BORIS)


async def test_a_past_hour_is_refused(desk: Desk) -> None:
    story = await desk.approved()
    with pytest.raises(Refusal, match="time-is-past"):
        await desk.schedule(story, desk.now)
    with pytest.raises(Refusal, match="time-is-past"):
        await release.embargo(desk.db, story.id, desk.now, at=desk.now, by=BORIS)


async def test_an_embargoed_story_goes_out_to_nobody_before_the_embargo_lifts(desk: Desk) -> None:
    story = await desk.approved()
    lifts = desk.later(hours=3)
    story = await release.embargo(desk.db, story.id, lifts, at=desk.now, by=BORIS, zone="Asia/Bishkek")
    assert story.status is Status.APPROVED
    with pytest.raises(Refusal, match="embargoed") as refused:
        await desk.publish(story)
    assert refused.value.facts["until"] == lifts
    assert refused.value.facts["last_verb"] == "embargo"
    desk.now = lifts
    assert (await desk.publish(story)).article.status is Status.PUBLISHED


async def test_schedule_and_embargo_exclude_each_other(desk: Desk) -> None:
    story = await release.embargo(
        desk.db, (await desk.approved()).id, desk.later(hours=3), at=desk.now, by=BORIS
    )
    with pytest.raises(Refusal, match="embargoed"):
        await desk.schedule(story, desk.later(hours=4))
    story = await release.embargo(desk.db, story.id, None, at=desk.now, by=BORIS)
    story = await desk.schedule(story, desk.later(hours=4))
    with pytest.raises(Refusal, match="already-scheduled"):
        await release.embargo(desk.db, story.id, desk.later(hours=5), at=desk.now, by=BORIS)


async def test_a_story_of_nobodys_topic_is_blocked(desk: Desk) -> None:
    story = await desk.draft(topic_ids=())
    found = await checks.of(desk.db, story.id, Verb.PUBLISH, at=desk.now, by=BORIS, rules=desk.rules)
    assert [(each.code, each.blocking) for each in found] == [("topic-missing", True), ("not-approved", True)]
    warned = await checks.of(desk.db, story.id, Verb.SUBMIT, at=desk.now)
    assert [(each.code, each.blocking) for each in warned] == [("topic-missing", False)]


async def test_a_headline_like_another_is_a_warning_that_is_passed_by_name(desk: Desk) -> None:
    first = await desk.publish(await desk.approved())
    desk.now = desk.later(hours=2)
    like = replace(OPENED, headline="Открыли мост через Светлую")
    story = await desk.draft(like)
    with pytest.raises(Refusal, match="warned") as refused:
        await review.submit(desk.db, story.id, at=desk.now, by=ANNA)
    (check,) = refused.value.facts["checks"]
    assert (check.code, check.detail["article"]) == ("like-headline", first.article.id)
    await review.submit(desk.db, story.id, at=desk.now, by=ANNA, passing=("like-headline",))
    desk.now = desk.later(hours=20)
    assert await checks.of(desk.db, story.id, Verb.APPROVE, at=desk.now) == []


async def test_a_follow_up_never_goes_out_before_its_story(desk: Desk) -> None:
    first = await desk.approved()
    after = await desk.draft(Content("По мосту пошли трамваи"), update_of=first.id)
    with pytest.raises(Refusal, match="warned"):
        await desk.approve(after)
    after = await review.approve(
        desk.db, after.id, at=desk.now, by=BORIS, seen=1, rules=desk.rules, passing=("first-not-out",)
    )
    with pytest.raises(Refusal, match="first-not-out"):
        await desk.publish(after)
    await desk.publish(first)
    assert (await desk.publish(after)).article.update_of == first.id


async def test_nothing_follows_up_what_was_taken_back(desk: Desk) -> None:
    first = (await desk.publish(await desk.approved())).article
    after = await desk.approved(Content("По мосту пошли трамваи"), update_of=first.id)
    await amend.kill(desk.db, first.id, desk.now, BORIS, reason="Мост закрыт")
    with pytest.raises(Refusal, match="first-taken-back"):
        await desk.publish(after)


async def test_two_editors_publish_at_once_and_one_push_goes_out(desk: Desk) -> None:
    story = await desk.approved()
    presses = await asyncio.gather(
        desk.publish(story, by=ANNA), desk.publish(story, by=BORIS), return_exceptions=True
    )
    (refused,) = [each for each in presses if isinstance(each, Refusal)]
    (out,) = [each for each in presses if isinstance(each, release.Released)]
    assert refused.code == "already-published"
    assert refused.facts["last_verb"] == "publish"
    assert await desk.news(story) == [out.bulletin_id]


async def test_publish_and_kill_at_once_end_in_a_killed_story(desk: Desk) -> None:
    story = await desk.approved()
    await asyncio.gather(
        desk.publish(story), amend.kill(desk.db, story.id, desk.now, ANNA), return_exceptions=True
    )
    assert (await desk.get(story)).status is Status.KILLED


async def test_a_flash_may_skip_the_review_and_is_listed_for_one(desk: Desk) -> None:
    story = await desk.draft(flash=True)
    with pytest.raises(Refusal, match="warned"):
        await desk.publish(story)
    out = await desk.publish(story, passing=("not-reviewed",))
    assert out.article.unreviewed
    seen = await review.approve(desk.db, story.id, at=desk.now, by=BORIS, seen=1, rules=desk.rules)
    assert (seen.unreviewed, seen.status) == (False, Status.PUBLISHED)


async def test_a_flash_is_undone_before_it_starts(desk: Desk) -> None:
    desk.rules = DeskRules(flash_undo=timedelta(seconds=5))
    story = await desk.approved(flash=True)
    out = await desk.publish(story)
    assert out.undo_until == desk.later(seconds=5)
    back = await release.undo(desk.db, story.id, at=desk.later(seconds=4), by=BORIS)
    assert (back.status, back.published_at) == (Status.APPROVED, None)
    assert await desk.news(story) == []
    again = await desk.publish(story)
    assert await desk.news(story) == [again.bulletin_id]


async def test_a_flash_that_started_is_not_undone(desk: Desk) -> None:
    desk.rules = DeskRules(flash_undo=timedelta(seconds=5))
    story = await desk.approved(flash=True)
    out = await desk.publish(story)
    with pytest.raises(Refusal, match="too-late"):
        await release.undo(desk.db, story.id, at=desk.later(seconds=5), by=BORIS)
    assert await desk.news(story) == [out.bulletin_id]
    assert (await desk.get(story)).status is Status.PUBLISHED


async def test_a_due_story_that_may_not_go_out_returns_to_the_desk(desk: Desk) -> None:
    first = await desk.schedule(await desk.approved(), desk.later(hours=1))
    story = await desk.approved(Content("По мосту пошли трамваи"), update_of=None)
    after = await desk.draft(Content("Трамваи встали на мосту"), update_of=first.id)
    after = await review.approve(
        desk.db, after.id, at=desk.now, by=BORIS, seen=1, rules=desk.rules, passing=("first-not-out",)
    )
    await desk.schedule(after, desk.later(hours=2))
    await release.unschedule(desk.db, first.id, at=desk.now, by=BORIS)
    await desk.schedule(story, desk.later(hours=2))
    assert await release_due(desk.db, desk.later(hours=3)) == 1
    back = await desk.get(after)
    assert (back.status, back.release_at) == (Status.APPROVED, None)
    assert (await desk.deeds(after))[-1] == "return"
