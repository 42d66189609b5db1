"""A send whose body was written once for many chats; only the chat is put in for each."""

from __future__ import annotations

from typing import Any

import orjson
from aiogram.methods.base import TelegramMethod
from pydantic import ConfigDict

from bot.model.content import Media
from bot.model.message import Keyboard, OutgoingMessage


class PreparedSend(TelegramMethod[int]):
    """`sendMessage` or `sendPhoto` as bytes; its result is the message's id alone.

    `tail` is the JSON object of everything but the chat, without its opening brace.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)
    __returning__ = int
    __api_method__ = "sendMessage"

    chat_id: int
    api_method: str
    tail: bytes
    head: bytes = b""

    def body(self) -> bytes:
        """Return the request's body."""
        return b'{"chat_id":%d%b,%b' % (self.chat_id, self.head, self.tail)


def prepare(message: OutgoingMessage) -> tuple[str, bytes]:
    """Return the method's name and the body's tail for a message."""
    fields = parameters(message)
    return method_of(message), orjson.dumps(fields)[1:]


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
