"""Articles and their revisions: kept whole, read with the latest revision's content."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, delete, insert, literal, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.article import READABLE, Article, Content, Status
from bot.model.content_json import dump_blocks, dump_media, load_blocks, load_media
from bot.store.tables import article, article_topic, revision

LOOKED_THROUGH = 5000

_CONTENT = (
    revision.c.headline,
    revision.c.lead,
    revision.c.dateline,
    revision.c.blocks,
    revision.c.picture,
    revision.c.language,
    revision.c.url,
    revision.c.source_name,
)


async def add(
    tx: AsyncConnection,
    content: Content,
    *,
    source: str,
    uid: str,
    at: datetime,
    topic_ids: Iterable[int] = (),
    status: Status = Status.DRAFT,
    flash: bool = False,
    published_at: datetime | None = None,
    release_at: datetime | None = None,
    by: int | None = None,
    note: str = "",
) -> Article:
    """Keep a new article as revision 1 and return it. `by` is the editor's Telegram id.

    Raises IntegrityError where `source` has had `uid` before: ask `by_source` first.
    """
    values = {
        "source": source,
        "source_uid": uid,
        "status": status,
        "revision": 1,
        "flash": flash,
        "created_at": at,
        "published_at": published_at,
        "release_at": release_at,
    }
    article_id = (await tx.execute(insert(article).values(values).returning(article.c.id))).scalar_one()
    await _add_revision(tx, article_id, 1, content, at=at, by=by, note=note)
    await _set_topics(tx, article_id, set(topic_ids), set())
    found = await get(tx, article_id)
    assert found is not None
    return found


async def get(tx: AsyncConnection, article_id: int, *, lock: bool = False) -> Article | None:
    """Return the article as it stands, or None. `lock` holds it for whoever is about to save it."""
    statement = _articles().where(article.c.id == article_id)
    found = await _read(tx, statement.with_for_update(of=article) if lock else statement)
    return found[0] if found else None


async def many(tx: AsyncConnection, ids: Sequence[int]) -> list[Article]:
    """Return those of `ids` that exist, in the order of `ids`."""
    found = {each.id: each for each in await _read(tx, _articles().where(article.c.id.in_(ids)))}
    return [found[each] for each in ids if each in found]


async def by_source(tx: AsyncConnection, source: str, uid: str) -> Article | None:
    """Return the article that `source` knows as `uid`, or None."""
    found = await _read(tx, _articles().where(article.c.source == source, article.c.source_uid == uid))
    return found[0] if found else None


async def with_uid(tx: AsyncConnection, uid: str) -> list[Article]:
    """Return the articles that some source knows as `uid`."""
    return await _read(tx, _articles().where(article.c.source_uid == uid).order_by(article.c.id))


async def newest(tx: AsyncConnection, limit: int, words: str = "") -> list[Article]:
    """Return the latest articles in whatever state, newest first; those whose headline holds the words.

    Words are looked for in the latest few thousand: SQLite itself knows no Cyrillic capitals.
    """
    latest_one = (revision.c.article_id == article.c.id) & (revision.c.number == article.c.revision)
    listed = select(article.c.id, revision.c.headline).join(revision, latest_one)
    rows = await tx.execute(listed.order_by(article.c.id.desc()).limit(LOOKED_THROUGH))
    wanted = words.casefold()
    return await many(tx, [row.id for row in rows if wanted in row.headline.casefold()][:limit])


async def save(tx: AsyncConnection, changed: Article, *, by: int | None = None, note: str = "") -> None:
    """Keep what became of an article: status, times, topics, and a revision whose number grew.

    Raises LookupError where the article is not there.
    """
    before = await get(tx, changed.id)
    if before is None:
        raise LookupError(f"no article {changed.id}")
    if changed.revision > before.revision:
        at = changed.revised_at or changed.published_at or before.created_at
        assert at is not None
        await _add_revision(tx, changed.id, changed.revision, changed.content, at=at, by=by, note=note)
    values = {
        "status": changed.status,
        "revision": changed.revision,
        "flash": changed.flash,
        "published_at": changed.published_at,
        "release_at": changed.release_at,
        "revised_at": changed.revised_at,
    }
    await tx.execute(update(article).where(article.c.id == changed.id).values(values))
    await _set_topics(tx, changed.id, set(changed.topic_ids), set(before.topic_ids))


async def content_of(tx: AsyncConnection, article_id: int, number: int) -> Content:
    """Return what that revision of the article says. Raises LookupError where there is none."""
    where = (revision.c.article_id == article_id, revision.c.number == number)
    row = (await tx.execute(select(*_CONTENT).where(*where))).first()
    if row is None:
        raise LookupError(f"no revision {number} of article {article_id}")
    return _content(row)


async def fingerprint_by_source(tx: AsyncConnection, article_id: int) -> str | None:
    """Return the fingerprint of the newest revision that no editor made."""
    where = (revision.c.article_id == article_id, revision.c.created_by.is_(None))
    statement = select(revision.c.fingerprint).where(*where).order_by(revision.c.number.desc()).limit(1)
    return (await tx.execute(statement)).scalar_one_or_none()


async def latest(
    tx: AsyncConnection,
    *,
    topic_ids: Sequence[int] | None = None,
    limit: int,
    before: tuple[datetime, int] | None = None,
    since: datetime | None = None,
    language: str | None = None,
) -> list[Article]:
    """Return what can be read, newest first, in any of `topic_ids` (None: whatever the topic).

    `before` is the (published_at, id) of the last article of the page above; `since` leaves out what is
    as old or older.
    """
    statement = _articles().where(article.c.status.in_(READABLE), article.c.published_at.is_not(None))
    if topic_ids is not None:
        about = select(article_topic.c.article_id).where(article_topic.c.topic_id.in_(topic_ids))
        statement = statement.where(article.c.id.in_(about))
    if before is not None:
        place = (literal(before[0], article.c.published_at.type), literal(before[1], article.c.id.type))
        statement = statement.where(tuple_(article.c.published_at, article.c.id) < tuple_(*place))
    if since is not None:
        statement = statement.where(article.c.published_at > since)
    if language is not None:
        statement = statement.where(revision.c.language == language)
    newest = (article.c.published_at.desc(), article.c.id.desc())
    return await _read(tx, statement.order_by(*newest).limit(limit))


async def related(tx: AsyncConnection, to: Article, limit: int) -> list[Article]:
    """Return the newest others of the article's topics, in its language."""
    if not to.topic_ids:
        return []
    found = await latest(tx, topic_ids=to.topic_ids, limit=limit + 1, language=to.content.language)
    return [each for each in found if each.id != to.id][:limit]


