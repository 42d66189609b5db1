"""What becomes of a delivery that Telegram did not take. Pure: it decides and does nothing."""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import StrEnum

from bot.model.errors import (
    ChatGone,
    ChatMoved,
    DeliveryError,
    Flood,
    MediaForbidden,
    MessageGone,
    Moderated,
    NotWithdrawn,
    OurFault,
    PaymentRefused,
    PictureRefused,
    RichRefused,
    ThreadGone,
    TokenRefused,
    Unreachable,
)

FIRST_WAIT, LONGEST_WAIT = 1.0, 300.0
MOST_ATTEMPTS = 1000
"""Days of trying. A story and a flash end with their life; the rest waits through a long outage."""


class Verdict(StrEnum):
    """What is to be done."""

    AGAIN = "again"
    MOVE = "move"
    SUSPEND = "suspend"
    LOSE_THREAD = "lose-thread"
    WITHOUT_PICTURE = "without-picture"
    UNPAID = "unpaid"
    TEXT_ALONE = "text-alone"
    CLASSIC_INSTEAD = "classic-instead"
    STOP_ARTICLE = "stop-article"
    STOP_ALL = "stop-all"
    ACCEPT = "accept"
    GIVE_UP = "give-up"
    DOUBT = "doubt"


_PLAIN: dict[type[DeliveryError], Verdict] = {
    ChatMoved: Verdict.MOVE,
    PaymentRefused: Verdict.UNPAID,
    ChatGone: Verdict.SUSPEND,
    ThreadGone: Verdict.LOSE_THREAD,
    MediaForbidden: Verdict.TEXT_ALONE,
    RichRefused: Verdict.CLASSIC_INSTEAD,
    TokenRefused: Verdict.STOP_ALL,
    MessageGone: Verdict.ACCEPT,
    Moderated: Verdict.GIVE_UP,
    NotWithdrawn: Verdict.GIVE_UP,
    OurFault: Verdict.STOP_ARTICLE,
}


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict; for AGAIN, after how many seconds, and the attempts that the ledger then counts."""

    verdict: Verdict
    wait: float = 0.0
    attempts: int = 0


def decide(
    error: DeliveryError, attempts: int, *, resend: bool = True, jitter: float | None = None
) -> Decision:
    """Return what becomes of a delivery after `attempts` earlier failures.

    A call whose outcome is unknown is made again where `resend` is set: a rare double is better than a
    missing story. `jitter` from 0 to 1 spreads the waits; it is random where none is given.
    """
    plain = _PLAIN.get(type(error))
    if plain is not None:
        return Decision(plain, 0, attempts)
    match error:
        case Unreachable(ambiguous=True) if not resend:
            return Decision(Verdict.DOUBT, 0, attempts + 1)
        case Flood():
            return Decision(Verdict.AGAIN, error.retry_after, attempts)
        case PictureRefused():
            verdict = Verdict.WITHOUT_PICTURE if attempts < MOST_ATTEMPTS else Verdict.STOP_ARTICLE
            return Decision(verdict, 0, attempts + 1)
        case Unreachable() if attempts + 1 >= MOST_ATTEMPTS:
            return Decision(Verdict.GIVE_UP, 0, attempts + 1)
    spread = random.random() if jitter is None else jitter  # noqa: S311
    wait = min(LONGEST_WAIT, FIRST_WAIT * 2**attempts) * (0.5 + spread / 2)
    return Decision(Verdict.AGAIN, wait, attempts + 1)
