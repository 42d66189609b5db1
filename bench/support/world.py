"""A newsroom of any size in a database of its own, and the whole bot running on it against the mock."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from pydantic import SecretStr
from sqlalchemy import text

from bench.support.news import HEADLINE, LENGTH, OWNER, TEXT, TOKEN
from bot.app import App, start
from bot.commands.session import opened
from bot.desk.publish import publish
from bot.model.chat import ChatKind, ChatState
from bot.model.clock import Clock
from bot.model.delivery import Lane, State, SubjectKind
from bot.model.story.article import Content
from bot.settings import Settings
from bot.store.engine.database import Database
from bot.store.ledger import bulletins
from bot.store.newsroom import articles, topics
from bot.store.operations import bots

BOT_ID = int(TOKEN.split(":", maxsplit=1)[0])
NEWSROOM = 'name = "Bench"\n[[topic]]\nslug = "economy"\nnames.ru = "Экономика"\n'
UNBOUNDED = 1e6
"""Calls a second: what is measured then is the machine, not the pace."""


class Served(Protocol):
    """A server in place of Telegram."""

    @property
    def url(self) -> str:
        """Its address."""


class Mock:
    """The server in place of Telegram, seen from the measurement."""

    def __init__(self, url: str) -> None:
        self.url = url

    def counts(self) -> dict[str, Any]:
        """Return how many calls passed by method, and how many were refused as `429`."""
        return self._ask("counts")

    def reset(self) -> None:
        """Begin to count anew."""
        self._ask("reset")

    def push(self, update: dict[str, Any]) -> float:
        """Give the bot an update; return the server's time at that."""
        return float(self._ask("push", json.dumps(update).encode())["at"])

    def said(self) -> list[str]:
        """Return what the owner was sent: the bodies of those calls."""
        return list(self._ask("said")["bodies"])

    async def until(self, count: int, method: str = "sendMessage", seconds: float = 600) -> None:
        """Wait until so many calls of that method have passed."""
        async with asyncio.timeout(seconds):
            while await asyncio.to_thread(self.counts_of, method) < count:
                await asyncio.sleep(0.2)

    def counts_of(self, method: str) -> int:
        """Return how many calls of that method have passed."""
        return int(self.counts().get(method, 0))

    def _ask(self, name: str, body: bytes = b"{}") -> dict[str, Any]:
        with urllib.request.urlopen(f"{self.url}/bot/{name}", data=body, timeout=30) as answer:
            return dict(json.loads(answer.read()))


