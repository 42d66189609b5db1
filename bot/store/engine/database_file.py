"""The SQLite file itself: made once, never by an accident, and readable by nobody but the bot and its group.

A note beside the file (`vestnik.db.made`) says that the file was made. Where the note stands and the file is missing,
nobody begins anew with an empty database.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from bot.model.errors import SetupError

OTHERS = 0o007
"""The bits of a file's mode for everybody who is neither the owner nor of the group."""

NOTE = """{name} was made in this folder. If {name} is missing, Vestnik does not start: a bot with an empty database
would have lost its readers. Bring {name} back or restore a backup. To begin anew, delete this file.
"""


def make_file(path: Path, mode: int = 0o600) -> None:
    """Make an empty file, if there is none; SQLite gives its `-wal` and `-shm` the same mode."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode))


def make_folder(folder: Path, mode: int = 0o750) -> None:
    """Make a folder for what is nobody else's business, with the folders above it; one that exists keeps its mode."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        # Path.mkdir gives the mode to the last folder alone.
        each.mkdir(mode=mode, exist_ok=True)


def note_of(path: Path) -> Path:
    """Return where the note of a database's file stands."""
    return path.with_name(path.name + ".made")


def moving_of(path: Path) -> Path:
    """Return where a move into the file writes, until the move is finished."""
    return path.with_name(path.name + ".moving")


def never_made(path: Path) -> bool:
    """Return whether there is no such file and was none: the first start is still to make the database."""
    return not path.exists() and not note_of(path).exists()


def take_up(path: Path) -> bool:
    """Return whether the database's file is to be made now, because this is the first start.

    The note is written, and everybody else's rights on the files that exist are taken away. Raises SetupError where
    there was a file once, or where the file or its folder can't be written.
    """
    if barred := hindrance(path):
        raise SetupError(f"DATABASE_URL: {barred}")
    make_folder(path.parent)
    note, half = note_of(path), moving_of(path)
    if half.exists():
        raise SetupError(
            f"DATABASE_URL: a move into {path} was not finished: run `move` again, or delete {half} and {note}"
        )
    if path.exists():
        for each in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
            shut_out_others(each)
    elif note.exists():
        raise SetupError(
            f"DATABASE_URL: there is no {path}, though there was one: bring it back or restore a backup; "
            f"to begin anew with an empty database, delete {note}"
        )
    first = not path.exists()
    leave_note(path)
    return first


def leave_note(path: Path) -> None:
    """Say beside the file that the file was made, unless this is said already."""
    note = note_of(path)
    if not note.exists():
        note.write_text(NOTE.format(name=path.name), encoding="utf-8")


def hindrance(path: Path) -> str:
    """Return in a sentence why the file can't be made or written; empty where nothing is in the way."""
    if path.is_dir():
        return f"{path} is a folder, and the database is a file: add a file's name, such as {path / 'vestnik.db'}"
    folder = next(each for each in path.absolute().parents if each.exists())
    if not folder.is_dir():
        return f"{folder} is a file, and a folder is wanted there: name another folder, or move the file away"
    if not os.access(folder, os.W_OK | os.X_OK):
        return f"the folder {folder} can't be written: let the user who runs Vestnik write there"
    if path.exists() and not os.access(path, os.R_OK | os.W_OK):
        return f"{path} can't be written: let the user who runs Vestnik read and write the file"
    return ""


def shut_out_others(path: Path) -> None:
    """Leave a file to its owner and its group; nothing is done to a file of somebody else's."""
    with suppress(FileNotFoundError, PermissionError):
        mode = path.stat().st_mode
        if mode & OTHERS:
            path.chmod(mode & 0o770)
