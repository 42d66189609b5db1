"""A group's topic menu: one stands at a time, because two would show different things as chosen.

The menu of a private chat stays where it is: there it may be the greeting.
"""

from __future__ import annotations

import logging

from aiogram.exceptions import TelegramAPIError
from aiogram.types import CallbackQuery

from bot.conversations.answers import send
from bot.conversations.visit import Visit
from bot.log import Event
from bot.model.chat import Chat
from bot.model.message import OutgoingMessage
from bot.readers import topics

log = logging.getLogger(__name__)


async def post_menu(visit: Visit, here: Chat, page: OutgoingMessage) -> None:
    """Send a page of topics into the visitor's chat; in a group the former menu goes."""
    shown = await send(visit, page)
    await _stands(visit, here, shown.message_id)


async def keep_menu(visit: Visit, here: Chat, press: CallbackQuery) -> None:
    """Let the message whose button was pressed be the group's menu from now on; another one goes."""
    # An ephemeral message is nobody's but the administrator's who asked: it has no number.
    if press.message is not None and press.message.message_id and press.message.chat.id == here.telegram_id:
        await _stands(visit, here, press.message.message_id)


async def _stands(visit: Visit, here: Chat, message_id: int) -> None:
    if here.private or here.menu_id == message_id:
        return
    former = await topics.menu_stands(visit.services.db, here.id, message_id)
    if former is not None and former != message_id:
        await _take_away(visit, here.telegram_id, former)


async def _take_away(visit: Visit, telegram_id: int, message_id: int) -> None:
    try:
        await visit.client.delete_message(telegram_id, message_id)
        return
    except TelegramAPIError as error:
        log.info(Event("menu.stays", chat=telegram_id, reason=error.message))
    try:
        # A message older than two days can't be deleted; without buttons it misleads nobody.
        await visit.client.edit_message_reply_markup(chat_id=telegram_id, message_id=message_id)
    except TelegramAPIError as error:
        log.info(Event("menu.stays", chat=telegram_id, reason=error.message))
