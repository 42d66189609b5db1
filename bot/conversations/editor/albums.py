"""Albums: their messages come one by one, and are taken as one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import Message, TelegramObject

QUIET = 0.5
"""Seconds without a further message after which an album is whole: Telegram does not say how many come."""

_Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


class Albums(BaseMiddleware):
    """Lets an album's message with the words pass, the others beside it as `album`; all else passes as it is."""

    def __init__(self, quiet: float = QUIET) -> None:
        self._quiet = quiet
        self._open: dict[tuple[int, str], list[Message]] = {}

    async def __call__(self, handler: _Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        """Wait for the rest of an album with its first message; the others end here."""
        if not isinstance(event, Message) or event.media_group_id is None:
            return await handler(event, data)
        key = (event.chat.id, event.media_group_id)
        if known := self._open.get(key):
            known.append(event)
            return None
        gathered = self._open[key] = [event]
        try:
            await self._settle(gathered)
        finally:
            del self._open[key]
        gathered.sort(key=lambda each: each.message_id)
        first = next((each for each in gathered if each.caption), gathered[0])
        return await handler(first, {**data, "album": gathered})

    async def _settle(self, gathered: list[Message]) -> None:
        count = 0
        while count < len(gathered):
            count = len(gathered)
            await asyncio.sleep(self._quiet)