async def due_for_release(tx: AsyncConnection, now: datetime, limit: int) -> list[int]:
    """Return the ids of scheduled articles whose time has come, the longest due first."""
    where = (article.c.status == Status.SCHEDULED, article.c.release_at <= now)
    statement = select(article.c.id).where(*where).order_by(article.c.release_at, article.c.id).limit(limit)
    return list((await tx.execute(statement)).scalars())


def _articles() -> Select[Any]:
    latest_one = (revision.c.article_id == article.c.id) & (revision.c.number == article.c.revision)
    return select(article, *_CONTENT).join(revision, latest_one)


async def _read(tx: AsyncConnection, statement: Select[Any]) -> list[Article]:
    rows = (await tx.execute(statement)).all()
    topics: dict[int, list[int]] = {row.id: [] for row in rows}
    pairs = select(article_topic).where(article_topic.c.article_id.in_(topics))
    for pair in (await tx.execute(pairs.order_by(article_topic.c.topic_id))).all() if rows else ():
        topics[pair.article_id].append(pair.topic_id)
    return [_article(row, tuple(topics[row.id])) for row in rows]


def _article(row: Row[Any], topic_ids: tuple[int, ...]) -> Article:
    return Article(
        id=row.id,
        status=row.status,
        revision=row.revision,
        content=_content(row),
        topic_ids=topic_ids,
        source=row.source,
        source_uid=row.source_uid,
        flash=row.flash,
        published_at=row.published_at,
        release_at=row.release_at,
        revised_at=row.revised_at,
        created_at=row.created_at,
    )


def _content(row: Any) -> Content:
    return Content(
        headline=row.headline,
        lead=row.lead,
        dateline=row.dateline,
        blocks=load_blocks(row.blocks),
        picture=load_media(row.picture) if row.picture else None,
        language=row.language,
        url=row.url,
        source_name=row.source_name,
    )


async def _add_revision(
    tx: AsyncConnection,
    article_id: int,
    number: int,
    content: Content,
    *,
    at: datetime,
    by: int | None,
    note: str,
) -> None:
    values = {
        "article_id": article_id,
        "number": number,
        "headline": content.headline,
        "lead": content.lead,
        "dateline": content.dateline,
        "blocks": dump_blocks(content.blocks),
        "picture": dump_media(content.picture) if content.picture else None,
        "language": content.language,
        "url": content.url,
        "source_name": content.source_name,
        "fingerprint": content.fingerprint(),
        "created_at": at,
        "created_by": by,
        "note": note,
    }
    await tx.execute(insert(revision).values(values))


async def _set_topics(tx: AsyncConnection, article_id: int, wanted: set[int], had: set[int]) -> None:
    if dropped := had - wanted:
        where = (article_topic.c.article_id == article_id, article_topic.c.topic_id.in_(dropped))
        await tx.execute(delete(article_topic).where(*where))
    if fresh := sorted(wanted - had):
        rows = [{"topic_id": topic_id, "article_id": article_id} for topic_id in fresh]
        await tx.execute(insert(article_topic), rows)
