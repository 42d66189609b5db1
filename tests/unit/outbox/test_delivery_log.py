"""What the log says of deliveries that went well: of each push the first, and nothing of the others."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

import pytest

from bot.model.delivery import Delivery, Lane, Outcome, State, Subject, SubjectKind
from bot.outbox.delivery_log import FirstSends

STORY = Delivery(
    bot_id=1,
    chat_id=7,
    telegram_id=1007,
    chat_kind="private",
    language="ru",
    zone="UTC",
    subject=Subject(SubjectKind.ARTICLE, 42),
    lane=Lane.STORY,
    wanted=2,
    shown=None,
    thread_id=None,
    due_at=datetime(2026, 11, 25, 9, tzinfo=UTC),
    attempts=0,
    bulletin_id=5,
)


def sent(delivery: Delivery) -> Outcome:
    return Outcome(delivery, State.DONE, 0, shown=delivery.wanted)


def test_the_first_of_each_push_that_is_taken_is_logged_and_no_other(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    first_sends = FirstSends()
    first_sends.note(Outcome(STORY, State.FAILED, 0, reason="blocked"))
    for delivery in (STORY, STORY._replace(chat_id=8), STORY._replace(bulletin_id=6, chat_id=9)):
        first_sends.note(sent(delivery))
    assert caplog.messages == [
        "delivery.first_sent article=42 chat=7 bulletin=5 revision=2 lane=story",
        "delivery.first_sent article=42 chat=9 bulletin=6 revision=2 lane=story",
    ]


def test_corrections_kills_and_digests_are_no_first_sends(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    first_sends = FirstSends()
    first_sends.note(sent(STORY._replace(shown=1)))
    first_sends.note(sent(STORY._replace(wanted=0)))
    first_sends.note(sent(STORY._replace(bulletin_id=None, subject=Subject(SubjectKind.DIGEST, 3))))
    assert caplog.messages == []
