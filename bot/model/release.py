"""May this delivery go out now? The rules alone: the ledger brings the row, and writes down what they say."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import NamedTuple

from bot.model.chat import ChatKind, ChatState
from bot.model.delivery import WITHDRAWN, Lane, Manner, SubjectKind
from bot.model.hours import LATE, MOST_AT_ONCE, Bounds, Quiet, quiet_end
from bot.model.languages import ANY, Codes, meet

REFUSED = "refused"
"""Reason of what Telegram would not take from us, whatever the chat."""

OTHER_LANGUAGE = "other-language"
"""Reason of what is told in a language that the chat does not read any more."""

QUIET = "quiet"
"""Reason of what waits for the end of a chat's quiet hours."""

CAPPED = "capped"
"""Reason of what is above a chat's cap: the next digest tells it."""

AWAY = "away"
"""Reason of what came while a chat wanted to be left alone: the catch-up at the end tells the main things."""

MANY = "many"
"""Reason of what waits to be gathered, with others that wait for its chat, into one message."""

MERGED = "merged"
"""Reason of what came as a part of a message with others."""

PARKED = datetime(9999, 1, 1, tzinfo=UTC)
"""When a delivery is due whose bulletin is paused: not in anybody's time."""


class DueDelivery(NamedTuple):
    """A delivery whose time has come, with all that decides whether it may go out.

    `chat_state`, `paused_until` (a wait that Telegram asked for, or the bulletin's
    start, whichever is later) and the quiet hours `quiet_from` to
    `quiet_to` (minutes of the day in `zone`) are the chat's. `stopped_at`, `stop_reason`, `held_at` (since
    when it is paused), `everybody` and `decided_at` are the bulletin's, None for a digest. `has_parts` says
    whether any message of it stands in the chat. `news_languages` are the chat's, `told_in` the languages that
    the bulletin is for; None: whatever language. `reply_to` and `manner` are the bulletin's; `flash_at_night` says
    whether the chat agreed to breaking news in its quiet hours, `bounded` whether it asked for more than quiet hours.
    """

    bot_id: int
    kind: SubjectKind
    subject_id: int
    chat_id: int
    bulletin_id: int | None
    lane: Lane
    wanted: int
    shown: int | None
    thread_id: int | None
    due_at: datetime
    expires_at: datetime | None
    attempts: int
    telegram_id: int
    chat_kind: ChatKind
    language: str
    zone: str
    form: str | None
    pictures: bool | None
    chat_state: ChatState
    paused_until: datetime | None
    quiet_from: int | None
    quiet_to: int | None
    stopped_at: datetime | None
    stop_reason: str | None
    held_at: datetime | None
    everybody: bool | None
    decided_at: datetime | None
    has_parts: bool
    news_languages: Codes | None = None
    told_in: Codes | None = None
    reply_to: int | None = None
    flash_at_night: bool = False
    manner: Manner | None = None
    bounded: bool = False
    footer_id: int | None = None

    @property
    def first_send(self) -> bool:
        """Whether nothing of it is shown yet, and something is to be."""
        return not self.shown and self.wanted != WITHDRAWN and self.lane is not Lane.KILL

    @property
    def quiet(self) -> Quiet | None:
        """The chat's quiet hours, in the form that the rules take."""
        if self.quiet_from is None or self.quiet_to is None:
            return None
        return _time(self.quiet_from), _time(self.quiet_to)

    @property
    def needs_subscription(self) -> bool:
        """Whether it goes out only to a chat that still follows one of the article's topics."""
        # Who had a story that was taken back is told so, whatever the chat follows.
        return self.kind is SubjectKind.ARTICLE and self.first_send and self.everybody is False


class Go(NamedTuple):
    """It may go out now."""


class Skip(NamedTuple):
    """It may not go out at all: the ledger settles it as skipped for that reason."""

    reason: str


class Later(NamedTuple):
    """It may not go out before `at`."""

    at: datetime


