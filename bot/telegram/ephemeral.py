"""Ephemeral messages: shown to one member of a group, edited and taken away by calls of their own."""

from __future__ import annotations

from typing import Any

from aiogram import Bot
from aiogram.methods import EditEphemeralMessageReplyMarkup, EditEphemeralMessageText
from aiogram.types import EphemeralMessageParameters, Message, ReplyParameters

from bot.model.message import Keyboard, OutgoingMessage
from bot.telegram.methods import method_for
from bot.telegram.parameters import to_edit, to_edit_buttons, to_send


async def send(
    bot: Bot,
    chat_id: int,
    message: OutgoingMessage,
    *,
    receiver: int,
    thread_id: int | None = None,
    command: int | None = None,
    press: str | None = None,
) -> Message:
    """Send a text that one member of a group sees, and return it.

    Telegram takes it from an administrator, or as the answer to an ephemeral `command` or a `press` of the last
    seconds. A server that is older than ephemeral messages shows it to everybody: then it has no ephemeral id.
    """
    fields: dict[str, Any] = {
        "message_thread_id": thread_id,
        "ephemeral_message_parameters": EphemeralMessageParameters(
            receiver_user_id=receiver, callback_query_id=press
        ),
    }
    if command is not None:
        fields["reply_parameters"] = ReplyParameters(ephemeral_message_id=command)
    sent: Message = await bot(method_for(to_send((message,)), chat_id, **fields))
    return sent


async def edit(bot: Bot, chat_id: int, message: OutgoingMessage, *, receiver: int, standing: int) -> None:
    """Put a text in the place of an ephemeral message."""
    fields = to_edit(message, caption=False).fields
    named = {"chat_id": chat_id, "receiver_user_id": receiver, "ephemeral_message_id": standing}
    await bot(EditEphemeralMessageText.model_validate(named | fields))


async def edit_buttons(bot: Bot, chat_id: int, buttons: Keyboard, *, receiver: int, standing: int) -> None:
    """Give an ephemeral message other buttons."""
    fields = to_edit_buttons(buttons).fields
    named = {"chat_id": chat_id, "receiver_user_id": receiver, "ephemeral_message_id": standing}
    await bot(EditEphemeralMessageReplyMarkup.model_validate(named | fields))
