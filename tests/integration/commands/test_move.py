"""A database full of everything goes to the other kind and back, and nothing is lost on the way."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from bot.commands.session import opened
from bot.commands.storage.move import move_between
from bot.model.errors import SetupError
from bot.model.search.query import Query, Sought
from bot.sandbox import Sandbox
from bot.store.audience import subscriptions
from bot.store.engine.database import Database, open_database
from bot.store.engine.schema import metadata
from bot.store.newsroom.search.find import find
from bot.store.operations import leases
from bot.store.transfer import sqlite_side
from bot.store.transfer.difference import differences
from bot.store.transfer.layout import tables
from bot.store.transfer.rows import Form
from bot.store.transfer.vector import canonical
from tests.support.database.rows import Filler
from tests.support.paths import ROOT
from tests.support.process import OURS, started
from tests.support.readers import ASIA, NOW, WORLD, Newsroom
from tests.support.transactions import given_back, reads, writes
from tests.support.world import World, settings_for

SETTINGS = {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
ANNA = 21
BRIDGE = Query((Sought((("мост",),)),))


async def contents(db: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows as the bot reads them, in no order, without what each kind keeps for itself."""
    found = {}
    async with db.read() as tx:
        for table in tables():
            columns = [each for each in table.columns if each.name != "stems"]
            found[table.name] = sorted(map(repr, await tx.execute(select(*columns))))
    return found  # type: ignore[return-value]


async def add_footer(tx: Any) -> int:
    """Return the number of a new footer."""
    return int(
        (await tx.execute(text("INSERT INTO footer (words) VALUES ('gone') RETURNING id"))).scalar_one()
    )


async def filled(newsroom: Newsroom) -> tuple[list[int], int]:
    """Put stories into a newsroom by its verbs, and rows of all kinds beside them.

    Return the stories, and the number of a footer that is gone.
    """
    stories = [
        await newsroom.story("Мост открыт", WORLD, ASIA, text="Движение по мосту пущено утром. " * 3),
        await newsroom.story("Погода", text="У моста тихо. " + "мост " * 300),
    ]
    lite = newsroom.db.file is not None
    async with newsroom.db.write() as tx:
        counts = await tx.run_sync(lambda sync: Filler(7, nul=lite).fill(sync))
        gone = await add_footer(tx)
        await tx.execute(text("DELETE FROM footer WHERE words = 'gone'"))
    assert not [name for name, rows in counts.items() if not rows]
    return stories, gone


