"""Carries out one delivery: send, edit or withdraw, and what becomes of a refusal."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.model.chat import ChatState
from bot.model.clock import Clock
from bot.model.delivery import WITHDRAWN, Action, Delivery, Outcome, Placed, Removed, State
from bot.model.errors import ChatGone, ChatMoved, DeliveryError, MessageGone
from bot.model.message import PHOTO, OutgoingMessage
from bot.outbox.retry import Decision, Verdict, decide
from bot.outbox.settling import Settler
from bot.outbox.showing import Showing
from bot.store import bulletins, chats
from bot.store.database import Database, writes
from bot.telegram.client import lane
from bot.telegram.sender import Sender

log = logging.getLogger(__name__)

AFTER_TOKEN_REFUSED = timedelta(minutes=1)

_suspend = writes(chats.suspend)
_move = writes(chats.move)
_lose_thread = writes(chats.lose_thread)
_stop = writes(bulletins.stop)


class Carrier:
    """Does what a delivery wants. `token_refused` is told when Telegram no longer knows the token."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        sender: Sender,
        showing: Showing,
        settler: Settler,
        token_refused: Callable[[], Awaitable[None]],
    ) -> None:
        self._db = db
        self._clock = clock
        self._sender = sender
        self._showing = showing
        self._settler = settler
        self._token_refused = token_refused

    async def carry(self, delivery: Delivery) -> Outcome:
        """Make shown equal wanted, and return how that ended. Never raises a DeliveryError."""
        lane.set(delivery.lane)
        try:
            return await self._reconcile(delivery)
        except DeliveryError as error:
            return await self._failed(delivery, error)

    async def _reconcile(self, delivery: Delivery) -> Outcome:
        match delivery.action:
            case Action.WITHDRAW:
                await self._withdraw(delivery)
            case Action.SEND | Action.EDIT:
                message = await self._showing.of(delivery, self._clock.now())
                if message is None:
                    return Outcome(delivery, State.SKIPPED, delivery.attempts, reason="nothing-to-show")
                await (self._edit(delivery, message) if delivery.messages else self._send(delivery, message))
            case Action.NOTHING:
                if delivery.messages and delivery.wanted == WITHDRAWN:
                    await self._withdraw(delivery)
        return Outcome(delivery, State.DONE, delivery.attempts, shown=delivery.wanted)

    async def _send(self, delivery: Delivery, message: OutgoingMessage) -> None:
        placed = await self._sender.send(delivery.telegram_id, message, delivery.thread_id)
        await self._settler.put(Placed(delivery, 0, placed, delivery.wanted, message.form))

    async def _edit(self, delivery: Delivery, message: OutgoingMessage) -> None:
        for shown in delivery.messages:
            try:
                await self._sender.edit(delivery.telegram_id, shown.message_id, message, shown.form)
            except MessageGone as error:
                log.info("article %d in chat %d: %s", delivery.subject.id, delivery.chat_id, error)
                continue
            await self._settler.put(
                Placed(delivery, shown.part, shown.message_id, delivery.wanted, shown.form)
            )

    async def _withdraw(self, delivery: Delivery) -> None:
        for shown in delivery.messages:
            try:
                await self._sender.withdraw(delivery.telegram_id, shown.message_id)
            except MessageGone:
                # Past Telegram's 48 hours, or gone already: a notice where there still is something.
                notice = self._showing.withdrawn(delivery)
                try:
                    await self._sender.edit(
                        delivery.telegram_id,
                        shown.message_id,
                        notice,
                        PHOTO if shown.form == PHOTO else notice.form,
                    )
                except MessageGone as error:
                    log.info("article %d in chat %d: %s", delivery.subject.id, delivery.chat_id, error)
            await self._settler.put(Removed(delivery, shown.part))

    async def _failed(self, delivery: Delivery, error: DeliveryError) -> Outcome:
        decision = decide(error, delivery.attempts)
        log.log(
            logging.INFO if decision.verdict in (Verdict.AGAIN, Verdict.SUSPEND) else logging.WARNING,
            "%s %d, chat %d: %s -> %s",
            delivery.subject.kind.name.lower(),
            delivery.subject.id,
            delivery.chat_id,
            error,
            decision.verdict,
        )
        match decision.verdict:
            case Verdict.AGAIN:
                return self._again(delivery, decision, error.reason)
            case Verdict.ACCEPT:
                return Outcome(delivery, State.DONE, delivery.attempts, shown=delivery.wanted)
            case Verdict.GIVE_UP:
                return Outcome(delivery, State.FAILED, decision.attempts, reason=error.reason)
        return await self._mended(delivery, decision, error)

    async def _mended(self, delivery: Delivery, decision: Decision, error: DeliveryError) -> Outcome:
        now = self._clock.now()
        if isinstance(error, ChatGone):
            state = ChatState.GONE if error.forever else ChatState.BLOCKED
            await _suspend(self._db, delivery.chat_id, state, error.reason, now)
            return Outcome(delivery, State.FAILED, delivery.attempts, reason=error.reason)
        if isinstance(error, ChatMoved):
            await _move(self._db, delivery.chat_id, error.new_id)
            return self._again(delivery, decision, "moved")
        if decision.verdict is Verdict.LOSE_THREAD and delivery.thread_id is not None:
            await _lose_thread(self._db, delivery.chat_id, delivery.thread_id)
            return self._again(delivery, decision, "thread")
        if decision.verdict is Verdict.WITHOUT_PICTURE:
            self._showing.drop_picture(delivery.subject.id)
            return self._again(delivery, decision, "picture")
        if decision.verdict is Verdict.STOP_ALL:
            await self._token_refused()
            return Outcome(
                delivery,
                State.WAITING,
                delivery.attempts,
                reason=error.reason,
                due_at=now + AFTER_TOKEN_REFUSED,
            )
        if delivery.bulletin_id is not None:
            await _stop(self._db, delivery.bulletin_id, None, f"refused: {error.detail}", now)
        return Outcome(delivery, State.FAILED, delivery.attempts, reason="refused")

    def _again(self, delivery: Delivery, decision: Decision, reason: str) -> Outcome:
        due = self._clock.now() + timedelta(seconds=decision.wait)
        return Outcome(delivery, State.WAITING, decision.attempts, reason=reason, due_at=due)
