"""What is behind the address at which Telegram knocks: a body comes in, and is kept before it is answered."""

from __future__ import annotations

from typing import Any

import orjson

from bot.bell import Bell, brought
from bot.model.clock import Clock
from bot.store.engine.database import Database
from bot.store.operations import inbox
from bot.updates.unread import Unread
from bot.updates.update import read
from bot.updates.webhook.intake import Intake, Take


class InboxDoor:
    """Keeps updates in the inbox, for whichever process handles them."""

    def __init__(self, take: Take, unread: Unread) -> None:
        self._intake = Intake(take)
        self._unread = unread

    async def keep(self, body: bytes) -> bool:
        """Keep an update. What is no JSON is kept aside: were it refused, its chat would be held up for a day."""
        try:
            update = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            await self._unread.keep(0, f"no JSON: {error.msg}", body)
            return True
        return await self._intake.put(update)

    async def close(self, seconds: float) -> None:
        """Wait so long for what is being written."""
        await self._intake.close(seconds)


def mailbox(db: Database, bot_id: int, bell: Bell, clock: Clock | None = None) -> InboxDoor:
    """Return the door of a process that hears updates and handles none: each gets its row, then the bell is rung.

    Who handles them takes them up by `Reception.look`. What is fleeting gets a row too, which is emptied when that
    process has seen it.
    """
    now = clock or Clock()
    unread = Unread(db, bot_id, now)

    async def take(bodies: Any) -> None:
        texts: dict[int, str] = {}
        for body in bodies:
            update = read(body)
            try:
                if update is not None:
                    texts[update.id] = orjson.dumps(body).decode()
                    continue
                reason = "no number of an update"
            except TypeError:
                reason = "nested too deep"
            await unread.keep(update.id if update else 0, reason, body)
        if texts:
            async with db.write(durable=True) as tx:
                await inbox.put(tx, bot_id, texts, now.now())
            bell.ring(brought(bot_id))

    return InboxDoor(take, unread)
