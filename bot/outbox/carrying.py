"""Carries out one delivery: send, edit or withdraw, and what becomes of a refusal."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from bot.model.chat import ChatState
from bot.model.clock import Clock
from bot.model.delivery import WITHDRAWN, Delivery, Lane, Outcome, Placed, Removed, Shown, State
from bot.model.errors import (
    ChatGone,
    ChatMoved,
    DeliveryError,
    MessageGone,
    NotWithdrawn,
    PaymentRefused,
    PictureRefused,
)
from bot.model.message import PHOTO, OutgoingMessage, can_become
from bot.outbox.alarm import MANY_FAILED, FailureWatch
from bot.outbox.purse import Purse
from bot.outbox.retry import Decision, Verdict, decide
from bot.outbox.settling import Settler
from bot.outbox.showing import Showing
from bot.store import bulletins, chats
from bot.store.database import Database, writes
from bot.telegram.gate import Recalled
from bot.telegram.sender import Sender

log = logging.getLogger(__name__)

AFTER_TOKEN_REFUSED = timedelta(minutes=1)
CHAT_HELD_SECONDS, CHAT_HELD_ATTEMPTS = 30.0, 12
"""How long, and how often, a failing delivery keeps its chat's others waiting behind it, in their order."""

_suspend = writes(chats.suspend)
_move = writes(chats.move)
_lose_thread = writes(chats.lose_thread)
_stop = writes(bulletins.stop)
_pause = writes(bulletins.pause)


