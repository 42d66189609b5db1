"""`correct`, `kill` and `articles`: what an editor does to a story that is out, also while the bot runs."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bot.commands.opening import at_the_desk
from bot.desk import amend, finding
from bot.desk.amend import Spread
from bot.model.article import Article, Content, Status
from bot.model.errors import SetupError
from bot.settings import load_settings
from bot.sources.importing import read_file
from bot.sources.item import Item
from bot.store import topics
from bot.store.database import Database, reads

LOOK_SECONDS = 0.2

_topics = reads(topics.load)


def correct(words: str, files: list[Path], slugs: list[str]) -> int:
    """Make the story of the file the article's next revision, and say who gets it."""

    async def work(db: Database) -> int:
        article = await finding.find(db, words)
        content = _content(article, [item for path in files for item in read_file(path)])
        topic_ids = await _named(db, slugs) if slugs else None
        now = datetime.now(UTC)
        revision = await amend.correct(db, article.id, content, now, topic_ids=topic_ids)
        spread = await amend.spread(db, article.id)
        print(f"article {article.id} is at revision {revision}: {content.headline}")
        if article.status is Status.PUBLISHED:
            when = "" if await finding.bot_runs(db, now) else " when the bot starts"
            print(f"chats that have it: {spread.shown}; it is changed there{when}")
        return 0

    return at_the_desk(load_settings(), work)


def kill(words: str, wait: float) -> int:
    """Take a story back everywhere and say from where it was; 1 where it could not be from some chats.

    A story that is killed already is only told of.
    """

    async def work(db: Database) -> int:
        article = await finding.find(db, words)
        now = datetime.now(UTC)
        if article.status is not Status.KILLED:
            before = await amend.spread(db, article.id)
            await amend.kill(db, article.id, now)
            print(f"article {article.id} is withdrawn: {article.content.headline}")
            print(f"chats that have it: {before.shown}; cancelled before it was sent: {before.waiting}")
        if not await finding.bot_runs(db, now):
            wait_for = 0.0
            print("no bot runs: it is taken back when one starts")
        else:
            wait_for = wait
        return _told(await _settled(db, article.id, wait_for))

    return at_the_desk(load_settings(), work)


def list_articles(words: str, limit: int) -> int:
    """List the newest stories: number, state, time, headline, the source's id."""

    async def work(db: Database) -> int:
        for each in await finding.newest(db, limit, words):
            at = each.published_at or each.created_at
            said = f"{at:%Y-%m-%d %H:%M}" if at else ""
            print(f"{each.id:>6}  {each.status:<9}  {said}  {each.content.headline}  [{each.source_uid}]")
        return 0

    return at_the_desk(load_settings(), work)


def _content(article: Article, items: list[Item]) -> Content:
    """Return what the one story says; what plain copy can't say stays as it was."""
    if len(items) != 1:
        raise SetupError(f"one story is wanted, not {len(items)}")
    before = article.content
    content = items[0].content(before.language, before.source_name)
    return replace(content, picture=content.picture or before.picture, url=content.url or before.url)


async def _named(db: Database, slugs: list[str]) -> tuple[int, ...]:
    known = await _topics(db)
    named = {slug: known.find(slug) for slug in slugs}
    if unknown := [slug for slug, topic in named.items() if topic is None]:
        raise SetupError(f"there is no topic {unknown[0]!r}")
    return tuple(topic.id for topic in named.values() if topic)


async def _settled(db: Database, article_id: int, seconds: float) -> Spread:
    """Return where the story stands once nothing more happens to it, or when the time is up."""
    ends = asyncio.get_running_loop().time() + seconds
    while True:
        spread = await amend.spread(db, article_id)
        left = ends - asyncio.get_running_loop().time()
        if spread.settled or left <= 0:
            return spread
        await asyncio.sleep(min(LOOK_SECONDS, left))


def _told(spread: Spread) -> int:
    for each in spread.left:
        print(f"NOT taken back from {each.telegram_id} {each.title}: {each.reason or 'unknown'}")
    if not spread.settled:
        print(f"chats that still have it: {spread.shown}; the same command again tells how it stands")
    elif not spread.left:
        print("it stands in no chat")
    return 1 if spread.left else 0
