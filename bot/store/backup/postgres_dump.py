"""A dump of a PostgreSQL database by PostgreSQL's own pg_dump, and whether the dump can be read to its end.

The connection is handed over in the environment (postgresql.org/docs/current/libpq-envars.html): the list of a
machine's processes shows everybody the arguments.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import URL

from bot.log import phrase
from bot.model.errors import SetupError
from bot.store.backup.sqlite_copy import TABLES
from bot.store.backup.stop import Stop, Stopped
from bot.store.engine.migrate import revisions

LOOK_SECONDS = 0.2
_NEEDED = ("PATH", "HOME", "LD_LIBRARY_PATH", "LANG", "TZ", "SSL_CERT_FILE")
_OPTIONS = {
    "host": "PGHOST",
    "port": "PGPORT",
    "ssl": "PGSSLMODE",
    "sslmode": "PGSSLMODE",
    "passfile": "PGPASSFILE",
}


def dump(url: URL, target: Path, stop: Stop | None = None) -> None:
    """Write the whole database to `target`, readable by its owner alone.

    Raises SetupError where there is no pg_dump, or in its words where it fails; Stopped where it was told to end.
    """
    stop = stop or Stop()
    target.unlink(missing_ok=True)
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    # Who may read what is the other server's own.
    options = ("--format=custom", "--no-owner", "--no-privileges", "--no-password", f"--file={target}")
    _run(stop, "pg_dump", *options, environment=environment(url))
    with target.open("rb") as written:
        os.fsync(written.fileno())


def damage(file: Path, stop: Stop | None = None) -> str:
    """Return in words what is wrong with a dump; empty for one that pg_restore reads to its end."""
    stop = stop or Stop()
    try:
        listed = _run(stop, "pg_restore", "--list", str(file))
        _run(stop, "pg_restore", f"--file={os.devnull}", str(file))
        said = _run(stop, "pg_restore", "--data-only", "--table=alembic_version", "--file=-", str(file))
    except SetupError as error:
        return str(error)
    found = set(re.findall(r"TABLE DATA \S+ (\S+)", listed))
    if lacking := TABLES - found:
        return f"it lacks {', '.join(sorted(lacking))}"
    revision = re.search(r"^COPY \S+ \(version_num\).*\n(\S+)\n", said, re.M)
    if revision is None or revision[1] not in revisions():
        return "its tables are at no revision that this version knows"
    return ""


def environment(url: URL) -> dict[str, str]:
    """Return what tells PostgreSQL's own programs which database is meant, and who asks."""
    kept = {name: value for name, value in os.environ.items() if name in _NEEDED or name.startswith("PG")}
    said = {"PGHOST": url.host, "PGPORT": url.port, "PGUSER": url.username, "PGPASSWORD": url.password}
    kept |= {name: str(value) for name, value in said.items() if value}
    kept |= {_OPTIONS[name]: str(value) for name, value in url.query.items() if name in _OPTIONS}
    return kept | {"PGDATABASE": url.database or "", "PGCONNECT_TIMEOUT": "15"}


def _run(stop: Stop, name: str, *arguments: str, environment: dict[str, str] | None = None) -> str:
    program = shutil.which(name)
    if program is None:
        raise SetupError(
            f"there is no {name} here: install PostgreSQL's client of the server's version or newer"
        )
    kept = environment or {each: value for each, value in os.environ.items() if each in _NEEDED}
    with subprocess.Popen(  # noqa: S603 (its arguments are ours)
        [program, *arguments],
        env=kept,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    ) as process:
        while True:
            try:
                said, complaint = process.communicate(timeout=LOOK_SECONDS)
                break
            except subprocess.TimeoutExpired:
                try:
                    stop.look()
                except Stopped:
                    process.kill()
                    raise
    if process.returncode:
        raise SetupError(f"{name}: {_complaint(name, complaint) or f'it ended with {process.returncode}'}")
    return said


def _complaint(name: str, said: str) -> str:
    """Return the first two lines that a program complains in: the second says the versions, where they don't fit."""
    lines = (re.sub(rf"^{name}: (error: |detail: )?", "", line) for line in said.strip().splitlines()[:2])
    return phrase("; ".join(lines), 300)
