"""May this delivery go out now? Rule by rule."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.model.chat import ChatKind, ChatState
from bot.model.delivery import WITHDRAWN, Lane, SubjectKind
from bot.model.release import GO, PARKED, DueDelivery, InTheMorning, Later, Skip, reason_of, release

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
QUIET = {"quiet_from": 11 * 60, "quiet_to": 13 * 60}
DUE = DueDelivery(
    bot_id=1,
    kind=SubjectKind.ARTICLE,
    subject_id=42,
    chat_id=7,
    bulletin_id=5,
    lane=Lane.STORY,
    wanted=1,
    shown=None,
    thread_id=None,
    due_at=NOON,
    expires_at=None,
    attempts=0,
    telegram_id=7,
    chat_kind=ChatKind.PRIVATE,
    language="ru",
    zone="UTC",
    form=None,
    pictures=None,
    chat_state=ChatState.ACTIVE,
    paused_until=None,
    quiet_from=None,
    quiet_to=None,
    stopped_at=None,
    stop_reason=None,
    held_at=None,
    everybody=False,
    decided_at=NOON,
    has_parts=False,
)


def test_a_new_story_goes_out() -> None:
    assert release(DUE, NOON) is GO


@pytest.mark.parametrize("state", [ChatState.STOPPED, ChatState.BLOCKED, ChatState.GONE])
def test_a_chat_that_left_is_told_nothing(state: ChatState) -> None:
    assert release(DUE._replace(chat_state=state), NOON) == Skip(str(state))


@pytest.mark.parametrize(
    ("reads", "told_in", "goes"),
    [
        ((), ("ru",), True),
        (("ru",), ("ru",), True),
        (("ru", "en"), ("en",), True),
        (("en",), ("ru", "en"), True),
        (("en",), ("ru",), False),
        (("en",), (), True),
    ],
)
def test_a_story_goes_to_readers_of_its_language(
    reads: tuple[str, ...], told_in: tuple[str, ...], goes: bool
) -> None:
    due = DUE._replace(news_languages=reads, told_in=told_in)
    assert release(due, NOON) == (GO if goes else Skip("other-language"))
    assert release(due._replace(shown=1, wanted=2), NOON) is GO, "a correction follows what is shown"


def test_nothing_goes_to_a_chat_that_has_unsubscribed() -> None:
    assert release(DUE, NOON, unsubscribed=True) == Skip("unsubscribed")


@pytest.mark.parametrize(
    ("due", "needed"),
    [
        (DUE, True),
        (DUE._replace(everybody=True), False),
        (DUE._replace(shown=1, wanted=2), False),
        (DUE._replace(wanted=WITHDRAWN), False),
        (DUE._replace(kind=SubjectKind.DIGEST, everybody=None), False),
    ],
)
def test_only_a_first_send_to_followers_needs_a_subscription(due: DueDelivery, needed: bool) -> None:
    assert due.needs_subscription is needed


def test_a_stopped_push_reaches_nobody_more_and_says_why() -> None:
    stopped = DUE._replace(stopped_at=NOON, stop_reason="stopped")
    assert release(stopped, NOON) == Skip("stopped")
    assert release(stopped._replace(stop_reason=None), NOON) == Skip("stopped")
    assert release(stopped._replace(stop_reason="refused: can't parse entities"), NOON) == Skip("refused")


def test_a_stopped_push_is_still_corrected_and_taken_back_where_it_is_shown() -> None:
    shown = DUE._replace(stopped_at=NOON, stop_reason="stopped", shown=1, wanted=2)
    assert release(shown, NOON) is GO
    assert release(shown._replace(wanted=WITHDRAWN), NOON) is GO


def test_what_telegram_refused_is_not_corrected_but_is_taken_back() -> None:
    refused = DUE._replace(stop_reason="refused: can't parse entities", shown=1, wanted=2)
    assert release(refused, NOON) == Skip("refused")
    assert release(refused._replace(wanted=WITHDRAWN), NOON) is GO


def test_a_killed_story_goes_to_nobody_who_has_nothing_of_it() -> None:
    killed = DUE._replace(wanted=WITHDRAWN)
    assert release(killed, NOON) == Skip("killed")
    assert release(killed._replace(has_parts=True), NOON) is GO
    assert release(killed._replace(lane=Lane.KILL), NOON) is GO


def test_a_story_whose_life_is_over_is_too_late() -> None:
    assert release(DUE._replace(expires_at=NOON), NOON) == Skip("too-late")
    assert release(DUE._replace(expires_at=NOON + HOUR), NOON) is GO
    assert release(DUE._replace(expires_at=NOON, shown=1, wanted=2), NOON) is GO


def test_a_wait_that_telegram_asked_for_is_kept() -> None:
    assert release(DUE._replace(paused_until=NOON + HOUR), NOON) == Later(NOON + HOUR)
    assert release(DUE._replace(paused_until=NOON), NOON) is GO


def test_a_paused_push_is_parked_but_corrections_and_kills_go_on() -> None:
    paused = DUE._replace(held_at=NOON)
    assert release(paused, NOON) == Later(PARKED)
    assert release(paused._replace(shown=1, wanted=2), NOON) is GO
    assert release(paused._replace(wanted=WITHDRAWN, has_parts=True), NOON) is GO


@pytest.mark.parametrize(
    ("changes", "held"),
    [
        ({}, True),
        ({"lane": Lane.FLASH, "flash_at_night": True}, False),
        ({"lane": Lane.DIGEST}, False),
        ({"shown": 1, "wanted": 2}, False),
        ({"zone": "Asia/Tokyo"}, False),
        ({"quiet_from": None}, False),
    ],
)
def test_quiet_hours_hold_first_sends_of_stories_alone(changes: dict[str, object], held: bool) -> None:
    due = DUE._replace(**QUIET | changes)
    assert release(due, NOON) == (InTheMorning(NOON + HOUR, None) if held else GO)


def test_what_may_not_go_out_at_all_is_not_put_off() -> None:
    assert release(DUE._replace(held_at=NOON, stopped_at=NOON, stop_reason="stopped"), NOON) == Skip(
        "stopped"
    )


def test_the_reason_of_a_stop_holds_no_words_of_telegrams() -> None:
    assert reason_of("refused: can't parse entities") == "refused"
    assert reason_of("killed") == "killed"
    assert reason_of("") == "stopped"


def test_breaking_news_waits_for_the_morning_where_the_chat_has_not_agreed_and_lives_from_then_on() -> None:
    due = DUE._replace(**QUIET, lane=Lane.FLASH, decided_at=NOON - HOUR, expires_at=NOON + HOUR)
    assert release(due, NOON) == InTheMorning(NOON + HOUR, NOON + 3 * HOUR)
    assert release(due._replace(flash_at_night=True), NOON) is GO
    assert release(due._replace(expires_at=None), NOON) == InTheMorning(NOON + HOUR, None)
    assert release(due, NOON + 2 * HOUR) == Skip("too-late")
    held_up = due._replace(paused_until=NOON + HOUR / 2)
    assert release(held_up, NOON) == Later(NOON + HOUR / 2)
