import pytest

from bot.outbox.limits.adaptive_rate import LOWEST, MARGIN, RECOVERS_IN, AdaptiveRate


def test_a_margin_stays_below_what_is_allowed() -> None:
    assert AdaptiveRate(30).used(0) == pytest.approx(30 * MARGIN)
    assert AdaptiveRate(30).step(0) == pytest.approx(1 / (30 * MARGIN))


def test_a_refusal_lowers_it_and_it_comes_back_by_itself() -> None:
    rate = AdaptiveRate(100)
    rate.refused(10.0)
    after = [rate.used(10.0 + seconds) for seconds in (0, RECOVERS_IN / 8, RECOVERS_IN / 4, RECOVERS_IN)]
    assert after == sorted(after)
    assert after[0] == pytest.approx(75 * MARGIN)
    assert after[-1] == pytest.approx(100 * MARGIN)


def test_refusals_of_one_moment_count_once() -> None:
    one, many = AdaptiveRate(100), AdaptiveRate(100)
    one.refused(10.0)
    for tenth in range(10):
        many.refused(10.0 + tenth / 100)
    assert many.used(10.1) == pytest.approx(one.used(10.1))


def test_however_often_it_is_refused_something_still_goes_out() -> None:
    rate = AdaptiveRate(100)
    for second in range(0, 100, 2):
        rate.refused(float(second))
    assert rate.used(98.0) >= 100 * LOWEST * MARGIN


def test_slow_answers_lower_it_before_any_refusal_and_quick_ones_lift_it() -> None:
    rate = AdaptiveRate(100)
    for _ in range(100):
        rate.took(6.0)
    slow = rate.used(0)
    assert slow < 40
    for _ in range(200):
        rate.took(0.05)
    assert rate.used(0) == pytest.approx(100 * MARGIN)
