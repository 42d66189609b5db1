"""The file and the chat: each value belongs to whoever changed it last, and an exported file reads back the same."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.desk.newsroom import export, feeds, topics
from bot.desk.newsroom.export import Agency
from bot.model.errors import SetupError
from bot.model.story.form import Form, Style
from bot.model.story.topic import Topics
from bot.sources.newsroom.adoption import apply
from bot.sources.newsroom.entries import NO_FILE
from bot.sources.newsroom.file import load_newsroom
from bot.store.engine.database import Database
from bot.store.newsroom import feeds as kept_feeds
from bot.store.newsroom import topics as kept_topics
from bot.store.newsroom.feeds import Feed
from tests.support.transactions import reads, writes

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
OLGA = 11
FILE = """
name = "Вестник"

[[topic]]
slug = "world"
aliases = ["За рубежом"]
keywords = ["посольство"]
names = { ru = "Мир", en = "World" }

[[topic]]
slug = "asia"
parent = "world"
names = { ru = "Азия" }

[[topic]]
slug = "money"
names = { ru = "Деньги" }

[[feed]]
url = "https://example.org/feed.xml"
topics = ["money"]
interval = 600
"""

Read = Callable[[str], Awaitable[None]]
load, in_use = reads(kept_topics.load), reads(kept_feeds.all_in_use)


@pytest.fixture
def read(db: Database, tmp_path: Path) -> Read:
    """Read a text as the newsroom file, as a start does."""

    async def reading(text: str) -> None:
        path = tmp_path / "newsroom.toml"
        path.write_text(text, encoding="utf-8")
        await writes(apply)(db, load_newsroom(path), NOW)

    return reading


async def names(db: Database) -> dict[str, str]:
    return {each.slug: each.name("ru") for each in (await load(db)).all}


async def feed(db: Database) -> Feed:
    (only,) = await in_use(db)
    return only


async def number(db: Database, slug: str) -> int:
    return next(each.id for each in (await load(db)).all if each.slug == slug)


async def test_a_file_that_says_the_same_undoes_no_change_of_the_chats(db: Database, read: Read) -> None:
    await read(FILE)
    await topics.rename(db, await number(db, "asia"), {"ru": "Азия и Океания"}, at=NOW, by=OLGA)
    await topics.pause(db, await number(db, "world"), at=NOW, by=OLGA)
    await feeds.rename(db, (await feed(db)).id, "Вести", at=NOW, by=OLGA)
    await feeds.choose_publish(db, (await feed(db)).id, "draft", at=NOW, by=OLGA)
    await feeds.pause(db, (await feed(db)).id, at=NOW, by=OLGA)
    await read(FILE)
    assert await names(db) == {"world": "Мир", "asia": "Азия и Океания", "money": "Деньги"}
    assert (await load(db)).is_paused(await number(db, "asia"))
    now = await feed(db)
    assert (now.name, now.publish, now.interval, now.paused_at) == ("Вести", "draft", 600, NOW)


async def test_what_the_file_changed_since_is_followed_and_nothing_else(db: Database, read: Read) -> None:
    await read(FILE)
    await topics.rename(db, await number(db, "asia"), {"ru": "Азия и Океания"}, at=NOW, by=OLGA)
    await topics.rename(db, await number(db, "money"), {"ru": "Финансы"}, at=NOW, by=OLGA)
    await feeds.choose_publish(db, (await feed(db)).id, "draft", at=NOW, by=OLGA)
    await read(FILE.replace('"Деньги"', '"Экономика"').replace("interval = 600", "interval = 900"))
    assert await names(db) == {"world": "Мир", "asia": "Азия и Океания", "money": "Экономика"}
    assert ((await feed(db)).publish, (await feed(db)).interval) == ("draft", 900)


async def test_a_merged_topic_stays_merged_and_its_slug_leads_on(db: Database, read: Read) -> None:
    await read(FILE)
    world = await number(db, "world")
    await topics.merge(db, await number(db, "money"), world, at=NOW, by=OLGA)
    changed = FILE.replace('["посольство"]', '["посол"]').replace('["За рубежом"]', '["За границей"]')
    for text in (FILE, changed, changed.replace("interval = 600", 'interval = 600\nlanguage = "ru"')):
        await read(text)
        known = await load(db)
        assert {each.slug for each in known.all} == {"world", "asia"}
        for words in ("money", "Деньги"):
            found = known.find(words)
            assert found is not None
            assert found.id == world
        assert (await feed(db)).topics == ("world",)
    assert "За границей" in (await load(db)).by_id[world].aliases


async def test_a_feed_removed_from_the_chat_stays_away_while_the_file_names_it(
    db: Database, read: Read
) -> None:
    await read(FILE)
    await feeds.remove(db, (await feed(db)).id, at=NOW, by=OLGA)
    await read(FILE)
    await read(FILE.replace("interval = 600", "interval = 900"))
    assert not await in_use(db)
    await read(FILE.partition("[[feed]]")[0])
    await read(FILE)
    assert (await feed(db)).url == "https://example.org/feed.xml"


async def test_what_the_chat_made_stays_until_a_file_that_named_it_names_it_no_more(
    db: Database, read: Read
) -> None:
    await read(FILE)
    await topics.add(db, {"ru": "Спорт"}, at=NOW, by=OLGA)
    await feeds.add(db, "https://example.org/sport.xml", at=NOW, by=OLGA)
    await read(FILE)
    assert "sport" in await names(db)
    with_sport = FILE + '\n[[topic]]\nslug = "sport"\nnames = { ru = "Спорт" }\n'
    await read(with_sport)
    await read(FILE)
    assert "sport" not in await names(db)
    assert len(await in_use(db)) == 2


@pytest.mark.parametrize(
    "agency",
    [Agency("Вестник"), Agency("Вестник", {"ru": "Вестник", "en": "Herald"}, Style(Form.RICH, False))],
)
async def test_an_exported_file_reads_back_as_the_same(
    db: Database, read: Read, tmp_path: Path, agency: Agency
) -> None:
    await read(FILE)
    await topics.add(
        db, {"ru": 'Кавычки "и" слэш \\', "en": "Quotes"}, at=NOW, by=OLGA, parent_id=await number(db, "asia")
    )
    await topics.merge(db, await number(db, "money"), await number(db, "world"), at=NOW, by=OLGA)
    await topics.pause(db, await number(db, "asia"), at=NOW, by=OLGA)
    second = await feeds.add(
        db, "https://example.org/2.xml?a=1&b=%20", at=NOW, by=OLGA, language="en", publish="draft"
    )
    await feeds.pause(db, second.id, at=NOW, by=OLGA)
    text = await export.newsroom_file(db, agency, NOW)
    path = tmp_path / "exported.toml"
    path.write_text(text, encoding="utf-8")
    newsroom = load_newsroom(path)
    assert (newsroom.name, newsroom.names, newsroom.style) == (agency.name, agency.names, agency.style)
    before = (await load(db), await in_use(db))
    await writes(apply)(db, newsroom, NOW)
    after = (await load(db), await in_use(db))
    assert shown(before) == shown(after)
    assert await export.newsroom_file(db, agency, NOW) == text


def shown(kept: tuple[Topics, list[Feed]]) -> list[object]:
    """Return what a file can say of topics and feeds."""
    known, asked = kept
    topic_values = [
        (each.id, each.slug, each.names, each.parent_id, each.aliases, each.keywords, each.paused)
        for each in known.all
    ]
    feed_values = [
        (each.url, each.name, each.topics, each.language, each.publish, each.backfill, each.paused_at)
        for each in asked
    ]
    return [topic_values, feed_values]


async def test_without_a_file_all_stays(db: Database, read: Read) -> None:
    await read(FILE)
    await writes(apply)(db, NO_FILE, NOW)
    assert await names(db) == {"world": "Мир", "asia": "Азия", "money": "Деньги"}
    assert (await feed(db)).interval == 600


async def test_a_pause_in_the_file_is_read_strictly(db: Database, read: Read) -> None:
    await read(FILE.replace('slug = "asia"', 'slug = "asia"\npaused = true'))
    assert (await load(db)).is_paused(await number(db, "asia"))
    await read(FILE)
    assert not (await load(db)).is_paused(await number(db, "asia"))
    with pytest.raises(SetupError, match="paused must be true or false"):
        await read(FILE.replace("interval = 600", 'interval = 600\npaused = "yes"'))
