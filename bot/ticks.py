"""What ticks, and how often, in one table."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.conversations.context import Context
from bot.conversations.editor.cards import refresh
from bot.conversations.owners import tell_owners
from bot.desk.figures import show_figures
from bot.desk.housekeeping import clean_up
from bot.desk.release_due import release_due
from bot.matching.digest import plan_due
from bot.outgoing import Outgoing
from bot.rendering.environment import Templates
from bot.schedule import Tick
from bot.settings import Settings
from bot.sources.fetch import Fetcher
from bot.sources.poll import poll_due

BALANCE_SECONDS = 30


def ticks(
    settings: Settings, context: Context, outgoing: Outgoing, templates: Templates, fetcher: Fetcher
) -> list[Tick]:
    """Return the jobs of a running bot. Each looks for what is due, with the time handed to it."""
    db, bot_id = context.db, settings.bot_id

    async def feeds(now: datetime) -> None:
        await poll_due(
            db,
            fetcher,
            now,
            min_interval=settings.feed_min_interval,
            edit_delivered=settings.edit_delivered,
        )

    async def release(now: datetime) -> None:
        if await release_due(db, now):
            outgoing.news.set()

    async def figures(now: datetime) -> None:
        outgoing.show_figures()
        await show_figures(db, bot_id, now)

    jobs: list[tuple[str, float, Callable[[datetime], Awaitable[object]]]] = [
        ("feeds", 1, feeds),
        ("release", 1, release),
        ("digests", 5, lambda now: plan_due(db, bot_id, now)),
        ("cards", 2, lambda now: refresh(context, outgoing.bot, now)),
        ("templates", 2, lambda _now: asyncio.to_thread(templates.refresh)),
        ("owners", 30, lambda now: tell_owners(context, outgoing.bot, now)),
        ("figures", 15, figures),
        ("clean-up", 3600, lambda now: clean_up(db, now, settings.ledger_days)),
    ]
    if outgoing.purse is not None:
        jobs += [("balance", BALANCE_SECONDS, outgoing.look_at_balance), ("purse", 0.5, outgoing.top_up)]
    return [Tick(*job) for job in jobs]
