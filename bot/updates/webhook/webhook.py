"""Updates that Telegram brings: the bot tells Telegram where, and looks whether that still stands."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta

from aiogram import Bot as Client
from aiogram.exceptions import AiogramError, TelegramRetryAfter
from aiogram.types import WebhookInfo

from bot.log import Event, Outage, phrase
from bot.metrics import WEBHOOK_PENDING
from bot.model.clock import Clock
from bot.model.updates.flow import UpdateFlow
from bot.updates.protocol import Door
from bot.updates.reception import Reception
from bot.updates.webhook.address import HookAddress, host_of
from bot.updates.webhook.door import InboxDoor

log = logging.getLogger(__name__)

LOOK_SECONDS = 60.0
"""How often Telegram is asked whether the webhook stands, and what waits there."""

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds between two tries to set the webhook: each pause is twice the one before."""

LONGEST_TRUCE = 600.0
"""Seconds until the webhook is set again that somebody took away: each time twice as long, while they take it again."""

LATE = timedelta(minutes=3)
"""For so long what Telegram says of an error is news."""


class Webhook:
    """Updates that Telegram posts to the bot's address.

    `connections` is how many updates Telegram may post at the same time, `kinds` are the kinds of update that the bot
    wants.
    """

    def __init__(
        self,
        client: Client,
        address: HookAddress,
        reception: Reception,
        door: InboxDoor,
        *,
        kinds: list[str],
        connections: int,
        flow: UpdateFlow,
        clock: Clock | None = None,
    ) -> None:
        self._client = client
        self._address = address
        self._reception = reception
        self._door = door
        self._kinds = kinds
        self._connections = connections
        self._clock = clock or Clock()
        self._flow = flow
        self._stopped = asyncio.Event()
        self._told: datetime | None = None
        self._truce = LOOK_SECONDS
        self._is_open = False
        flow.way = "webhook"

    @property
    def trouble(self) -> str:
        """Why Telegram brings nothing; empty where it does, as far as is known."""
        return self._flow.trouble

    @property
    def door(self) -> Door:
        """Where Telegram brings updates: open once what an earlier process took stands in front of them."""
        return self

    async def run(self) -> None:
        """Let Telegram know of the address, and look after that until `stop` is called."""
        if self._stopped.is_set():
            return
        await self._reception.resume()
        # Not before: what an earlier process took stands in front.
        self._is_open = True
        pause = FIRST_PAUSE
        rest: float
        while not self._stopped.is_set():
            try:
                rest, pause = await self._look_after(), FIRST_PAUSE
            except TelegramRetryAfter as error:
                rest = error.retry_after
            except AiogramError as error:
                reason = phrase(getattr(error, "message", "") or type(error).__name__)
                self._flow.fails("unset", f"Telegram does not take the webhook: {reason}", self._clock.now())
                log.warning(Outage("webhook.unset", reason=reason, again_in=pause))
                rest, pause = pause, min(LONGEST_PAUSE, pause * 2)
            await self._wait(rest)

    async def keep(self, body: bytes) -> bool:
        """Return whether an update that was brought is kept, and will be handled; False where it must come again."""
        return self._is_open and not self._reception.is_full and await self._door.keep(body)

    async def look(self) -> None:
        """Have that handled which another process was brought, once what an earlier one took stands in front."""
        if self._is_open:
            await self._reception.look()

    async def stop(self, seconds: float) -> None:
        """Take no more, handle what was taken within so many seconds, and leave the rest to the next start."""
        self._stopped.set()
        self._is_open = False
        loop = asyncio.get_running_loop()
        ends = loop.time() + seconds
        await self._door.close(seconds / 2)
        await self._reception.close(max(0.0, ends - loop.time()))

    async def _wait(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopped.wait(), seconds)
        except TimeoutError:
            return

    async def _look_after(self) -> float:
        """See that the webhook is set; return when to look again."""
        info = await self._client.get_webhook_info()
        begun = self._told is not None
        if begun and info.url == self._address.url:
            self._truce = LOOK_SECONDS
            self._hear_of(info)
            return LOOK_SECONDS
        if begun:
            self._taken(info)
        elif info.url and not self._address.is_ours(info.url):
            log.warning(Event("webhook.replaced", host=host_of(info.url)))
        if info.url == self._address.url and info.pending_update_count and info.last_error_date:
            # After errors Telegram waits up to two minutes with each chat. Set anew, it brings at once what waits.
            await self._client.delete_webhook()
        await self._set()
        if not begun:
            self._told = self._clock.now()
            self._flow.well()
            return LOOK_SECONDS
        rest, self._truce = self._truce, min(LONGEST_TRUCE, self._truce * 2)
        return rest

    async def _set(self) -> None:
        while not self._stopped.is_set():
            try:
                await self._client.set_webhook(
                    self._address.url,
                    secret_token=self._address.secret,
                    max_connections=self._connections,
                    allowed_updates=self._kinds,
                )
            except TelegramRetryAfter as error:
                # Telegram lets it be set once a second.
                await self._wait(error.retry_after)
            else:
                log.info(Event("webhook.set", host=host_of(self._address.url)))
                return

    def _taken(self, info: WebhookInfo) -> None:
        """Take note that somebody else has set or deleted the webhook."""
        host = host_of(info.url) if info.url else ""
        what = f"somebody set it to {host}" if host else "somebody deleted it"
        log.warning(Event("webhook.taken", host=host, pending=info.pending_update_count))
        self._flow.fails("taken", f"the webhook is ours no more: {what}", self._clock.now(), host)
        self._note(info)

    def _hear_of(self, info: WebhookInfo) -> None:
        """Take note of what Telegram says of the webhook."""
        self._note(info)
        now, at = self._clock.now(), info.last_error_date
        if at is None or now - at > LATE or not info.pending_update_count:
            self._flow.well()
            self._flow.last_error = ""
            return
        said = phrase(info.last_error_message or "?")
        self._flow.last_error = said
        self._flow.fails("undelivered", f"Telegram can't deliver to the webhook: {said}", at)
        log.warning(Outage("webhook.undelivered", reason=said, pending=info.pending_update_count))

    def _note(self, info: WebhookInfo) -> None:
        self._flow.pending = info.pending_update_count
        WEBHOOK_PENDING.set(info.pending_update_count)
