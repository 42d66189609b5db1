"""A correction is prepared, carried over and let out: two editors, both databases, nothing that was typed lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.desk import amend
from bot.desk.afterwards import aftermath, proposals, sought
from bot.desk.afterwards.proposals import Prepared
from bot.model.desk.loudness import Loudness
from bot.model.errors import Refusal
from bot.model.story.article import Article, Content
from tests.support.desk.verbs import ANNA, BORIS, ECONOMY, OPENED, Desk

CLOSED = "Мост через Светлую закрыли для движения"


async def out(desk: Desk, content: Content = OPENED) -> Article:
    story = await desk.approved(content)
    return (await desk.publish(story)).article


async def proposed(desk: Desk, story: Article, by: int = ANNA, seen: int = 1, **fields: str) -> Prepared:
    def change(content: Content) -> Content:
        return replace(content, **fields)

    return await proposals.propose(desk.db, story.id, change, at=desk.now, by=by, seen=seen)


async def test_of_two_at_once_one_is_let_out_and_the_others_words_stay(desk: Desk) -> None:
    story = await out(desk)
    mine = await proposed(desk, story, headline=CLOSED)
    theirs = await proposed(desk, story, BORIS, lead="До вторника.")
    assert await proposals.preparing(desk.db, story.id) == [ANNA, BORIS]
    after = await proposals.apply(desk.db, story.id, at=desk.now, by=BORIS, version=theirs.proposal.version)
    assert (after.revision, after.content.lead) == (2, "До вторника.")
    with pytest.raises(Refusal, match="changed-meanwhile") as refused:
        await proposals.apply(desk.db, story.id, at=desk.now, by=ANNA, version=mine.proposal.version)
    assert (refused.value.facts["last_by"], refused.value.facts["last_verb"]) == (BORIS, "correct")
    kept = await proposals.prepared(desk.db, story.id, ANNA)
    assert kept is not None
    assert kept.outdated
    # What the other changed is no change of hers.
    assert [each.field for each in kept.changes] == ["headline"]
    carried = await proposals.carry_over(desk.db, story.id, at=desk.now, by=ANNA)
    assert [each.field for each in carried.changes] == ["headline"]
    # The page before that showed another state.
    with pytest.raises(Refusal, match="proposal-changed"):
        await proposals.apply(desk.db, story.id, at=desk.now, by=ANNA, version=mine.proposal.version)
    version = carried.proposal.version
    after = await proposals.apply(
        desk.db, story.id, at=desk.now, by=ANNA, version=version, loudness=Loudness.QUIET
    )
    assert (after.content.headline, after.content.lead, after.corrected) == (CLOSED, "До вторника.", True)
    with pytest.raises(Refusal, match="proposal-changed"):
        await proposals.apply(desk.db, story.id, at=desk.now, by=ANNA, version=version)
    assert await proposals.preparing(desk.db, story.id) == []


async def test_an_answer_to_an_old_question_begins_from_what_was_seen(desk: Desk) -> None:
    story = await out(desk)
    await amend.correct(desk.db, story.id, replace(OPENED, lead="До вторника."), desk.now, by=BORIS)
    found = await proposed(desk, story, headline=CLOSED)
    assert (found.proposal.base, found.outdated) == (1, True)
    with pytest.raises(Refusal, match="changed-meanwhile"):
        await proposals.apply(desk.db, story.id, at=desk.now, by=ANNA, version=found.proposal.version)
    # A revision that never was is none.
    assert (await proposed(desk, story, BORIS, seen=99, headline=CLOSED)).proposal.base == 2


async def test_topics_are_a_part_of_it_and_what_changes_nothing_does_not_go_out(desk: Desk) -> None:
    story = await out(desk)
    same = await proposed(desk, story)
    assert same.changes == ()
    with pytest.raises(Refusal, match="unchanged"):
        await proposals.apply(desk.db, story.id, at=desk.now, by=ANNA, version=same.proposal.version)
    moved = await proposals.propose(desk.db, story.id, at=desk.now, by=ANNA, seen=1, topic_ids=(ECONOMY, 1))
    (change,) = moved.changes
    assert (change.field, change.old, change.new) == ("topics", "3", "1 3")
    after = await proposals.apply(desk.db, story.id, at=desk.now, by=ANNA, version=moved.proposal.version)
    assert after.topic_ids == (1, ECONOMY)


async def test_what_nobody_can_read_is_not_corrected_and_a_proposal_can_be_dropped(desk: Desk) -> None:
    draft = await desk.draft(Content("Ярмарка началась на площади"))
    with pytest.raises(Refusal, match="already-draft"):
        await proposed(desk, draft, headline=CLOSED)
    story = await out(desk)
    found = await proposed(desk, story, headline="")
    with pytest.raises(Refusal, match="no-headline"):
        await proposals.apply(desk.db, story.id, at=desk.now, by=ANNA, version=found.proposal.version)
    await amend.kill(desk.db, story.id, desk.now, BORIS)
    with pytest.raises(Refusal, match="already-killed"):
        await proposed(desk, story, headline=CLOSED)
    assert await proposals.drop(desk.db, story.id, ANNA)
    assert not await proposals.drop(desk.db, story.id, ANNA)
    with pytest.raises(Refusal, match="proposal-changed"):
        await proposals.carry_over(desk.db, story.id, at=desk.now, by=ANNA)


async def test_a_story_is_found_by_the_longest_headline_in_a_message(desk: Desk) -> None:
    longer = await out(desk, Content("Мост закрыли — «снова» до вторника"))
    short = await out(desk, Content("Мост закрыли"))
    for words, found in (
        ('СРОЧНО\nМост\u00a0закрыли – "снова" до вторника\n\nПервыми встали', longer),
        ("мост закрыли ещё утром", short),
    ):
        assert await sought.by_words(desk.db, words) == [found.id]
    assert await sought.by_words(desk.db, "Мост") == []
    assert await sought.by_words(desk.db, "Совсем другая новость этого дня") == []
    assert await sought.existing(desk.db, [longer.id, 99, longer.id, short.id]) == [longer.id, short.id]


async def test_the_aftermath_of_a_story_that_nobody_got(desk: Desk) -> None:
    story = await out(desk)
    found = await aftermath.of(desk.db, story)
    assert (found.corrected, found.withdrawn, found.first, found.updates) == (None, None, None, ())
    assert await aftermath.copies(desk.db, story) == 0
