"""Digests made by the page tell many chats, who chose and have the most various things, what each alone is told."""

from __future__ import annotations

import random
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from bot.matching import digest as planning
from bot.matching.digest import plan_due
from bot.model.chat import topic_order
from bot.model.delivery import Lane, State, SubjectKind
from bot.model.following.mode import WIRE, Mode
from bot.model.following.mute import MuteKind, MuteTarget
from bot.model.following.news import choice_among
from bot.model.hours import DigestTime
from bot.store.audience import chats, digests, subscriptions
from bot.store.following import mutes
from bot.store.newsroom import topics
from bot.store.tables.audience import chat, digest, digest_article, subscription
from bot.store.tables.ledger import delivery
from tests.support.readers import ASIA, BOT, ECONOMY, SPORT, WORLD, Newsroom, join
from tests.support.transactions import reads, writes

CHATS, STORIES = 40, 12
NINE = DigestTime(time(9), 127)
TOPICS = (WORLD, ASIA, ECONOMY, SPORT)


@writes
async def choose(tx: Any, made: random.Random, newsroom: Newsroom) -> list[int]:
    """Let chats follow and mute topics, have some stories by themselves, and be due."""
    ids, now = [], newsroom.now
    for number in range(CHATS):
        chat_id = await join(tx, BOT, 1000 + number, now)
        ids.append(chat_id)
        for topic_id in made.sample((WIRE, *TOPICS), made.randint(0, 4)):
            # Several in one moment: the newsroom's order decides between these.
            since = now + timedelta(seconds=made.randint(0, 1))
            row = {"topic_id": topic_id, "chat_id": chat_id, "mode": made.choice(list(Mode)), "since": since}
            await tx.execute(insert(subscription).values(**row, position=made.choice((None, None, 1, 2))))
        if made.random() < 0.3:
            await mutes.keep(tx, chat_id, MuteTarget(MuteKind.TOPIC, made.choice(TOPICS)), now)
        for story in made.sample(newsroom.made, made.choice((0, 0, 3, STORIES))):
            row = {"bot_id": BOT, "kind": SubjectKind.ARTICLE, "subject_id": story, "chat_id": chat_id}
            state = made.choice((State.DONE, State.WAITING, State.SKIPPED))
            await tx.execute(
                insert(delivery).values(**row, lane=Lane.STORY, wanted=1, due_at=now, state=state)
            )
        values = {"digest_times": (NINE,), "digest_empty": made.random() < 0.5, "digest_due": now}
        values |= {"news_languages": made.choice((None, ("ru",), ("en",))), "zone": "UTC"}
        await tx.execute(update(chat).where(chat.c.id == chat_id).values(values))
    return ids


@reads
async def wanted(tx: Any, ids: list[int], now: Any) -> dict[int, Any]:
    """Return what each chat alone would be told, and hold its choice against the rows one by one."""
    known = await topics.load(tx)
    told = {}
    for one in await chats.many(tx, ids):
        chosen = await subscriptions.of_chat(tx, one.id)
        muted = [each.target for each in await mutes.of_chat(tx, one.id, now)]
        modes = {topic_id: each.mode for topic_id, each in chosen.items()}
        simple = choice_among(topic_order(chosen, known), modes, muted)
        assert await digests.choice_of(tx, one.id, known, now) == simple
        listed = await digests.contents(tx, one, known, since=now - timedelta(days=1), until=now)
        if listed or one.digest_empty:
            told[one.id] = [(topic_id, list(stories)) for topic_id, stories in listed]
    return told


@reads
async def told(tx: Any, now: datetime) -> dict[int, Any]:
    """Return what the digests of a moment tell, by chat; each is to be sent."""
    waits = (delivery.c.kind == SubjectKind.DIGEST, delivery.c.state == State.WAITING)
    made = select(digest).join(delivery, delivery.c.subject_id == digest.c.id).where(*waits)
    found = {}
    for row in (await tx.execute(made.where(digest.c.created_at == now))).all():
        stories = select(digest_article.c.topic_id, digest_article.c.article_id)
        stories = stories.where(digest_article.c.edition_id == row.edition_id)
        sections: dict[int | None, list[int]] = {}
        for topic_id, article_id in await tx.execute(stories.order_by(digest_article.c.position)):
            sections.setdefault(topic_id, []).append(article_id)
        assert row.chat_id not in found, "one digest a chat"
        found[row.chat_id] = list(sections.items())
    return found


@reads
async def due_next(tx: Any) -> set[datetime]:
    return set((await tx.execute(select(chat.c.digest_due))).scalars())


@writes
async def sent(tx: Any) -> None:
    waits = (delivery.c.kind == SubjectKind.DIGEST, delivery.c.state == State.WAITING)
    await tx.execute(update(delivery).where(*waits).values(state=State.DONE, shown=1))


@pytest.mark.parametrize("seed", [1, 2])
async def test_many_are_told_what_each_would_be_told_alone(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(planning, "AT_ONCE", 7)
    monkeypatch.setattr(planning, "ROOM", 10)
    made = random.Random(seed)
    newsroom.now = datetime(2026, 3, 2, 8, tzinfo=UTC)
    ids: list[int] = []
    for day in (2, 3):
        for number in range(STORIES):
            about = made.sample(TOPICS, made.randint(0, 2))
            story = await newsroom.story(f"{day}.{number}", *about, language=made.choice(("ru", "en")))
            newsroom.made.append(story)
        ids = ids or await choose(newsroom.db, made, newsroom)
        now = datetime(2026, 3, day, 9, tzinfo=UTC)
        expected = await wanted(newsroom.db, ids, now)
        assert await plan_due(newsroom.db, BOT, now) == len(expected)
        assert await told(newsroom.db, now) == expected
        assert await due_next(newsroom.db) == {now + timedelta(days=1)}
        await sent(newsroom.db)
        newsroom.now = now + timedelta(hours=3)
