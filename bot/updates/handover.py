"""From a turn to the handler of a conversation, again and again while nothing can be written."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from aiogram import Bot as Client
from aiogram import Dispatcher
from aiogram.types import Message, Update
from pydantic import ValidationError

from bot.log import Event, Outage
from bot.store.engine.database import UNAVAILABLE, Database, is_outage, why
from bot.store.operations import inbox
from bot.updates.albums import Turn
from bot.updates.outage import Patience
from bot.updates.unread import Unread
from bot.updates.update import Incoming

log = logging.getLogger(__name__)

SERVE_SECONDS = 300.0
"""What a handler may take: a long story in a busy hour goes out in minutes; what takes longer hangs."""


class Handover:
    """Decodes updates, and has the dispatcher handle them."""

    def __init__(self, dispatcher: Dispatcher, client: Client, db: Database, unread: Unread) -> None:
        self._dispatcher = dispatcher
        self._client = client
        self._db = db
        self._unread = unread

    async def see_through(self, turn: Turn, closing: asyncio.Event) -> bool:
        """Have a turn handled, after an outage again; return False where the bot stops before."""
        patience, facts = Patience(), dict[str, Any]()
        try:
            while not await self._handled_in_time(turn, **facts):
                # A handler may say something before it fails: nobody is told so again and again.
                writes = False
                while not writes:
                    if not await patience.wait(closing):
                        return False
                    writes = await self._can_write(turn)
                if patience.is_over():
                    log.error(Event("updates.given_up", update=turn.parts[0].id, reason="outage"))
                    await self.hand_over(turn.parts, outage="given-up")
                    break
                facts["outage"] = "again"
        except TimeoutError:
            log.error(Event("updates.given_up", update=turn.parts[0].id, after=SERVE_SECONDS))
        return True

    async def hand_over(self, parts: Sequence[Incoming], **facts: Any) -> bool:
        """Have the dispatcher handle an update, an album's with all its messages as `album`.

        Return False where nothing could be written, and it can be handled later.
        """
        updates = [update for part in parts if (update := await self._decoded(part)) is not None]
        if parts[0].album and updates:
            album = sorted((each.message for each in updates if each.message), key=_place)
            facts["album"] = album
            first = next((each for each in album if each.caption), album[0])
            updates = [each for each in updates if each.message is first]
        try:
            for update in updates[:1]:
                await self._dispatcher.feed_update(self._client, update, **facts)
        except Exception as error:
            if not is_outage(error):
                log.exception(Event("updates.failed", update=parts[0].id))
                return True
            log.error(Outage("updates.failed", update=parts[0].id, reason=why(error)))
            return False
        return True

    async def _can_write(self, turn: Turn) -> bool:
        try:
            async with self._db.write() as tx:
                await inbox.touch(tx, self._client.id, [part.id for part in turn.parts])
        except UNAVAILABLE as error:
            log.error(Outage("updates.failed", update=turn.parts[0].id, reason=why(error)))
            return False
        return True

    async def _handled_in_time(self, turn: Turn, **facts: Any) -> bool:
        async with asyncio.timeout(SERVE_SECONDS):
            return await self.hand_over(turn.parts, **facts)

    async def _decoded(self, update: Incoming) -> Update | None:
        try:
            return Update.model_validate(update.body, context={"bot": self._client})
        except ValidationError as error:
            at = ".".join(map(str, error.errors()[0]["loc"]))
            await self._unread.keep(update.id, f"{at}: {error.errors()[0]['msg']}", update.body)
            return None


def _place(message: Message) -> int:
    return message.message_id
