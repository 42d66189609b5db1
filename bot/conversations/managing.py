"""The chat whose choices somebody changes: the one spoken in, or a group or channel of theirs from elsewhere."""

from __future__ import annotations

from aiogram.types import CallbackQuery

from bot.conversations.access import need_manager
from bot.conversations.context import Visit
from bot.conversations.joining import joined
from bot.model.chat import Chat, ChatState
from bot.model.errors import Refusal
from bot.readers import membership


async def managed(press: CallbackQuery, visit: Visit, telegram_id: int | None) -> Chat:
    """Return the chat with that Telegram id, the one pressed in where it is 0 or None.

    Refused for whoever is no administrator there: the number can be forged.
    """
    if not telegram_id:
        await need_manager(visit, press)
        if press.message is None:
            raise Refusal("stale")
        return await joined(visit, press.message.chat)
    if telegram_id > 0:
        # Somebody's private chat.
        raise Refusal("admins-only")
    await need_manager(visit, press, telegram_id)
    found = await membership.find(visit.context.db, visit.context.bot_id, telegram_id)
    if found is None or found.state is not ChatState.ACTIVE:
        raise Refusal("stale")
    return found
