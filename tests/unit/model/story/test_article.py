from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.model.errors import Refusal
from bot.model.story.article import Article, Content, Status
from bot.model.story.content import Paragraph, Run

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
CONTENT = Content("Мост открыт", "Движение пущено утром", blocks=(Paragraph((Run("Текст."),)),))
DRAFT = Article(1, Status.DRAFT, 1, CONTENT)


def test_a_draft_is_published_once() -> None:
    published = DRAFT.publish(NOW)
    assert (published.status, published.published_at) == (Status.PUBLISHED, NOW)
    with pytest.raises(Refusal) as caught:
        published.publish(NOW)
    assert caught.value.code == "already-published"


def test_a_story_without_a_headline_is_not_published() -> None:
    with pytest.raises(Refusal, match="no-headline"):
        replace(DRAFT, content=Content("  ")).publish(NOW)


def test_a_correction_is_the_next_revision_and_must_change_something() -> None:
    published = DRAFT.publish(NOW)
    corrected = published.correct(replace(CONTENT, lead="Движение пущено вечером"), NOW + timedelta(hours=1))
    assert (corrected.revision, corrected.content.lead) == (2, "Движение пущено вечером")
    with pytest.raises(Refusal, match="unchanged"):
        published.correct(replace(CONTENT), NOW)


def test_a_killed_story_stays_killed() -> None:
    killed = DRAFT.publish(NOW).take_back(NOW)
    for verb in (
        lambda: killed.publish(NOW),
        lambda: killed.take_back(NOW),
        lambda: killed.schedule(NOW),
        lambda: killed.correct(replace(CONTENT, lead="x"), NOW),
    ):
        with pytest.raises(Refusal, match="already-killed"):
            verb()


def test_only_a_draft_can_be_scheduled() -> None:
    scheduled = DRAFT.schedule(NOW)
    assert (scheduled.status, scheduled.release_at) == (Status.SCHEDULED, NOW)
    assert scheduled.publish(NOW).release_at is None
    with pytest.raises(Refusal, match="already-published"):
        DRAFT.publish(NOW).schedule(NOW)


def test_the_fingerprint_changes_with_what_is_seen() -> None:
    assert replace(CONTENT).fingerprint() == CONTENT.fingerprint()
    assert replace(CONTENT, url="https://example.org/1").fingerprint() != CONTENT.fingerprint()
