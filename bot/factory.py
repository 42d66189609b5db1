"""Builds the parts of one bot, for the app, the tests and the benchmarks. Only `bot.app` wires beside it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from aiogram import Dispatcher

from bot.bell import DECIDED, Bell, LocalBell, planned
from bot.conversations.routers import build_dispatcher
from bot.line import Line
from bot.matching.matcher import Matcher
from bot.media.pictures import Fetch, Pictures
from bot.model.bot import Bot
from bot.model.clock import Clock
from bot.model.delivery import Lane
from bot.model.following.link import LinkSigner
from bot.model.newsroom.agency import Agency
from bot.model.newsroom.coverage import EVERYTHING, Coverage
from bot.model.story.article import Content
from bot.model.story.form import USUAL, Style
from bot.operations.canary import Canary
from bot.operations.roles.process_role import ProcessRole
from bot.operations.ticker import Tick, Work
from bot.outbox.courier import Courier
from bot.outbox.lanes import LANES
from bot.outbox.ledger import Ledger
from bot.outbox.limits.flood_waits import FloodWaits
from bot.outbox.limits.pace import Pace
from bot.outbox.limits.paid_budget import PaidBudget
from bot.outbox.reconcile import Reconciler
from bot.outbox.render_cache import RenderCache
from bot.outbox.result_writer import ResultWriter
from bot.rendering.article import ArticleRenderer
from bot.rendering.digest import DigestRenderer
from bot.rendering.search import SearchRenderer
from bot.rendering.talk import Talk
from bot.rendering.templates.environment import Templates
from bot.services import Services
from bot.settings import Settings
from bot.sources.feed_poller import FeedPoller, FeedPolling
from bot.sources.fetch.dead_links import dead_links
from bot.sources.fetch.fetcher import Fetcher
from bot.sources.newsroom.trial import FeedTrials
from bot.sources.parser_pool import ParserPool
from bot.store.backup.backups import Backups
from bot.store.backup.rotation import Keep
from bot.store.engine.database import Database
from bot.telegram.client import make_bot
from bot.telegram.sender import Sender
from bot.telegram.transport.gate import Gate
from bot.ticks import ticks

AHEAD_SECONDS, MOST_AHEAD = 0.5, 512
"""What the courier claims ahead of the pace, in seconds' worth of calls and in deliveries."""

LEAST_CONNECTIONS, MOST_CONNECTIONS = 100, 1000
"""More than 1,000 calls on the way are refused (tdlib/telegram-bot-api: Client.cpp, on_cmd)."""

PAID_RATE = 1000
"""Calls a second that a paid broadcast may make (core.telegram.org/bots/faq)."""

PAID_LANES = {
    "off": frozenset[Lane](),
    "flash": frozenset({Lane.FLASH}),
    "all": frozenset({Lane.FLASH, Lane.STORY, Lane.DIGEST}),
}


@dataclass(frozen=True)
class Outbox:
    """What carries bulletins to the chats: the matcher plans deliveries, the courier carries them out."""

    matcher: Matcher
    courier: Courier
    renders: RenderCache
    writer: ResultWriter


