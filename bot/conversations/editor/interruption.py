"""/breaking is over when another command comes: what is written afterwards is no breaking news."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import Message, TelegramObject

from bot.conversations.visit import Visit
from bot.desk import breaking
from bot.model.chat import ChatKind

COMMAND = "/breaking"


class Interruptions(BaseMiddleware):
    """Ends the wait for an editor's text at the editor's next command.

    Who said /breaking is remembered in memory alone, so that other people's commands cost nothing. After a restart
    the wait ends by itself within an hour.
    """

    def __init__(self) -> None:
        self._begun: set[tuple[int, int]] = set()

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        """Handle a message; a command other than /breaking ends the wait first."""
        visit: Visit = data["visit"]
        if isinstance(event, Message) and visit.kind is ChatKind.PRIVATE and visit.user_id is not None:
            words = event.text or event.caption or ""
            place = visit.telegram_id, visit.user_id
            if words.startswith(COMMAND):
                self._begun.add(place)
            elif words.startswith("/") and place in self._begun:
                self._begun.discard(place)
                services = visit.services
                await breaking.give_up(services.db, services.bot.id, *place, at=services.now())
        return await handler(event, data)
