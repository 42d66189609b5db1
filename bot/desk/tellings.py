"""Who else tells a story; and part what was joined but is a story of its own."""

from __future__ import annotations

from datetime import datetime

from bot.model.errors import Refusal
from bot.model.story.article import Article
from bot.store.engine.database import Database
from bot.store.newsroom import articles, audit, source_versions, tellings
from bot.store.newsroom.tellings import Telling


async def listing(db: Database, article_id: int) -> list[Telling]:
    """Return the second tellings of a story, in the order in which they came."""
    async with db.read() as tx:
        return await tellings.of_articles(tx, [article_id])


async def part(
    db: Database, article_id: int, *, source: str, uid: str, at: datetime, by: int | None = None
) -> Article:
    """Make that telling a story of its own, a draft, and return the story; what was sent stays as it is.

    What the source says from now on is said of that story. `by` is an editor's Telegram id; None: the command
    line. Refused where the story has no such telling.
    """
    async with db.write(durable=True) as tx:
        telling = await tellings.get(tx, source, uid)
        if telling is None or telling.article_id != article_id:
            raise Refusal("no-such-story", words=f"{source} {uid}")
        await tellings.drop(tx, source, uid)
        topic_ids = telling.version.topic_ids
        parted = await articles.add(tx, telling.content, source=source, uid=uid, at=at, topic_ids=topic_ids)
        await source_versions.keep(tx, parted.id, telling.version)
        await tellings.copy_keys(tx, article_id, parted.id)
        detail = f"from {article_id}: {source} {uid}"
        await audit.add(tx, at, by, "part", article_id=parted.id, revision=parted.revision, detail=detail)
    return parted
