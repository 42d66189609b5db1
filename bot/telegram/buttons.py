"""Buttons as aiogram takes them, and messages sent or edited in a conversation."""

from __future__ import annotations

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import InlineKeyboardMarkup, LinkPreviewOptions, Message

from bot.model.errors import PictureRefused
from bot.model.message import Keyboard, OutgoingMessage
from bot.telegram.errors import is_not_modified, translate
from bot.telegram.parameters import keyboard, picture_of, preview


def markup(buttons: Keyboard) -> InlineKeyboardMarkup | None:
    """Return the keyboard, or None where there are no buttons."""
    if not buttons:
        return None
    return InlineKeyboardMarkup.model_validate({"inline_keyboard": keyboard(buttons)})


async def show(bot: Bot, chat_id: int, message: OutgoingMessage, thread_id: int | None = None) -> Message:
    """Send a message in a conversation, without its picture where Telegram can't have that."""
    if message.picture:
        try:
            return await bot.send_photo(
                chat_id,
                picture_of(message.picture),
                caption=message.html,
                message_thread_id=thread_id,
                reply_markup=markup(message.buttons),
            )
        except TelegramBadRequest as error:
            if not isinstance(translate(error), PictureRefused):
                raise
    return await bot.send_message(
        chat_id,
        message.html,
        message_thread_id=thread_id,
        link_preview_options=LinkPreviewOptions.model_validate(preview(message)),
        reply_markup=markup(message.buttons),
    )


async def change(bot: Bot, chat_id: int, message_id: int, message: OutgoingMessage, *, photo: bool) -> None:
    """Edit a message in place; one that reads so already is left alone."""
    try:
        if photo:
            await bot.edit_message_caption(
                chat_id=chat_id,
                message_id=message_id,
                caption=message.html,
                reply_markup=markup(message.buttons),
            )
        else:
            await bot.edit_message_text(
                message.html,
                chat_id=chat_id,
                message_id=message_id,
                link_preview_options=LinkPreviewOptions.model_validate(preview(message)),
                reply_markup=markup(message.buttons),
            )
    except TelegramBadRequest as error:
        if not is_not_modified(error):
            raise
