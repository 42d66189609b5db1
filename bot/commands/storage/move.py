"""`move`: the whole database from SQLite to PostgreSQL, or back."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.commands.session import opened
from bot.log import say
from bot.model.errors import SetupError
from bot.operations.roles.lease import lives
from bot.settings import load_settings
from bot.store.engine.database import UNAVAILABLE, Database, as_written, open_database, why
from bot.store.engine.database_file import hindrance, leave_note, make_file, make_folder, moving_of
from bot.store.engine.migrate import migrate
from bot.store.operations import leases
from bot.store.transfer import postgres_side, sqlite_side
from bot.store.transfer.move import MovedTable, move
from bot.store.transfer.side import Origin, Target
from bot.store.transfer.target import prepare, refuse_filled


def move_database(address: str) -> int:
    """Copy the database of the settings into an empty one of the other kind, and compare them."""
    asyncio.run(move_between(load_settings().database_url, address))
    return 0


async def move_between(here: str, there: str) -> None:
    """Copy the database at one address to the other, and compare them.

    Raises SetupError where the one is in use, the other is not empty, or a row can't be copied or came out otherwise.
    """
    old, new = open_database(here), open_database(there)
    if (old.file is None) == (new.file is None):
        raise SetupError(
            "move goes from SQLite to PostgreSQL, or back; within one kind there are backup and restore"
        )
    try:
        async with opened(here, begins=False) as db:
            await _refuse_running(db)
        async with AsyncExitStack() as stack:
            origin = await stack.enter_async_context(_origin(old))
            target = await stack.enter_async_context(_target(new))
            say(f"{'table':24}{'rows':>10}  sum of the rows, the same on both sides")
            await move(origin, target, _tell)
    except UNAVAILABLE as error:
        raise SetupError(f"the move was broken off: {why(error)}") from None
    except sqlite3.Error as error:
        raise SetupError(f"the move was broken off: {error}") from None
    finally:
        await old.close()
        await new.close()
    say(f"moved; set DATABASE_URL to {as_written(there)}, then start the bot. The old database is as it was")


@asynccontextmanager
async def _origin(db: Database) -> AsyncIterator[Origin]:
    if db.file:
        with sqlite_side.held(db.file) as side:
            yield side
    else:
        async with postgres_side.held(db) as side:
            yield side


@asynccontextmanager
async def _target(db: Database) -> AsyncIterator[Target]:
    if db.file is None:
        await prepare(db)
        async with postgres_side.filled(db) as side:
            yield side
        return
    half = await _new_file(db)
    with sqlite_side.filled(half) as side:
        yield side
    _put_in_place(half, db.file)


def _begin(half: Path) -> None:
    for beside in ("", "-wal", "-shm"):
        Path(f"{half}{beside}").unlink(missing_ok=True)
    make_file(half)


def _put_in_place(half: Path, file: Path) -> None:
    """Let a whole file be the database, in place of an empty one."""
    for beside in ("-wal", "-shm"):
        Path(f"{file}{beside}").unlink(missing_ok=True)
    half.replace(file)


async def _new_file(db: Database) -> Path:
    """Return a migrated file beside that of the database, which is to take its place when it is filled."""
    assert db.file
    if barred := hindrance(db.file):
        raise SetupError(barred)
    if db.file.exists():
        async with db.read() as tx:
            await refuse_filled(tx)
        await db.close()
    make_folder(db.file.parent)
    leave_note(db.file)
    half = moving_of(db.file)
    _begin(half)
    made = open_database(f"sqlite:///{half}")
    try:
        await migrate(made)
    finally:
        await made.close()
    return half


async def _refuse_running(db: Database) -> None:
    async with db.read() as tx:
        for name, held in (await leases.listing(tx)).items():
            alive = lives(held.owner)
            if alive or (alive is None and held.until > datetime.now(UTC)):
                raise SetupError(f"the bot is running (it holds the lease {name}): stop the bot, then move")


def _tell(one: MovedTable) -> None:
    if one.rows:
        say(f"{one.name:24}{one.rows:>10}  {one.total}")
    for column, rows in one.nul.items():
        say(f"{'':24}{rows:>10}  texts in {column} lost the character NUL, which PostgreSQL can't hold")
