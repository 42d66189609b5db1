"""Telegram's answers in our words: what each means for the chat, the article and the bot.

Texts and meanings are those of the Bot API server's source (tdlib/telegram-bot-api, Client.cpp) and of
TDLib. Telegram may reword them: status and `parameters` decide first, the text only chooses among the
400s and 403s.
"""

from __future__ import annotations

import re

from aiogram import exceptions as api
from aiohttp import ClientConnectorError, ConnectionTimeoutError

from bot.log import phrase
from bot.model.errors import (
    ChatGone,
    ChatMoved,
    DeliveryError,
    Flood,
    MediaForbidden,
    MessageGone,
    Moderated,
    OurFault,
    PaymentRefused,
    PictureRefused,
    ThreadGone,
    TokenRefused,
    Unreachable,
)
from bot.telegram.transport.keepalive import NotConnected

FOREVER = (
    ("user is deactivated", "deactivated"),
    ("group chat was deleted", "deleted"),
    ("the bot can't send messages to the bot", "is-a-bot"),
    ("bot can't send messages to bots", "is-a-bot"),
    ("chat not found", "not-found"),
)
GONE = (
    ("bot was blocked by the user", "blocked"),
    ("bot can't initiate conversation", "never-started"),
    ("bot was kicked", "kicked"),
    ("bot is not a member", "not-a-member"),
    ("need administrator rights", "no-rights"),
    ("not enough rights to send", "no-rights"),
    ("have no write access", "no-rights"),
    ("chat_write_forbidden", "no-rights"),
    ("chat_restricted", "no-rights"),
    ("chat_send_plain_forbidden", "no-rights"),
    ("user_banned_in_channel", "no-rights"),
    ("allow_payment_required", "paid-messages"),
)
THREAD_CLOSED, THREAD_DELETED = "topic_closed", ("message thread not found", "topic_deleted")
MESSAGE_GONE = ("message to edit not found", "message to delete not found", "message_id_invalid")
MESSAGE_FIXED = (
    "message can't be edited",
    "message can't be deleted",
    "there is no text in the message to edit",
    "there is no caption in the message to edit",
)
PAYMENT = ("paid broadcast", "paid_broadcast", "not enough stars", "balance_too_low")
"""Not observed: Telegram documents no answer to a paid broadcast that it does not take."""

MEDIA_FORBIDDEN = re.compile("not enough rights to send (?!text )|chat_send_(photos|media)_forbidden")
ADDRESS = (
    "wrong http url specified",
    "failed to get http url content",
    "wrong type of the web page content",
)
PICTURE = (
    *ADDRESS,
    "wrong file identifier",
    "wrong remote file identifier",
    "wrong file_id",
    "photo_invalid_dimensions",
    "photo has unsupported extension",
    "image_process_failed",
    "there is no photo in the request",
    "media not found",
    "media_empty",
    "media_invalid",
)
# As the Bot API server words what it could not send of an album.
_PLACE = re.compile(r"failed to send message #(\d+)")
LONGEST = 500
"""Characters of an answer that are kept."""

NOT_MODIFIED = "message is not modified"


def is_not_modified(error: BaseException) -> bool:
    """Return whether an edit changed nothing because it was there already."""
    return isinstance(error, api.TelegramBadRequest) and NOT_MODIFIED in error.message.lower()


def translate(error: BaseException) -> DeliveryError:
    """Return what Telegram's answer, or its silence, means for a delivery."""
    match error:
        case DeliveryError():
            return error
        case api.TelegramRetryAfter():
            return Flood(float(error.retry_after))
        case api.TelegramMigrateToChat():
            return ChatMoved(error.migrate_to_chat_id)
        case api.TelegramUnauthorizedError():
            return TokenRefused("token-refused", _said(error))
        case api.TelegramForbiddenError() | api.TelegramBadRequest() | api.TelegramNotFound():
            return _refused(_said(error))
        case api.TelegramEntityTooLarge():
            return OurFault("too-large", _said(error))
        case api.TelegramServerError() if "immediately deleted" in error.message:
            return Moderated("moderated", _said(error))
        case api.RestartingTelegram() | api.TelegramServerError():
            return Unreachable("server", _said(error), ambiguous=True)
        case api.TelegramNetworkError():
            # Where no connection was made, nothing can have arrived.
            unconnected = isinstance(
                error.__cause__, ClientConnectorError | ConnectionTimeoutError | NotConnected
            )
            return Unreachable("network", _said(error), ambiguous=not unconnected)
        case api.ClientDecodeError():
            return Unreachable("undecodable", "the answer was no Bot API answer", ambiguous=True)
        case api.TelegramAPIError():
            return Unreachable("answer", _said(error), ambiguous=True)
    return Unreachable("network", type(error).__name__, ambiguous=True)


def _said(error: api.TelegramAPIError) -> str:
    """Return the answer's words, fit for a row, a line of the log and /status."""
    return phrase(error.message, LONGEST)


def _refused(message: str) -> DeliveryError:
    said = message.lower()
    for words, reason in FOREVER:
        if words in said:
            return ChatGone(reason, message, forever=True)
    if any(words in said for words in PAYMENT):
        return PaymentRefused("payment", message)
    if MEDIA_FORBIDDEN.search(said):
        return MediaForbidden("no-rights", message)
    if any(words in said for words in PICTURE):
        place = _PLACE.search(said)
        return PictureRefused(
            "picture",
            message,
            place=int(place[1]) - 1 if place else None,
            by_address=any(words in said for words in ADDRESS),
        )
    for words, reason in GONE:
        if words in said:
            return ChatGone(reason, message)
    if THREAD_CLOSED in said:
        return ThreadGone("thread-closed", message, closed=True)
    if any(words in said for words in THREAD_DELETED):
        return ThreadGone("thread-deleted", message)
    if any(words in said for words in MESSAGE_GONE):
        return MessageGone("message", message)
    if any(words in said for words in MESSAGE_FIXED):
        return MessageGone("message", message, fixed=True)
    if said.startswith("forbidden"):
        return ChatGone("forbidden", message)
    return OurFault("refused", message)
