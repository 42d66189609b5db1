"""What is old is dropped, what is needed stays, and the file gives its space back."""

from __future__ import annotations

import contextlib
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select, text, update

from bot.desk import amend
from bot.desk.publish import publish
from bot.model.bulletin import BulletinKind
from bot.model.delivery import Lane, State, SubjectKind
from bot.model.following.mute import MuteKind, MuteTarget
from bot.model.story.article import Content
from bot.operations import housekeeping
from bot.store.audience import digests
from bot.store.engine.compact import compact
from bot.store.engine.database import Database
from bot.store.following import mutes
from bot.store.ledger import bulletins, deliveries, plan
from bot.store.newsroom import articles, audit, tellings, topics
from bot.store.newsroom.tables import revision
from bot.store.operations import bots
from bot.store.operations.troubles import told
from bot.store.tables.audience import digest
from bot.store.tables.ledger import bulletin, delivery, message
from tests.support.readers import join as join_chat
from tests.support.transactions import reads, writes

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
OLD, NEW = NOW - timedelta(days=40), NOW - timedelta(days=3)
BOT = 700700

add_article = writes(articles.add)
get_article = reads(articles.get)
note = writes(told.note)
was_told = reads(told.already)
deed = writes(audit.add)
deeds = reads(audit.recent)


async def test_mutes_that_are_over_go_and_others_stay(db: Database) -> None:
    await readers(db, 3)
    ends = (NOW, NOW + timedelta(seconds=1), None)
    for number, until in enumerate(ends, 1):
        await writes(mutes.keep)(db, number, MuteTarget(MuteKind.TOPIC, 1), OLD, until=until)
    await housekeeping.clean_up(db, NOW, 30)
    kept = [await reads(mutes.of_chat)(db, number, None) for number in (1, 2, 3)]
    assert [[each.until for each in found] for found in kept] == [[], [ends[1]], [None]]


@writes
async def readers(tx: Any, count: int) -> int:
    """Let so many chats follow a topic; return the topic."""
    await bots.put(tx, BOT, "vestnik_bot", OLD)
    topic = await topics.put(tx, "economy", {"ru": "Экономика"}, origin="file")
    for number in range(count):
        await join_chat(tx, BOT, number + 1, OLD, topic)
    return topic


async def delivered(
    db: Database, topic: int, headline: str, at: datetime, *, state: State = State.DONE
) -> int:
    """Publish a story at a time and settle it in every chat; return its id."""
    one = await add_article(
        db, Content(headline, "Коротко."), source="desk", uid=headline, at=at, topic_ids=[topic]
    )
    bulletin_id = await publish(db, one.id, at)

    @writes
    async def deliver(tx: Any) -> None:
        found = await bulletins.get(tx, bulletin_id)
        assert found is not None
        await plan.add_page(tx, found, found.ceiling, at)
        await plan.advance(tx, found, found.ceiling, at)
        of_it = delivery.c.subject_id == one.id
        await tx.execute(update(delivery).where(of_it).values(state=state, shown=1, accepted_at=at))
        rows = (await tx.execute(select(delivery.c.chat_id).where(of_it))).scalars().all()
        key = {"bot_id": BOT, "kind": SubjectKind.ARTICLE, "subject_id": one.id, "part": 0}
        values = [
            {**key, "chat_id": chat_id, "message_id": 5, "revision": 1, "form": "text", "sent_at": at}
            for chat_id in rows
        ]
        await tx.execute(insert(message), values)

    await deliver(db)
    return one.id


async def count(db: Database, table: Any, *where: Any) -> int:
    async with db.reader.connect() as tx:
        return int((await tx.execute(select(func.count()).select_from(table).where(*where))).scalar_one())


async def test_the_ledger_of_an_old_story_goes_and_that_of_a_new_one_stays(db: Database) -> None:
    topic = await readers(db, 700)
    old = await delivered(db, topic, "Мост открыт", OLD)
    await amend.correct(db, old, Content("Мост закрыт", "Коротко."), OLD)
    new = await delivered(db, topic, "Ярмарка началась", NEW)
    await housekeeping.clean_up(db, NOW, 30)
    for table in (delivery, message):
        assert await count(db, table, table.c.subject_id == old) == 0
        assert await count(db, table, table.c.subject_id == new) == 700
    assert await count(db, bulletin, bulletin.c.article_id == old) == 0
    assert await count(db, revision, revision.c.article_id == old) == 1
    kept = await get_article(db, old)
    assert kept is not None
    assert kept.content.headline == "Мост закрыт"


