"""No command tells a secret: neither the terminal nor the log nor Sentry gets a token or a password."""

from __future__ import annotations

import asyncio
import gzip
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from aiohttp import web

from tests.journeys.processes.conftest import Machine
from tests.support.servers.ports import closed_port, free_port

SECRET = "CANARY"
TOKEN = "700701:" + SECRET + "T" * 35
AWAY = (
    "postgresql://vestnik:CANARY-password@127.0.0.1:{port}/news",
    "postgresql://vestnik:half@CANARY-password@127.0.0.1:{port}/news",
    "postgresql://127.0.0.1:{port}/news?user=vestnik&password=CANARY-password",
    "postgresql://vestnik:CANARY-password@127.0.0.1:port/news",
)
COMMANDS = ("check", "unread", "backup", "takeover 700700", "webhook", "move {url}")


@pytest.fixture
async def sentry() -> AsyncIterator[tuple[str, list[str]]]:
    """The address of a server that keeps what Sentry would be sent, and what it was sent."""
    kept: list[str] = []

    async def keep(request: web.Request) -> web.Response:
        body = await request.read()
        kept.append((gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body).decode())
        return web.json_response({})

    app = web.Application()
    app.router.add_post("/{rest:.*}", keep)
    runner = web.AppRunner(app)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield f"http://{'0123456789abcdef' * 2}@127.0.0.1:{port}/1", kept
    await runner.cleanup()


def lose_feeds(file: Path) -> None:
    """Take the table of feeds out of a database that is in use."""
    with closing(sqlite3.connect(file, timeout=60)) as db:
        db.execute("ALTER TABLE feed RENAME TO gone")
        db.commit()


@pytest.mark.parametrize("url", AWAY)
async def test_no_command_tells_the_password_of_a_database_that_is_away(machine: Machine, url: str) -> None:
    with closed_port() as port:
        address = url.format(port=port)
        settings = {"BOT_TOKEN": TOKEN, "BOT_API_URL": f"http://127.0.0.1:{port}", "DATABASE_URL": address}
        ran = [
            machine.ran(*(word.format(url=address) for word in words.split()), **settings | here)
            for words in COMMANDS
            for here in [{"DATABASE_URL": machine.database_url} if words.startswith("move") else {}]
        ]
        for code, said in await asyncio.gather(*ran):
            assert code != 0
            assert said
            assert SECRET not in said


@pytest.mark.parametrize("form", ["text", "json"])
async def test_neither_log_nor_sentry_is_told_the_token(
    machine: Machine, sentry: tuple[str, list[str]], form: str
) -> None:
    dsn, kept = sentry
    machine.sandbox.add_bot(TOKEN, "second_bot", "Вестник")
    machine.sandbox.faults.add("reset_before", {"method": "getUpdates"}, times=None)
    file = machine.folder / "vestnik.log"
    told = {
        "BOT_TOKEN": TOKEN,
        "LOG_FORMAT": form,
        "LOG_FILE": str(file),
        "LOG_LEVEL": "DEBUG",
        "SENTRY_DSN": dsn,
    }
    bot = await machine.start("run", **told)
    await bot.said("Vestnik runs as")
    # A table that is gone is an error at each look: tracebacks go to the log and to Sentry.
    await asyncio.to_thread(lose_feeds, machine.folder / "vestnik.db")
    async with asyncio.timeout(60):
        while not kept:
            await asyncio.sleep(0.1)
    bot.stop()
    _, said = await bot.ended()
    written = file.read_text(encoding="utf-8")
    assert "tick.failed" in written
    for told_to in (said, written, "".join(kept)):
        assert SECRET not in told_to
