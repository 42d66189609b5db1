"""The parts of one bot, and what each role does with them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial

from aiogram import Bot as Client
from aiogram.exceptions import TelegramAPIError, TelegramNotFound, TelegramUnauthorizedError

from bot.conversations.editor.cards import show_open_again
from bot.conversations.menus import present
from bot.factory import Factory, Outbox
from bot.line import Line
from bot.log import Event
from bot.model.errors import SetupError
from bot.operations.loops import Loops
from bot.operations.roles.process_role import ProcessRole
from bot.operations.roles.seats import Seats
from bot.operations.ticker import Schedule
from bot.process.failure import Failure
from bot.process.shared_parts import SharedParts
from bot.process.shutdown import as_far_as_it_goes
from bot.process.update_source import follow_inbox, open_updates
from bot.services import Services
from bot.settings import Settings
from bot.sources.newsroom.adoption import apply
from bot.store.operations import bots
from bot.updates.protocol import Updates
from bot.updates.webhook.webhook import Webhook

log = logging.getLogger(__name__)

AGAIN_SECONDS = 5.0
"""How long a start waits before it tries again to reach Telegram."""


PORTIONS = {ProcessRole.COURIER: 0.8, ProcessRole.POLLER: 0.2}
"""What each role may use of the calls a second that Telegram allows a token. One process with both has all: there an
answer goes first, and news takes the rest."""


@dataclass(frozen=True)
class OneBot:
    """The parts of one bot. Nothing of them runs before its role is begun."""

    services: Services
    line: Line
    outbox: Outbox
    updates: Updates
    schedule: Schedule

    def keep_to_its_part(self, held: Collection[ProcessRole]) -> None:
        """Let the line keep to what the roles that this process has may use of the token's pace."""
        self.line.keep_to(sum(PORTIONS[role] for role in held if role in PORTIONS) or min(PORTIONS.values()))

    def work(self, loops: Loops) -> dict[ProcessRole, Callable[[], None]]:
        """Return what begins the work of each role in those loops."""
        return {
            ProcessRole.MATCHER: partial(loops.keep, "matcher", self.outbox.matcher.run),
            ProcessRole.COURIER: partial(loops.keep, "courier", self.outbox.courier.run),
            ProcessRole.POLLER: partial(self._begin_conversations, loops),
        }

    def _begin_conversations(self, loops: Loops) -> None:
        loops.keep("conversations", self.updates.run)
        if isinstance(self.updates, Webhook) and self.services.bell.carriers():
            loops.keep("inbox", partial(follow_inbox, self.updates, self.services))
        loops.once("menus", partial(present, self.services))
        loops.once("open cards", partial(show_open_again, self.services))


async def open_bot(
    parts: AsyncExitStack,
    settings: Settings,
    factory: Factory,
    shared: SharedParts,
    *,
    seats: Seats,
    failure: Failure,
    stop: asyncio.Event,
) -> OneBot | None:
    """Return a bot that Telegram knows, to be closed by `parts`; None where `stop` was set before.

    Raises SetupError where Telegram refuses the token.
    """
    pictures = factory.pictures(shared.pictures.fetch)
    parts.push_async_callback(pictures.close)
    line = factory.line(pictures, factory.paid_budget())
    parts.push_async_callback(as_far_as_it_goes, line.close)
    username = await _meet_telegram(line.client, seats, stop)
    if username is None:
        return None
    bot = factory.bot(username, shared.newsroom.style)
    services = factory.services(bot, line, shared.templates, shared.bell)
    await _take_up(services, shared)
    await line.wait_on()
    await line.look_at_balance(services.now())
    feeds = factory.feeds(shared.fetcher, shared.parsers)
    parts.push_async_callback(feeds.close)
    return OneBot(
        services,
        line,
        factory.outbox(services, line, failure.token_refused),
        open_updates(settings, services, factory.dispatcher(services, shared.parsers)),
        factory.schedule(services, line, feeds),
    )


async def _take_up(services: Services, shared: SharedParts) -> None:
    """Keep who the bot is, and what the newsroom's file says of topics and feeds."""
    bot, now = services.bot, services.now()
    async with services.db.write() as tx:
        await bots.put(tx, bot.id, bot.username, now)
    async with services.db.write(durable=True) as tx:
        await apply(tx, shared.newsroom, now)


async def _meet_telegram(client: Client, seats: Seats, stop: asyncio.Event) -> str | None:
    """Return the bot's username, None where told to stop; wait while Telegram can't be reached."""
    while not stop.is_set():
        try:
            return (await client.me()).username or ""
        except (TelegramUnauthorizedError, TelegramNotFound):
            raise SetupError("BOT_TOKEN was refused by Telegram: ask @BotFather for the right one") from None
        except TelegramAPIError as error:
            log.warning(Event("telegram.unreachable", reason=error.message, again_in=AGAIN_SECONDS))
        try:
            await asyncio.wait_for(stop.wait(), AGAIN_SECONDS)
        except TimeoutError:
            await seats.renew()
    return None