class Carrier:
    """Does what a delivery wants. `token_refused` is told when Telegram no longer knows the token.

    `left_in_doubt` are the lanes whose sends are not made again when it is unknown what became of them;
    `purse` says what is paid for, if anything is.
    """

    def __init__(
        self,
        db: Database,
        clock: Clock,
        sender: Sender,
        showing: Showing,
        settler: Settler,
        token_refused: Callable[[], Awaitable[None]],
        *,
        left_in_doubt: frozenset[Lane] = frozenset(),
        purse: Purse | None = None,
    ) -> None:
        self._db = db
        self._clock = clock
        self._sender = sender
        self._showing = showing
        self._settler = settler
        self._token_refused = token_refused
        self.left_in_doubt = left_in_doubt
        self._purse = purse
        self._text_alone: set[int] = set()
        self._watch = FailureWatch()

    def leaves_in_doubt(self, delivery: Delivery) -> bool:
        """Return whether an unknown outcome is left to the editors: doing an edit twice does no harm."""
        return not delivery.shown and delivery.lane in self.left_in_doubt

    def pays(self, delivery: Delivery) -> bool:
        """Return whether the delivery is to be paid for now."""
        return self._purse is not None and not delivery.shown and self._purse.pays(delivery.lane)

    async def carry(self, delivery: Delivery) -> Outcome:
        """Make shown equal wanted, and return how that ended. Never raises a DeliveryError."""
        try:
            outcome = await self._reconcile(delivery)
        except Recalled:
            return Outcome(delivery, State.WAITING, delivery.attempts)
        except DeliveryError as error:
            outcome = await self._failed(delivery, error)
        if self._watch.many_failed(outcome):
            assert delivery.bulletin_id is not None
            await _pause(self._db, delivery.bulletin_id, None, MANY_FAILED, self._clock.now(), once=True)
        return outcome

    async def _reconcile(self, delivery: Delivery) -> Outcome:
        if delivery.chat_id in self._text_alone:
            delivery = delivery._replace(pictures=False)
        if delivery.wanted == WITHDRAWN:
            for standing in delivery.messages:
                await self._withdraw(delivery, standing)
        else:
            parts = await self._showing.of(delivery, self._clock.now())
            if not parts:
                return Outcome(delivery, State.SKIPPED, delivery.attempts, reason="nothing-to-show")
            await self._show(delivery, parts)
        return Outcome(delivery, State.DONE, delivery.attempts, shown=delivery.wanted)

    async def _show(self, delivery: Delivery, parts: tuple[OutgoingMessage, ...]) -> None:
        """Send what is missing, edit what reads otherwise, delete what is too much: part by part."""
        standing = {each.part: each for each in delivery.messages}
        at = 0
        while at < len(parts):
            end = at + 1
            known = standing.pop(at, None)
            if known is None:
                while end < len(parts) and parts[end].grouped and end not in standing:
                    end += 1
                await self._send(delivery, at, parts[at:end])
            elif (known.revision, known.form) != (delivery.wanted, parts[at].form):
                await self._edit(delivery, known, parts[at])
            at = end
        for each in standing.values():
            await self._withdraw(delivery, each)

    async def _send(self, delivery: Delivery, part: int, messages: Sequence[OutgoingMessage]) -> None:
        """Send a message, or several as one album. Only what is new to the chat as a whole may sound."""
        silent = bool(part or delivery.shown or delivery.messages)
        sent = await self._sender.send(delivery.telegram_id, messages, delivery.thread_id, silent=silent)
        for number, (message_id, message) in enumerate(zip(sent, messages, strict=True), part):
            await self._settler.put(Placed(delivery, number, message_id, delivery.wanted, message.form))

    async def _edit(self, delivery: Delivery, known: Shown, message: OutgoingMessage) -> None:
        try:
            form = await self._change(delivery, known, message)
        except MessageGone as error:
            log.info("article %d in chat %d: %s", delivery.subject.id, delivery.chat_id, error)
            form = known.form
        if form is None:
            await self._withdraw(delivery, known)
            await self._send(delivery, known.part, (message,))
            return
        await self._settler.put(Placed(delivery, known.part, known.message_id, delivery.wanted, form))

    async def _change(self, delivery: Delivery, known: Shown, message: OutgoingMessage) -> str | None:
        """Edit a message in place and return its form then; None where Telegram has no such edit."""
        chat_id, number = delivery.telegram_id, known.message_id
        if not can_become(known.form, message.form):
            return None
        if not message.picture or (
            known.form == PHOTO and not await self._showing.picture_changed(delivery, known)
        ):
            await self._sender.edit(chat_id, number, message, known.form)
            return message.form
        try:
            await self._sender.change_picture(chat_id, number, message)
        except PictureRefused:
            if known.form != PHOTO:
                raise
            await self._sender.edit(chat_id, number, message, known.form)
        return message.form

    async def _withdraw(self, delivery: Delivery, standing: Shown) -> None:
        try:
            await self._sender.withdraw(delivery.telegram_id, standing.message_id)
        except MessageGone as error:
            if error.fixed:
                await self._give_way(delivery, standing)
        await self._settler.put(Removed(delivery, standing.part))

    async def _give_way(self, delivery: Delivery, standing: Shown) -> None:
        """Put a notice where a message stands that is older than the 48 hours of Telegram's deletions."""
        notice = self._showing.withdrawn(delivery)
        form = PHOTO if standing.form == PHOTO else notice.form
        try:
            await self._sender.edit(delivery.telegram_id, standing.message_id, notice, form)
        except MessageGone as error:
            if error.fixed:
                raise NotWithdrawn("not-withdrawn", error.detail) from error

    async def _failed(self, delivery: Delivery, error: DeliveryError) -> Outcome:
        resend = not self.leaves_in_doubt(delivery)
        decision = decide(error, delivery.attempts, resend=resend)
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
                return self._again(delivery, decision, error.reason, holds_chat=True)
            case Verdict.DOUBT:
                return Outcome(delivery, State.DOUBT, decision.attempts, reason=error.reason)
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
        if isinstance(error, PaymentRefused):
            if self._purse is not None:
                self._purse.refused()
            return self._again(delivery, decision, "payment")
        if isinstance(error, ChatMoved):
            await _move(self._db, delivery.chat_id, error.new_id)
            return self._again(delivery, decision, "moved")
        if decision.verdict is Verdict.LOSE_THREAD and delivery.thread_id is not None:
            await _lose_thread(self._db, delivery.chat_id, delivery.thread_id)
            return self._again(delivery, decision, "thread")
        if decision.verdict is Verdict.TEXT_ALONE:
            return await self._text_alone_for(delivery, decision, error)
        if isinstance(error, PictureRefused) and decision.verdict is Verdict.WITHOUT_PICTURE:
            # Refused again and again, it goes out without any.
            named = error.pictures if delivery.attempts < 2 else ()
            self._showing.drop_pictures(delivery.subject.id, named)
            return self._again(delivery, decision, "picture")
        if decision.verdict is Verdict.CLASSIC_INSTEAD:
            self._showing.drop_rich(delivery, error.detail)
            return self._again(delivery, decision, "rich")
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

    async def _text_alone_for(self, delivery: Delivery, decision: Decision, error: DeliveryError) -> Outcome:
        """Send text to a group that forbids pictures, until the next start; suspend one that forbids it too."""
        if delivery.chat_id in self._text_alone:
            await _suspend(self._db, delivery.chat_id, ChatState.BLOCKED, error.reason, self._clock.now())
            return Outcome(delivery, State.FAILED, delivery.attempts, reason=error.reason)
        self._text_alone.add(delivery.chat_id)
        return self._again(delivery, decision, "text-alone")

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
