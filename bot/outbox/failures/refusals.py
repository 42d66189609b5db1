"""What becomes of a delivery that Telegram refused: the verdict of `retry`, carried out."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.log import Event
from bot.model.chat import ChatKind, ChatState
from bot.model.clock import Clock
from bot.model.delivery import THREAD_CLOSED, Delivery, Lane, Outcome, State
from bot.model.errors import ChatGone, ChatMoved, DeliveryError, PictureRefused, ThreadGone
from bot.model.places.thread import is_closed
from bot.outbox.delivery_log import fields
from bot.outbox.failures.retry import Decision, Verdict, decide
from bot.outbox.limits.paid_budget import PaidBudget
from bot.outbox.places.troubles import close_thread, lose_thread
from bot.outbox.render_cache import RenderCache
from bot.store.audience import chats
from bot.store.engine.database import Database
from bot.store.ledger import bulletins

log = logging.getLogger(__name__)

AFTER_TOKEN_REFUSED = timedelta(minutes=1)
HELD, HELD_BRIEFLY = timedelta(hours=1), timedelta(seconds=3)
"""After how long what waits for a closed thread is looked at again: no call is made, but its life may be over."""

CHAT_HELD_SECONDS, CHAT_HELD_ATTEMPTS = 30.0, 12
"""How long, and how often, a failing delivery keeps its chat's others waiting behind it, in their order."""

_EVENTS = {
    Verdict.ACCEPT: "delivery.accepted",
    Verdict.DOUBT: "delivery.doubt",
    Verdict.SUSPEND: "delivery.failed",
    Verdict.GIVE_UP: "delivery.failed",
    Verdict.STOP_ARTICLE: "delivery.failed",
}
_USUAL = frozenset({Verdict.AGAIN, Verdict.SUSPEND})