@contextmanager
def mock(latency: float = 0.0, rate: int = 0, ban: float = 0.0) -> Iterator[Mock]:
    """Run the server in a process of its own for as long as the block lasts."""
    command = [sys.executable, "-m", "bench.support.mock"]
    options = ["--latency", latency, "--rate", rate, "--ban", ban]
    process = subprocess.Popen(
        [*command, *map(str, options)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin
    assert process.stdout
    try:
        yield Mock(process.stdout.readline().strip())
    finally:
        process.stdin.close()
        process.wait()
        process.stdout.close()


@asynccontextmanager
async def newsroom(folder: Path, chats: int, url: str | None = None) -> AsyncIterator[Database]:
    """Yield a database with one topic and so many readers who follow it: an SQLite file, where no address is given."""
    async with opened(url or f"sqlite:///{folder / 'vestnik.db'}") as db:
        now = Clock().now()
        async with db.write() as tx:
            await bots.put(tx, BOT_ID, "vestnik_bot", now)
        async with db.write() as tx:
            topic_id = await topics.put(tx, "economy", {"ru": "Экономика"}, origin="file")
        await join(db, BOT_ID, 0, chats, topic_id)
        await checkpoint(db)
        yield db


async def join(db: Database, bot_id: int, first: int, last: int, topic_id: int = 1) -> None:
    """Let chats with the numbers after `first` up to `last` follow the topic in that bot."""
    async with db.writer.begin() as tx:
        for low in range(first, last, 50_000):
            span = {"first": low, "last": min(last, low + 50_000), "bot": bot_id, "topic": topic_id}
            await tx.execute(_CHATS, span)
            await tx.execute(_FOLLOWS, span)


@asynccontextmanager
async def running(
    db: Database,
    folder: Path,
    server: Served,
    *,
    clock: Clock | None = None,
    feeds: str = "",
    **options: Any,
) -> AsyncIterator[App]:
    """Run the whole bot, as `python -m bot run` does; `feeds` are further lines of the newsroom's file."""
    newsroom_file = folder / "newsroom.toml"
    newsroom_file.write_text(NEWSROOM + feeds)
    settings = Settings(
        flash_undo_seconds=0,
        _env_file=None,
        bot_token=SecretStr(TOKEN),
        bot_api_url=server.url,
        database_url=str(db.url),
        newsroom_file=newsroom_file,
        owner_ids=frozenset({OWNER}),
        **{"global_rate": UNBOUNDED, "chat_rate": UNBOUNDED, "group_rate": UNBOUNDED, **options},
    )
    app = await start(settings, db, clock or Clock(), asyncio.Event())
    assert app is not None
    try:
        yield app
    finally:
        await app.stop()


async def tell(db: Database, app: App, uid: str = "bench", *, at: datetime | None = None) -> int:
    """Publish a story of 600 characters, tell the bot, and return its bulletin's id."""
    now = at or Clock().now()
    lead = TEXT[len(HEADLINE) + 2 : LENGTH - 12]
    topic_ids = [1]
    async with db.write() as tx:
        one = await articles.add(
            tx, Content(HEADLINE, lead), source="desk", uid=uid, at=now, topic_ids=topic_ids
        )
    bulletin_id = await publish(db, one.id, now)
    app.services.bell.ring()
    return bulletin_id


async def accepted(db: Database, bulletin_id: int) -> int:
    """Return how many chats the ledger says have it."""
    async with db.read() as tx:
        found = await bulletins.progress(tx, bulletin_id)
    return found.accepted if found else 0


async def settled(db: Database, bulletin_id: int, count: int, seconds: float = 600) -> None:
    """Wait until the ledger says that so many chats have it."""
    async with asyncio.timeout(seconds):
        while await accepted(db, bulletin_id) < count:
            await asyncio.sleep(0.1)


async def planned(db: Database, bulletin_id: int, seconds: float = 600) -> None:
    """Wait until all deliveries of a bulletin are in the ledger."""
    async with asyncio.timeout(seconds):
        while True:
            async with db.read() as tx:
                found = await bulletins.get(tx, bulletin_id)
            if found and found.planned_at:
                return
            await asyncio.sleep(0.02)


async def fill_with_digests(db: Database, count: int) -> None:
    """Let so many digest deliveries wait, due an hour ago."""
    due = int(Clock().now().timestamp() * 1000) - 3_600_000
    async with db.writer.begin() as tx:
        for first in range(0, count, 50_000):
            span = {"first": first, "last": min(count, first + 50_000), "bot": BOT_ID, "due": due}
            await tx.execute(_DIGESTS, span)
    await checkpoint(db)


async def checkpoint(db: Database) -> None:
    """Move what was just made into the file: the first commit that is measured would pay for it."""
    if db.file is None:
        return
    async with db.reader.connect() as tx:
        await tx.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


_NUMBERS = (
    "WITH RECURSIVE n(i) AS (SELECT CAST(:first AS INTEGER) + 1"
    " UNION ALL SELECT i + 1 FROM n WHERE i < CAST(:last AS INTEGER)) "
)
_CHATS = text(
    _NUMBERS + "INSERT INTO chat (id, bot_id, telegram_id, kind, state, state_at, created_at, language, zone)"
    f" SELECT i, :bot, 1000000 + i, '{ChatKind.PRIVATE}', '{ChatState.ACTIVE}', 0, 0, 'ru', 'Europe/Moscow' FROM n"
)
_FOLLOWS = text(_NUMBERS + "INSERT INTO subscription (topic_id, chat_id, since) SELECT :topic, i, 0 FROM n")
_DIGESTS = text(
    _NUMBERS + "INSERT INTO delivery"
    " (bot_id, kind, subject_id, chat_id, lane, wanted, due_at, state, attempts)"
    f" SELECT :bot, {int(SubjectKind.DIGEST)}, i, i, {int(Lane.DIGEST)}, 1, :due, {int(State.WAITING)}, 0 FROM n"
)
