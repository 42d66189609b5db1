"""The demo's folder: one demo at a time, and nothing of the last one left in it.

The sandbox forgets its people when it stops; a database that remembered them would be wrong.
"""

from __future__ import annotations

import fcntl
from itertools import count
from pathlib import Path
from typing import IO

DEFAULT = Path("data/demo")
DATABASE = "vestnik.db"
NEWSROOM = "newsroom.toml"
LOG = "vestnik.log"
TEMPLATES = "templates"
_OURS = (f"{DATABASE}*", f"{LOG}*", NEWSROOM)


class InUse(OSError):
    """Another demo has the folder."""


class Folder:
    """A folder that is this demo's until it is closed."""

    def __init__(self, path: Path) -> None:
        """Take the folder and empty it of an earlier demo's files, of no others.

        Raises InUse, and OSError where it can't be written to.
        """
        path.mkdir(parents=True, exist_ok=True)
        self.path = path.resolve()
        self.shown = path
        self._lock: IO[str] = (path / "lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            raise InUse from None
        for pattern in _OURS:
            for file in path.glob(pattern):
                file.unlink()
        # What a visitor writes there stays: it is theirs.
        (path / TEMPLATES).mkdir(exist_ok=True)

    def close(self) -> None:
        """Leave the folder to another demo."""
        self._lock.close()


def take_folder(wanted: Path | None) -> Folder:
    """Return the wanted folder; where none is, the first of `data/demo`, `data/demo-2`, … that is free.

    Raises InUse, and OSError where it can't be written to.
    """
    if wanted is not None:
        return Folder(wanted)
    for number in count(1):
        try:
            return Folder(DEFAULT if number == 1 else DEFAULT.with_name(f"{DEFAULT.name}-{number}"))
        except InUse:
            continue
    raise AssertionError