async def test_all_of_it_goes_to_the_other_kind_and_back(
    newsroom: Newsroom, tmp_path: Path, postgres_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    stories, gone = await filled(newsroom)
    db = newsroom.db
    here = db.url.render_as_string(hide_password=False)
    other = postgres_url if db.file else f"sqlite:///{tmp_path}/other.db"
    before = await contents(db)
    await db.close()
    await move_between(here, other)
    said = capsys.readouterr().out
    moved = open_database(other)
    after = await contents(moved)
    for name, rows in before.items():
        assert after[name] == sorted(row.replace("\\x00", "") for row in rows), name
    assert "texts in title lost the character NUL" in said or not db.file
    assert await reads(find)(moved, BRIDGE, 5) == stories[::-1]
    await lives_on(moved, gone)
    if db.file:
        back = f"sqlite:///{tmp_path}/back.db"
        await move_between(other, back)
        again = open_database(back)
        assert await contents(again) == await contents(moved)
        assert await reads(find)(again, BRIDGE, 5) == await reads(find)(moved, BRIDGE, 5)
        await again.close()
    await moved.close()


async def lives_on(db: Database, gone: int) -> None:
    """Hold that no number serves twice, that the audit is held, and that the index follows the stories."""
    async with db.write() as tx:
        assert await add_footer(tx) > gone
    with pytest.raises(DBAPIError, match="only ever added to"):
        async with db.write() as tx:
            await tx.execute(text("DELETE FROM audit"))
    third = await Newsroom(db).story("Новый мост")
    assert third in await reads(find)(db, BRIDGE, 5)


@asynccontextmanager
async def held_up(address: str, table: str, mode: str) -> AsyncIterator[None]:
    """Keep everybody from a table for a while."""
    db = open_database(address)
    async with db.write() as tx:
        await tx.execute(text(f"LOCK TABLE {table} IN {mode} MODE"))
        yield
    await db.close()


async def test_a_bot_goes_on_in_the_new_database_where_it_stopped(
    db: Database, sandbox: Sandbox, tmp_path: Path, postgres_url: str
) -> None:
    world = World(sandbox, db, settings_for(sandbox))
    await world.prepare()
    app = await world.whole()
    await world.choose(ANNA, zone="Asia/Bishkek")
    await writes(subscriptions.subscribe)(db, (await world.chat(ANNA)).id, WORLD, NOW)
    await world.story("Мост открыт", WORLD)
    await world.answer(ANNA, "Мост открыт")
    await app.stop()
    there = postgres_url if db.file else f"sqlite:///{tmp_path}/other.db"
    await given_back()
    await db.close()
    await move_between(db.url.render_as_string(hide_password=False), there)
    async with opened(there) as moved:
        after = World(sandbox, moved, settings_for(sandbox))
        app = await after.whole()
        assert (await after.chat(ANNA)).zone == "Asia/Bishkek"
        await after.story("Мост закрыт", WORLD)
        await after.answer(ANNA, "Мост закрыт")
        found = await after.say(ANNA, "/search мост")
        assert "Мост открыт" in found["text"]
        await app.stop()
        await given_back()
    assert sum("Мост открыт" in each for each in after.texts(ANNA)) == 2


async def test_what_is_in_use_or_filled_is_refused(sqlite_db: Database, postgres_url: str) -> None:
    here = f"sqlite:///{sqlite_db.file}"
    async with sqlite_db.write() as tx:
        await leases.take(tx, "bot:1", "elsewhere:1:x", NOW.replace(year=2099), ttl=NOW - NOW)
    with pytest.raises(SetupError, match="the bot is running"):
        await move_between(here, postgres_url)
    async with sqlite_db.write() as tx:
        await tx.execute(text("DELETE FROM lease"))
    async with sqlite_db.read() as tx:
        await tx.execute(text("SELECT count(*) FROM chat"))
        with pytest.raises(SetupError, match="in use"):
            await move_between(here, postgres_url)
    await sqlite_db.close()
    await move_between(here, postgres_url)
    async with opened(postgres_url) as db, db.write() as tx:
        await tx.execute(text("INSERT INTO alert_sent (bot_id, key, at) VALUES (1, 'x', 1)"))
    with pytest.raises(SetupError, match="not empty: alert_sent has rows"):
        await move_between(here, postgres_url)
    with pytest.raises(SetupError, match="from SQLite to PostgreSQL, or back"):
        await move_between(here, here)


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        (
            "INSERT INTO alert_sent (bot_id, key, at) VALUES (1, printf('%200c', 'x'), 1)",
            "alert_sent bot_id=1 .*200",
        ),
        ("INSERT INTO alert_sent (bot_id, key, at) VALUES (1, 'x', 'soon')", "alert_sent .*: at holds str"),
        (
            "INSERT INTO edition (id) VALUES (1); INSERT INTO digest_article VALUES (1, 9, 1, NULL)",
            "digest_article: a row refers",
        ),
    ],
)
async def test_what_cannot_be_copied_is_named(
    sqlite_db: Database, postgres_url: str, statement: str, says: str
) -> None:
    await sqlite_db.close()
    assert sqlite_db.file
    with closing(sqlite3.connect(sqlite_db.file)) as file:
        file.executescript(statement)
    with pytest.raises(SetupError, match=says):
        await move_between(f"sqlite:///{sqlite_db.file}", postgres_url)


async def test_a_move_that_is_killed_leaves_a_target_that_no_bot_takes(
    newsroom: Newsroom, postgres_url: str, tmp_path: Path
) -> None:
    await newsroom.story("Мост открыт", WORLD)
    here = newsroom.db.url.render_as_string(hide_password=False)
    lite = newsroom.db.file is not None
    there = postgres_url if lite else f"sqlite:///{tmp_path}/other.db"
    await newsroom.db.close()
    async with opened(there):
        pass
    # Its first row waits for the lock there, or its last table here.
    stuck = (there, "article", "EXCLUSIVE") if lite else (here, "search_text", "ACCESS EXCLUSIVE")
    async with held_up(*stuck):
        settings = SETTINGS | {"DATABASE_URL": here}
        process = await started(*OURS, "move", there, folder=tmp_path, environment=settings)
        await process.said("the same on both sides" if lite else "article ")
        process.kill()
        await process.ended()
    with pytest.raises(SetupError, match=r"a move into .* was not finished: run `move` again"):
        async with opened(there):
            pass
    await move_between(here, there)
    async with opened(there) as moved:
        assert len(await reads(find)(moved, BRIDGE, 5)) == 1


async def test_rows_that_differ_are_named_by_table_and_key(sqlite_db: Database, migrated_file: Path) -> None:
    assert sqlite_db.file
    await sqlite_db.close()
    rows = "INSERT INTO media (bot_id, url, file_id, learnt_at) VALUES (1, 'b', 'x', 1), (1, 'й', '{}', 1){}"
    other = sqlite_db.file.with_name("other.db")
    shutil.copyfile(migrated_file, other)
    for file, values in ((sqlite_db.file, ("x", ", (1, 'a', 'x', 1)")), (other, ("y", ", (1, 'c', 'x', 1)"))):
        with closing(sqlite3.connect(file)) as connection:
            connection.execute(rows.format(*values))
            connection.commit()
    with sqlite_side.held(sqlite_db.file) as old, sqlite_side.held(other) as new:
        found = await differences(Form.of(metadata.tables["media"]), old, new)
    assert found == [
        "media bot_id=1 url='a': not there after the move",
        "media bot_id=1 url='c': not there before the move",
        "media bot_id=1 url='й': file_id differs",
    ]


def test_a_vector_is_read_as_postgresql_writes_it() -> None:
    assert canonical("'b':2B,10 'a''s':1A") == "'a''s':1A 'b':2B,10D"
