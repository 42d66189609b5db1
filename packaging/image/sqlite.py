"""Builds SQLite's library from its sources: `sqlite.py SOURCES.zip SHA3_256 FOLDER`.

The sources are the file `sqlite-amalgamation-….zip` of sqlite.org, where its SHA3-256 stands beside it. Needs gcc. The
library is made for Python's `sqlite3`, and has what Debian's own library has as far as Vestnik or a shell needs it.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

OPTIONS = (
    "SQLITE_THREADSAFE=1",
    "SQLITE_ENABLE_COLUMN_METADATA",
    "SQLITE_ENABLE_DBSTAT_VTAB",
    "SQLITE_ENABLE_FTS5",
    "SQLITE_ENABLE_MATH_FUNCTIONS",
    "SQLITE_ENABLE_RTREE",
    "SQLITE_ENABLE_UNLOCK_NOTIFY",
    "SQLITE_MAX_VARIABLE_NUMBER=250000",
)


def main(words: list[str]) -> int:
    """Check the sources, compile them, and leave `libsqlite3.so.0` in the folder."""
    sources, expected, folder = Path(words[0]), words[1], Path(words[2])
    found = hashlib.sha3_256(sources.read_bytes()).hexdigest()
    if found != expected:
        print(f"{sources} is not what was expected: its SHA3-256 is {found}, not {expected}", file=sys.stderr)
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(sources) as packed:
        name = next(each for each in packed.namelist() if each.rpartition("/")[2] == "sqlite3.c")
        (folder / "sqlite3.c").write_bytes(packed.read(name))
    library = folder / "libsqlite3.so.0"
    defined = [f"-D{option}" for option in OPTIONS]
    subprocess.run(
        [
            *("gcc", "-O2", "-fPIC", "-shared", "-Wl,-soname,libsqlite3.so.0", *defined),
            *(str(folder / "sqlite3.c"), "-o", str(library), "-lpthread", "-ldl", "-lm"),
        ],
        check=True,
    )
    (folder / "sqlite3.c").unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
