"""Dialogues of a group's administrators: seen by the one who asks, where Telegram takes ephemeral messages."""

from __future__ import annotations

import logging

from aiogram.exceptions import TelegramAPIError
from aiogram.types import Message

from bot.conversations.answers import send
from bot.conversations.visit import Visit
from bot.log import Event
from bot.model.chat import ChatKind
from bot.model.message import OutgoingMessage
from bot.telegram import ephemeral

log = logging.getLogger(__name__)

QUIET_COMMANDS = frozenset({"topics", "settings", "stop"})
"""Commands that Telegram sends so that nobody else in the group sees them."""


async def said_aside(visit: Visit, message: Message, page: OutgoingMessage) -> bool:
    """Answer a command in a group so that its administrator alone sees the answer; return whether that was done.

    Telegram takes it from a bot that is an administrator, or as the answer to a command that is ephemeral itself.
    """
    if visit.kind is ChatKind.PRIVATE or visit.user_id is None:
        return False
    try:
        sent = await ephemeral.send(
            visit.client,
            visit.telegram_id,
            page,
            receiver=visit.user_id,
            thread_id=visit.thread_id,
            command=message.ephemeral_message_id,
        )
    except TelegramAPIError as error:
        log.info(Event("aside.refused", chat=visit.telegram_id, reason=error.message))
        return False
    if sent.ephemeral_message_id is None:
        # A server that does not know ephemeral messages has shown it to everybody.
        log.info(Event("aside.public", chat=visit.telegram_id))
    return True


async def answer(visit: Visit, message: Message, page: OutgoingMessage) -> None:
    """Answer a command: aside in a group where Telegram takes that, else as everywhere."""
    if not await said_aside(visit, message, page):
        await send(visit, page)
