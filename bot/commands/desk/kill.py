"""`kill`, `takedown` and `unpublish`: take a story back everywhere, and say where it still stands."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from bot.commands.session import at_the_desk
from bot.desk import amend, lookup
from bot.desk.amend import Spread
from bot.log import say
from bot.model.story.article import TAKEN_BACK
from bot.settings import load_settings
from bot.store.engine.database import Database

LOOK_SECONDS = 0.2


VERBS = {"kill": amend.kill, "takedown": amend.take_down, "unpublish": amend.unpublish}


def take_back(verb: str, words: str, wait: float, *, reason: str, again: bool = False) -> int:
    """Take a story back everywhere and print from how many chats; 1 where some chats still show it.

    For a story that was taken back before, print only where it still stands; with `again`, try those chats again.
    """

    async def work(db: Database) -> int:
        article = await lookup.find(db, words)
        now = datetime.now(UTC)
        if article.status not in TAKEN_BACK:
            before = await amend.spread(db, article.id)
            await VERBS[verb](db, article.id, now, reason=reason)
            say(f"article {article.id} is withdrawn: {article.content.headline}")
            say(f"chats that have it: {before.shown}; chats that will not get it any more: {before.waiting}")
        elif again:
            say(f"chats in which it is tried again: {await amend.retry(db, article.id, now)}")
        if not await lookup.bot_runs(db, now):
            wait_for = 0.0
            say("no bot runs now: the bot will take the story back when it starts")
        else:
            wait_for = wait
        return _told(await _settled(db, article.id, wait_for))

    return at_the_desk(load_settings(), work)


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
        say(f"NOT taken back from {each.telegram_id} {each.title}: {each.reason or 'unknown'}")
    if not spread.settled:
        say(f"chats that still have it: {spread.shown}; run the same command again to see how many are left")
    elif not spread.left:
        say("no chat has the story any more")
    return 1 if spread.left else 0
