"""`import`: stories from files, also while the bot runs."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from bot.commands.session import opened
from bot.desk.publish import publish as publish_story
from bot.log import say
from bot.model.errors import Refusal, SetupError
from bot.settings import DEFAULT_NEWSROOM, Settings, load_settings
from bot.sources.importer import read_file, take_stories
from bot.sources.item import Item
from bot.sources.newsroom.adoption import apply
from bot.sources.newsroom.entries import NO_FILE, Newsroom
from bot.sources.newsroom.file import load_newsroom
from bot.sources.parser_pool import ParserPool
from bot.store.engine.database import Database
from bot.store.newsroom import audit


def import_files(files: list[Path], slugs: list[str], *, publish: bool) -> int:
    """Take the stories in and say what became of each file; 1 where one could not be read."""
    return asyncio.run(_import(load_settings(), files, tuple(slugs), publish))


async def _import(settings: Settings, files: list[Path], slugs: tuple[str, ...], publish: bool) -> int:
    failed = 0
    newsroom = _newsroom(settings)
    audit.hand.set(audit.COMMAND)
    async with opened(settings.database_url) as db, ParserPool() as parsers:
        async with db.write() as tx:
            await apply(tx, newsroom, datetime.now(UTC))
        for path in files:
            try:
                items = await read_file(path, parsers)
                await _one(db, settings, items, slugs, path=path, name=newsroom.name, publish=publish)
            except SetupError as error:
                say(f"vestnik: {error}", file=sys.stderr)
                failed = 1
    return failed


async def _one(
    db: Database,
    settings: Settings,
    items: list[Item],
    slugs: tuple[str, ...],
    *,
    path: Path,
    name: str,
    publish: bool,
) -> None:
    now = datetime.now(UTC)
    taken = await take_stories(
        db,
        items,
        slugs,
        now,
        name=name,
        edit_delivered=settings.edit_delivered,
    )
    for item, each in zip(items, taken, strict=True):
        done = str(each.change)
        if publish:
            try:
                await publish_story(db, each.article.id, now)
                done += ", published"
            except Refusal as refusal:
                done += f", not published: {refusal.code}"
        say(f"{path}: {each.article.id} {item.headline} ({done})")


def _newsroom(settings: Settings) -> Newsroom:
    if settings.newsroom_file == DEFAULT_NEWSROOM and not settings.newsroom_file.exists():
        return NO_FILE
    return load_newsroom(settings.newsroom_file, settings.language)
