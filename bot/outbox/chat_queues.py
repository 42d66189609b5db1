"""A chat has one delivery at a time, so that its stories stay in order."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.model.delivery import THREAD_CLOSED, Delivery, Outcome, State
from bot.outbox.lanes import Lanes
from bot.outbox.result_writer import ResultWriter
from bot.outbox.under_way import UnderWay


class ChatQueues:
    """Carries out what a chat is to get one after the other, the most urgent first.

    `just_held` are the chats that came to wait since it was last cleared, each until when: what was claimed
    meanwhile must wait behind that.
    """

    def __init__(
        self,
        lanes: Lanes,
        under_way: UnderWay,
        writer: ResultWriter,
        carry: Callable[[Delivery], Awaitable[Outcome]],
    ) -> None:
        self._lanes = lanes
        self._under_way = under_way
        self._writer = writer
        self._carry = carry
        self._queues: dict[int, list[Delivery]] = {}
        self.just_held: dict[int, datetime | None] = {}

    @property
    def idle(self) -> bool:
        """Whether no chat has anything under way."""
        return not self._queues

    async def serve(self, delivery: Delivery) -> None:
        """Carry a delivery out, or put it behind what its chat has; that gives way to what is more urgent."""
        chat_id = delivery.chat_id
        if chat_id in self._queues:
            self._queues[chat_id].append(delivery)
            self._under_way.give_way(delivery)
            return
        queue = self._queues[chat_id] = [delivery]
        try:
            await self._serve(queue)
        finally:
            del self._queues[chat_id]

    async def _serve(self, queue: list[Delivery]) -> None:
        """Carry out one delivery after the other; behind one that must wait, nothing of its lane goes out."""
        waits: Outcome | None = None
        while queue and not self._lanes.closed:
            delivery = queue.pop(0) if len(queue) == 1 else _most_urgent(queue)
            if waits and (waits.holds_chat or delivery.lane >= waits.delivery.lane):
                self._lanes.begun(delivery.lane)
                put_off = Outcome(delivery, State.WAITING, delivery.attempts, due_at=waits.due_at)
                await self._writer.put(put_off)
            else:
                outcome = await self._carry(delivery)
                # What waits for one thread to open lets the chat's other threads go on.
                behind = outcome.state is State.WAITING and outcome.reason != THREAD_CLOSED
                waits = outcome if behind else waits
            if waits and not queue:
                # Until that is written, a claim could still find what must wait behind it.
                await self._writer.written()
                self.just_held[delivery.chat_id] = waits.due_at


def _most_urgent(queue: list[Delivery]) -> Delivery:
    """Take the one out whose lane is the most urgent; those of a lane came in their order."""
    found = min(queue, key=lambda one: one.lane)
    queue.remove(found)
    return found
