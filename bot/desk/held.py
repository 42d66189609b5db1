"""Edits of sources that are held, because readers would lose by them: list them, let one go out, or drop it."""

from __future__ import annotations

from datetime import datetime

from bot.desk.story.story import held
from bot.model.errors import Refusal
from bot.model.story.article import Content
from bot.publishing import story_log
from bot.publishing.correct import correct
from bot.store.engine.database import Database, Transaction
from bot.store.newsroom import audit, held_edits
from bot.store.newsroom.held_edits import HeldEdit


async def listing(db: Database) -> list[HeldEdit]:
    """Return the edits that are held, oldest first."""
    async with db.read() as tx:
        return await held_edits.listing(tx)


async def words(db: Database, article_id: int) -> Content:
    """Return what the held edit would have the story say. Refused where no edit of the story is held."""
    async with db.read() as tx:
        content = await held_edits.get(tx, article_id)
    if content is None:
        raise Refusal("nothing-held")
    return content


async def any_of(db: Database, article_id: int) -> bool:
    """Return whether an edit of the story is held."""
    async with db.read() as tx:
        return await held_edits.standing(tx, article_id)


async def accept(
    db: Database,
    article_id: int,
    at: datetime,
    by: int | None = None,
    *,
    seen: int | None = None,
    imprint: str = "",
) -> int:
    """Make the held edit the story's next revision, and return its number; who has the story gets an edit.

    `by` is an editor's Telegram id; None: the command line. Refused where no edit of the story is held, and for a
    killed story; as `changed-meanwhile` where `seen`, the revision that the editor saw, is not the newest, or where
    another edit is held by now than the one whose fingerprint begins with `imprint`. What the source says after that
    is compared with what it said: the same words are no news.
    """
    async with held(db, article_id, seen) as (tx, _):
        content = await _held(tx, article_id, imprint)
        article = await correct(tx, article_id, content, at, by=by)
        await held_edits.drop(tx, article_id)
        await audit.add(tx, at, by, "accept", article_id=article_id, revision=article.revision)
    story_log.corrected(article, story_log.COMMAND if by is None else by)
    return article.revision


async def refuse(
    db: Database, article_id: int, at: datetime, by: int | None = None, *, imprint: str = ""
) -> None:
    """Drop the held edit: readers keep what they have until the source says something new. Refused as in `accept`."""
    async with held(db, article_id) as (tx, article):
        await _held(tx, article_id, imprint)
        await held_edits.drop(tx, article_id)
        await audit.add(tx, at, by, "refuse", article_id=article_id, revision=article.revision)


async def _held(tx: Transaction, article_id: int, imprint: str) -> Content:
    content = await held_edits.get(tx, article_id)
    if content is None:
        raise Refusal("nothing-held")
    if not content.fingerprint().startswith(imprint):
        raise Refusal("changed-meanwhile")
    return content
