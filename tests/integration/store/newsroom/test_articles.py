"""Articles are kept whole, revision by revision."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from bot.model.story.article import Article, Content, Status
from bot.model.story.content import Cell, Figure, Mark, Media, MediaKind, Paragraph, Quote, Run, Table
from bot.store.engine.database import Database
from bot.store.newsroom import articles, topics
from tests.support.transactions import reads, writes

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CONTENT = Content(
    headline="В порту открыли новый причал",
    lead="Он примет суда до двухсот метров.",
    dateline="ЗАРЕЧЬЕ (Вестник).",
    blocks=(
        Paragraph((Run("Работы "), Run("начались", frozenset({Mark.BOLD}), "https://example.org/a"))),
        Quote((Paragraph((Run("Мы ждали"),)),), credit=(Run("начальник порта"),)),
        Figure(Media(MediaKind.PICTURE, "https://example.org/p.jpg", alt="причал"), (Run("Причал"),)),
        Table(((Cell((Run("а"),), header=True), Cell((Run("б"),))),)),
    ),
    picture=Media(MediaKind.PICTURE, "https://example.org/p.jpg"),
    url="https://example.org/story",
    source_name="Вестник",
)

add, get, save = writes(articles.add), reads(articles.get), writes(articles.save)
by_source = reads(articles.by_source)
put_topic = writes(topics.put)


async def _published(db: Database, uid: str, minutes: int, *topic_ids: int, language: str = "ru") -> Article:
    return await add(
        db,
        replace(CONTENT, language=language),
        source="feed:1",
        uid=uid,
        at=NOW,
        topic_ids=topic_ids,
        status=Status.PUBLISHED,
        published_at=NOW + timedelta(minutes=minutes),
    )


async def test_an_article_comes_back_as_it_was_kept(db: Database) -> None:
    topic_id = await put_topic(db, "port", {"ru": "Порт"}, origin="file")
    kept = await add(db, CONTENT, source="feed:1", uid="a", at=NOW, topic_ids=[topic_id])
    assert kept.content == CONTENT
    assert kept.status is Status.DRAFT
    assert kept.topic_ids == (topic_id,)
    assert kept.created_at == NOW
    assert await get(db, kept.id) == kept
    assert await by_source(db, "feed:1", "a") == kept
    assert await by_source(db, "feed:2", "a") is None


async def test_a_source_can_not_bring_one_uid_twice(db: Database) -> None:
    await add(db, CONTENT, source="feed:1", uid="a", at=NOW)
    with pytest.raises(IntegrityError):
        await add(db, CONTENT, source="feed:1", uid="a", at=NOW)


async def test_a_correction_adds_a_revision_and_the_first_stays_readable(db: Database) -> None:
    first = await add(db, CONTENT, source="desk", uid="1", at=NOW)
    corrected = first.correct(replace(CONTENT, headline="В порту открыли два причала"), NOW)
    await save(db, corrected, by=7, note="число")
    assert await get(db, first.id) == corrected
    assert (await reads(articles.content_of)(db, first.id, 1)).headline == CONTENT.headline
    assert (await reads(articles.content_of)(db, first.id, 2)).headline == "В порту открыли два причала"
    with pytest.raises(LookupError):
        await reads(articles.content_of)(db, first.id, 3)


async def test_a_change_of_state_and_topics_is_kept_without_a_revision(db: Database) -> None:
    one = await put_topic(db, "one", {"ru": "Один"}, origin="file")
    two = await put_topic(db, "two", {"ru": "Два"}, origin="file")
    draft = await add(db, CONTENT, source="desk", uid="1", at=NOW, topic_ids=[one])
    await save(db, replace(draft.publish(NOW), topic_ids=(two,)))
    found = await get(db, draft.id)
    assert found is not None
    assert (found.status, found.revision, found.published_at) == (Status.PUBLISHED, 1, NOW)
    assert found.topic_ids == (two,)


async def test_saving_what_is_not_there_is_refused(db: Database) -> None:
    with pytest.raises(LookupError):
        await save(db, Article(id=99, status=Status.DRAFT, revision=1, content=CONTENT))


async def test_only_scheduled_articles_whose_time_came_are_due(db: Database) -> None:
    async def scheduled(uid: str, minutes: int) -> int:
        at = NOW + timedelta(minutes=minutes)
        kept = await add(db, CONTENT, source="desk", uid=uid, at=NOW, status=Status.SCHEDULED, release_at=at)
        return kept.id

    await scheduled("later", 1)
    now, earlier = await scheduled("now", 0), await scheduled("earlier", -1)
    await add(db, CONTENT, source="desk", uid="draft", at=NOW)
    assert await reads(articles.due_for_release)(db, NOW, 9) == [earlier, now]
    assert await reads(articles.due_for_release)(db, NOW, 1) == [earlier]


async def test_many_come_in_the_order_asked_for(db: Database) -> None:
    first, second = await _published(db, "a", 0), await _published(db, "b", 1)
    assert await reads(articles.many)(db, [second.id, 99, first.id]) == [second, first]
    assert await reads(articles.many)(db, []) == []
