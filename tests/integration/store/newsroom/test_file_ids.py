from datetime import UTC, datetime, timedelta

from bot.store.engine.database import Database
from bot.store.newsroom import file_ids
from tests.support.transactions import reads, writes

BOT, OTHER = 700700, 800800
NOW = datetime(2026, 11, 25, tzinfo=UTC)
URL = "https://news.example.com/a.jpg"
learn, forget = writes(file_ids.learn), writes(file_ids.forget)
known, alike = reads(file_ids.known), reads(file_ids.alike)


async def test_an_id_is_kept_for_one_bot_and_the_newest_holds(db: Database) -> None:
    await learn(db, BOT, URL, "old", at=NOW, digest="d1")
    await learn(db, BOT, URL, "new", at=NOW + timedelta(hours=2), digest="d2")
    assert await known(db, BOT, URL) == file_ids.Known("new", NOW + timedelta(hours=2))
    assert await known(db, OTHER, URL) is None


async def test_the_same_bytes_are_known_at_another_address(db: Database) -> None:
    await learn(db, BOT, URL, "one", at=NOW, digest="d1")
    assert await alike(db, BOT, "d1") == "one"
    assert await alike(db, OTHER, "d1") is None
    assert await alike(db, BOT, "d2") is None


async def test_an_id_that_went_bad_is_forgotten_at_every_address(db: Database) -> None:
    await learn(db, BOT, URL, "bad", at=NOW, digest="d1")
    await learn(db, BOT, URL + "?w=800", "bad", at=NOW, digest="d1")
    await learn(db, BOT, URL + "?w=90", "good", at=NOW, digest="d2")
    await forget(db, BOT, "bad")
    assert await known(db, BOT, URL) is None
    assert await alike(db, BOT, "d1") is None
    assert await known(db, BOT, URL + "?w=90") is not None
