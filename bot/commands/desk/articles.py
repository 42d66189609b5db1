"""`articles` and `part`: the newest stories with their numbers; who else tells a story, and another story taken out."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.commands.session import at_the_desk
from bot.desk import lookup, tellings
from bot.desk.publish import publish as publish_story
from bot.log import say
from bot.model.errors import SetupError
from bot.settings import load_settings
from bot.store.engine.database import Database


def list_articles(words: str, limit: int) -> int:
    """List the newest stories: number, state, time, headline, the source's id."""

    async def work(db: Database) -> int:
        for each in (await lookup.newest(db, limit, words, at=datetime.now(UTC))).stories:
            at = each.published_at or each.created_at
            say(f"{each.id:>6}  {each.status:<9}  {at:%Y-%m-%d %H:%M}  {each.headline}  [{each.source_uid}]")
        return 0

    return at_the_desk(load_settings(), work)


def part(words: str, number: int | None, *, publish: bool) -> int:
    """Print the story's second tellings with their numbers; part the one of that number where it is given."""

    async def work(db: Database) -> int:
        article = await lookup.find(db, words)
        others = await tellings.listing(db, article.id)
        say(f"article {article.id} of {article.source}: {article.content.headline}")
        if number is None:
            for place, each in enumerate(others, 1):
                say(f"{place:>6}  {each.content.headline}  [{each.source} {each.uid}]")
            if not others:
                say("nobody else tells this story")
            return 0
        if not 1 <= number <= len(others):
            raise SetupError(
                f"article {article.id} has {len(others)} other tellings: {number} is none of them"
            )
        one, now = others[number - 1], datetime.now(UTC)
        parted = await tellings.part(db, article.id, source=one.source, uid=one.uid, at=now)
        if publish:
            await publish_story(db, parted.id, now)
        say(f"article {parted.id} is a story of its own now ({'published' if publish else 'a draft'})")
        return 0

    return at_the_desk(load_settings(), work)
