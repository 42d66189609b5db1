"""Asking Telegram for updates, again and again."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Any

from aiogram import Bot as Client
from aiogram import Dispatcher
from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramConflictError,
    TelegramNotFound,
    TelegramRetryAfter,
)
from aiogram.methods import TelegramMethod

from bot.log import Outage
from bot.model.clock import Clock
from bot.model.updates.flow import UpdateFlow
from bot.store.engine.database import UNAVAILABLE, Database, why
from bot.updates.reception import Reception
from bot.updates.webhook.address import address_of, host_of

log = logging.getLogger(__name__)

WAIT_SECONDS = 10
"""How long Telegram waits for an update before it answers that there is none."""

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 5.0
"""Seconds between two questions where the first was not answered well: each pause is twice the one before."""

LONGEST_TRUCE = 30.0
"""The same where another program asks for the updates: each question takes them away from the other."""

SUDDEN = 0.1
"""Seconds within which an answer that tells nothing new can't have been waited for."""


class TakeUpdates(TelegramMethod[list[Any]]):
    """`getUpdates`, answered as JSON: each update is decoded when its turn comes, so that a bad one spoils no other."""

    __returning__ = list[Any]
    __api_method__ = "getUpdates"

    offset: int
    timeout: int
    allowed_updates: list[str]


class NoAnswer(AiogramError):
    """Telegram answered, but not with a list of updates."""


class ForeignWebhook(AiogramError):
    """Another program's webhook gets the updates."""

    def __init__(self, host: str) -> None:
        super().__init__()
        self.host = host


class Polling:
    """Updates that the bot asks for.

    Telegram forgets an update when it is asked with an offset above the update's id, which happens only after the
    update's row was written.
    """

    def __init__(
        self, dispatcher: Dispatcher, client: Client, db: Database, flow: UpdateFlow | None = None
    ) -> None:
        """Take what handles updates, and who is told whether they come."""
        self._client = client
        self._flow = flow or UpdateFlow()
        self._address = address_of(client.token, "")
        self._kinds = dispatcher.resolve_used_update_types()
        self._reception = Reception(dispatcher, client, db)
        self._clock = Clock()
        self._offset = 0
        self._pause = 0.0
        self._asking: asyncio.Task[None] | None = None
        self._begun = self._stopped = False

    @property
    def trouble(self) -> str:
        """Why Telegram's last answer was none; empty where it was one, or where Telegram was not asked yet."""
        return self._flow.trouble

    @property
    def door(self) -> None:
        """None: nobody brings anything."""

    async def run(self) -> None:
        """Ask until `stop` is called."""
        if self._stopped:
            return
        self._asking = asyncio.create_task(self._ask_on())
        try:
            await self._asking
        except asyncio.CancelledError:
            self._asking.cancel()
            if not self._stopped:
                raise

    async def stop(self, seconds: float) -> None:
        """Ask no more, handle what was taken within so many seconds, and leave the rest to the next start."""
        self._stopped = True
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.wait({self._asking})
        await self._reception.close(seconds)

    async def _ask_on(self) -> None:
        while True:
            await self._reception.room()
            try:
                await self._begin()
                await self._ask()
            except TelegramRetryAfter as error:
                await asyncio.sleep(error.retry_after)
            except (AiogramError, *UNAVAILABLE) as error:
                await self._rest(error)

    async def _begin(self) -> None:
        if self._begun:
            return
        await self._leave_webhook()
        await self._reception.resume()
        self._begun = True

    async def _leave_webhook(self) -> None:
        """Take a webhook of this bot's away: Telegram gives updates to a webhook or to polling, never to both.

        Raises ForeignWebhook where another program has set one.
        """
        with suppress(TelegramNotFound):
            info = await self._client.get_webhook_info()
            if not info.url:
                return
            if not self._address.is_ours(info.url):
                raise ForeignWebhook(host_of(info.url))
            # What waits there is not dropped: it comes by polling.
            await self._client.delete_webhook()

    async def _ask(self) -> None:
        loop = asyncio.get_running_loop()
        asked_at, offset = loop.time(), self._offset
        method = TakeUpdates(offset=offset, timeout=WAIT_SECONDS, allowed_updates=self._kinds)
        patience = int(self._client.session.timeout) + WAIT_SECONDS
        bodies = await self._client(method, request_timeout=patience)
        if not isinstance(bodies, list):
            raise NoAnswer
        if bodies:
            self._offset = await self._reception.take(bodies, offset) or 0
        if self._offset == offset and loop.time() - asked_at < SUDDEN:
            await asyncio.sleep(FIRST_PAUSE)
        self._pause = 0.0
        self._flow.well()

    async def _rest(self, error: Exception) -> None:
        contested = isinstance(error, TelegramConflictError | ForeignWebhook)
        longest = LONGEST_TRUCE if contested else LONGEST_PAUSE
        self._pause = pause = min(longest, self._pause * 2 or FIRST_PAUSE)
        code, reason, host = "unreachable", "", ""
        if isinstance(error, ForeignWebhook):
            code, host = "foreign", error.host
            reason = (
                f"a webhook at {host} gets this bot's updates: stop the program there, then run "
                "`python -m bot webhook --delete`"
            )
        elif isinstance(error, TelegramConflictError):
            code = "conflict"
            reason = "another program asks for this bot's updates, or has set a webhook: only one may"
            # It may be a webhook by now.
            self._begun = "webhook" not in error.message.lower()
        elif isinstance(error, NoAnswer | ClientDecodeError):
            reason = "Telegram answered, but not with updates"
        else:
            reason = why(error) if isinstance(error, UNAVAILABLE) else getattr(error, "message", "")
        self._flow.fails(code, reason or type(error).__name__, self._clock.now(), host)
        log.warning(Outage("updates.unavailable", reason=reason, again_in=pause))
        await asyncio.sleep(pause)
