"""Chats that are spoken in: what people say there, and who may decide for a chat."""

from __future__ import annotations

from aiogram.enums import ContentType
from aiogram.types import CallbackQuery
from aiogram.types import Chat as TelegramChat

from bot.conversations.access import need_manager
from bot.conversations.visit import Visit
from bot.model.chat import Chat, ChatKind, ChatState
from bot.model.errors import Refusal
from bot.readers import membership
from bot.readers.places import keepers

SAID = {
    *(ContentType.TEXT, ContentType.PHOTO, ContentType.VIDEO, ContentType.ANIMATION, ContentType.AUDIO),
    *(ContentType.VOICE, ContentType.VIDEO_NOTE, ContentType.DOCUMENT, ContentType.STICKER),
    *(ContentType.CONTACT, ContentType.LOCATION, ContentType.VENUE, ContentType.POLL, ContentType.DICE),
}
"""Messages that a person wrote, as opposed to those in which Telegram tells of the chat itself."""


async def joined(visit: Visit, chat: TelegramChat, *, anew: bool = False) -> Chat:
    """Return the chat, active from now on: whoever asks for something wants an answer.

    Refused where it asked to be left alone, unless it begins `anew`.
    """
    if visit.chat is not None and visit.chat.state is ChatState.ACTIVE:
        return visit.chat
    if visit.chat is not None and visit.chat.state is ChatState.STOPPED and not anew:
        raise Refusal("stopped")
    services = visit.services
    known, _ = await membership.join(
        services.db,
        services.bot.id,
        chat.id,
        kind=ChatKind(chat.type),
        title=chat.title or chat.full_name or "",
        language=visit.language,
        zone=services.bot.zone,
        at=services.now(),
        username=chat.username if chat.type == ChatKind.PRIVATE else None,
    )
    return known


async def managed(press: CallbackQuery, visit: Visit, telegram_id: int | None) -> Chat:
    """Return the chat with that Telegram id, the one pressed in where it is 0 or None.

    Refused for whoever is no administrator there: the number can be forged.
    """
    if not telegram_id:
        await need_manager(visit, press)
        if press.message is None:
            raise Refusal("stale")
        here = await joined(visit, press.message.chat)
        await keepers.note(visit.services.db, here, visit.user_id)
        return here
    if telegram_id > 0:
        # Somebody's private chat.
        raise Refusal("admins-only")
    await need_manager(visit, press, telegram_id)
    found = await membership.find(visit.services.db, visit.services.bot.id, telegram_id)
    if found is None or found.state is not ChatState.ACTIVE:
        raise Refusal("stale")
    await keepers.note(visit.services.db, found, visit.user_id)
    return found
