"""What becomes of deliveries, counted by lane and reason. Called when the ledger's transaction is over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.metrics import ACCEPT_SECONDS, DELIVERIES
from bot.model.delivery import Action, Delivery, Lane, Outcome, State, SubjectKind

LANE_NAMES = {lane: lane.name.lower() for lane in Lane}
_DONE = {
    Action.SEND: "sent",
    Action.EDIT: "edited",
    Action.WITHDRAW: "withdrawn",
    Action.NOTHING: "unchanged",
}


CANARY = "canary"
"""The lane under which a canary's deliveries are counted, in whatever lane they go."""


def count_outcome(outcome: Outcome, now: datetime) -> None:
    """Count an outcome; of a first send, also the seconds from its decision to Telegram's acceptance."""
    delivery = outcome.delivery
    lane = CANARY if _is_canary(delivery) else LANE_NAMES[delivery.lane]
    if outcome.state is not State.DONE:
        DELIVERIES.labels(lane, outcome.state.name.lower(), outcome.reason or "").inc()
        return
    action = delivery.action
    DELIVERIES.labels(lane, _DONE[action], "").inc()
    if action is Action.SEND and delivery.decided_at is not None:
        ACCEPT_SECONDS.labels(lane).observe((now - delivery.decided_at).total_seconds())


def _is_canary(delivery: Delivery) -> bool:
    """Of a story's delivery the decision is known; of a canary's none is told (bot.store.ledger.release.rows)."""
    of_article = delivery.subject.kind is SubjectKind.ARTICLE
    return of_article and delivery.bulletin_id is not None and delivery.decided_at is None


def count_skipped(lane: Lane, skipped: Mapping[str, int]) -> None:
    """Count the deliveries of a claim that may not go out any more, by reason."""
    for reason, number in skipped.items():
        DELIVERIES.labels(LANE_NAMES[lane], "skipped", reason).inc(number)
