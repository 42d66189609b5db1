"""The parts of one bot, and what each role does with them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial

from bot.conversations.editor.cards import show_open_again
from bot.conversations.menus import present
from bot.factory import Factory, Outbox
from bot.line import Line
from bot.model.bot import Bot
from bot.operations.loops import Loops
from bot.operations.roles.process_role import ProcessRole, Seat, seat_of
from bot.operations.roles.seats import Seats
from bot.operations.ticker import Tick
from bot.process.bot_config import BotConfig
from bot.process.failure import Failure
from bot.process.introduction import Refused, username_of
from bot.process.shared_parts import SharedParts
from bot.process.shutdown import as_far_as_it_goes
from bot.process.update_source import follow_inbox, open_updates
from bot.services import Services
from bot.updates.protocol import Updates
from bot.updates.webhook.webhook import Webhook

PORTIONS = {ProcessRole.COURIER: 0.8, ProcessRole.POLLER: 0.2}
"""What each role may use of the calls a second that Telegram allows a token. One process with both has all: there an
answer goes first, and news takes the rest."""


@dataclass(frozen=True)
class OneBot:
    """The parts of one bot. Nothing of them runs before its role is begun.

    The `first` bot of a process has the newsroom's jobs too: it turns decisions into deliveries for all.
    """

    config: BotConfig
    services: Services
    line: Line
    outbox: Outbox
    updates: Updates
    ticks: Sequence[Tick]
    first: bool

    @property
    def bot(self) -> Bot:
        """Who the bot is."""
        return self.services.bot

    def keep_to_its_part(self, seats: Seats) -> None:
        """Let the line keep to what the roles that this process has may use of the token's pace."""
        held = seats.roles_of(self.bot.id)
        self.line.keep_to(sum(PORTIONS[role] for role in held if role in PORTIONS) or min(PORTIONS.values()))

    def work(self, loops: Loops) -> dict[Seat, Callable[[], None]]:
        """Return what begins the work of each of the bot's seats in those loops."""
        begun = {
            ProcessRole.COURIER: partial(loops.keep, self._name("courier"), self.outbox.courier.run),
            ProcessRole.POLLER: partial(self._begin_conversations, loops),
        }
        if self.first:
            begun[ProcessRole.MATCHER] = partial(loops.keep, "matcher", self.outbox.matcher.run)
        return {seat_of(role, self.bot.id): begin for role, begin in begun.items()}

    def follow_waits(self, loops: Loops) -> None:
        """Wait, in those loops, where Telegram asked another process that speaks with the token to wait."""
        loops.keep(self._name("flood waits"), self.line.follow_waits)

    def _begin_conversations(self, loops: Loops) -> None:
        loops.keep(self._name("conversations"), self.updates.run)
        if isinstance(self.updates, Webhook) and self.services.bell.carriers():
            loops.keep(self._name("inbox"), partial(follow_inbox, self.updates, self.services))
        loops.once(self._name("menus"), partial(present, self.services))
        loops.once(self._name("open cards"), partial(show_open_again, self.services))

    def _name(self, loop: str) -> str:
        return loop if self.first else f"{loop}@{self.bot.username}"


async def open_bot(
    parts: AsyncExitStack,
    config: BotConfig,
    factory: Factory,
    shared: SharedParts,
    *,
    failure: Failure,
    stop: asyncio.Event,
    first: bool = True,
) -> OneBot | None:
    """Return a bot that Telegram knows, to be closed by `parts`; None where `stop` was set before.

    None, too, where Telegram refuses the token, which `failure` is told, or where the process can't go on.
    """
    pictures = factory.pictures(shared.pictures.fetch)
    parts.push_async_callback(pictures.close)
    line = factory.line(pictures, factory.paid_budget())
    parts.push_async_callback(as_far_as_it_goes, line.close)
    try:
        username = await username_of(line.client, stop, failure)
    except Refused:
        failure.refuse(str(config.settings.bot_id), config.variable)
        return None
    if username is None:
        return None
    bot = factory.bot(username, shared.newsroom.style)
    services = factory.services(
        bot, line, shared.templates_for(config), shared.bell, agency=shared.newsroom.agency
    )
    await line.wait_on()
    await line.look_at_balance(services.now())

    async def token_refused() -> None:
        failure.refuse(f"@{username}", config.variable)
        outbox.courier.halted = "Telegram refuses the token"

    outbox = factory.outbox(services, line, token_refused)
    return OneBot(
        config,
        services,
        line,
        outbox,
        open_updates(config.settings, services, factory.dispatcher(services, shared.parsers)),
        factory.ticks(services, line, shared.feeds, first=first, refused=lambda: failure.refused),
        first,
    )
