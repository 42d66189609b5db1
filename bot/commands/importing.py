"""`import`: stories from files, also while the bot runs."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from bot.commands.opening import opened
from bot.desk.publish import publish as publish_story
from bot.model.errors import Refusal, SetupError
from bot.settings import DEFAULT_NEWSROOM, Settings, load_settings
from bot.sources.importing import read_file, take_stories
from bot.sources.newsroom import Newsroom, apply, load_newsroom
from bot.store.database import Database, writes


def import_files(files: list[Path], slugs: list[str], *, publish: bool) -> int:
    """Take the stories in and say what became of each file; 1 where one could not be read."""
    return asyncio.run(_import(load_settings(), files, tuple(slugs), publish))


async def _import(settings: Settings, files: list[Path], slugs: tuple[str, ...], publish: bool) -> int:
    failed = 0
    newsroom = _newsroom(settings)
    async with opened(settings.database_url) as db:
        await writes(apply)(db, newsroom, datetime.now(UTC))
        for path in files:
            try:
                await _one(db, settings, newsroom.name, path, slugs, publish)
            except SetupError as error:
                print(f"vestnik: {error}", file=sys.stderr)
                failed = 1
    return failed


async def _one(
    db: Database, settings: Settings, name: str, path: Path, slugs: tuple[str, ...], publish: bool
) -> None:
    now = datetime.now(UTC)
    items = read_file(path)
    taken = await take_stories(
        db,
        items,
        slugs,
        language=settings.language,
        name=name,
        edit_delivered=settings.edit_delivered,
        at=now,
    )
    for item, each in zip(items, taken, strict=True):
        done = str(each.change)
        if publish:
            try:
                await publish_story(db, each.article_id, now)
                done += ", published"
            except Refusal as refusal:
                done += f", {refusal.code}"
        print(f"{path}: {each.article_id} {item.headline} ({done})")


def _newsroom(settings: Settings) -> Newsroom:
    if settings.newsroom_file == DEFAULT_NEWSROOM and not settings.newsroom_file.exists():
        return Newsroom("Vestnik")
    return load_newsroom(settings.newsroom_file, settings.language)
