"""Topics are retired, never dropped."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.store.engine.database import Database
from bot.store.newsroom import topics
from tests.support.transactions import reads, writes

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

put, load, retire = writes(topics.put), reads(topics.load), writes(topics.retire)


async def test_a_topic_comes_back_as_it_was_put(db: Database) -> None:
    world = await put(db, "world", {"ru": "Мир", "en": "World"}, origin="file")
    asia = await put(
        db,
        "asia",
        {"ru": "Азия"},
        parent_id=world,
        aliases=["Восток"],
        keywords=["пустыня"],
        position=2,
        origin="desk",
    )
    found = (await load(db)).by_id[asia]
    assert (found.slug, found.names, found.parent_id) == ("asia", {"ru": "Азия"}, world)
    assert (found.aliases, found.keywords) == (("Восток",), ("пустыня",))
    assert (found.position, found.origin) == (2, "desk")
    assert (await load(db)).path(asia) == "world/asia"


async def test_a_topic_put_again_keeps_its_id_and_its_origin(db: Database) -> None:
    first = await put(db, "sport", {"ru": "Спорт"}, origin="desk")
    again = await put(db, "sport", {"ru": "Спорт и игры"}, origin="file")
    assert again == first
    found = (await load(db)).by_id[first]
    assert (found.names, found.origin) == ({"ru": "Спорт и игры"}, "desk")


async def test_a_retired_topic_is_out_of_use_and_comes_back_under_its_id(db: Database) -> None:
    first = await put(db, "sport", {"ru": "Спорт"}, origin="file")
    await retire(db, [first], NOW)
    assert (await load(db)).all == ()
    assert await put(db, "sport", {"ru": "Спорт"}, origin="file") == first
    assert [topic.id for topic in (await load(db)).all] == [first]


async def test_topics_come_in_the_newsroom_s_order(db: Database) -> None:
    late = await put(db, "late", {"ru": "Позже"}, position=5, origin="file")
    early = await put(db, "early", {"ru": "Раньше"}, position=1, origin="file")
    assert [topic.id for topic in (await load(db)).all] == [early, late]
