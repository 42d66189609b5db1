"""`check --fix` says what it does, does what is safe, and leaves the rest alone."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.commands.check import check
from bot.commands.repairs.files import found_files
from bot.commands.repairs.rows import found_rows
from bot.model.errors import SetupError
from bot.model.search.query import Query, Sought
from bot.operations.roles.lease import holder_name
from bot.settings import Settings
from bot.store.backup.left_log import take_in, waiting_bytes
from bot.store.backup.sqlite_copy import copy
from bot.store.engine.database import Database
from bot.store.newsroom.search.find import find
from bot.store.operations import leases
from tests.support.paths import ROOT
from tests.support.readers import NOW, Newsroom
from tests.support.transactions import given_back, reads

BRIDGE = Query((Sought((("мост",),)),))
NEWSROOM = 'name = "Вестник"\n[[topic]]\nslug = "world"\n[topic.names]\nru = "Мир"\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a newsroom file, in which the command runs."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "newsroom.toml").write_text(NEWSROOM, encoding="utf-8")
    monkeypatch.setenv("BOT_TOKEN", "700700:" + "T" * 35)
    return tmp_path


def gone() -> int:
    """Return the number of a process that has ended."""
    number = os.spawnlp(os.P_NOWAIT, "true", "true")
    os.waitpid(number, 0)
    return number


async def checked(capsys: pytest.CaptureFixture[str], *, fix: bool = False) -> tuple[int, str]:
    """Run the command in a thread of its own, and return its code and what it said."""
    capsys.readouterr()
    code = await asyncio.to_thread(check, offline=True, fix=fix)
    return code, capsys.readouterr().out


async def test_what_is_safe_is_mended_and_only_when_asked(
    newsroom: Newsroom, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    db = newsroom.db
    if db.file:
        db.file.chmod(0o600)
    story = await newsroom.story("Мост открыт")
    async with db.write() as tx:
        await leases.take(tx, "bot:1", holder_name(gone()), NOW, ttl=timedelta(days=999))
        await leases.take(tx, "bot:2", "elsewhere:1:x", NOW, ttl=timedelta(days=999))
        await tx.execute(text("UPDATE search_entry SET version = 0"))
    await db.close()
    monkeypatch.setenv("DATABASE_URL", db.url.render_as_string(hide_password=False))
    monkeypatch.setenv("LOG_FILE", "logs/bot.log")
    (folder / ".env").write_text("LANGUAGE=ru\n")
    (folder / ".env").chmod(0o644)
    half = folder / "vestnik-20260101-000000.backup.part"
    for each in (half, folder / "fresh.part"):
        each.touch()
    os.utime(half, (1, 1))
    wanted = [
        "folders: LOG_FILE",
        "rights: everybody on this machine may read or write .env",
        "the lease bot:1",
    ]
    wanted += ["stories that a search does not find yet: 1", *(["is the half of a copy"] if db.file else [])]
    code, said = await checked(capsys)
    assert code == 1
    assert [each for each in wanted if each not in said] == []
    assert said.count("--fix") == len(wanted)
    assert half.exists()
    code, said = await checked(capsys, fix=True)
    assert (code, said.count("fixed ")) == (0, len(wanted)), said
    assert (folder / ".env").stat().st_mode & 0o777 == 0o640
    assert (half.exists(), (folder / "fresh.part").exists()) == (db.file is None, True)
    async with db.read() as tx:
        assert list(await leases.listing(tx)) == ["bot:2"]
    assert await reads(find)(db, BRIDGE, 5) == [story]
    await given_back()


async def test_an_index_that_lost_its_stories_is_filled_anew(sqlite_db: Database) -> None:
    newsroom = Newsroom(sqlite_db)
    stories = [await newsroom.story(f"Мост {number}") for number in range(3)]
    async with sqlite_db.write() as tx:
        await tx.execute(text("INSERT INTO search_text (search_text) VALUES ('delete-all')"))
    (found,) = [each async for each in found_rows(sqlite_db)]
    assert (found.says, found.wrong) == ("the index of full text does not fit its entries", True)
    assert found.mend
    await found.mend()
    assert [each async for each in found_rows(sqlite_db)] == []
    assert await reads(find)(sqlite_db, BRIDGE, 5) == stories[::-1]


async def test_what_is_not_safe_is_named_and_left(sqlite_db: Database, tmp_path: Path) -> None:
    assert sqlite_db.file
    with closing(sqlite3.connect(sqlite_db.file)) as file:
        file.execute("INSERT INTO digest_article VALUES (1, 9, 1, NULL), (2, 9, 1, NULL)")
        file.commit()
    found = [each async for each in found_rows(sqlite_db)]
    (tmp_path / "gone.db-wal").write_bytes(b"x")
    found += found_files(Settings(_env_file=None, database_url=f"sqlite:///{tmp_path}/gone.db"))
    said = [each.says for each in found if each.wrong and each.mend is None]
    assert any("digest_article has 2 without their article" in each for each in said)
    assert any("gone.db-wal is there without" in each for each in said)


async def test_a_log_that_a_killed_process_left_is_taken_in(sqlite_db: Database, tmp_path: Path) -> None:
    assert sqlite_db.file
    settings = Settings(_env_file=None, database_url=f"sqlite:///{sqlite_db.file}")
    killed = tmp_path / "killed.db"
    with closing(sqlite3.connect(sqlite_db.file)) as file:
        file.execute("PRAGMA journal_mode = WAL")
        file.execute("INSERT INTO alert_sent (bot_id, key, at) VALUES (1, 'x', 1)")
        file.commit()
        (found,) = (each for each in found_files(settings) if each.name == "log")
        assert found.mend
        with pytest.raises(SetupError, match="in use"):
            await found.mend()
        # As a kill leaves them.
        for ending in ("", "-wal"):
            shutil.copyfile(f"{sqlite_db.file}{ending}", f"{killed}{ending}")
    take_in(killed)
    assert waiting_bytes(killed) == 0
    with closing(sqlite3.connect(f"file:{killed}?mode=ro&immutable=1", uri=True)) as file:
        assert file.execute("SELECT key FROM alert_sent").fetchall() == [("x",)]


async def test_a_first_newsroom_file_is_the_example(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "newsroom.toml").unlink()
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{folder}/vestnik.db")
    code, said = await checked(capsys)
    assert (code, "found  newsroom: there is no newsroom.toml, and no database yet" in said) == (1, True)
    code, said = await checked(capsys, fix=True)
    assert (code, "fixed  newsroom" in said) == (0, True), said
    example = (ROOT / "newsroom.example.toml").read_text(encoding="utf-8")
    assert (folder / "newsroom.toml").read_text(encoding="utf-8") == example


async def test_a_link_in_the_folder_of_backups_leads_no_mend_away(folder: Path) -> None:
    backups, elsewhere = folder / "backups", folder / "elsewhere"
    backups.mkdir()
    elsewhere.write_text("of somebody else")
    elsewhere.chmod(0o644)
    (backups / "a.backup").symlink_to(elsewhere)
    (backups / "vestnik-b.backup.part").symlink_to(folder / "nowhere")
    copied = backups / "c.backup"
    copied.touch()
    copied.chmod(0o644)
    settings = Settings(database_url=f"sqlite:///{folder}/vestnik.db", backup_dir=backups)
    for each in [*found_files(settings)]:
        if each.name == "rights" and each.mend:
            if str(copied) in each.says:
                copied.unlink()
                copied.symlink_to(elsewhere)
                with pytest.raises(OSError, match="symbolic links"):
                    await each.mend()
            else:
                await each.mend()
    assert elsewhere.stat().st_mode & 0o777 == 0o644


def test_a_copy_is_not_led_away_by_a_link(
    sqlite_db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The link comes back right after the copy's place was cleared, as in a race that the attacker wins."""
    assert sqlite_db.file
    place, elsewhere = tmp_path / "copy.part", tmp_path / "elsewhere"
    elsewhere.write_text("of somebody else")
    monkeypatch.setattr(Path, "unlink", lambda path, **_: path.symlink_to(elsewhere))
    with pytest.raises(FileExistsError):
        copy(sqlite_db.file, place, 0o600)
    assert elsewhere.read_text() == "of somebody else"
