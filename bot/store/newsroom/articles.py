"""Articles and their revisions: kept whole, read with the latest revision's content."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    Row,
    Select,
    delete,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from bot.model.languages import ANY, Codes, primary
from bot.model.search.query import Query
from bot.model.story.article import CHANGE, LOUD, READABLE, Approval, Article, Content, Status
from bot.store.engine.database import Transaction
from bot.store.newsroom import contents
from bot.store.newsroom.search import index
from bot.store.newsroom.search.alike import alike
from bot.store.newsroom.search.find import find
from bot.store.newsroom.tables import article, article_topic, revision
from bot.store.tables.ledger import HELD_BACK as HELD_BACK_WORDS
from bot.store.tables.ledger import bulletin
from bot.store.tables.shared import AT_ONCE, shared_story

HELD_BACK = article.c.id.in_(select(bulletin.c.article_id).where(literal_column(HELD_BACK_WORDS)))
"""Whether a story was published and nobody may see it yet: its editor can still take it back."""

READ_BY_ALL = article.c.status.in_(READABLE) & ~HELD_BACK

_CONTENT = tuple(revision.c[name] for name in contents.FIELDS)


async def add(
    tx: Transaction,
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
    update_of: int | None = None,
    languages: Codes = ANY,
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
        "update_of": update_of,
        "languages": languages,
    }
    article_id = (await tx.execute(insert(article).values(values).returning(article.c.id))).scalar_one()
    await _add_revision(tx, article_id, 1, content, at=at, by=by, note=note)
    await _set_topics(tx, article_id, set(topic_ids), set())
    found = await get(tx, article_id)
    assert found is not None
    await index.follow(tx, found)
    return found


async def get(tx: Transaction, article_id: int, *, lock: bool = False) -> Article | None:
    """Return the article as it stands, or None. `lock` holds it for whoever is about to save it."""
    if lock:
        # By itself: who waited for the row would else look for the revision as it was before, and find nothing.
        await tx.execute(select(article.c.id).where(article.c.id == article_id).with_for_update())
    found = await _read(tx, _articles().where(article.c.id == article_id))
    return found[0] if found else None


async def held_back(tx: Transaction, article_id: int) -> bool:
    """Return whether the story is published, but to be seen nowhere yet."""
    found = select(article.c.id).where(article.c.id == article_id, HELD_BACK)
    return (await tx.execute(found)).first() is not None


async def many(tx: Transaction, ids: Sequence[int]) -> list[Article]:
    """Return those of `ids` that exist, in the order of `ids`."""
    if not ids:
        return []
    found = {each.id: each for each in await _read(tx, _articles().where(article.c.id.in_(ids)))}
    return [found[each] for each in ids if each in found]


async def by_source(tx: Transaction, source: str, uid: str) -> Article | None:
    """Return the article that `source` knows as `uid`, or None."""
    found = await _read(tx, _articles().where(article.c.source == source, article.c.source_uid == uid))
    return found[0] if found else None


async def with_uid(tx: Transaction, uid: str) -> list[Article]:
    """Return the articles that some source knows as `uid`."""
    return await _read(tx, _articles().where(article.c.source_uid == uid).order_by(article.c.id))


async def newest(tx: Transaction, limit: int) -> list[Article]:
    """Return the latest articles in whatever state, newest first, without canaries."""
    listed = _articles().where(article.c.status != Status.CANARY)
    return await _read(tx, listed.order_by(article.c.id.desc()).limit(limit))


async def save(tx: Transaction, changed: Article, *, by: int | None = None, note: str = "") -> None:
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
        "embargo_until": changed.embargo_until,
        "zone": changed.zone,
        "languages": changed.languages,
        "approval": changed.approval.imprint if changed.approval else None,
        "approved_by": changed.approval.by if changed.approval else None,
        "approved_at": changed.approval.at if changed.approval else None,
        "reason": changed.reason,
        "unreviewed": changed.unreviewed,
        "update_of": changed.update_of,
    }
    await tx.execute(update(article).where(article.c.id == changed.id).values(values))
    await _set_topics(tx, changed.id, set(changed.topic_ids), set(before.topic_ids))
    await index.follow(tx, changed, before)
    if before.status in READABLE and (changed.revision, changed.status) != (before.revision, before.status):
        # What people shared is to say the same.
        of_it = update(shared_story).where(shared_story.c.article_id == changed.id)
        await tx.execute(of_it.values(due_at=AT_ONCE, attempts=0))


async def content_of(tx: Transaction, article_id: int, number: int) -> Content:
    """Return what that revision of the article says. Raises LookupError where there is none."""
    where = (revision.c.article_id == article_id, revision.c.number == number)
    row = (await tx.execute(select(*_CONTENT).where(*where))).first()
    if row is None:
        raise LookupError(f"no revision {number} of article {article_id}")
    return contents.read(row)


async def published(tx: Transaction, ids: Sequence[int]) -> dict[int, datetime]:
    """Return when stories were published, by their number; none for what never was."""
    when = select(article.c.id, article.c.published_at).where(article.c.id.in_(ids))
    return {row[0]: row[1] for row in await tx.execute(when) if row[1] is not None}


async def related(tx: Transaction, to: Article, limit: int, topic_ids: Collection[int]) -> list[Article]:
    """Return others of the article's topics, in its language: those that share rare words with it, then the newest.

    Of its topics those count that are among `topic_ids`.
    """
    of = tuple(each for each in to.topic_ids if each in topic_ids)
    if not of:
        return []
    query = Query(topic_ids=of, languages=(primary(to.content.language),))
    at = to.published_at or to.created_at
    found = await alike(tx, to.content, at, query, limit=limit + 1) if at else []
    if len(set(found) - {to.id}) < limit:
        found += await find(tx, query, limit + 1 + len(found))
    return await many(tx, [each for each in dict.fromkeys(found) if each != to.id][:limit])


async def due_for_release(tx: Transaction, now: datetime, limit: int) -> list[int]:
    """Return the ids of scheduled articles whose time has come, the longest due first."""
    where = (article.c.status == Status.SCHEDULED, article.c.release_at <= now)
    statement = select(article.c.id).where(*where).order_by(article.c.release_at, article.c.id).limit(limit)
    return list((await tx.execute(statement)).scalars())


class Headline(NamedTuple):
    """A story's number and the headline of its latest revision."""

    id: int
    headline: str


