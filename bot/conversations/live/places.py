"""Where a story's card stands from now on: noted with whatever is shown at the desk.

A card that gives its place to another page is a card no more. In a desk group a card belongs to all: pages between the
card and a verb stand below it, for as long as they are needed.
"""

from __future__ import annotations

import logging
from collections.abc import Hashable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

from aiogram.exceptions import TelegramAPIError
from aiogram.types import CallbackQuery, Message

from bot.conversations.visit import Visit
from bot.desk.live import shown
from bot.log import Outage
from bot.model.chat import ChatKind
from bot.model.desk.shown_card import ShownCard
from bot.model.message import OutgoingMessage
from bot.model.press import unpack
from bot.services import Services
from bot.telegram import replies
from bot.telegram.chat_ends import ends_of
from bot.telegram.replies import Place

log = logging.getLogger(__name__)

SETTLES = timedelta(seconds=1)
"""How long a card that was just shown is left alone."""


def imprint(page: OutgoingMessage) -> str:
    """Return what tells a page's words and buttons from others."""
    return sha256(repr((page.html, page.buttons)).encode()).hexdigest()


def errand_of(card: ShownCard) -> Hashable:
    """Return what names the errands of a card; presses show the progress of breaking news by errands of their own."""
    return ("control", card.flash_id) if card.flash_id else ("desk card", card.chat_id, card.article_id)


async def note(visit: Visit, page: OutgoingMessage, message_id: int) -> None:
    """Keep a message that was just shown up to date, where it is a story's card; in a group the one before goes.

    Where nothing can be written the card stays as it is: it was shown, and nothing is shown again for that.
    """
    if page.card is None:
        return
    try:
        await _note(visit, page, page.card, message_id)
    except Exception as error:
        if not (reason := visit.services.outage(error)):
            raise
        log.warning(Outage("card.not_kept", reason=reason))


async def _note(visit: Visit, page: OutgoingMessage, article_id: int, message_id: int) -> None:
    services, now = visit.services, visit.services.now()
    group = visit.kind is not ChatKind.PRIVATE
    card = ShownCard(
        visit.telegram_id,
        article_id,
        message_id,
        now,
        now + SETTLES,
        thread_id=visit.thread_id,
        user_id=None if group else visit.user_id,
        imprint=imprint(page),
    )
    if services.errands.runs(errand_of(card)):
        # What is on its way may have been read before, and arrive after: the card is shown once more.
        card = replace(card, imprint="")
    before = await begin(services, card)
    if group and before is not None and before.message_id not in (0, message_id):
        await remove(services, before.chat_id, before.message_id)


async def begin(services: Services, card: ShownCard) -> ShownCard | None:
    """Keep a message up to date from now on; return the one that was the story's card in its chat before."""
    ends_of(services.client).begin(card.chat_id, card.message_id)
    return await shown.put(services.db, services.bot.id, card)


async def change(visit: Visit, press: CallbackQuery, place: Place, page: OutgoingMessage) -> None:
    """Put a page in the place of the message whose button was pressed at the desk."""
    services, message_id = visit.services, place.standing
    assert message_id is not None
    if visit.kind is not ChatKind.PRIVATE or page.card is None:
        card = await shown.of_message(services.db, services.bot.id, visit.telegram_id, message_id)
        if visit.kind is not ChatKind.PRIVATE and await _aside(visit, press, card, page):
            return
        if page.card is None and card is not None:
            await shown.drop(services.db, services.bot.id, visit.telegram_id, message_id)
            # What is on its way would take the place of the page, or take the page away.
            await services.errands.ended(errand_of(card))
    standing = await replies.put(place, page)
    await note(visit, page, standing.message_id)


async def remove(services: Services, chat_id: int, message_id: int) -> None:
    """Take a message away; one that is gone, or too old for that, is let be."""
    with suppress(TelegramAPIError):
        await services.client.delete_message(chat_id, message_id)


async def _aside(visit: Visit, press: CallbackQuery, card: ShownCard | None, page: OutgoingMessage) -> bool:
    """Show a page in a desk group without taking the place of what belongs to all; return whether that was done."""
    services, message = visit.services, press.message
    if not isinstance(message, Message):
        return False
    if page.card is None:
        if card is not None:
            await _send(visit, page, reply_to=message.message_id)
        return card is not None
    if card is not None and card.article_id == page.card:
        return False
    live = await shown.find(services.db, services.bot.id, visit.telegram_id, page.card)
    answered = message.reply_to_message
    between = answered is not None and answered.forum_topic_created is None and _own(visit, answered)
    opens = unpack(press.data or "").args[:1] == ("card",)
    if between or (live is not None and not opens):
        await remove(services, visit.telegram_id, message.message_id)
        if live is None:
            await _send(visit, page)
        return True
    if opens:
        await _send(visit, page)
    return opens


def _own(visit: Visit, message: Message) -> bool:
    return message.from_user is not None and message.from_user.id == visit.services.bot.id


async def _send(visit: Visit, page: OutgoingMessage, *, reply_to: int | None = None) -> None:
    chat, thread = visit.telegram_id, visit.thread_id
    standing = await replies.show(visit.client, chat, page, thread, reply_to=reply_to)
    await note(visit, page, standing.message_id)