async def test_an_old_story_that_was_corrected_lately_stays_correctable(db: Database) -> None:
    topic = await readers(db, 3)
    old = await delivered(db, topic, "Мост открыт", OLD)
    await amend.correct(db, old, Content("Мост закрыт", "Коротко."), NEW)
    await housekeeping.clean_up(db, NOW, 30)
    assert await count(db, message, message.c.subject_id == old) == 3


async def test_what_still_waits_is_kept_with_its_decision(db: Database) -> None:
    topic = await readers(db, 3)
    old = await delivered(db, topic, "Мост открыт", OLD, state=State.WAITING)
    await housekeeping.clean_up(db, NOW, 30)
    assert await count(db, delivery, delivery.c.subject_id == old) == 3
    assert await count(db, bulletin, bulletin.c.kind == BulletinKind.NEW) == 1


async def test_old_digests_go_with_their_deliveries(db: Database) -> None:
    topic = await readers(db, 1)
    story = await delivered(db, topic, "Мост открыт", NEW)

    @writes
    async def told_at(tx: Any, at: datetime) -> None:
        made = await digests.add(tx, 1, [(topic, [story])], since=at - timedelta(days=1), at=at)
        await deliveries.open_digest(tx, BOT, made, 1, now=at)
        lanes = delivery.c.lane == Lane.DIGEST
        await tx.execute(update(delivery).where(lanes).values(state=State.DONE, shown=1))

    await told_at(db, OLD)
    await told_at(db, NEW)
    await housekeeping.clean_up(db, NOW, 30)
    assert await count(db, digest) == 1
    assert await count(db, delivery, delivery.c.kind == SubjectKind.DIGEST) == 1


async def test_what_was_told_is_bounded_too_and_what_was_done_stays_for_good(db: Database) -> None:
    for days in (1, 900):
        await note(db, BOT, f"key:{days}", NOW - timedelta(days=days))
        await deed(db, NOW - timedelta(days=days), 11, "publish")
    await housekeeping.clean_up(db, NOW, 30)
    assert await was_told(db, BOT, "key:1", NOW - timedelta(days=5))
    assert not await was_told(db, BOT, "key:900", NOW - timedelta(days=5000))
    assert len(await deeds(db, 10)) == 2


def size_of(db: Database) -> tuple[int, int]:
    """Return how many pages the file has, and how many of them are free."""
    assert db.file is not None
    with contextlib.closing(sqlite3.connect(db.file)) as own:
        pages, free = (
            own.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count")
        )
    return pages, free


async def test_the_file_gives_back_what_is_dropped(sqlite_db: Database) -> None:
    topic = await readers(sqlite_db, 300)
    for number in range(60):
        await delivered(sqlite_db, topic, f"Сводка {number}", OLD)
    before, _ = size_of(sqlite_db)
    await housekeeping.clean_up(sqlite_db, NOW, 30)
    pages, free = size_of(sqlite_db)
    assert pages < before * 0.75
    assert free < max(housekeeping.PAGES_AT_ONCE, pages / 5)


async def test_keys_by_which_a_story_is_found_again_go_after_a_month(db: Database) -> None:
    for article_id, at in ((1, OLD), (2, NEW)):
        await writes(tellings.add_keys)(db, article_id, [5, 6], at)
    await housekeeping.clean_up(db, NOW, 365)
    assert await reads(tellings.with_keys)(db, [5, 6, 7], 5) == [2]


async def test_a_file_of_an_earlier_version_learns_to_shrink(tmp_path: Path, sqlite_db: Database) -> None:
    file = tmp_path / "old.db"
    with contextlib.closing(sqlite3.connect(file)) as old:
        old.execute("CREATE TABLE told (key TEXT)")
        old.commit()
    assert not compact(file, most_bytes=0)
    assert compact(file)
    with contextlib.closing(sqlite3.connect(file)) as now:
        assert now.execute("PRAGMA auto_vacuum").fetchone() == (2,)
        assert now.execute("SELECT count(*) FROM told").fetchone() == (0,)
    async with sqlite_db.reader.connect() as tx:
        assert (await tx.execute(text("PRAGMA auto_vacuum"))).scalar_one() == 2


def test_a_file_in_use_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "used.db"
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as used:
        used.execute("CREATE TABLE told (key TEXT)")
        used.execute("BEGIN IMMEDIATE")
        assert not compact(file)


@pytest.fixture(autouse=True)
def _no_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing else wants the writer here."""
    monkeypatch.setattr(housekeeping, "REST_SECONDS", 0)
