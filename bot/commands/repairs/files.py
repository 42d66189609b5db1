"""Files that are out of order: rights, folders, halves of copies, a write-ahead log, the newsroom file."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from glob import escape
from pathlib import Path

import bot
from bot.commands.repairs.defect import Defect
from bot.settings import DEFAULT_NEWSROOM, Settings
from bot.store.backup.backups import Backups
from bot.store.backup.left_log import take_in, waiting_bytes
from bot.store.engine.database import open_database
from bot.store.engine.database_file import OTHERS, never_made

OLD_SECONDS = 3600
"""A half of a copy that nobody has written to for so long is nobody's."""

EXAMPLE = "newsroom.example.toml"


def found_files(settings: Settings) -> Iterator[Defect]:
    """Return what is out of order, before anybody opens the database."""
    file = open_database(settings.database_url).file
    yield from _folders(settings)
    yield from _rights(settings, file)
    yield from _halves(settings, file)
    if file:
        yield from _log(file)
    yield from _newsroom(settings, file)


def _folders(settings: Settings) -> Iterator[Defect]:
    wanted = {
        "LOG_FILE": settings.log_file and settings.log_file.absolute().parent,
        "BACKUP_DIR": settings.backup_dir,
    }
    for name, folder in wanted.items():
        if folder and not folder.exists():
            mend = _later(partial(folder.mkdir, mode=0o700, parents=True))
            says = f"{name}: there is no folder {folder}"
            yield Defect("folders", says, "makes the folder", mend, wrong=name == "LOG_FILE")


def _rights(settings: Settings, file: Path | None) -> Iterator[Defect]:
    kept = [Path(".env")]
    if file:
        kept += [file.with_name(file.name + ending) for ending in ("", "-wal", "-shm")]
    # The operator's own files may be links of the operator's own.
    kept = [each.resolve() if each.is_symlink() else each for each in kept]
    for folder in _copy_folders(settings, file):
        # A link there is no copy: it may lead to any file of whoever mends.
        kept += [
            each
            for ending in ("backup", "dump", "replaced")
            for each in sorted(folder.glob(f"*.{ending}"))
            if not each.is_symlink()
        ]
    for each in kept:
        if each.is_file() and each.stat().st_mode & OTHERS:
            mend = _later(partial(_shut_out_others, each))
            says = f"everybody on this machine may read or write {each}"
            yield Defect("rights", says, "leaves the file to its owner and group", mend, wrong=True)


def _shut_out_others(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        os.fchmod(opened, os.fstat(opened).st_mode & 0o770)
    finally:
        os.close(opened)


def _halves(settings: Settings, file: Path | None) -> Iterator[Defect]:
    # Halves of other programs are not ours to remove.
    ours = Backups(settings.database_url, Path()).stem
    for folder in _copy_folders(settings, file):
        for each in sorted(folder.glob(f"{escape(ours)}*.part")):
            if time.time() - each.lstat().st_mtime > OLD_SECONDS:
                says = f"{each} is the half of a copy that was broken off"
                yield Defect("halves", says, "removes the file", _later(each.unlink))


def _log(file: Path) -> Iterator[Defect]:
    waits = waiting_bytes(file)
    if waits and not file.exists():
        says = (
            f"{file}-wal is there without {file}: bring back the file that belongs to it, or move the log away; the "
            "log holds what was committed last"
        )
        yield Defect("log", says, wrong=True)
    elif waits:
        says = f"{waits >> 10} kB that were committed stand in {file}-wal"
        yield Defect(
            "log", says, "moves them into the file, unless the bot runs", _later(partial(take_in, file))
        )


def _newsroom(settings: Settings, file: Path | None) -> Iterator[Defect]:
    """A newsroom that has begun may be kept from the chat alone: topics of an example would be news to its readers."""
    wanted = settings.newsroom_file
    if wanted.exists() or file is None or not never_made(file):
        return
    example = next((each for each in _examples() if each.is_file()), None)
    says = f"there is no {wanted}, and no database yet"
    if example and wanted == DEFAULT_NEWSROOM:
        mend = _later(partial(shutil.copyfile, example, wanted))
        yield Defect("newsroom", says, f"copies {EXAMPLE}: write your topics and feeds into it", mend)


def _examples() -> list[Path]:
    return [Path(EXAMPLE), Path(bot.__file__).parents[1] / EXAMPLE]


def _copy_folders(settings: Settings, file: Path | None) -> list[Path]:
    folders = [file.parent] if file else []
    folders += [settings.backup_dir] if settings.backup_dir and settings.backup_dir not in folders else []
    return [each for each in folders if each.is_dir()]


def _later(work: Callable[[], object]) -> Callable[[], Awaitable[None]]:
    async def mend() -> None:
        work()

    return mend
