"""Cards that follow their stories: whoever changes a story, each message that shows its card is edited soon after.

The progress of breaking news is kept up to date in the same way.

A card is looked at as the store has it, so that a restart goes on where the former process ended. Cards give way to
what readers are waiting for, a few seconds long. While something goes out, a card below which the chat has grown comes
to the chat's end.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from aiogram.exceptions import (
    TelegramAPIError,
    TelegramBadRequest,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)

from bot.conversations.access import role_of
from bot.conversations.desk.card import card_now
from bot.conversations.editor.card_pages import progress_page
from bot.conversations.live import places
from bot.conversations.visit import Visit
from bot.desk import breaking
from bot.desk.live import shown
from bot.log import Event
from bot.model.bulletin import Progress
from bot.model.chat import ChatKind, ChatState
from bot.model.desk.shown_card import ShownCard
from bot.model.message import OutgoingMessage
from bot.readers import membership
from bot.services import Services
from bot.telegram.chat_ends import ends_of
from bot.telegram.methods import method_for
from bot.telegram.parameters import to_edit, to_send
from bot.telegram.spare import spare_call
from bot.telegram.transport.errors import is_not_modified

log = logging.getLogger(__name__)

AT_ONCE = 5
"""How many cards one look brings up to date at most: readers wait for the same slots."""

SOON, LATER, GROUP = timedelta(seconds=3), timedelta(seconds=15), timedelta(seconds=6)
"""The shortest time between two edits of a card; while a push goes out for longer; in a group, where Telegram takes
twenty messages a minute."""

SOON_FOR = timedelta(seconds=30)
SINKS_AGAIN = timedelta(seconds=30)
"""A card comes to the chat's end at most once in so long."""

TRIED_AGAIN = timedelta(seconds=15)
GIVE_WAY_SECONDS = 3.0


class _Page(NamedTuple):
    """What a message shall show, and what of its story is going out."""

    page: OutgoingMessage
    under_way: Sequence[Progress]


async def refresh(services: Services, now: datetime) -> None:
    """Have the cards brought up to date whose stories stand otherwise now, or are going out."""
    ends_of(services.client).watch(await shown.chats(services.db, services.bot.id))
    due = await shown.due(services.db, services.bot.id, now)
    waiting = [each for each in due if not services.errands.runs(places.errand_of(each[0]))]
    for card, state in waiting[:AT_ONCE]:
        services.errands.ask(places.errand_of(card), partial(_bring_up, services, card, state))


async def _bring_up(services: Services, card: ShownCard, state: str) -> None:
    if card.flash_id is None:
        standing = await shown.find(services.db, services.bot.id, card.chat_id, card.article_id)
        if standing is None or standing.message_id != card.message_id:
            return
    async with services.errands.unhurried:
        visit = await _visit(services, card)
        now_shown = await _page(visit, card) if visit is not None else None
    if visit is None or now_shown is None:
        await _drop(services, card, "nobody's")
        return
    try:
        await _show(visit, card, now_shown, state)
    except (TelegramRetryAfter, TelegramNetworkError, TelegramServerError) as error:
        wait = timedelta(seconds=getattr(error, "retry_after", 0))
        next_at = services.now() + max(wait, TRIED_AGAIN)
        await shown.note(services.db, services.bot.id, card, next_at=next_at)
    except TelegramAPIError as error:
        # The message was deleted, the chat is closed: what is gone is asked for anew by whoever wants it.
        await _drop(services, card, error.message)


async def _page(visit: Visit, card: ShownCard) -> _Page | None:
    """Return what the message shall show now; None where it shows something else by now."""
    if card.flash_id is None:
        page, going = await card_now(visit, card.article_id)
        return _Page(page, going.under_way)
    push = await breaking.push(visit.services.db, card.flash_id)
    if push is None or push.card.control_id != card.message_id:
        return None
    page = progress_page(visit.services, push, visit.language, visit.services.now())
    return _Page(page, [] if push.progress.done else [push.progress])


async def _show(visit: Visit, card: ShownCard, now_shown: _Page, state: str) -> None:
    services, page, going = visit.services, now_shown.page, bool(now_shown.under_way)
    imprint, now = places.imprint(page), services.now()
    grown = ends_of(services.client).newest(card.chat_id) > card.message_id
    sinks = card.sinks or (going and grown and now - card.sent_at >= SINKS_AGAIN)
    if sinks or not card.message_id:
        card = await _send_anew(visit, card, page)
    elif imprint != card.imprint:
        await _edit(visit, card, page)
    if card.flash_id is not None:
        await breaking.shown(services.db, card.flash_id, now, control_id=card.message_id, done=not going)
    await shown.note(
        services.db,
        services.bot.id,
        card,
        state=state,
        imprint=imprint,
        going=going,
        next_at=services.now() + _rest(visit, now_shown, now),
    )


async def _send_anew(visit: Visit, card: ShownCard, page: OutgoingMessage) -> ShownCard:
    """Send the card to the chat's end; the message that was it before goes."""
    services = visit.services
    # What can't be written down is not sent: the next look would send it once more.
    await shown.note(services.db, services.bot.id, card, next_at=services.now() + TRIED_AGAIN)
    method = method_for(to_send((page,)), card.chat_id, message_thread_id=card.thread_id)
    sent = await spare_call(visit.client, method, GIVE_WAY_SECONDS)
    anew = replace(card, message_id=sent.message_id, sent_at=services.now(), sinks=False)
    try:
        await places.begin(services, anew)
    except Exception:
        await places.remove(services, card.chat_id, anew.message_id)
        raise
    if card.message_id:
        await places.remove(services, card.chat_id, card.message_id)
    return anew


async def _edit(visit: Visit, card: ShownCard, page: OutgoingMessage) -> None:
    method = method_for(to_edit(page, caption=False), card.chat_id, message_id=card.message_id)
    try:
        await spare_call(visit.client, method, GIVE_WAY_SECONDS)
    except TelegramBadRequest as error:
        if not is_not_modified(error):
            raise


def _rest(visit: Visit, now_shown: _Page, now: datetime) -> timedelta:
    """Return how long a card is left alone after it was looked at."""
    least = SOON if visit.kind is ChatKind.PRIVATE else GROUP
    begun = max((each.created_at for each in now_shown.under_way), default=now)
    return least if now - begun < SOON_FOR else LATER


async def _visit(services: Services, card: ShownCard) -> Visit | None:
    """Return for whom a card is shown; None where nobody is to see it any more."""
    known = await membership.find(services.db, services.bot.id, card.chat_id)
    if known is not None and known.state in (ChatState.BLOCKED, ChatState.GONE):
        return None
    private = card.user_id is not None
    if private and not (await role_of(services, card.user_id)).rights:
        return None
    kind = known.kind if known else ChatKind.PRIVATE if private else ChatKind.SUPERGROUP
    return Visit(
        services=services,
        user_id=card.user_id,
        language=known.language if known else services.bot.language,
        telegram_id=card.chat_id,
        kind=kind,
        chat=known,
        thread_id=card.thread_id,
    )


async def _drop(services: Services, card: ShownCard, reason: str) -> None:
    log.info(Event("card.dropped", article=card.article_id, chat=card.chat_id, reason=reason))
    await shown.drop(services.db, services.bot.id, card.chat_id, card.message_id)
