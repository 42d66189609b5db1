"""What a card reads of its story: the same as each part by itself, in one transaction of few statements."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from bot.desk import amend, record
from bot.desk.afterwards import aftermath, proposals
from bot.desk.card import dossier
from bot.desk.card.dossier import Dossier
from bot.desk.story import checks, lock
from bot.model.desk.check import Verb
from bot.model.errors import Refusal
from bot.model.story.article import Article, Content
from bot.readers import topics
from bot.store.engine.database import Database
from bot.store.ledger.counts import Counts
from tests.support.desk.verbs import ANNA, BORIS, Desk
from tests.support.transactions import CountingDatabase

BOT = 700700
MOST_STATEMENTS = 12
COUNTED = 5
"""How many statements the counts of a story that was out take at most, beside those."""


async def read(
    desk: Desk, story: Article, counts: Counts | None = None, db: Database | None = None
) -> Dossier:
    asked = {"at": desk.now, "by": BORIS, "rules": desk.rules}
    return await dossier.of(db or desk.db, counts or Counts(), BOT, story.id, **asked)


async def out(desk: Desk) -> Article:
    story = await desk.approved()
    await desk.publish(story)
    return await desk.get(story)


async def taken_back(desk: Desk) -> Article:
    story = await out(desk)
    await amend.kill(desk.db, story.id, desk.now, BORIS, reason="ошибка")
    return await desk.get(story)


async def test_a_drafts_dossier_says_what_each_part_says(desk: Desk) -> None:
    await out(desk)
    story = await desk.draft()
    taken = await lock.take(desk.db, story.id, at=desk.now, by=ANNA)
    found = await read(desk, story)
    asked = {"at": desk.now, "by": BORIS, "rules": desk.rules}
    assert found.checks == await checks.of(desk.db, story.id, Verb.PUBLISH, **asked)
    assert "like-headline" in [each.code for each in found.checks]
    assert found.done == await record.of_article(desk.db, BOT, story.id, dossier.DEEDS)
    assert found.topics == await topics.all_topics(desk.db)
    assert (found.article, found.lock, found.held) == (story, taken, False)
    assert not found.pushes.going
    assert found.after == await aftermath.of(desk.db, story)
    desk.now += timedelta(hours=1)
    assert (await read(desk, story)).lock is None


@pytest.mark.parametrize("make", [out, taken_back])
async def test_a_published_storys_dossier_says_what_goes_out_and_what_came_after(
    desk: Desk, make: Any
) -> None:
    story = await make(desk)
    found = await read(desk, story)
    assert found.checks == []
    assert found.pushes.going
    assert not found.after.planned
    assert found.after == await aftermath.of(desk.db, story)


async def test_who_prepares_a_correction_is_named(desk: Desk) -> None:
    story = await out(desk)
    changed = Content("Мост через Светлую закрыли", story.content.lead)
    await proposals.propose(desk.db, story.id, lambda _: changed, at=desk.now, by=ANNA, seen=0)
    assert (await read(desk, story)).after.preparing == (ANNA,)


async def test_there_is_no_dossier_of_no_story(desk: Desk) -> None:
    with pytest.raises(Refusal, match="not-found"):
        await dossier.of(desk.db, Counts(), BOT, 99, at=desk.now, by=BORIS, rules=desk.rules)


@pytest.mark.parametrize(
    ("make", "transactions", "statements"),
    [
        (Desk.draft, 1, MOST_STATEMENTS),
        (out, 2, MOST_STATEMENTS + COUNTED),
        (taken_back, 3, MOST_STATEMENTS + COUNTED),
    ],
)
async def test_a_dossier_takes_few_statements(
    desk: Desk, make: Any, transactions: int, statements: int
) -> None:
    story = await make(desk)
    counting, asked = CountingDatabase(desk.db), []

    @event.listens_for(desk.db.reader.sync_engine, "before_cursor_execute")
    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    await read(desk, story, db=counting)
    event.remove(desk.db.reader.sync_engine, "before_cursor_execute", note)
    assert (counting.reads, counting.writes) == (transactions, 0)
    assert len(asked) <= statements, "\n".join(asked)
