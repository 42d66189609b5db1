"""Buttons as aiogram takes them, and messages sent or edited in a conversation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramNotFound
from aiogram.types import InputRichMessage, LinkPreviewOptions, Message, ReplyParameters

from bot.model.errors import MediaForbidden, OurFault, PictureRefused, RichRefused
from bot.model.message import OutgoingMessage
from bot.telegram.edits import edit_caption, edit_rich, edit_text, markup
from bot.telegram.errors import is_not_modified, translate
from bot.telegram.parameters import picture_of, preview, rich_message


async def show(
    bot: Bot,
    chat_id: int,
    message: OutgoingMessage,
    thread_id: int | None = None,
    *,
    reply_to: int | None = None,
) -> Message:
    """Send a message in a conversation, without its picture where Telegram can't have that.

    `reply_to` is the message that it answers, if that still stands. Raises RichRefused where Telegram does
    not take a rich message.
    """
    answered = ReplyParameters(message_id=reply_to, allow_sending_without_reply=True) if reply_to else None
    if message.rich:
        with _rich_refusals():
            return await bot.send_rich_message(
                chat_id,
                InputRichMessage.model_validate(rich_message(message)),
                message_thread_id=thread_id,
                reply_parameters=answered,
                reply_markup=markup(message.buttons),
            )
    if message.picture:
        try:
            return await bot.send_photo(
                chat_id,
                picture_of(message.picture),
                caption=message.html,
                message_thread_id=thread_id,
                reply_parameters=answered,
                reply_markup=markup(message.buttons),
            )
        except (TelegramBadRequest, PictureRefused) as error:
            if not isinstance(translate(error), PictureRefused | MediaForbidden):
                raise
    return await bot.send_message(
        chat_id,
        message.html,
        message_thread_id=thread_id,
        link_preview_options=LinkPreviewOptions.model_validate(preview(message)),
        reply_parameters=answered,
        reply_markup=markup(message.buttons),
    )


async def change(bot: Bot, chat_id: int, message_id: int, message: OutgoingMessage, *, photo: bool) -> None:
    """Edit a message in place; one that reads so already is left alone.

    Raises RichRefused, or PictureRefused for one in it, where Telegram does not take a rich message.
    """
    edit = edit_caption if photo else edit_rich if message.rich else edit_text
    try:
        with _rich_refusals() if message.rich else nullcontext():
            await bot(edit(chat_id, message_id, message))
    except TelegramBadRequest as error:
        if not is_not_modified(error):
            raise


@contextmanager
def _rich_refusals() -> Iterator[None]:
    """Tell what Telegram does not take of a rich message from what is wrong with the chat."""
    try:
        yield
    except (TelegramBadRequest, TelegramNotFound) as error:
        found = translate(error)
        if isinstance(found, PictureRefused | MediaForbidden):
            raise found from error
        if isinstance(found, OurFault) and not is_not_modified(error):
            raise RichRefused(found.reason, found.detail) from error
        raise
