"""A send whose body was written once for many chats; only the chat is put in for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
from aiogram.methods.base import TelegramMethod

from bot.model.content import Media
from bot.model.message import Keyboard, OutgoingMessage


@dataclass(frozen=True, slots=True)
class Prepared:
    """A send method's name and its parameters as JSON: everything but the chat, without the first brace."""

    name: str
    tail: bytes

    def body(self, chat_id: int, thread_id: int | None = None) -> bytes:
        """Return the request's body for one chat."""
        if thread_id is None:
            return b'{"chat_id":%d,%b' % (chat_id, self.tail)
        return b'{"chat_id":%d,"message_thread_id":%d,%b' % (chat_id, thread_id, self.tail)


class PreparedCall(TelegramMethod[Any]):
    """What aiogram's errors name as the method that failed: the body itself stays out of them."""

    __returning__ = Any
    __api_method__ = "send"

    name: str


def prepare(message: OutgoingMessage, *, silent: bool = False, paid: bool = False) -> Prepared:
    """Return the call that sends a message; `paid` buys the higher rate of a paid broadcast."""
    fields = parameters(message)
    if silent:
        fields["disable_notification"] = True
    if paid:
        fields["allow_paid_broadcast"] = True
    return Prepared(method_of(message), orjson.dumps(fields)[1:])


def method_of(message: OutgoingMessage) -> str:
    """Return the Bot API method that sends the message."""
    return "sendPhoto" if message.picture else "sendMessage"


def parameters(message: OutgoingMessage) -> dict[str, Any]:
    """Return the message's parameters as the Bot API takes them, the chat apart."""
    fields: dict[str, Any] = {"parse_mode": "HTML"}
    if message.picture:
        fields |= {"photo": picture_of(message.picture), "caption": message.html}
    else:
        fields |= {"text": message.html, "link_preview_options": preview(message)}
    if message.buttons:
        fields["reply_markup"] = {"inline_keyboard": keyboard(message.buttons)}
    if message.silent:
        fields["disable_notification"] = True
    return fields


def picture_of(picture: Media) -> str:
    """Return Telegram's id of the picture, or its address."""
    return picture.file_id or picture.url or ""


def preview(message: OutgoingMessage) -> dict[str, Any]:
    """Return the message's `link_preview_options`: none is shown unless it is wanted."""
    if not message.preview_url:
        return {"is_disabled": True}
    return {"url": message.preview_url, "prefer_large_media": True, "show_above_text": True}


def keyboard(buttons: Keyboard) -> list[list[dict[str, str]]]:
    """Return the buttons as the Bot API takes them."""
    return [
        [
            {
                "text": button.text,
                **({"url": button.url} if button.url else {"callback_data": button.press or ""}),
                **({"style": button.style} if button.style else {}),
            }
            for button in row
        ]
        for row in buttons
    ]
