"""Carries one delivery out: asks for its messages, plans the steps, makes the calls, notes what stands then."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from bot.log import Event
from bot.metrics import PINS
from bot.model.clock import Clock
from bot.model.delivery import (
    NOTICE,
    WITHDRAWN,
    Delivery,
    Lane,
    Manner,
    Outcome,
    Placed,
    Removed,
    Shown,
    State,
)
from bot.model.errors import DeliveryError, MessageGone, NotWithdrawn, PictureRefused, ThreadGone
from bot.model.message import OutgoingMessage
from bot.outbox.delivery_log import fields
from bot.outbox.failures.circuit_breaker import MANY_FAILED, CircuitBreaker
from bot.outbox.failures.refusals import Refusals
from bot.outbox.limits.paid_budget import PaidBudget
from bot.outbox.places.sections import Sections
from bot.outbox.places.troubles import note_pins
from bot.outbox.plan import Edit, Pin, Send, Step, Withdraw, notice, photos_in_place, plan, without_picture
from bot.outbox.render_cache import RenderCache
from bot.outbox.result_writer import ResultWriter
from bot.store.engine.database import Database
from bot.store.ledger import bulletins
from bot.store.newsroom import audit
from bot.telegram.sender import Sender
from bot.telegram.transport.ticket import CallTicket, Recalled

log = logging.getLogger(__name__)


class Reconciler:
    """Makes shown equal wanted. `paid_budget` says what is paid for, if anything is; the rest is as in Refusals."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        *,
        sender: Sender,
        renders: RenderCache,
        writer: ResultWriter,
        token_refused: Callable[[], Awaitable[None]],
        left_in_doubt: frozenset[Lane] = frozenset(),
        paid_budget: PaidBudget | None = None,
    ) -> None:
        self._db = db
        self._clock = clock
        self._sender = sender
        self._renders = renders
        self._writer = writer
        self._paid_budget = paid_budget
        self.refusals = Refusals(
            db,
            clock,
            renders,
            token_refused=token_refused,
            left_in_doubt=left_in_doubt,
            paid_budget=paid_budget,
        )
        self._breaker = CircuitBreaker()
        self._sections = Sections(db, sender)

    def pays(self, delivery: Delivery) -> bool:
        """Return whether the delivery is to be paid for now."""
        return self._paid_budget is not None and not delivery.shown and self._paid_budget.pays(delivery.lane)

    async def reconcile(self, delivery: Delivery, ticket: CallTicket) -> Outcome:
        """Make shown equal wanted, and return how that ended. Never raises a DeliveryError."""
        try:
            outcome = await self._reconcile(delivery, ticket)
        except Recalled:
            return Outcome(delivery, State.WAITING, delivery.attempts)
        except DeliveryError as error:
            if isinstance(error, ThreadGone) and error.thread_id is None:
                error.thread_id = delivery.thread_id or None
            outcome = await self.refusals.outcome(delivery, error)
        if self._breaker.many_failed(outcome):
            await self._pause_push(delivery)
        return outcome

    async def _reconcile(self, delivery: Delivery, ticket: CallTicket) -> Outcome:
        parts: Sequence[OutgoingMessage] = ()
        if delivery.wanted != WITHDRAWN:
            if self.refusals.forbids_pictures(delivery.chat_id):
                delivery = delivery._replace(pictures=False)
            parts = await self._renders.of(delivery, self._clock.now())
            if not parts:
                return Outcome(delivery, State.SKIPPED, delivery.attempts, reason="nothing-to-show")
        first: int | None = None
        noticed = False
        steps = await self._plan(delivery, parts)
        asked = delivery.thread_id is not None or self._sections.shut
        if asked and any(isinstance(step, Send) for step in steps):
            delivery = delivery._replace(thread_id=await self._sections.thread_of(delivery, ticket))
        for step in steps:
            match step:
                case Pin(standing):
                    await self._pin(standing.message_id if standing else first, delivery, ticket)
                case Send():
                    sent = await self._send(step, delivery, ticket)
                    first = sent[0] if step.part == 0 else first
                case Edit():
                    await self._edit(step, delivery, ticket)
                case Withdraw():
                    noticed |= await self._withdraw(step, delivery, ticket)
        reason = NOTICE if noticed else None
        return Outcome(delivery, State.DONE, delivery.attempts, shown=delivery.wanted, reason=reason)

    async def _plan(self, delivery: Delivery, parts: Sequence[OutgoingMessage]) -> list[Step]:
        if not delivery.messages:
            return plan(delivery, parts)
        photos = photos_in_place(delivery, parts)
        same = {each.part for each in photos if not await self._renders.picture_changed(delivery, each)}
        return plan(delivery, parts, same)

    async def _send(self, step: Send, delivery: Delivery, ticket: CallTicket) -> list[int]:
        try:
            sent = await self._sender.send(
                delivery.telegram_id,
                step.messages,
                delivery.thread_id,
                silent=step.silent,
                ticket=ticket,
                reply_to=delivery.reply_to if step.part == 0 else None,
            )
        except ThreadGone as error:
            error.thread_id = delivery.thread_id
            if error.closed:
                self._sections.note_closed(delivery, error)
            raise
        for part, (message_id, message) in enumerate(zip(sent, step.messages, strict=True), step.part):
            await self._writer.put(Placed(delivery, part, message_id, delivery.wanted, message.form))
        return sent

    async def _pin(self, message_id: int | None, delivery: Delivery, ticket: CallTicket) -> None:
        """Pin the story. Where that is not allowed the story stands there all the same: it only counts."""
        if message_id is None:
            return
        try:
            await self._sender.pin(delivery.telegram_id, message_id, ticket=ticket)
        except DeliveryError as error:
            log.info(Event("delivery.not_pinned", **fields(delivery), detail=error.detail))
            PINS.labels("failed").inc()
            if "not enough rights" in error.detail.lower():
                await note_pins(self._db, delivery, self._clock.now())
        else:
            PINS.labels("pinned").inc()

    async def _edit(self, step: Edit, delivery: Delivery, ticket: CallTicket) -> None:
        """Edit in place. What stands there no longer, or can't be edited any more, is left as it is."""
        standing, form = step.standing, step.message.form
        try:
            await self._change(step, delivery, ticket)
        except MessageGone as error:
            log.info(Event("delivery.message_gone", **fields(delivery), detail=error.detail))
            form = standing.form
        await self._writer.put(Placed(delivery, standing.part, standing.message_id, delivery.wanted, form))

    async def _change(self, step: Edit, delivery: Delivery, ticket: CallTicket) -> None:
        change = self._sender.change_picture if step.picture else self._sender.edit
        try:
            await change(delivery.telegram_id, step.standing, step.message, ticket=ticket)
        except PictureRefused:
            instead = without_picture(step)
            if instead is None:
                raise
            await self._change(instead, delivery, ticket)

    async def _withdraw(self, step: Withdraw, delivery: Delivery, ticket: CallTicket) -> bool:
        standing, noticed = step.standing, False
        try:
            await self._sender.withdraw(delivery.telegram_id, standing.message_id, ticket=ticket)
        except MessageGone as error:
            noticed = error.fixed and await self._give_way(standing, delivery, ticket)
        await self._writer.put(Removed(delivery, standing.part))
        return noticed

    async def _give_way(self, standing: Shown, delivery: Delivery, ticket: CallTicket) -> bool:
        """Put a notice where a message stands that can't be deleted any more; False where it is gone after all."""
        try:
            message = await self._renders.withdrawn(delivery)
            await self._change(notice(standing, message), delivery, ticket)
            if delivery.manner is Manner.PINNED:
                with suppress(DeliveryError):
                    await self._sender.unpin(delivery.telegram_id, standing.message_id, ticket=ticket)
        except MessageGone as error:
            if error.fixed:
                raise NotWithdrawn("not-withdrawn", error.detail) from error
            return False
        return True

    async def _pause_push(self, delivery: Delivery) -> None:
        assert delivery.bulletin_id is not None
        log.warning(Event("push.paused", **fields(delivery), reason=MANY_FAILED))
        async with self._db.write() as tx:
            now, bulletin_id = self._clock.now(), delivery.bulletin_id
            paused = await bulletins.pause(tx, bulletin_id, now, by=None, reason=MANY_FAILED, once=True)
            if paused and (told := await bulletins.get(tx, bulletin_id)):
                await audit.add(tx, now, None, "pause", article_id=told.article_id, detail=MANY_FAILED)
