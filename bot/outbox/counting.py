"""Counts what became of deliveries, for /metrics."""

from __future__ import annotations

from datetime import datetime

from prometheus_client import Histogram

from bot.metrics import ACCEPT_SECONDS, count_delivery
from bot.model.delivery import Action, Lane, Outcome, State

_DONE = {
    Action.SEND: "sent",
    Action.EDIT: "edited",
    Action.WITHDRAW: "withdrawn",
    Action.NOTHING: "unchanged",
}
_ACCEPTED: dict[Lane, Histogram] = {lane: ACCEPT_SECONDS.labels(lane.name.lower()) for lane in Lane}


def count(outcome: Outcome, now: datetime) -> None:
    """Count an outcome by lane and reason; of a first send, how long after its decision it was accepted."""
    delivery = outcome.delivery
    if outcome.state is not State.DONE:
        count_delivery(delivery.lane.name, outcome.state.name.lower(), outcome.reason or "")
        return
    action = delivery.action
    count_delivery(delivery.lane.name, _DONE[action], "")
    if action is Action.SEND and delivery.decided_at is not None:
        _ACCEPTED[delivery.lane].observe((now - delivery.decided_at).total_seconds())
