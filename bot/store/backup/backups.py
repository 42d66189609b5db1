"""The folder of a database's backups: which there are, when the next is due, and the making of one."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sqlite3
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.model.errors import SetupError
from bot.store.backup import postgres_dump, sqlite_copy
from bot.store.backup.rotation import Keep, Kept, superfluous
from bot.store.backup.stop import Stop
from bot.store.engine.database import is_sqlite, read_url
from bot.store.engine.database_file import make_folder

PERIOD = timedelta(days=1)
"""How often a backup is made."""

SPARE_BYTES = 64 * 1024 * 1024
"""What a backup leaves free on the disk, beside its own size: the bot writes meanwhile."""

_STAMP = "%Y%m%d-%H%M%S"


@dataclass(frozen=True)
class Backups:
    """Where a database's backups lie, at which time of day (in `zone`) one is made, and how many are kept."""

    database_url: str
    folder: Path
    at: time = time(3, 30)
    zone: str = "UTC"
    keep: Keep = field(default_factory=Keep)

    @property
    def stem(self) -> str:
        """What the names of the backups begin with: the database's own name."""
        return re.sub(r"[^\w.-]", "_", Path(read_url(self.database_url).database or "vestnik").stem)

    def kept(self) -> list[Kept]:
        """Return the backups that are there, the newest first."""
        name = re.compile(rf"{re.escape(self.stem)}-(\d{{8}}-\d{{6}})\.(?:backup|dump)")
        found = []
        with contextlib.suppress(OSError):
            for each in self.folder.iterdir():
                if match := name.fullmatch(each.name):
                    with contextlib.suppress(ValueError, OSError):
                        made = datetime.strptime(match[1], _STAMP).replace(tzinfo=UTC)
                        found.append(Kept(each, made, each.stat().st_size))
        return sorted(found, key=lambda each: each.at, reverse=True)

    def is_due(self, now: datetime) -> bool:
        """Return whether the last time of day at which one is made has passed without one."""
        newest = next(iter(self.kept()), None)
        return newest is None or newest.at < self._last(now).astimezone(UTC)

    def next_at(self, now: datetime) -> datetime:
        """Return when the next one is due: now, where one is due already."""
        return now if self.is_due(now) else (self._last(now) + PERIOD).astimezone(UTC)

    def _last(self, now: datetime) -> datetime:
        """Return the last time of day at which one is made, where the newsroom is."""
        there = ZoneInfo(self.zone)
        today = datetime.combine(now.astimezone(there).date(), self.at, there)
        return today if today <= now else today - PERIOD

    def make(self, now: datetime, stop: Stop | None = None) -> Kept:
        """Make a backup that was checked, and drop those that are no longer kept.

        Raises SetupError in a sentence where none could be made, Stopped where it was told to end.
        """
        ending = "backup" if is_sqlite(read_url(self.database_url)) else "dump"
        target = self.folder / f"{self.stem}-{now:{_STAMP}}.{ending}"
        self._make_folder()
        for half in self.folder.glob(f"{self.stem}-*.part"):
            half.unlink(missing_ok=True)
        make_backup(self.database_url, target, stop)
        for each in superfluous(self.kept(), self.keep, ZoneInfo(self.zone)):
            each.path.unlink(missing_ok=True)
        return Kept(target, now.replace(microsecond=0), target.stat().st_size)

    def _make_folder(self) -> None:
        try:
            make_folder(self.folder, 0o700)
        except OSError as error:
            raise SetupError(f"the backup could not be written to {self.folder}: {error}") from None


def make_backup(database_url: str, target: Path, stop: Stop | None = None) -> None:
    """Copy the database to `target`, whole, checked and on the disk, or not at all. SQLite's appears with its mode.

    Raises SetupError in a sentence, Stopped where it was told to end.
    """
    url = read_url(database_url)
    source = Path(url.database or "") if is_sqlite(url) else None
    half = target.with_name(target.name + ".part")
    try:
        if source is None:
            postgres_dump.dump(url, half, stop)
            damage = postgres_dump.damage(half, stop)
        else:
            _look_for_room(source, target.parent)
            counts = sqlite_copy.copy(source, half, sqlite_copy.mode_of(source), stop)
            damage = sqlite_copy.damage(half, counts, stop)
        if damage:
            raise SetupError(
                f"no backup was made: the copy of {source or url.database} is damaged ({damage}); keep your earlier "
                "backups, stop the bot, and restore the newest of them that is sound"
            )
        half.replace(target)
        _sync_folder(target.parent)
    except (OSError, sqlite3.Error) as error:
        raise SetupError(f"the backup could not be written to {target}: {error}") from None
    finally:
        with contextlib.suppress(OSError):
            half.unlink()


def _look_for_room(source: Path, folder: Path) -> None:
    needed, free = sqlite_copy.size_of(source) + SPARE_BYTES, shutil.disk_usage(folder).free
    if free < needed:
        raise SetupError(
            f"there is no room for a backup in {folder}: {free >> 20} MB are free, and {needed >> 20} MB are needed"
        )


def _sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