class Factory:
    """Builds one bot's parts as its settings have them; nothing that it returns runs yet.

    `allowed` says no where another process may speak for the bot by now: then nothing is sent that nobody
    asked for. `serves` says which roles this process has: the courier claims and settles for one that has its role.
    `coverage` is what the bot carries of the newsroom's stories.
    """

    def __init__(
        self,
        settings: Settings,
        db: Database,
        clock: Clock,
        allowed: Callable[[], bool] = lambda: True,
        *,
        serves: Callable[[ProcessRole], bool] | None = None,
        coverage: Coverage = EVERYTHING,
    ) -> None:
        self._settings = settings
        self._coverage = coverage
        self._db = db
        self._clock = clock
        self._allowed = allowed
        self._serves = serves or (lambda _role: allowed())
        self._paid_lanes = PAID_LANES[settings.paid_broadcast]
        self._rate = max(settings.global_rate, PAID_RATE if self._paid_lanes else 0)
        self._connections = min(MOST_CONNECTIONS, max(LEAST_CONNECTIONS, int(self._rate / 2)))

    def bot(self, username: str, style: Style = USUAL) -> Bot:
        """Return who the bot is; `username` is what Telegram says, `style` the newsroom's."""
        settings = self._settings
        return Bot(
            settings.bot_id,
            username,
            owner_ids=settings.owner_ids,
            language=settings.language,
            zone=settings.time_zone,
            style=style,
            fallback=settings.fallback_channel,
            coverage=self._coverage,
        )

    def pictures(self, fetch: Fetch | None = None) -> Pictures:
        """Return the bot's pictures; without `fetch` Telegram is given addresses."""
        return Pictures(self._db, self._settings.bot_id, self._clock, fetch)

    def paid_budget(self) -> PaidBudget | None:
        """Return what may be spent on paid broadcasts; None where nothing is paid for."""
        if not self._paid_lanes:
            return None
        settings = self._settings
        return PaidBudget(
            self._db,
            settings.bot_id,
            self._clock,
            lanes=self._paid_lanes,
            stars_a_day=settings.paid_stars_a_day,
        )

    def line(self, pictures: Pictures | None = None, paid_budget: PaidBudget | None = None) -> Line:
        """Return the line to Telegram. Pictures are uploaded by `pictures`; `paid_budget` pays, if any does."""
        settings = self._settings
        floods = FloodWaits(self._db, settings.bot_id, self._clock)
        free = self._pace(settings.global_rate)
        paces = {"free": free}
        if paid_budget is not None:
            paces["paid"] = self._pace(PAID_RATE, free)
        gate = Gate(
            free,
            (paces["paid"], paid_budget) if paid_budget is not None else None,
            allowed=self._allowed,
            all_wait=floods.note,
        )
        client = make_bot(
            settings.token,
            settings.bot_api_url,
            gate,
            connections=len(paces) * self._connections + 2,
            pictures=pictures,
            picture_seconds=settings.media_seconds,
        )
        return Line(client, paces, floods, paid_budget)

    def services(
        self,
        bot: Bot,
        line: Line,
        templates: Templates,
        bell: Bell | None = None,
        *,
        agency: Agency | None = None,
    ) -> Services:
        """Return what the bot's parts share; without a `bell`, one that is heard in this process alone."""
        return Services(
            bell=bell or LocalBell(),
            bot=bot,
            db=self._db,
            clock=self._clock,
            client=line.client,
            templates=templates,
            articles=ArticleRenderer(templates),
            digests=DigestRenderer(templates),
            search=SearchRenderer(templates),
            talk=Talk(templates),
            rules=self._settings.desk,
            rate=line.rate,
            trial=FeedTrials(self._db, allow_private=self._settings.allow_private_feeds).look,
            backups=self.backups(),
            agency=agency or Agency(templates.agency, templates.names, bot.style),
            links=LinkSigner(self._settings.subscriptions_key.get_secret_value()),
            dead_links=partial(dead_links, allow_private=self._settings.allow_private_feeds),
        )

    def backups(self) -> Backups | None:
        """Return the database's backups; None where the bot makes none by itself."""
        settings = self._settings
        if settings.backup_dir is None:
            return None
        return Backups(
            settings.database_url,
            settings.backup_dir,
            settings.backup_at,
            settings.time_zone,
            keep=Keep(*settings.backup_keep),
        )

    def outbox(
        self,
        services: Services,
        line: Line,
        token_refused: Callable[[], Awaitable[None]],
        *,
        ledger: Ledger | None = None,
        window: int | None = None,
    ) -> Outbox:
        """Return the matcher and the courier, which listen to the services' bell.

        `token_refused` is called when Telegram no longer knows the token. `ledger` and `window` (how many
        deliveries are claimed ahead) take the place of the usual ones.
        """
        settings = self._settings
        writer = ResultWriter(services.db, services.clock)
        renders = RenderCache(
            services.db,
            services.clock,
            services.bot,
            articles=services.articles,
            digests=services.digests,
            refusals=services.refusals,
        )
        reconciler = Reconciler(
            services.db,
            services.clock,
            sender=Sender(line.client),
            renders=renders,
            writer=writer,
            token_refused=token_refused,
            left_in_doubt=settings.leave_in_doubt,
            paid_budget=line.paid_budget,
        )
        window = window or min(MOST_AHEAD, max(8, int(self._rate * AHEAD_SECONDS)))
        courier = Courier(
            ledger or Ledger(services.db, services.bot.id),
            services.clock,
            reconciler,
            writer,
            window=window,
            allowed=partial(self._serves, ProcessRole.COURIER),
            runners=self._connections + window,
        )
        lives = {
            Lane.FLASH: timedelta(seconds=settings.flash_ttl),
            Lane.STORY: timedelta(seconds=settings.story_ttl),
        }
        bell = services.bell
        matcher = Matcher(
            services.db, services.clock, bell, lives=lives, planned=lambda lane: bell.ring(_planned(lane))
        )
        bell.listen(courier.look_again)
        for lane in LANES:
            bell.listen(partial(courier.look_again, lane), planned(lane))
        return Outbox(matcher, courier, renders, writer)

    def dispatcher(self, services: Services, parsers: ParserPool) -> Dispatcher:
        """Return the dispatcher, with every conversation in it; `parsers` read the documents that people send."""
        return build_dispatcher(services, parsers)

    def feeds(self, fetcher: Fetcher, parsers: ParserPool) -> FeedPoller:
        """Return what asks the feeds."""
        settings = self._settings
        polling = FeedPolling(fetcher, parsers, settings.feed_min_interval, settings.edit_delivered)
        return FeedPoller(self._db, polling)

    def ticks(
        self,
        services: Services,
        line: Line,
        feeds: FeedPoller,
        *,
        first: bool = True,
        refused: Callable[[], Iterable[str]] = tuple,
    ) -> list[Tick]:
        """Return what ticks; a job runs while this process has its role.

        The `first` bot has the newsroom's jobs too. `refused` are the bots whose tokens Telegram knows no longer.
        """
        settings = self._settings
        jobs = ticks(
            services,
            line,
            feeds,
            ledger_days=settings.ledger_days if first else None,
            report_at=settings.report_at,
            canary=self.canary(services),
            refused=refused,
        )
        mine = [
            replace(job, work=_while(self._serves, role, job.work)) if role else job for role, job in jobs
        ]
        own = "" if first else f"@{services.bot.username}"
        return [replace(job, name=job.name + own) for job in mine]

    def canary(self, services: Services) -> Canary | None:
        """Return what sends hidden stories to the test chat; None where there is no such chat."""
        settings = self._settings
        if settings.canary_chat is None:
            return None
        language = settings.language
        return Canary(
            services.db,
            services.bot.id,
            settings.canary_chat,
            timedelta(minutes=settings.canary_minutes),
            content=Content(services.talk.notice("canary", language), language=language),
            rings=services.bell.ring,
        )

    def _pace(self, rate: float, beside: Pace | None = None) -> Pace:
        settings = self._settings
        return Pace(
            global_rate=rate,
            chat_rate=settings.chat_rate,
            chat_burst=settings.chat_burst,
            group_rate=settings.group_rate,
            most=self._connections,
            beside=beside,
        )


def _planned(lane: Lane | None) -> str:
    return DECIDED if lane is None else planned(lane)


def _while(serves: Callable[[ProcessRole], bool], role: ProcessRole, work: Work) -> Work:
    async def done(now: datetime) -> object:
        return await work(now) if serves(role) else None

    return done
