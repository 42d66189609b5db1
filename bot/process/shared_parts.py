"""What all bots of a process share: templates, what fetches and reads, the bell."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass

from bot.bell import Bell, LocalBell
from bot.factory import Factory
from bot.log import Event
from bot.model.clock import Clock
from bot.operations.far_bell import FarBell
from bot.process.bot_config import BotConfig
from bot.rendering.check import checked_templates
from bot.rendering.templates.environment import Templates
from bot.settings import DEFAULT_NEWSROOM, Settings
from bot.sources.feed_poller import FeedPoller
from bot.sources.fetch.fetcher import Fetcher
from bot.sources.fetch.pictures import PictureFetcher
from bot.sources.newsroom.entries import NO_FILE, Newsroom
from bot.sources.newsroom.file import load_newsroom
from bot.sources.parser_pool import ParserPool
from bot.store.engine.database import Database
from bot.store.operations.notify import can_notify

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SharedParts:
    """What all bots of a process share. Whatever must be closed is closed by who opened it."""

    db: Database
    clock: Clock
    newsroom: Newsroom
    templates: Templates
    pictures: PictureFetcher
    parsers: ParserPool
    feeds: FeedPoller
    bell: Bell
    named: Callable[[str, Mapping[str, str]], Templates]
    """Returns templates that speak under these names: the usual one, and those by language."""

    def templates_for(self, config: BotConfig) -> Templates:
        """Return the templates of a bot: the newsroom's, under the bot's own names where it has any."""
        names = dict(config.names)
        if not names:
            return self.templates
        usual = names.pop("", "") or names.get(config.settings.language) or next(iter(names.values()))
        return self.named(usual, names)


async def open_shared(
    parts: AsyncExitStack, settings: Settings, newsroom: Newsroom, *, db: Database, clock: Clock
) -> SharedParts:
    """Return what is shared, to be closed by `parts`."""

    def named(name: str, names: Mapping[str, str]) -> Templates:
        return checked_templates(settings.templates_dir, agency=name, names=names, clock=clock)

    private, seconds = settings.allow_private_feeds, settings.media_seconds
    templates = named(newsroom.name, newsroom.names)
    pictures = await parts.enter_async_context(PictureFetcher(allow_private=private, seconds=seconds))
    fetcher = await parts.enter_async_context(Fetcher(allow_private=private))
    parsers = await parts.enter_async_context(ParserPool())
    feeds = Factory(settings, db, clock).feeds(fetcher, parsers)
    parts.push_async_callback(feeds.close)
    bell = FarBell(db) if can_notify(db) else LocalBell()
    return SharedParts(db, clock, newsroom, templates, pictures, parsers, feeds, bell, named)


def newsroom_of(settings: Settings) -> Newsroom:
    """Return what the newsroom's file says. Raises SetupError where the file is wrong."""
    path = settings.newsroom_file
    if path == DEFAULT_NEWSROOM and not path.exists():
        log.warning(Event("newsroom.missing", note="topics and feeds stay as they are: see /setup"))
        return NO_FILE
    return load_newsroom(path, settings.language)
