"""Sends, edits and takes back messages. Raises model errors, never Telegram's own."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, TypeVar

from aiogram import Bot
from aiogram.methods import DeleteMessage, EditMessageCaption, EditMessageText
from aiogram.types import InlineKeyboardMarkup, LinkPreviewOptions

from bot.model.message import PHOTO, OutgoingMessage
from bot.telegram.errors import is_not_modified, translate
from bot.telegram.prepared import PreparedSend, keyboard, prepare, preview

T = TypeVar("T")


class Sender:
    """What the courier asks of Telegram. Lanes travel in `bot.telegram.client.lane`."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._prepared: dict[int, tuple[OutgoingMessage, str, bytes]] = {}

    async def send(self, chat_id: int, message: OutgoingMessage, thread_id: int | None = None) -> int:
        """Send the message and return its id."""
        name, tail = self._prepare(message)
        head = b',"message_thread_id":%d' % thread_id if thread_id else b""
        return await _said(self._bot(PreparedSend(chat_id=chat_id, api_method=name, tail=tail, head=head)))

    async def edit(self, chat_id: int, message_id: int, message: OutgoingMessage, form: str) -> None:
        """Make a message that stands there as `form` read like `message`."""
        markup = (
            InlineKeyboardMarkup.model_validate({"inline_keyboard": keyboard(message.buttons)})
            if message.buttons
            else None
        )
        if form == PHOTO:
            await _changed(
                self._bot(
                    EditMessageCaption(
                        chat_id=chat_id,
                        message_id=message_id,
                        caption=message.html,
                        parse_mode="HTML",
                        reply_markup=markup,
                    )
                )
            )
            return
        await _changed(
            self._bot(
                EditMessageText(
                    chat_id=chat_id,
                    message_id=message_id,
                    text=message.html,
                    parse_mode="HTML",
                    link_preview_options=LinkPreviewOptions.model_validate(preview(message)),
                    reply_markup=markup,
                )
            )
        )

    async def withdraw(self, chat_id: int, message_id: int) -> None:
        """Delete the message. Raises MessageGone where Telegram no longer allows it, or it is not there."""
        await _said(self._bot(DeleteMessage(chat_id=chat_id, message_id=message_id)))

    def _prepare(self, message: OutgoingMessage) -> tuple[str, bytes]:
        # The same object is sent to many: its bytes are kept with it, so that the id can't be another's.
        known = self._prepared.get(id(message))
        if known is None or known[0] is not message:
            if len(self._prepared) >= 256:
                self._prepared.clear()
            known = self._prepared[id(message)] = (message, *prepare(message))
        return known[1], known[2]


async def _said(call: Awaitable[T]) -> T:
    try:
        return await call
    except Exception as error:
        raise translate(error) from error


async def _changed(call: Awaitable[Any]) -> None:
    try:
        await call
    except Exception as error:
        if not is_not_modified(error):
            raise translate(error) from error
