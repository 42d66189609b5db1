"""How a start meets Telegram: who each token is."""

from __future__ import annotations

import asyncio
import logging

from aiogram import Bot as Client
from aiogram.exceptions import TelegramAPIError, TelegramNotFound, TelegramUnauthorizedError

from bot.log import Event
from bot.process.failure import Failure

log = logging.getLogger(__name__)

AGAIN_SECONDS = 5.0
"""How long a start waits before it tries again to reach Telegram."""


class Refused(Exception):
    """Telegram does not know the token."""


async def username_of(client: Client, stop: asyncio.Event, failure: Failure) -> str | None:
    """Return the bot's username; None where told to stop, or where the process can't go on.

    Waits while Telegram can't be reached. Raises Refused.
    """
    while not (stop.is_set() or failure.reason):
        try:
            return (await client.me()).username or ""
        except (TelegramUnauthorizedError, TelegramNotFound):
            raise Refused from None
        except TelegramAPIError as error:
            log.warning(Event("telegram.unreachable", reason=error.message, again_in=AGAIN_SECONDS))
        try:
            await asyncio.wait_for(stop.wait(), AGAIN_SECONDS)
        except TimeoutError:
            continue
    return None
