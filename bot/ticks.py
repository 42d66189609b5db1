"""What ticks, and how often, in one table."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, time

from bot.conversations.alerts import tell_owners
from bot.conversations.desk.live.notices import look
from bot.conversations.desk.live.refresh import refresh
from bot.conversations.figures.report import send_due
from bot.conversations.inline.corrections import put_right
from bot.conversations.people.notices import tell_ended
from bot.conversations.places.notices import tell
from bot.desk.figures.tally import Audiences, count_pushes
from bot.desk.release_due import release_due
from bot.line import Line
from bot.log import phrase
from bot.matching.catch_up import plan_catch_ups
from bot.matching.digest import plan_due
from bot.matching.highlights import plan_highlights
from bot.operations.archive_index import ArchiveIndex
from bot.operations.canary import Canary
from bot.operations.gauges import show_figures
from bot.operations.housekeeping import clean_up
from bot.operations.push_watch import PushWatch
from bot.operations.status import Trouble
from bot.operations.ticker import Tick
from bot.services import Services
from bot.sources.feed_poller import FeedPoller

BALANCE_SECONDS = 30


def ticks(
    services: Services,
    line: Line,
    feeds: FeedPoller,
    *,
    ledger_days: int,
    report_at: time | None = None,
    canary: Canary | None = None,
) -> list[Tick]:
    """Return the jobs of a running bot. Each job looks for what is due at the time that it is given.

    `ledger_days` is how long deliveries are kept, `report_at` when the desk gets the day's figures (None: never).
    """
    db, bot_id = services.db, services.bot.id

    async def release(now: datetime) -> None:
        if await release_due(db, now):
            services.bell.ring()

    async def figures(now: datetime) -> None:
        line.show_figures()
        await show_figures(db, bot_id, now)

    jobs: list[tuple[str, float, Callable[[datetime], Awaitable[object]]]] = [
        ("feeds", 1, feeds.look),
        ("release", 1, release),
        ("digests", 5, lambda now: plan_due(db, bot_id, now)),
        ("catch-ups", 1, lambda now: plan_catch_ups(db, bot_id, now)),
        ("highlights", 1, lambda now: plan_highlights(db, bot_id, now)),
        ("desk", 1, lambda now: look(services, now)),
        ("cards", 1, lambda now: refresh(services, now)),
        ("templates", 2, lambda _now: asyncio.to_thread(services.templates.refresh)),
        ("owners", 30, lambda now: tell_owners(services, now, unpaid=line.unpaid, also=_also(feeds, canary))),
        ("rights", 15, lambda now: tell_ended(services, now)),
        ("figures", 15, figures),
        ("pushes", 15, PushWatch(db, bot_id).look),
        ("counts", 15, lambda now: count_pushes(db, now)),
        ("notices", 5, lambda now: tell(services, now)),
        ("audiences", 60, Audiences(db, bot_id).look),
        ("report", 20, lambda now: send_due(services, now, report_at)),
        ("shared", 2, lambda now: put_right(services, now)),
        ("archive", 2, ArchiveIndex(db).look),
        ("clean-up", 3600, lambda now: clean_up(db, now, ledger_days)),
    ]
    if canary is not None:
        jobs.append(("canary", 2, canary.look))
    if line.paid_budget is not None:
        jobs += [("balance", BALANCE_SECONDS, line.look_at_balance), ("purse", 0.5, line.top_up)]
    return [Tick(*job) for job in jobs]


def _also(feeds: FeedPoller, canary: Canary | None) -> list[Trouble]:
    return [*_lost(feeds), *(canary.troubles() if canary is not None else ())]


def _lost(feeds: FeedPoller) -> list[Trouble]:
    """Return a trouble for each feed of whose items some can't be read; each is told once a day."""
    return [
        Trouble(f"letters:{number}", "owner_letters", {"feed": phrase(lost.feed), "count": lost.items})
        for number, lost in feeds.lost.items()
    ]
