"""Highlights as they are kept, and the digests that show them: written by set, a page of chats at a time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row, case, delete, exists, func, insert, literal, select, update

from bot.model.chat import ChatState
from bot.model.delivery import Lane, State, SubjectKind
from bot.model.desk.highlights import Highlights, HighlightsState
from bot.model.languages import Codes, primary
from bot.store.digests import editions
from bot.store.engine.database import Transaction
from bot.store.following.recipients import reads
from bot.store.ledger.deliveries import DIGEST_THREAD
from bot.store.newsroom.tables import article, revision
from bot.store.tables.audience import chat, digest
from bot.store.tables.highlights import highlights, highlights_article
from bot.store.tables.ledger import delivery

_KEPT = ("state", "version", "headline", "everybody", "release_at", "zone", "cursor", "ceiling")


async def begin(tx: Transaction, bot_id: int, *, at: datetime, by: int | None) -> Highlights:
    """Return the bot's highlights that are being made, new ones where there are none."""
    open_ones = (highlights.c.bot_id == bot_id, highlights.c.state == HighlightsState.OPEN)
    newest = select(highlights.c.id).where(*open_ones).order_by(highlights.c.id.desc()).limit(1)
    number = (await tx.execute(newest)).scalar_one_or_none()
    if number is None:
        values = {"bot_id": bot_id, "state": HighlightsState.OPEN, "made_at": at, "made_by": by}
        new = insert(highlights).values(values).returning(highlights.c.id)
        number = (await tx.execute(new)).scalar_one()
    found = await get(tx, number, lock=True)
    assert found is not None
    return found


async def get(tx: Transaction, number: int, *, lock: bool = False) -> Highlights | None:
    """Return highlights, or None. `lock` holds them for whoever is about to change them."""
    statement = select(highlights).where(highlights.c.id == number)
    row = (await tx.execute(statement.with_for_update() if lock else statement)).first()
    if row is None:
        return None
    picked = select(highlights_article.c.article_id).where(highlights_article.c.highlights_id == number)
    ids = (await tx.execute(picked.order_by(highlights_article.c.position))).scalars().all()
    return _highlights(row, tuple(ids))


async def save(tx: Transaction, changed: Highlights) -> None:
    """Keep highlights as they are now."""
    values = {name: getattr(changed, name) for name in _KEPT}
    await tx.execute(update(highlights).where(highlights.c.id == changed.id).values(values))
    await tx.execute(delete(highlights_article).where(highlights_article.c.highlights_id == changed.id))
    rows = [
        {"highlights_id": changed.id, "article_id": each, "position": position}
        for position, each in enumerate(changed.stories)
    ]
    if rows:
        await tx.execute(insert(highlights_article), rows)


async def at_work(tx: Transaction, bot_id: int, limit: int) -> list[int]:
    """Return the numbers of highlights that are neither over nor dropped, newest first."""
    over = (HighlightsState.DONE, HighlightsState.DROPPED)
    where = (highlights.c.bot_id == bot_id, highlights.c.state.not_in(over))
    statement = select(highlights.c.id).where(*where).order_by(highlights.c.id.desc()).limit(limit)
    return list((await tx.execute(statement)).scalars())


async def due(tx: Transaction, bot_id: int, now: datetime) -> list[int]:
    """Return highlights whose hour has come, and heads of digests whose day is over."""
    timed = (HighlightsState.SCHEDULED, HighlightsState.HEAD)
    where = (highlights.c.bot_id == bot_id, highlights.c.state.in_(timed), highlights.c.release_at <= now)
    return list((await tx.execute(select(highlights.c.id).where(*where).order_by(highlights.c.id))).scalars())


async def going_out(tx: Transaction, bot_id: int) -> int | None:
    """Return the oldest highlights that chats are still to be found for, or None."""
    where = (highlights.c.bot_id == bot_id, highlights.c.state == HighlightsState.SENT)
    oldest = select(highlights.c.id).where(*where).order_by(highlights.c.id).limit(1)
    return (await tx.execute(oldest)).scalar_one_or_none()


async def last_chat(tx: Transaction) -> int:
    """Return the number of the newest chat."""
    return int((await tx.execute(select(func.coalesce(func.max(chat.c.id), 0)))).scalar_one())


