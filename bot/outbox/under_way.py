"""The deliveries that are being carried out, and the tickets by which they are taken back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import NamedTuple

from bot.model.delivery import Delivery, Lane
from bot.outbox import lanes
from bot.outbox.ledger import Ledger
from bot.telegram.transport.ticket import CallTicket

PATIENCE_SECONDS = 2.0
"""How long a delivery keeps its place while its chat can't take a call; then it goes back to the ledger."""


class Journey(NamedTuple):
    """A delivery and the ticket that its calls travel by."""

    delivery: Delivery
    ticket: CallTicket


class UnderWay:
    """At most one journey for each chat. `begun` is told the lane of each that waits no longer for a slot."""

    def __init__(self, ledger: Ledger, begun: Callable[[Lane], None]) -> None:
        self._ledger = ledger
        self._begun = begun
        self._journeys: dict[int, Journey] = {}
        self._looked_at = 0.0

    def begin(self, delivery: Delivery, *, paid: bool) -> CallTicket:
        """Return the ticket that the delivery travels by until `end`."""
        ticket = CallTicket(delivery.lane, paid=paid, patience=PATIENCE_SECONDS, begun=self._begun)
        self._journeys[delivery.chat_id] = Journey(delivery, ticket)
        return ticket

    def end(self, delivery: Delivery) -> None:
        """Note that a delivery's journey is over, whether a call was made or not."""
        self._journeys.pop(delivery.chat_id).ticket.step_aside()

    def give_way(self, urgent: Delivery) -> None:
        """Recall what the chat has under way, where that is less urgent and no call was made for it."""
        current = self._journeys.get(urgent.chat_id)
        if current is not None and urgent.lane < current.delivery.lane and not current.ticket.called:
            current.ticket.recall()

    def called(self) -> list[Delivery]:
        """Return the deliveries for which a call was made: it is unknown what will have become of them."""
        return [journey.delivery for journey in self._journeys.values() if journey.ticket.called]

    def recall_all(self) -> None:
        """Let no further call be made for any of them."""
        for journey in self._journeys.values():
            journey.ticket.recall()

    def look_at_once(self) -> None:
        """Let the next `recall_changed` ask the ledger, however short ago the last one did."""
        self._looked_at = 0.0

    async def recall_changed(self) -> None:
        """Ask the ledger now and then what is wanted by now, and recall what is corrected, killed or stopped."""
        now = asyncio.get_running_loop().time()
        if not self._journeys or now - self._looked_at < lanes.LOOK_SECONDS:
            return
        self._looked_at = now
        claimed = {each.key: each for each in await self._ledger.claimed()}
        for delivery, ticket in self._journeys.values():
            found = claimed.get(delivery.key)
            stopped = found is not None and found.stopped and not delivery.shown
            if found is None or found.wanted != delivery.wanted or stopped:
                ticket.recall()
