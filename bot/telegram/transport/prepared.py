"""A send whose body was written once for many chats; only the chat is put in for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from aiogram.methods.base import TelegramMethod

from bot.model.message import OutgoingMessage
from bot.telegram.parameters import Call, to_send


@dataclass(frozen=True, slots=True)
class Prepared:
    """A send method's name and its parameters as JSON: everything but the chat, without the first brace.

    `messages` is how many it makes.
    """

    name: str
    tail: bytes
    messages: int = 1

    @classmethod
    def of(cls, name: str, fields: dict[str, Any], messages: int = 1) -> Prepared:
        """Return the call with its parameters encoded."""
        return cls(name, orjson.dumps(fields)[1:], messages)

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


def prepare(messages: Sequence[OutgoingMessage], *, silent: bool = False, paid: bool = False) -> Call:
    """Return the call that sends a message, or pictures as one album; `paid` buys the higher rate."""
    call = to_send(messages)
    if silent:
        call.fields["disable_notification"] = True
    if paid:
        call.fields["allow_paid_broadcast"] = True
    return call
