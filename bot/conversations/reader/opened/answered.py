"""Which story a message of the bot shows that somebody answers."""

from __future__ import annotations

from aiogram.types import Message

from bot.conversations.visit import Visit
from bot.model.press import unpack
from bot.readers import saved
from bot.rendering.buttons import SAVE, UNSAVE, UNWATCH, WATCH

_ABOUT_STORY = (SAVE, UNSAVE, WATCH, UNWATCH, "full", "mute")
"""Presses under a story whose first word is the story's number."""


_TO_LIST = "list:"


def own_message(shown: Message) -> int | None:
    """Return the number of a message that stays a story's; None where the message is a list's again after that."""
    rows = shown.reply_markup.inline_keyboard if shown.reply_markup else []
    lent = any((each.callback_data or "").startswith(_TO_LIST) for row in rows for each in row)
    return None if lent else shown.message_id


async def story_answered(visit: Visit, asked: Message) -> int | None:
    """Return the story that a message of the bot shows: as it was sent, or by the buttons under it."""
    services = visit.services
    shown = await saved.shown_by(services.db, services.bot.id, visit.telegram_id, asked.message_id)
    if shown is not None:
        return shown
    rows = asked.reply_markup.inline_keyboard if asked.reply_markup else []
    presses = [unpack(each.callback_data or "") for row in rows for each in row]
    return next((each.number(0) for each in presses if each.verb in _ABOUT_STORY), None)
