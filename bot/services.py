"""What the parts of one running bot share. `bot.factory` makes it, for the app, the tests and the benchmarks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from aiogram import Bot as Client

from bot.bell import Bell, LocalBell
from bot.errands import Errands
from bot.media.charts.worker import ChartWorker
from bot.model.bot import Bot
from bot.model.clock import Clock
from bot.model.desk.rules import DeskRules
from bot.model.following.link import LinkSigner
from bot.model.newsroom.agency import Agency
from bot.model.newsroom.trial import FeedTrial, Look
from bot.model.updates.flow import UpdateFlow
from bot.rendering.article import ArticleRenderer
from bot.rendering.digest import DigestRenderer
from bot.rendering.search import SearchRenderer
from bot.rendering.talk import Talk
from bot.rendering.templates.environment import Templates
from bot.store.backup.backups import Backups
from bot.store.engine.database import Database, is_outage, why, written_here
from bot.store.ledger.counts import Counts
from bot.telegram.rich_refusals import RichRefusals

DeadLinks = Callable[[Sequence[str]], Awaitable[list[str]]]
"""Returns those of some links that lead nowhere."""


async def _none_of(_links: Sequence[str]) -> list[str]:
    return []


USUAL_RATE = 30.0
"""Calls a second (Telegram's own limit for bulk messages)."""


async def _no_trial(url: str) -> FeedTrial:
    return FeedTrial(url, fault="unforeseen")


@dataclass(frozen=True)
class Services:
    """One bot's database, clock, client of the Bot API, templates and renderers, the bell, errands, and charts.

    `refusals` remembers which stories Telegram did not take as a rich message; `rules` are the desk's; `rate` says
    how many calls a second are made now; `trial` looks once at an address as a feed. `dead_links` asks the web, and
    takes seconds. `counts` are those of stories' chats, shared by who looks. Without `backups` the
    bot makes none. `update_flow` says whether updates come; `links` knows the newsroom's own links; `agency` is what
    the newsroom file says of the newsroom.
    """

    bot: Bot
    db: Database
    clock: Clock
    client: Client
    templates: Templates
    articles: ArticleRenderer
    digests: DigestRenderer
    search: SearchRenderer
    talk: Talk
    bell: Bell = field(default_factory=LocalBell)
    errands: Errands = field(default_factory=Errands)
    refusals: RichRefusals = field(default_factory=RichRefusals)
    rules: DeskRules = field(default_factory=DeskRules)
    rate: Callable[[], float] = lambda: USUAL_RATE
    trial: Look = field(default=_no_trial)
    charts: ChartWorker = field(default_factory=ChartWorker)
    dead_links: DeadLinks = _none_of
    counts: Counts = field(default_factory=Counts)
    backups: Backups | None = None
    agency: Agency = field(default_factory=Agency)
    update_flow: UpdateFlow = field(default_factory=UpdateFlow)
    links: LinkSigner = field(default_factory=LinkSigner)

    @staticmethod
    def outage(error: Exception) -> str:
        """Return what the database says where it is locked, full or gone; empty for a mistake of ours."""
        return why(error) if is_outage(error) else ""

    @staticmethod
    def written() -> int:
        """Return how many transactions the task that asks has written so far."""
        return written_here()

    def now(self) -> datetime:
        """Return the time, in UTC."""
        return self.clock.now()
