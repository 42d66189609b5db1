"""The calls that edit a message in place, by what stands there and what is wanted."""

from __future__ import annotations

from aiogram.methods import EditMessageCaption, EditMessageText
from aiogram.types import InlineKeyboardMarkup, InputRichMessage, LinkPreviewOptions

from bot.model.message import Keyboard, OutgoingMessage
from bot.telegram.parameters import keyboard, preview, rich_message


def markup(buttons: Keyboard) -> InlineKeyboardMarkup | None:
    """Return the keyboard, or None where there are no buttons."""
    if not buttons:
        return None
    return InlineKeyboardMarkup.model_validate({"inline_keyboard": keyboard(buttons)})


def edit_text(chat_id: int, message_id: int, message: OutgoingMessage) -> EditMessageText:
    """Return the call that makes a text or rich message this text."""
    return EditMessageText(
        chat_id=chat_id,
        message_id=message_id,
        text=message.html,
        parse_mode="HTML",
        link_preview_options=LinkPreviewOptions.model_validate(preview(message)),
        reply_markup=markup(message.buttons),
    )


def edit_rich(chat_id: int, message_id: int, message: OutgoingMessage) -> EditMessageText:
    """Return the call that makes a text or rich message this rich one."""
    return EditMessageText(
        chat_id=chat_id,
        message_id=message_id,
        parse_mode=None,
        rich_message=InputRichMessage.model_validate(rich_message(message)),
        reply_markup=markup(message.buttons),
    )


def edit_caption(chat_id: int, message_id: int, message: OutgoingMessage) -> EditMessageCaption:
    """Return the call that changes what stands under a picture."""
    return EditMessageCaption(
        chat_id=chat_id,
        message_id=message_id,
        caption=message.html,
        parse_mode="HTML",
        reply_markup=markup(message.buttons),
    )
