"""How a running bot ends: what is under way is finished, as far as it goes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial

from bot.errands import Errands
from bot.log import Event
from bot.outbox.courier import Courier
from bot.store.engine.database import UNAVAILABLE, why
from bot.updates.protocol import Updates

log = logging.getLogger(__name__)

STOP_SECONDS = 7.0
"""How long a stop waits for calls on their way to Telegram, and for answers to what people said."""


async def finish(courier: Courier, updates: Updates, errands: Errands) -> None:
    """Finish what is on its way to a bot's chats, and answer what people said, both within the same time."""
    await asyncio.gather(
        as_far_as_it_goes(partial(courier.stop, STOP_SECONDS)), _answer_all(updates, errands)
    )


async def _answer_all(updates: Updates, errands: Errands) -> None:
    loop = asyncio.get_running_loop()
    ends = loop.time() + STOP_SECONDS
    await updates.stop(STOP_SECONDS)
    await errands.close(max(0.0, ends - loop.time()))


async def as_far_as_it_goes(work: Callable[[], Awaitable[None]]) -> None:
    """Do a part of stopping; where the database can't be written, the next start takes care of it."""
    try:
        await work()
    except UNAVAILABLE as error:
        # The next start takes care of what was not written.
        log.error(Event("bot.stop_unfinished", reason=why(error)))
