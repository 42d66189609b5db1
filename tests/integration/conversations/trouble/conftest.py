"""A listening bot whose database can be taken away, while the test's own way to it stays."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.model.newsroom.role import OWNER
from bot.sandbox import Sandbox
from bot.store.engine.database import Database, open_database
from bot.updates import outage
from tests.support.desk.editors import hire
from tests.support.people import EDITOR as EGOR
from tests.support.trouble import FileTrouble
from tests.support.world import World, settings_for

RATES = {"global_rate": 1000, "chat_rate": 1000, "chat_burst": 100, "group_rate": 60_000}


def is_told(said: str) -> bool:
    """Return whether an answer says that the database is away."""
    return "База данных бота" in said


@dataclass
class Shaken(World):
    """A room of which the bot's database may be taken away; the inbox is in another."""

    trouble: FileTrouble | None = None


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FIRST_PAUSE", "LONGEST_PAUSE"):
        monkeypatch.setattr(outage, name, 0.02)
    monkeypatch.setattr(outage, "MOST_TRIES", 10_000)


@pytest.fixture
async def inbox(migrated_file: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """A database for updates alone."""
    file = tmp_path / "inbox.db"
    shutil.copyfile(migrated_file, file)
    db = open_database(f"sqlite:///{file}")
    yield db
    await db.close()


@pytest.fixture
async def shaken(sandbox: Sandbox, sqlite_db: Database, inbox: Database) -> AsyncIterator[Shaken]:
    """A room with an editor who may do everything, and trouble to be made."""
    async with AsyncExitStack() as stack:
        theirs = open_database(str(sqlite_db.url))
        stack.push_async_callback(theirs.close)
        room = Shaken(sandbox, theirs, settings_for(sandbox, **RATES, approval="anyone"), inbox=inbox)
        await room.prepare()
        await stack.enter_async_context(room.listening())
        room.db = sqlite_db
        await hire(room, EGOR, "Егор", OWNER.rights)
        room.trouble = FileTrouble(theirs)
        stack.callback(room.trouble.close)
        yield room
