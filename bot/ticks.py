"""What ticks, and how often, in one table."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime, time
from functools import partial

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
from bot.operations.backup import BackupTick
from bot.operations.canary import Canary
from bot.operations.gauges import show_figures, show_roles
from bot.operations.housekeeping import clean_up
from bot.operations.push_watch import PushWatch
from bot.operations.reports import TroubleReports
from bot.operations.roles.process_role import ProcessRole
from bot.operations.status import Trouble, deafness
from bot.operations.ticker import Tick, Work
from bot.services import Services
from bot.sources.feed_poller import FeedPoller
from bot.store.backup.backups import Backups
from bot.store.engine.database import Database
from bot.store.following import coverages

BALANCE_SECONDS = 30

Job = tuple[str, float, Work]
"""A job's name, the seconds between two runs, and its work."""


def ticks(
    services: Services,
    line: Line,
    feeds: FeedPoller,
    *,
    ledger_days: int | None,
    report_at: time | None = None,
    canary: Canary | None = None,
    refused: Callable[[], Iterable[str]] = tuple,
) -> list[tuple[ProcessRole | None, Tick]]:
    """Return the jobs of a running bot, each with the role that has it: None where every process does it.

    A job looks for what is due at the time that it is given. `ledger_days` is how long deliveries are kept; None where
    another bot of the process has the newsroom's jobs. `report_at` is when the desk gets the day's figures
    (None: never), `canary` what sends hidden stories, if anything does; `refused` are other bots that can't go on.
    """
    reports = TroubleReports(services.db, services.bot.id)

    async def owners(now: datetime) -> None:
        await reports.note("updates", [*_deaf(services, now), *_refused(refused())], now)
        await tell_owners(services, now)

    async def show_paces(_now: datetime) -> None:
        line.show_figures(services.bot.username)

    async def ask_feeds(now: datetime) -> None:
        await feeds.look(now)
        await reports.note("feeds", _lost(feeds), now)

    async def look_at_balance(now: datetime) -> None:
        await line.look_at_balance(now)
        await reports.note("paid", _unpaid(line), now)

    by_role: dict[ProcessRole | None, list[Job]] = {
        None: [
            ("templates", 2, lambda _now: asyncio.to_thread(services.templates.refresh)),
            ("paces", 15, show_paces),
        ],
        ProcessRole.POLLER: [*_of_conversations(services, report_at), ("owners", 30, owners)],
    }
    if ledger_days is not None:
        by_role[None].append(("roles", 15, lambda now: show_roles(services.db, now)))
        by_role[ProcessRole.FEEDS] = [("feeds", 1, ask_feeds)]
        by_role[ProcessRole.TICKS] = _of_the_newsroom(services, ledger_days)
        if services.backups is not None:
            by_role[ProcessRole.TICKS].append(_backup(reports, services.backups))
    if canary is not None:
        by_role[ProcessRole.POLLER].append(_canary(reports, canary))
    if line.paid_budget is not None:
        by_role[ProcessRole.COURIER] = [
            ("balance", BALANCE_SECONDS, look_at_balance),
            ("purse", 0.5, line.top_up),
        ]
    return [(role, Tick(*job)) for role, jobs in by_role.items() for job in jobs]


def _of_the_newsroom(services: Services, ledger_days: int) -> list[Job]:
    """Return the jobs of whoever has the ticks, for all bots of the installation; they need the database alone."""
    db = services.db
    each = partial(_for_each_bot, db)

    async def release(now: datetime) -> None:
        if await release_due(db, now):
            services.bell.ring()

    return [
        ("release", 1, release),
        ("figures", 15, lambda now: show_figures(db, now)),
        ("counts", 15, lambda now: count_pushes(db, now)),
        ("archive", 2, ArchiveIndex(db).look),
        ("clean-up", 3600, lambda now: clean_up(db, now, ledger_days)),
        ("digests", 5, each(lambda bot_id: partial(plan_due, db, bot_id))),
        ("catch-ups", 1, each(lambda bot_id: partial(plan_catch_ups, db, bot_id))),
        ("highlights", 1, each(lambda bot_id: partial(plan_highlights, db, bot_id))),
        ("pushes", 15, each(lambda bot_id: PushWatch(db, bot_id).look)),
        ("audiences", 60, each(lambda bot_id: Audiences(db, bot_id).look)),
    ]


def _for_each_bot(db: Database, work: Callable[[int], Work]) -> Work:
    """Return what does `work`, which is made once for each bot of the installation by its id, for all of them."""
    made: dict[int, Work] = {}

    async def do(now: datetime) -> None:
        async with db.read() as tx:
            bots = await coverages.of_all(tx)
        for bot_id in bots:
            if bot_id not in made:
                made[bot_id] = work(bot_id)
            await made[bot_id](now)

    return do


def _backup(reports: TroubleReports, backups: Backups) -> Job:
    """Return the job that makes backups."""
    tick = BackupTick(backups)

    async def back_up(now: datetime) -> None:
        await tick.look(now)
        # The folder may be on a disk that does not answer.
        await reports.note("backup", await asyncio.to_thread(tick.troubles, now), now)

    return ("backup", 60, back_up)


def _canary(reports: TroubleReports, canary: Canary) -> Job:
    """Return the job that tries the way of news."""

    async def try_the_way(now: datetime) -> None:
        await canary.look(now)
        await reports.note("canary", canary.troubles(), now)

    return ("canary", 2, try_the_way)


def _of_conversations(services: Services, report_at: time | None) -> list[Job]:
    """Return the jobs that show something in chats."""
    return [
        ("desk", 1, lambda now: look(services, now)),
        ("cards", 1, lambda now: refresh(services, now)),
        ("rights", 15, lambda now: tell_ended(services, now)),
        ("notices", 5, lambda now: tell(services, now)),
        ("report", 20, lambda now: send_due(services, now, report_at)),
        ("shared", 2, lambda now: put_right(services, now)),
    ]


def _deaf(services: Services, now: datetime) -> list[Trouble]:
    """Return why no updates have come for some minutes; each reason is told once a day."""
    flow = services.update_flow
    if not flow.lasts(now):
        return []
    return [Trouble(f"deaf:{flow.code}", "owner_deaf", deafness(flow))]


def _refused(names: Iterable[str]) -> list[Trouble]:
    """Return a trouble for each bot of the installation whose token Telegram knows no longer."""
    return [Trouble(f"refused:{name}", "owner_refused", {"bot": name}) for name in names]


def _unpaid(line: Line) -> list[Trouble]:
    """Return why nothing is paid for that should be: see `PaidBudget.why_not`."""
    return [Trouble(f"paid:{line.unpaid}", "owner_paid", {"why": line.unpaid})] if line.unpaid else []


def _lost(feeds: FeedPoller) -> list[Trouble]:
    """Return a trouble for each feed of whose items some can't be read; each is told once a day."""
    return [
        Trouble(f"letters:{number}", "owner_letters", {"feed": phrase(lost.feed), "count": lost.items})
        for number, lost in feeds.lost.items()
    ]