async def headlines_since(tx: Transaction, since: datetime, limit: int) -> list[Headline]:
    """Return the headlines of what was published since then, newest first."""
    latest_one = (revision.c.article_id == article.c.id) & (revision.c.number == article.c.revision)
    listed = select(article.c.id, revision.c.headline).join(revision, latest_one)
    listed = listed.where(article.c.status == Status.PUBLISHED, article.c.published_at >= since)
    rows = await tx.execute(listed.order_by(article.c.published_at.desc(), article.c.id.desc()).limit(limit))
    return [Headline(*row) for row in rows]


async def corrections_of(tx: Transaction, article_id: int, since: datetime) -> list[int]:
    """Return what was told of a story's corrections, and readers may have: the small ones told since then alone."""
    told = or_(article.c.source == LOUD, (article.c.source == CHANGE) & (article.c.created_at > since))
    where = (article.c.update_of == article_id, told)
    statement = select(article.c.id).where(*where, article.c.status == Status.PUBLISHED)
    return list((await tx.execute(statement.order_by(article.c.id))).scalars())


async def told_since(tx: Transaction, article_id: int, source: str, since: datetime) -> bool:
    """Return whether a notice of that source was made about a story since then."""
    where = (article.c.update_of == article_id, article.c.source == source, article.c.created_at > since)
    return (await tx.execute(select(article.c.id).where(*where).limit(1))).first() is not None


def told_in(languages: Codes) -> Any:
    """Return whether a revision is in one of the languages, whatever the country."""
    return or_(
        revision.c.language.in_(languages), *(revision.c.language.like(f"{code}-%") for code in languages)
    )


def _articles() -> Select[Any]:
    latest_one = (revision.c.article_id == article.c.id) & (revision.c.number == article.c.revision)
    return select(article, revision.c.created_by.label("edited_by"), *_CONTENT).join(revision, latest_one)


async def _read(tx: Transaction, statement: Select[Any]) -> list[Article]:
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
        content=contents.read(row),
        topic_ids=topic_ids,
        source=row.source,
        source_uid=row.source_uid,
        flash=row.flash,
        published_at=row.published_at,
        release_at=row.release_at,
        revised_at=row.revised_at,
        created_at=row.created_at,
        edited_by=row.edited_by,
        embargo_until=row.embargo_until,
        zone=row.zone,
        update_of=row.update_of,
        languages=row.languages or ANY,
        approval=Approval(row.approved_by, row.approved_at, row.approval) if row.approval else None,
        reason=row.reason,
        unreviewed=row.unreviewed,
    )


async def _add_revision(
    tx: Transaction,
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
        **contents.values(content),
        "fingerprint": content.fingerprint(),
        "created_at": at,
        "created_by": by,
        "note": note,
    }
    await tx.execute(insert(revision).values(values))


async def _set_topics(tx: Transaction, article_id: int, wanted: set[int], had: set[int]) -> None:
    if dropped := had - wanted:
        where = (article_topic.c.article_id == article_id, article_topic.c.topic_id.in_(dropped))
        await tx.execute(delete(article_topic).where(*where))
    if fresh := sorted(wanted - had):
        rows = [{"topic_id": topic_id, "article_id": article_id} for topic_id in fresh]
        await tx.execute(insert(article_topic), rows)
