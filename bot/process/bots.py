"""Opens the bots of a process."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from functools import partial

from bot.factory import Factory
from bot.model.errors import SetupError
from bot.operations.roles.seats import Seats
from bot.process.bot_config import BotConfig
from bot.process.failure import Failure, TakenOver
from bot.process.one_bot import OneBot, open_bot
from bot.process.shared_parts import SharedParts
from bot.sources.newsroom.adoption import apply
from bot.store.operations import bots as kept_bots


async def open_bots(
    parts: AsyncExitStack,
    configs: Sequence[BotConfig],
    shared: SharedParts,
    *,
    served: Sequence[int],
    seats: Seats,
    failure: Failure,
    stop: asyncio.Event,
) -> list[OneBot]:
    """Return the bots that Telegram knows, and keep who they are; none where told to stop before.

    `served` are the ids of all bots of the installation. Raises SetupError where Telegram knows none of those of this
    process, TakenOver where another process has taken a seat meanwhile.
    """
    bots: list[OneBot] = []
    for config in configs:
        factory = Factory(
            config.settings,
            shared.db,
            shared.clock,
            lambda: seats.sure,
            serves=partial(seats.serves, config.settings.bot_id),
            coverage=config.coverage,
        )
        one = await open_bot(parts, config, factory, shared, failure=failure, stop=stop, first=not bots)
        if one is not None:
            bots.append(one)
    if failure.reason:
        raise (TakenOver if failure.taken_over else SetupError)(failure.reason)
    if stop.is_set():
        return []
    await _take_up(bots, served, shared)
    return bots


async def _take_up(bots: Sequence[OneBot], ids: Sequence[int], shared: SharedParts) -> None:
    """Keep who the bots are and what they carry, and what the newsroom's file says of topics and feeds."""
    now = shared.clock.now()
    async with shared.db.write() as tx:
        for each in bots:
            await kept_bots.put(tx, each.bot.id, each.bot.username, now, coverage=each.bot.coverage)
        await kept_bots.serve(tx, ids)
    async with shared.db.write(durable=True) as tx:
        await apply(tx, shared.newsroom, now)
