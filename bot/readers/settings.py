"""What a chat chose: how stories look, when they come, language and zone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.chat import Chat
from bot.model.errors import Refusal
from bot.model.hours import zone_named
from bot.store import chats
from bot.store.database import writes


@writes
async def choose(tx: AsyncConnection, chat_id: int, at: datetime, /, **choices: Any) -> Chat:
    """Keep what was chosen and return the chat. Refused for a zone that does not exist."""
    if "zone" in choices and zone_named(choices["zone"]) is None:
        raise Refusal("unknown-zone")
    return await chats.set_choice(tx, chat_id, at, **choices)
