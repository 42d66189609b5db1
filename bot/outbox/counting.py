"""Counts what became of deliveries, for /metrics."""

from __future__ import annotations

from datetime import datetime

from bot.metrics import ACCEPT_SECONDS, DELIVERIES
from bot.model.delivery import Action, Lane, Outcome, State

_DONE = {
    Action.SEND: "sent",
    Action.EDIT: "edited",
    Action.WITHDRAW: "withdrawn",
    Action.NOTHING: "unchanged",
}
_NAMES = {lane: lane.name.lower() for lane in Lane}


def count(outcome: Outcome, now: datetime) -> None:
    """Count an outcome by lane and reason; of a first send, how long after its decision it was accepted."""
    delivery = outcome.delivery
    lane = _NAMES[delivery.lane]
    if outcome.state is not State.DONE:
        DELIVERIES.add(lane, outcome.state.name.lower(), outcome.reason or "")
        return
    action = delivery.action
    DELIVERIES.add(lane, _DONE[action], "")
    if action is Action.SEND and delivery.decided_at is not None:
        ACCEPT_SECONDS.add((now - delivery.decided_at).total_seconds(), lane)
