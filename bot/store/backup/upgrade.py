"""The copy of an SQLite file that is taken before its tables are changed, and the way back to it."""

from __future__ import annotations

import contextlib
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

from bot.model.errors import SetupError
from bot.store.backup import sqlite_copy
from bot.store.backup.backups import SPARE_BYTES, make_backup
from bot.store.engine.database_file import note_of
from bot.store.engine.migrate import revisions

MOST_BYTES = 4 * 1024**3
"""A larger file would keep the bot from its start for minutes: whoever has one takes a backup of their own."""

MOST_COPIES = 3
"""How many such copies are kept."""

_BY = "Its tables are at {revision}, brought there by Vestnik {version}.\n"
_READ_BY = re.compile(r"Its tables are at (\S+), brought there by Vestnik (\S+)\.")


def copy_before(file: Path, revision: str, now: datetime) -> Path:
    """Copy the file as it stands at its revision, and return where the copy lies; older copies go.

    Raises SetupError in a sentence where there is none: it is too large, the disk is full, or the copy is damaged.
    """
    size, free = sqlite_copy.size_of(file), shutil.disk_usage(file.parent).free
    if size > MOST_BYTES:
        raise SetupError(f"{file} is larger than {MOST_BYTES >> 30} GB")
    if free < 2 * size + SPARE_BYTES:
        # Changing tables needs room, too.
        raise SetupError(
            f"only {free >> 20} MB are free on its disk, and {2 * size + SPARE_BYTES >> 20} MB are wanted"
        )
    target = file.with_name(f"{file.stem}-upgrade-{revision}-{now.astimezone(UTC):%Y%m%d-%H%M%S}.backup")
    make_backup(f"sqlite:///{file}", target)
    for each in _copies(file)[MOST_COPIES:]:
        each.unlink(missing_ok=True)
    return target


def note_version(file: Path, revision: str, version: str) -> None:
    """Write into the note beside the file which version brought its tables where they are."""
    note = note_of(file)
    with contextlib.suppress(OSError):
        said = _READ_BY.sub("", note.read_text(encoding="utf-8")).rstrip() + "\n\n"
        note.write_text(said + _BY.format(revision=revision, version=version), encoding="utf-8")


def way_back(file: Path | None, revision: str) -> str:
    """Return in words what can be done with a database of a newer version, whose tables are at that revision."""
    newer = "the version that made it"
    if file is not None:
        with contextlib.suppress(OSError):
            said = _READ_BY.search(note_of(file).read_text(encoding="utf-8"))
            if said and said[1] == revision:
                newer = f"Vestnik {said[2]} or newer, which made it"
        for each in _copies(file):
            if sqlite_copy.revision_of(each) in revisions():
                return (
                    f"install {newer}, or go back to the copy of before the upgrade, without what came since: "
                    f"python -m bot restore {each}"
                )
    return f"install {newer}, or restore a backup"


def _copies(file: Path) -> list[Path]:
    """Return the copies that are there, the newest first."""
    name = re.compile(rf"{re.escape(file.stem)}-upgrade-\w+-(\d{{8}}-\d{{6}})\.backup")
    found = [(match[1], each) for each in file.parent.iterdir() if (match := name.fullmatch(each.name))]
    return [each for _, each in sorted(found, reverse=True)]
