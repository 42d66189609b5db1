"""Where a bot's updates come from: polling, or a webhook with its door at the web server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiogram import Dispatcher

from bot.bell import brought
from bot.services import Services
from bot.settings import Settings
from bot.updates.polling import Polling
from bot.updates.protocol import Door, Updates
from bot.updates.reception import Reception
from bot.updates.unread import Unread
from bot.updates.webhook.address import HookAddress, address_of
from bot.updates.webhook.door import InboxDoor, mailbox
from bot.updates.webhook.webhook import Webhook
from bot.web.sender import Senders
from bot.web.webhook import Gatekeeper, RouteDef, webhook_routes

LOOK_SECONDS = 2.0
"""How often it is looked for updates that others were brought, where no bell was heard."""


def open_updates(settings: Settings, services: Services, dispatcher: Dispatcher) -> Updates:
    """Return how the bot gets updates: by a webhook where the settings name an address, else by polling.

    Raises SetupError where a webhook is wanted and can't be.
    """
    db, client, clock = services.db, services.client, services.clock
    address = _hook_address(settings)
    if address is None:
        return Polling(dispatcher, client, db, services.update_flow)
    reception = Reception(dispatcher, client, db, clock, by_rows=True)
    return Webhook(
        client,
        address,
        reception,
        InboxDoor(reception.take, Unread(db, services.bot.id, clock)),
        kinds=dispatcher.resolve_used_update_types(),
        connections=settings.webhook_connections,
        flow=services.update_flow,
        clock=clock,
    )


@dataclass(frozen=True)
class NearestDoor:
    """The door of the process that handles updates, else a mailbox: whoever handles them hears of it by the bell."""

    door: Door
    mailbox: Door
    handles: Callable[[], bool]

    async def keep(self, body: bytes) -> bool:
        """Return whether an update is kept, so that Telegram may forget it; False where it must come again."""
        return await (self.door if self.handles() else self.mailbox).keep(body)


def door_of(updates: Updates, services: Services, handles: Callable[[], bool]) -> Door | None:
    """Return where Telegram brings updates to this process, which handles them where `handles` says so."""
    if updates.door is None:
        return None
    elsewhere = mailbox(services.db, services.bot.id, services.bell, services.clock)
    return NearestDoor(updates.door, elsewhere, handles)


async def follow_inbox(updates: Webhook, services: Services) -> None:
    """Have updates handled that other processes were brought, until cancelled."""
    rung = asyncio.Event()
    services.bell.listen(rung.set, brought(services.bot.id))
    while True:
        rung.clear()
        await updates.look()
        with suppress(TimeoutError):
            await asyncio.wait_for(rung.wait(), LOOK_SECONDS)


def door_routes(settings: Settings, door: Door | None) -> Sequence[RouteDef]:
    """Return the routes at which Telegram brings updates to a door; none where the bot polls."""
    address = _hook_address(settings)
    if address is None or door is None:
        return []
    # A proxy may hand on the whole path, or what is below the part that leads to us.
    paths = sorted({address.path, urlsplit(address.url).path})
    senders = Senders(settings.webhook_networks, settings.webhook_proxies)
    return webhook_routes(Gatekeeper(paths, address.secret, senders), door.keep)


def _hook_address(settings: Settings) -> HookAddress | None:
    if not settings.webhook_base:
        return None
    return address_of(settings.token, settings.webhook_base, settings.webhook_secret.get_secret_value())
