"""A ledger that has been kept for a while: stories of the days before, which every chat got."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import text

from bench.support.world import BOT_ID
from bot.model.bulletin import BulletinKind
from bot.model.delivery import Lane, State, SubjectKind
from bot.model.story.article import Status
from bot.store.engine.database import Database

FIRST_ID = 10_000_000
"""The number of the first old story: those of the measurement itself stand below."""

_AT_ONCE = 100_000


async def fill_with_old_news(
    db: Database, stories: int, chats: int, *, newest: datetime, apart: timedelta
) -> None:
    """Keep so many stories, the last published at `newest`, each delivered to the chats with numbers up to `chats`."""
    span = {"first": FIRST_ID, "newest": int(newest.timestamp() * 1000), "stories": stories}
    span |= {"apart": int(apart.total_seconds() * 1000)}
    async with db.writer.begin() as tx:
        for each in (_ARTICLES, _REVISIONS, _TOPICS, _BULLETINS):
            wanted = {name: value for name, value in span.items() if f":{name}" in each}
            await tx.execute(text(each), wanted)
    step = max(1, _AT_ONCE // chats)
    for at in range(0, stories, step):
        some = {"at": FIRST_ID + at, "before": FIRST_ID + min(stories, at + step)}
        async with db.writer.begin() as tx:
            for each in (_DELIVERIES, _MESSAGES):
                await tx.execute(text(each), some | {"bot": BOT_ID, "chats": chats})
    async with db.writer.connect() as tx:
        connection = await tx.execution_options(isolation_level="AUTOCOMMIT")
        await connection.exec_driver_sql("ANALYZE" if db.file else "VACUUM ANALYZE")


_N = (
    "WITH RECURSIVE n(i) AS (SELECT CAST(:first AS INTEGER) UNION ALL"
    " SELECT i + 1 FROM n WHERE i + 1 < CAST(:first AS INTEGER) + CAST(:stories AS INTEGER)) "
)
_AT = "CAST(:newest AS BIGINT) - (CAST(:first AS BIGINT) + CAST(:stories AS BIGINT) - 1 - i) * CAST(:apart AS BIGINT)"
_ARTICLES = (
    _N + "INSERT INTO article (id, source, source_uid, status, revision, created_at, published_at)"
    f" SELECT i, 'old', 'o' || i, '{Status.PUBLISHED}', 1, {_AT}, {_AT} FROM n"
)
_REVISIONS = (
    "WITH RECURSIVE n(i) AS (SELECT CAST(:first AS INTEGER) UNION ALL"
    " SELECT i + 1 FROM n WHERE i + 1 < CAST(:first AS INTEGER) + CAST(:stories AS INTEGER)) "
    "INSERT INTO revision (article_id, number, headline, lead, dateline, blocks, language, fingerprint, created_at)"
    f" SELECT i, 1, 'Выпуск ' || i, 'Изменения вступают в силу к концу недели.', '', '[]', 'ru', '', {_AT} FROM n"
)
_TOPICS = _N + "INSERT INTO article_topic (topic_id, article_id) SELECT 1, i FROM n"
_BULLETINS = (
    _N + "INSERT INTO bulletin"
    " (id, key, article_id, revision, kind, lane, created_at, ceiling, cursor, deliveries, planned_at)"
    f" SELECT i, 'old-' || i, i, 1, '{BulletinKind.NEW}', {int(Lane.STORY)}, {_AT}, 0, 0, 0, {_AT} FROM n"
)
_DELIVERIES = (
    "INSERT INTO delivery (bot_id, kind, subject_id, chat_id, bulletin_id, lane, wanted, shown, due_at, state,"
    " attempts, accepted_at)"
    f" SELECT CAST(:bot AS BIGINT), {int(SubjectKind.ARTICLE)}, b.article_id, c.id, b.id, {int(Lane.STORY)}, 1, 1,"
    f" b.created_at, {int(State.DONE)}, 1, b.created_at FROM bulletin b, chat c"
    " WHERE b.id >= CAST(:at AS BIGINT) AND b.id < CAST(:before AS BIGINT) AND c.id <= CAST(:chats AS BIGINT)"
)
_MESSAGES = (
    "INSERT INTO message (bot_id, kind, subject_id, chat_id, part, message_id, revision, form, sent_at)"
    f" SELECT CAST(:bot AS BIGINT), {int(SubjectKind.ARTICLE)}, b.article_id, c.id, 0, b.id * 1000 + c.id, 1, 'text',"
    " b.created_at FROM bulletin b, chat c"
    " WHERE b.id >= CAST(:at AS BIGINT) AND b.id < CAST(:before AS BIGINT) AND c.id <= CAST(:chats AS BIGINT)"
)
