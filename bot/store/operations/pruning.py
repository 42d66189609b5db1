"""Drops what is old, a few rows a transaction, so that nothing that sends waits for it.

What tells who got what goes after `LEDGER_DAYS`: deliveries that are settled, their messages, the bulletins
and cards behind them, digests, revisions that nobody can see any more. Articles stay, with their latest
revision: /latest, a story opened from an old message and the sources' identities need them. The audit stays for
good, and says in its own words what became different: it outlives the revisions that it tells of.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Table, delete, func, select, text, tuple_

from bot.model.delivery import State, SubjectKind
from bot.model.desk.card import CardState
from bot.store.digests import editions
from bot.store.engine.database import Transaction
from bot.store.newsroom.tables import article, card, media, revision, story_key
from bot.store.tables.audience import digest
from bot.store.tables.ledger import bulletin, delivery, message
from bot.store.tables.operations import bot
from bot.store.watch import matches

OPEN = (State.WAITING, State.CLAIMED)
_KEY = ("bot_id", "kind", "subject_id", "chat_id")


async def old_articles(tx: Transaction, before: datetime, after: int, limit: int) -> list[int]:
    """Return articles that nothing was decided on since, in order, from behind the article `after` on."""
    latest = func.max(bulletin.c.created_at)
    statement = (
        select(bulletin.c.article_id)
        .where(bulletin.c.article_id > after)
        .group_by(bulletin.c.article_id)
        .having(latest < before)
        .order_by(bulletin.c.article_id)
        .limit(limit)
    )
    return list((await tx.execute(statement)).scalars())


async def old_digests(tx: Transaction, before: datetime, after: int, limit: int) -> list[int]:
    """Return digests of that age, in order, from behind the digest `after` on."""
    statement = select(digest.c.id).where(digest.c.id > after).order_by(digest.c.id).limit(limit)
    rows = await tx.execute(statement.add_columns(digest.c.created_at))
    return [number for number, created_at in rows if created_at < before]


async def drop_deliveries(tx: Transaction, kind: SubjectKind, subject_id: int, limit: int) -> int:
    """Drop settled deliveries of a subject, with their messages; return how many."""
    of_it = (delivery.c.bot_id.in_(select(bot.c.id)), delivery.c.kind == kind)
    settled = (*of_it, delivery.c.subject_id == subject_id, delivery.c.state.not_in(OPEN))
    columns = [delivery.c[name] for name in _KEY]
    keys = [tuple(row) for row in await tx.execute(select(*columns).where(*settled).limit(limit))]
    if not keys:
        return 0
    by_bot: dict[int, list[int]] = {}
    for bot_id, _, _, chat_id in keys:
        by_bot.setdefault(bot_id, []).append(chat_id)
    for table in (message, delivery):
        for bot_id, chats in by_bot.items():
            await tx.execute(
                delete(table).where(
                    table.c.bot_id == bot_id,
                    table.c.kind == kind,
                    table.c.subject_id == subject_id,
                    table.c.chat_id.between(min(chats), max(chats)),
                    table.c.chat_id.in_(chats),
                )
            )
    return len(keys)


async def forget_article(tx: Transaction, article_id: int, before: datetime) -> None:
    """Drop an article's bulletins, cards and earlier revisions, unless something of it is still to go out."""
    if await _has_deliveries(tx, SubjectKind.ARTICLE, article_id):
        return
    told = select(bulletin.c.id).where(bulletin.c.article_id == article_id)
    await tx.execute(delete(card).where(card.c.bulletin_id.in_(told)))
    await tx.execute(delete(bulletin).where(bulletin.c.article_id == article_id))
    await matches.forget(tx, article_id)
    current = select(article.c.revision).where(article.c.id == article_id).scalar_subquery()
    earlier = (revision.c.article_id == article_id, revision.c.number < current)
    await tx.execute(delete(revision).where(*earlier, revision.c.created_at < before))


async def forget_digest(tx: Transaction, digest_id: int) -> None:
    """Drop a digest, unless it is still to go out."""
    if not await _has_deliveries(tx, SubjectKind.DIGEST, digest_id):
        dropped = delete(digest).where(digest.c.id == digest_id).returning(digest.c.edition_id)
        await editions.drop_unused(tx, (await tx.execute(dropped)).scalars().all())


async def drop_some(tx: Transaction, before: datetime, limit: int) -> int:
    """Drop some of what else is that old: dropped cards, texts never sent, pictures' ids; return how many."""
    idle = card.c.state.in_((CardState.ASKED, CardState.DROPPED))
    dropped = await _drop(tx, card, card.c.id, card.c.created_at < before, idle, limit=limit)
    pictures = tuple_(media.c.bot_id, media.c.url)
    return dropped + await _drop(tx, media, pictures, media.c.learnt_at < before, limit=limit)


async def drop_keys(tx: Transaction, before: datetime, limit: int) -> int:
    """Drop some of the keys of stories that are that old, which nobody tells anew; return how many."""
    key = tuple_(story_key.c.key, story_key.c.article_id)
    return await _drop(tx, story_key, key, story_key.c.at < before, limit=limit)


async def shrink(tx: Transaction, pages: int) -> int:
    """Give the file's system some of SQLite's free pages back, and return how many.

    A tenth of the file is left free: what is written next goes there. PostgreSQL's autovacuum does the like
    by itself.
    """
    if tx.dialect.name != "sqlite":
        return 0
    free, size = await _pragma(tx, "freelist_count"), await _pragma(tx, "page_count")
    if free < pages or free * 10 < size:
        return 0
    # The pragma takes a step for each page, of which the driver makes one, but for a script's statements all.
    driver = (await tx.get_raw_connection()).driver_connection
    assert driver is not None
    await driver.executescript(f"PRAGMA incremental_vacuum({int(pages)})")
    return free - await _pragma(tx, "freelist_count")


async def _pragma(tx: Transaction, name: str) -> int:
    return int((await tx.execute(text(f"PRAGMA {name}"))).scalar_one())


async def _has_deliveries(tx: Transaction, kind: SubjectKind, subject_id: int) -> bool:
    of_it = (delivery.c.bot_id.in_(select(bot.c.id)), delivery.c.kind == kind)
    found = select(delivery.c.chat_id).where(*of_it, delivery.c.subject_id == subject_id)
    return (await tx.execute(found.limit(1))).first() is not None


async def _drop(tx: Transaction, table: Table, key: Any, *where: Any, limit: int) -> int:
    some = select(*(key.clauses if hasattr(key, "clauses") else (key,))).where(*where).limit(limit)
    return (await tx.execute(delete(table).where(key.in_(some)))).rowcount
