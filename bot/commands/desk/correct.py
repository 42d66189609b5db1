"""`correct`, `held`, `accept` and `refuse`: a next revision from a file or a held edit, also while the bot runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bot.commands.session import at_the_desk
from bot.desk import amend, lookup
from bot.desk import held as held_edits
from bot.log import say
from bot.model.desk.loudness import Loudness
from bot.model.errors import SetupError
from bot.model.story.article import Article, Content, Status
from bot.model.story.content import plain_text
from bot.settings import load_settings
from bot.sources.importer import read_file
from bot.sources.item import Item
from bot.sources.parser_pool import ParserPool
from bot.store.engine.database import Database
from bot.store.newsroom import topics


def correct(words: str, files: list[Path], slugs: list[str], *, quiet: bool = False, loud: str = "") -> int:
    """Make the story of the file the article's next revision, and say who gets it.

    `quiet`: no line dates the correction. `loud`: what a reply to the story says besides.
    """

    async def work(db: Database) -> int:
        article = await lookup.find(db, words)
        content = _content(article, await only_item(files))
        topic_ids = await named(db, slugs) if slugs else None
        now = datetime.now(UTC)
        revision = await amend.correct(
            db,
            article.id,
            content,
            now,
            topic_ids=topic_ids,
            loudness=Loudness.QUIET if quiet else Loudness.LOUD if loud else Loudness.DATED,
            notice=Content(loud, language=content.language) if loud else None,
        )
        say(f"article {article.id} is at revision {revision}: {content.headline}")
        if article.status is Status.PUBLISHED:
            await _say_spread(db, article.id, now)
        return 0

    return at_the_desk(load_settings(), work)


def held(words: str) -> int:
    """List the held edits, or print what the held edit of one story would have the story say."""

    async def work(db: Database) -> int:
        if words:
            content = await held_edits.words(db, (await lookup.find(db, words)).id)
            for text in (content.headline, content.lead, plain_text(content.blocks)):
                say("".join(each if each.isprintable() or each == "\n" else " " for each in text))
            return 0
        for edit in await held_edits.listing(db):
            say(f"{edit.article_id:>6}  {edit.at:%Y-%m-%d %H:%M}  {edit.reason:<10}  {edit.headline}")
        return 0

    return at_the_desk(load_settings(), work)


def accept(words: str) -> int:
    """Let the held edit of a story go out, and say who gets it."""

    async def work(db: Database) -> int:
        article, now = await lookup.find(db, words), datetime.now(UTC)
        revision = await held_edits.accept(db, article.id, now)
        say(f"article {article.id} is at revision {revision}")
        await _say_spread(db, article.id, now)
        return 0

    return at_the_desk(load_settings(), work)


def refuse(words: str) -> int:
    """Drop the held edit of a story."""

    async def work(db: Database) -> int:
        article = await lookup.find(db, words)
        await held_edits.refuse(db, article.id, datetime.now(UTC))
        say(f"article {article.id} stays at revision {article.revision}: {article.content.headline}")
        return 0

    return at_the_desk(load_settings(), work)


async def _say_spread(db: Database, article_id: int, now: datetime) -> None:
    spread, runs = await amend.spread(db, article_id), await lookup.bot_runs(db, now)
    when = "changes it there now" if runs else "will change it there when it starts"
    say(f"chats that have it: {spread.shown}; the bot {when}")


async def only_item(files: list[Path]) -> Item:
    """Return the one story of the files. Raises SetupError where they hold none or several."""
    async with ParserPool() as parsers:
        items = [item for path in files for item in await read_file(path, parsers)]
    if len(items) != 1:
        raise SetupError(f"the files hold {len(items)} stories: give one story")
    return items[0]


def _content(article: Article, item: Item) -> Content:
    """Return the content of the story; what plain copy can't hold (picture, link) stays as it was."""
    before = article.content
    content = item.content(before.language, before.source_name)
    return replace(content, picture=content.picture or before.picture, url=content.url or before.url)


async def named(db: Database, slugs: list[str]) -> tuple[int, ...]:
    """Return the ids of the topics. Raises SetupError for a slug that is no topic's."""
    async with db.read() as tx:
        known = await topics.load(tx)
    found = {slug: known.find(slug) for slug in slugs}
    if unknown := [slug for slug, topic in found.items() if topic is None]:
        raise SetupError(f"there is no topic {unknown[0]!r}: newsroom.toml lists the topics")
    return tuple(topic.id for topic in found.values() if topic)
