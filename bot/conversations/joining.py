"""Makes the chat that is spoken in known, where it is not."""

from __future__ import annotations

from aiogram.types import Chat as TelegramChat

from bot.conversations.context import Visit
from bot.model.chat import Chat, ChatKind, ChatState
from bot.model.errors import Refusal
from bot.readers import membership


async def joined(visit: Visit, chat: TelegramChat, *, anew: bool = False) -> Chat:
    """Return the chat, active from now on: whoever asks for something wants an answer.

    Refused where it asked to be left alone, unless it begins `anew`.
    """
    if visit.chat is not None and visit.chat.state is ChatState.ACTIVE:
        return visit.chat
    if visit.chat is not None and visit.chat.state is ChatState.STOPPED and not anew:
        raise Refusal("stopped")
    context = visit.context
    known, _ = await membership.join(
        context.db,
        context.bot_id,
        chat.id,
        kind=ChatKind(chat.type),
        title=chat.title or chat.full_name or "",
        language=visit.language,
        zone=context.zone,
        at=context.clock.now(),
    )
    return known