async def add_page(tx: Transaction, picked: Highlights, end: int, *, languages: Codes, now: datetime) -> int:
    """Make the digests of chats after the cursor, up to `end`, and want them shown; return how many.

    A chat whose digest these highlights headed already gets no second one.
    """
    page = (chat.c.id > picked.cursor) & (chat.c.id <= end)
    told = exists().where(digest.c.highlights_id == picked.id, digest.c.chat_id == chat.c.id)
    at = literal(now, digest.c.created_at.type)
    edition_id = await _edition(tx, picked)
    chats = select(chat.c.id, literal(edition_id), at, at, literal(picked.id)).where(
        page, chat.c.bot_id + 0 == picked.bot_id, chat.c.state == ChatState.ACTIVE, ~told
    )
    if not picked.everybody:
        chats = chats.where(chat.c.digest_times.is_not(None))
    if languages:
        chats = chats.where(reads(languages))
    made = insert(digest).from_select(
        ["chat_id", "edition_id", "since", "created_at", "highlights_id"], chats
    )
    count = (await tx.execute(made)).rowcount
    if not count:
        await editions.drop_unused(tx, [edition_id])
        return 0
    # Those that headed a digest are of another moment.
    new = (digest.c.highlights_id == picked.id) & (digest.c.created_at == now)
    new &= (digest.c.chat_id > picked.cursor) & (digest.c.chat_id <= end)
    paused = case(
        (chat.c.paused_until > now, chat.c.paused_until), else_=literal(now, delivery.c.due_at.type)
    )
    rows = (
        select(
            chat.c.bot_id,
            literal(int(SubjectKind.DIGEST)),
            digest.c.id,
            chat.c.id,
            DIGEST_THREAD,
            literal(int(Lane.DIGEST)),
            literal(1),
            paused,
            literal(int(State.WAITING)),
            literal(0),
        )
        .join(chat, chat.c.id == digest.c.chat_id)
        .where(new)
    )
    names = ["bot_id", "kind", "subject_id", "chat_id", "thread_id", "lane", "wanted", "due_at", "state"]
    await tx.execute(insert(delivery).from_select([*names, "attempts"], rows))
    return count


async def _edition(tx: Transaction, picked: Highlights) -> int | None:
    """Return what the highlights tell, as digests keep it: once for each page of chats."""
    return await editions.add(tx, [(None, picked.stories)])


async def stop_page(tx: Transaction, number: int, after: int, end: int) -> None:
    """Skip what waits of the highlights in chats after one, up to another."""
    of_it = select(digest.c.id).where(
        digest.c.highlights_id == number, digest.c.chat_id > after, digest.c.chat_id <= end
    )
    waits = (delivery.c.kind == SubjectKind.DIGEST, delivery.c.state == State.WAITING)
    stopped = update(delivery).where(*waits, delivery.c.subject_id.in_(of_it), delivery.c.shown.is_(None))
    await tx.execute(stopped.values(state=State.SKIPPED, reason="stopped"))


async def tally(tx: Transaction, picked: Highlights) -> dict[State, int]:
    """Return how many digests with the highlights stand how; those of heads count as well."""
    of_it = (
        (delivery.c.bot_id == picked.bot_id)
        & (delivery.c.kind == SubjectKind.DIGEST)
        & (delivery.c.subject_id == digest.c.id)
        & (delivery.c.chat_id == digest.c.chat_id)
    )
    counted = select(delivery.c.state, func.count()).select_from(digest).join(delivery, of_it)
    counted = counted.where(digest.c.highlights_id == picked.id).group_by(delivery.c.state)
    return {row[0]: int(row[1]) for row in await tx.execute(counted)}


async def audience(tx: Transaction, picked: Highlights, languages: Codes) -> int:
    """Return how many chats would get the highlights now."""
    where = [chat.c.bot_id == picked.bot_id, chat.c.state == ChatState.ACTIVE]
    if not picked.everybody:
        where.append(chat.c.digest_times.is_not(None))
    if languages:
        where.append(reads(languages))
    return int((await tx.execute(select(func.count()).select_from(chat).where(*where))).scalar_one())


async def languages_of(tx: Transaction, ids: Collection[int]) -> Codes:
    """Return the languages of stories, each once; none where one story has no known language."""
    newest = (revision.c.article_id == article.c.id) & (revision.c.number == article.c.revision)
    found = select(revision.c.language).join(article, newest).where(article.c.id.in_(list(ids)))
    codes = list((await tx.execute(found.order_by(revision.c.language).distinct())).scalars())
    return tuple(dict.fromkeys(primary(code) for code in codes)) if all(codes) else ()


async def heads(tx: Transaction, bot_id: int, now: datetime) -> list[Highlights]:
    """Return the highlights that head digests now, newest first."""
    where = (highlights.c.bot_id == bot_id, highlights.c.state == HighlightsState.HEAD)
    statement = select(highlights.c.id).where(*where, highlights.c.release_at > now)
    numbers = (await tx.execute(statement.order_by(highlights.c.id.desc()))).scalars().all()
    found = [await get(tx, number) for number in numbers]
    return [each for each in found if each is not None]


def _highlights(row: Row[Any], stories: tuple[int, ...]) -> Highlights:
    return Highlights(
        id=row.id,
        bot_id=row.bot_id,
        state=row.state,
        version=row.version,
        headline=row.headline,
        everybody=row.everybody,
        made_by=row.made_by,
        made_at=row.made_at,
        stories=stories,
        release_at=row.release_at,
        zone=row.zone,
        cursor=row.cursor,
        ceiling=row.ceiling,
    )