class InTheMorning(NamedTuple):
    """What may not break the quiet hours, breaking news too: it comes at `at`, in the lane of stories.

    It lives as long from then on as it would have lived from the start: until `expires_at`.
    """

    at: datetime
    expires_at: datetime | None


Release = Go | Skip | Later | InTheMorning
GO = Go()


def release(
    due: DueDelivery, now: datetime, *, unsubscribed: bool = False, bounds: Bounds | None = None
) -> Release:
    """Return whether a delivery may go out now.

    `unsubscribed` says that its chat would not get the article any more, were it decided now; `bounds` are what the
    chat asked for, where it asked for anything.
    """
    reason = _why_not(due, now) or ("unsubscribed" if unsubscribed else None)
    if reason is None and bounds is not None and _is_left_alone(due, bounds, now):
        reason = AWAY
    if reason is not None:
        return Skip(reason)
    at = _not_before(due, now)
    if at is not None:
        return Later(at)
    at = _quiet_until(due, now, bounds)
    if at is None:
        return GO
    lives = due.expires_at - due.decided_at if due.expires_at and due.decided_at else None
    return InTheMorning(at, at + lives if lives else None)


def may_be_many(due: DueDelivery, now: datetime) -> bool:
    """Return whether a story has waited so long that others may wait for the same chat by now."""
    late = due.decided_at is not None and now - due.decided_at >= LATE
    return due.lane is Lane.STORY and late and due.first_send and not due.has_parts and not due.attempts


def are_many(waiting: int) -> bool:
    """Return whether so many stories, which wait for one chat, come as one message."""
    return waiting > MOST_AT_ONCE


def reason_of(stop_reason: str) -> str:
    """Return why a delivery is skipped whose bulletin was stopped for that reason: without Telegram's words."""
    return REFUSED if stop_reason.startswith(REFUSED) else stop_reason or "stopped"


def _why_not(due: DueDelivery, now: datetime) -> str | None:
    if due.chat_state is not ChatState.ACTIVE:
        return str(due.chat_state)
    if due.shown:
        # A correction of what Telegram refused would be refused too; taking it back is not.
        refused = due.stop_reason is not None and due.stop_reason.startswith(REFUSED)
        return REFUSED if refused and due.wanted != WITHDRAWN else None
    if due.wanted == WITHDRAWN:
        # Parts may stand there although the whole was never shown.
        return None if due.lane is Lane.KILL or due.has_parts else "killed"
    if due.stopped_at is not None:
        return reason_of(due.stop_reason or "")
    if due.expires_at is not None and due.expires_at <= now:
        return "too-late"
    return None if meet(due.news_languages or ANY, due.told_in or ANY) else OTHER_LANGUAGE


def _not_before(due: DueDelivery, now: datetime) -> datetime | None:
    if due.paused_until is not None and due.paused_until > now:
        return due.paused_until
    if due.held_at is not None and not due.shown and due.wanted != WITHDRAWN:
        return PARKED
    return None


def _is_left_alone(due: DueDelivery, bounds: Bounds, now: datetime) -> bool:
    return due.first_send and bounds.away(now) and not (due.lane is Lane.FLASH and bounds.away_flash)


def _quiet_until(due: DueDelivery, now: datetime, bounds: Bounds | None) -> datetime | None:
    """Return until when quiet hours hold it back: stories, and breaking news where the chat has not agreed to it.

    A digest comes at the hour it was asked for.
    """
    weekend = bounds.weekend if bounds is not None else None
    if due.quiet_from is None and weekend is None:
        return None
    held = due.lane is Lane.STORY or (due.lane is Lane.FLASH and not due.flash_at_night)
    if not held or due.shown or due.wanted == WITHDRAWN:
        return None
    return quiet_end(now, due.quiet, due.zone, weekend=weekend)


def _time(minute: int) -> time:
    return time(minute // 60, minute % 60)
