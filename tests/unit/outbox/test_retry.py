import pytest

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
    ThreadGone,
    TokenRefused,
    Unreachable,
)
from bot.outbox.failures.retry import LONGEST_WAIT, MOST_ATTEMPTS, Verdict, decide


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (ChatGone("blocked"), Verdict.SUSPEND),
        (ChatMoved(-100), Verdict.MOVE),
        (ThreadGone("thread"), Verdict.LOSE_THREAD),
        (MediaForbidden("no-rights"), Verdict.TEXT_ALONE),
        (MessageGone("message"), Verdict.ACCEPT),
        (Moderated("moderated"), Verdict.GIVE_UP),
        (NotWithdrawn("not-withdrawn"), Verdict.GIVE_UP),
        (PaymentRefused("payment"), Verdict.UNPAID),
        (TokenRefused("token"), Verdict.STOP_ALL),
        (OurFault("refused"), Verdict.STOP_ARTICLE),
    ],
)
def test_what_can_be_told_at_once_is(error: DeliveryError, verdict: Verdict) -> None:
    assert decide(error, 0).verdict is verdict


def test_a_flood_wait_is_waited_for_and_counts_as_no_attempt() -> None:
    decision = decide(Flood(137), 4)
    assert (decision.verdict, decision.wait, decision.attempts) == (Verdict.AGAIN, 137, 4)


def test_waits_double_up_to_a_limit_and_are_spread() -> None:
    broken = Unreachable("server", ambiguous=True)
    waits = [decide(broken, attempts, jitter=1).wait for attempts in range(12)]
    assert waits[:4] == [1, 2, 4, 8]
    assert waits[-1] == LONGEST_WAIT
    assert decide(broken, 3, jitter=0).wait == 4


def test_what_nobody_answers_is_given_up_after_days_alone() -> None:
    broken = Unreachable("network", ambiguous=False)
    assert decide(broken, MOST_ATTEMPTS - 2).verdict is Verdict.AGAIN
    assert decide(broken, MOST_ATTEMPTS - 1).verdict is Verdict.GIVE_UP
    assert MOST_ATTEMPTS * LONGEST_WAIT > 3 * 86_400


@pytest.mark.parametrize(("ambiguous", "verdict"), [(True, Verdict.DOUBT), (False, Verdict.AGAIN)])
def test_only_what_may_have_arrived_is_in_doubt(ambiguous: bool, verdict: Verdict) -> None:
    error = Unreachable("network", ambiguous=ambiguous)
    assert decide(error, 0, resend=False).verdict is verdict
    assert decide(error, 0).verdict is Verdict.AGAIN
