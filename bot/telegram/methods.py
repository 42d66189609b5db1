"""A Bot API call as aiogram's own method."""

from __future__ import annotations

from typing import Any

from aiogram.methods import (
    EditMessageCaption,
    EditMessageMedia,
    EditMessageReplyMarkup,
    EditMessageText,
    SendMediaGroup,
    SendMessage,
    SendPhoto,
    SendRichMessage,
)
from aiogram.methods.base import TelegramMethod

from bot.telegram.parameters import Call

_SENDING = (SendMessage, SendPhoto, SendMediaGroup, SendRichMessage)
_EDITING = (EditMessageText, EditMessageCaption, EditMessageMedia, EditMessageReplyMarkup)
_METHODS: dict[str, type[TelegramMethod[Any]]] = {each.__api_method__: each for each in _SENDING + _EDITING}


def method_for(call: Call, chat_id: int, **fields: Any) -> TelegramMethod[Any]:
    """Return the call to one chat, with more fields of the method where some are given."""
    return _METHODS[call.method].model_validate({"chat_id": chat_id, **fields, **call.fields})
