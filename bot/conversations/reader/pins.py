"""What Telegram says in a group when the bot has pinned breaking news: nobody needs that beside the news itself."""

from __future__ import annotations

from contextlib import suppress

from aiogram import F, Router
from aiogram.exceptions import TelegramAPIError
from aiogram.types import Message

from bot.conversations.visit import Visit

router = Router(name="pins")


@router.message(F.pinned_message)
async def tidy(message: Message, visit: Visit) -> None:
    """Delete the notice of a pin that the bot made; another's stays, and so does one that may not be deleted."""
    if message.from_user is None or message.from_user.id != visit.services.bot.id:
        return
    with suppress(TelegramAPIError):
        await message.delete()
