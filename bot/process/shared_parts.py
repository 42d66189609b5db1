"""What all bots of a process share: templates, what fetches and reads, the bell."""

from __future__ import annotations

import logging
from contextlib import AsyncExitStack
from dataclasses import dataclass

from bot.bell import Bell, LocalBell
from bot.log import Event
from bot.model.clock import Clock
from bot.operations.far_bell import FarBell
from bot.rendering.check import checked_templates
from bot.rendering.templates.environment import Templates
from bot.settings import DEFAULT_NEWSROOM, Settings
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

    newsroom: Newsroom
    templates: Templates
    pictures: PictureFetcher
    fetcher: Fetcher
    parsers: ParserPool
    bell: Bell


async def open_shared(parts: AsyncExitStack, settings: Settings, db: Database, clock: Clock) -> SharedParts:
    """Return what is shared, to be closed by `parts`. Raises SetupError where the newsroom's file is wrong."""
    newsroom = _newsroom(settings)
    templates = checked_templates(
        settings.templates_dir, agency=newsroom.name, names=newsroom.names, clock=clock
    )
    private, seconds = settings.allow_private_feeds, settings.media_seconds
    return SharedParts(
        newsroom,
        templates,
        await parts.enter_async_context(PictureFetcher(allow_private=private, seconds=seconds)),
        await parts.enter_async_context(Fetcher(allow_private=private)),
        await parts.enter_async_context(ParserPool()),
        FarBell(db) if can_notify(db) else LocalBell(),
    )


def _newsroom(settings: Settings) -> Newsroom:
    path = settings.newsroom_file
    if path == DEFAULT_NEWSROOM and not path.exists():
        log.warning(Event("newsroom.missing", note="topics and feeds stay as they are: see /setup"))
        return NO_FILE
    return load_newsroom(path, settings.language)
