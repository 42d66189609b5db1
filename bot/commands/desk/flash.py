"""`flash` and `undo`: a story goes out as breaking news, and back before anybody has it."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta

from bot.commands.desk.correct import named
from bot.commands.session import at_the_desk
from bot.desk import lookup
from bot.desk.flash.choice import audience_of
from bot.desk.flash.send import Choice, send_story
from bot.desk.story import release
from bot.log import say
from bot.model.delivery import Manner
from bot.model.errors import SetupError
from bot.model.hours import zone_named
from bot.settings import load_settings
from bot.store.engine.database import Database

MOST_UNDO_SECONDS = 600


def flash(options: argparse.Namespace) -> int:
    """Send a story as breaking news: to the followers of its topics, of others, or to everybody."""
    settings = load_settings()
    if options.undo is not None and not 0 <= options.undo <= MOST_UNDO_SECONDS:
        raise SetupError(f"--undo takes 0 to {MOST_UNDO_SECONDS} seconds")
    undo = settings.desk.flash_undo if options.undo is None else timedelta(seconds=options.undo)
    manner = Manner.SILENT if options.silent else Manner.PINNED if options.pin else Manner.SOUND

    async def work(db: Database) -> int:
        article = await lookup.find(db, options.article)
        first = await lookup.find(db, options.update_of) if options.update_of else None
        chosen = await named(db, options.topic) or article.topic_ids
        if not chosen and not options.everybody:
            raise SetupError("the story has no topic: name one with --topic, or say --everybody")
        choice = Choice(
            audience_of(() if options.everybody else chosen, tuple(options.language) or None),
            manner,
            undo,
            update_of=first.id if first else None,
            anyway=options.anyway,
        )
        out = await send_story(db, article.id, choice, at=datetime.now(UTC), by=None, rules=settings.desk)
        starts = out.published_at if undo else None
        zone = zone_named(settings.time_zone) or UTC
        at = f" goes out at {starts.astimezone(zone):%H:%M:%S}" if starts else " goes out"
        say(f"article {out.id}{at}: {out.content.headline}")
        if undo:
            say(f"until then: python -m bot undo {out.id}")
        return 0

    return at_the_desk(settings, work)


def undo(words: str) -> int:
    """Take a story back that was published a moment ago and that nobody has yet."""

    async def work(db: Database) -> int:
        article = await lookup.find(db, words)
        after = await release.undo(db, article.id, at=datetime.now(UTC), by=None)
        say(f"article {after.id} is {after.status}, nobody has seen it: {after.content.headline}")
        return 0

    return at_the_desk(load_settings(), work)