class Refusals:
    """Turns refusals into outcomes, and mends what they tell of: of a chat, a picture, a form, the token.

    `left_in_doubt` are the lanes whose sends are not made again when it is unknown what became of them.
    `token_refused` is told when Telegram no longer knows the token.
    """

    def __init__(
        self,
        db: Database,
        clock: Clock,
        renders: RenderCache,
        *,
        token_refused: Callable[[], Awaitable[None]],
        left_in_doubt: frozenset[Lane],
        paid_budget: PaidBudget | None,
    ) -> None:
        self._db = db
        self._clock = clock
        self._renders = renders
        self._token_refused = token_refused
        self.left_in_doubt = left_in_doubt
        self._paid_budget = paid_budget
        self._without_pictures: set[int] = set()

    def leaves_in_doubt(self, delivery: Delivery) -> bool:
        """Return whether an unknown outcome is left to the editors: doing an edit twice does no harm."""
        return not delivery.shown and delivery.lane in self.left_in_doubt

    def forbids_pictures(self, chat_id: int) -> bool:
        """Return whether the chat refused a picture since the start: it gets text alone."""
        return chat_id in self._without_pictures

    async def outcome(self, delivery: Delivery, error: DeliveryError) -> Outcome:
        """Return how a refused delivery ends, or when it is tried again."""
        if isinstance(error, ThreadGone) and error.closed and not error.detail:
            # No call was made. Where the ledger does not know yet, it will in a moment.
            return self._held(delivery, HELD if is_closed(delivery.thread_id) else HELD_BRIEFLY)
        resend = not self.leaves_in_doubt(delivery)
        decision = decide(error, delivery.attempts, resend=resend)
        _tell(delivery, decision, error)
        match decision.verdict:
            case Verdict.AGAIN:
                return self._again(delivery, decision, error.reason, holds_chat=True)
            case Verdict.DOUBT:
                return Outcome(delivery, State.DOUBT, decision.attempts, reason=error.reason)
            case Verdict.ACCEPT:
                return Outcome(delivery, State.DONE, delivery.attempts, shown=delivery.wanted)
            case Verdict.GIVE_UP:
                return Outcome(delivery, State.FAILED, decision.attempts, reason=error.reason)
            case Verdict.SUSPEND | Verdict.MOVE | Verdict.LOSE_THREAD | Verdict.TEXT_ALONE:
                return await self._of_the_chat(delivery, decision, error)
            case Verdict.WITHOUT_PICTURE | Verdict.CLASSIC_INSTEAD:
                return await self._of_the_message(delivery, decision, error)
            case Verdict.UNPAID:
                if self._paid_budget is not None:
                    self._paid_budget.refused()
                return self._again(delivery, decision, "payment")
            case Verdict.STOP_ALL:
                await self._token_refused()
                due = self._clock.now() + AFTER_TOKEN_REFUSED
                return Outcome(delivery, State.WAITING, delivery.attempts, reason=error.reason, due_at=due)
            case Verdict.STOP_ARTICLE:
                return await self._stopped(delivery, error)

    async def _of_the_chat(self, delivery: Delivery, decision: Decision, error: DeliveryError) -> Outcome:
        """Keep what the refusal says of the chat."""
        if isinstance(error, ChatGone):
            return await self._suspended(
                delivery, error, ChatState.GONE if error.forever else ChatState.BLOCKED
            )
        if isinstance(error, ChatMoved):
            async with self._db.write() as tx:
                await chats.move(tx, delivery.chat_id, error.new_id, self._clock.now())
            return self._again(delivery, decision, "moved")
        if decision.verdict is Verdict.TEXT_ALONE:
            if self.forbids_pictures(delivery.chat_id):
                # It forbids text too.
                return await self._suspended(delivery, error, ChatState.BLOCKED)
            self._without_pictures.add(delivery.chat_id)
            return self._again(delivery, decision, "text-alone")
        assert isinstance(error, ThreadGone)
        return await self._of_the_thread(delivery, decision, error)

    async def _of_the_thread(self, delivery: Delivery, decision: Decision, error: ThreadGone) -> Outcome:
        """Hold what goes into a closed thread; send what went into a deleted one elsewhere."""
        now = self._clock.now()
        if error.closed and delivery.chat_kind != ChatKind.PRIVATE:
            await close_thread(self._db, delivery, error, now)
            return self._held(delivery, HELD)
        if error.thread_id is None:
            # What goes into no thread has none to lose.
            return Outcome(delivery, State.FAILED, decision.attempts, reason=error.reason)
        await lose_thread(self._db, delivery, error.thread_id, now)
        return self._again(delivery, decision, "thread")

    def _held(self, delivery: Delivery, wait: timedelta) -> Outcome:
        """Let a delivery wait while its thread is closed; its life goes on."""
        due = self._clock.now() + wait
        return Outcome(delivery, State.WAITING, delivery.attempts, reason=THREAD_CLOSED, due_at=due)

    async def _of_the_message(self, delivery: Delivery, decision: Decision, error: DeliveryError) -> Outcome:
        """Show everybody another message from now on: without some pictures, or a classic one."""
        if not self._renders.fall_back(delivery, error):
            return await self._stopped(delivery, error)
        return self._again(delivery, decision, "picture" if isinstance(error, PictureRefused) else "rich")

    async def _suspended(self, delivery: Delivery, error: DeliveryError, state: ChatState) -> Outcome:
        async with self._db.write() as tx:
            await chats.suspend(tx, delivery.chat_id, state, reason=error.reason, at=self._clock.now())
        return Outcome(delivery, State.FAILED, delivery.attempts, reason=error.reason)

    async def _stopped(self, delivery: Delivery, error: DeliveryError) -> Outcome:
        """Stop the whole push: what Telegram does not take here it takes nowhere."""
        if delivery.bulletin_id is not None:
            why = f"refused: {error.detail}"
            async with self._db.write() as tx:
                await bulletins.stop(tx, delivery.bulletin_id, self._clock.now(), by=None, reason=why)
        return Outcome(delivery, State.FAILED, delivery.attempts, reason="refused")

    def _again(
        self, delivery: Delivery, decision: Decision, reason: str, *, holds_chat: bool = False
    ) -> Outcome:
        wait = decision.wait
        if reason != "flood" and decision.attempts > CHAT_HELD_ATTEMPTS:
            holds_chat = False
        elif holds_chat and reason != "flood":
            wait = min(wait, CHAT_HELD_SECONDS)
        due = self._clock.now() + timedelta(seconds=wait)
        return Outcome(
            delivery, State.WAITING, decision.attempts, reason=reason, due_at=due, holds_chat=holds_chat
        )


def _tell(delivery: Delivery, decision: Decision, error: DeliveryError) -> None:
    log.log(
        logging.INFO if decision.verdict in _USUAL else logging.WARNING,
        Event(
            _EVENTS.get(decision.verdict, "delivery.retry"),
            **fields(delivery),
            reason=error.reason,
            verdict=decision.verdict.value,
            attempts=decision.attempts,
            detail=error.detail or None,
        ),
    )
