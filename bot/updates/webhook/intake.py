"""What comes at once is written together: one commit for all that came while the one before was under way."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from bot.log import Event, Outage
from bot.store.engine.database import is_outage, why

log = logging.getLogger(__name__)

AT_ONCE = 100
"""Updates in one transaction."""

Take = Callable[[Sequence[Any]], Awaitable[object]]
"""Writes updates down. Raises UNAVAILABLE's errors where nothing could be written."""


class Intake:
    """Hands updates on in batches, and tells for each whether it is written down."""

    def __init__(self, take: Take) -> None:
        self._take = take
        self._waiting: list[tuple[Any, asyncio.Future[bool]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def put(self, body: Any) -> bool:
        """Return whether the update is kept; False where nothing could be written."""
        kept = asyncio.get_running_loop().create_future()
        self._waiting.append((body, kept))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        return bool(await kept)

    async def close(self, seconds: float) -> None:
        """Wait so long for what is being written; what is not written then is not kept, and comes again."""
        if self._writing is not None and not self._writing.done():
            await asyncio.wait({self._writing}, timeout=seconds)
            self._writing.cancel()
        for _, kept in self._waiting:
            if not kept.done():
                kept.set_result(False)

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
            batch.sort(key=_number)
            kept = [False] * len(batch)
            try:
                kept = await self._are_kept([body for body, _ in batch])
            finally:
                for (_, future), is_kept in zip(batch, kept, strict=True):
                    if not future.done():
                        future.set_result(is_kept)

    async def _are_kept(self, bodies: Sequence[Any]) -> list[bool]:
        try:
            await self._take(bodies)
        except Exception as error:
            if is_outage(error):
                log.error(Outage("webhook.not_kept", reason=why(error)))
            elif len(bodies) > 1:
                # One of them is what a statement does not take: the others must not wait for it.
                return [kept for body in bodies for kept in await self._are_kept([body])]
            else:
                log.exception(Event("webhook.not_kept", reason="mistake"))
            return [False] * len(bodies)
        return [True] * len(bodies)


def _number(one: tuple[Any, object]) -> int:
    number = one[0].get("update_id") if isinstance(one[0], dict) else None
    return number if isinstance(number, int) else 0
