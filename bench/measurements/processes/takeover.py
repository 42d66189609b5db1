"""For how long no news goes out when a process is killed, frozen, cut off, or told to stop; what a ring takes."""

from __future__ import annotations

import asyncio
import signal
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import make_url, update

from bench.measurements.processes.bot_process import BotProcess
from bench.support.cores import unpin
from bench.support.figures import Figure
from bench.support.news import TOKEN
from bench.support.postgres import postgres
from bench.support.world import NEWSROOM, Mock, mock, newsroom
from bot.commands.session import opened
from bot.desk.publish import publish
from bot.model.clock import Clock
from bot.model.delivery import State
from bot.model.story.article import Content
from bot.operations.far_bell import FarBell
from bot.store.engine.database import Database
from bot.store.newsroom import articles
from bot.store.tables.ledger import delivery

CHATS, RATE = 20_000, 200
AIM_SECONDS = 10.0
ROUNDS = 2
RINGS = 500
LOOK_SECONDS, WATCHED_SECONDS = 0.01, 25.0


@dataclass
class Relay:
    """A way to the database that can be stalled: what comes is taken no more, and nothing is said."""

    path: str
    port: int = 0
    open: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass on what either side says, while the way is open."""
        there, back = await asyncio.open_unix_connection(self.path)
        # Whoever is killed leaves connections behind that break; the server must hear of it.
        with suppress(ConnectionError):
            await asyncio.gather(self._pass(reader, back), self._pass(there, writer))
        back.close()
        writer.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            await self.open.wait()
            writer.write(data)
        writer.close()


async def measure() -> list[Figure]:
    """Let a process send, end it in each way while another stands by, and look for the longest silence."""
    found: dict[str, list[float]] = {}
    unpin()
    with tempfile.TemporaryDirectory() as name, mock() as server:
        folder = Path(name)
        (folder / "newsroom.toml").write_text(NEWSROOM)
        with postgres(folder) as url:
            async with newsroom(folder, CHATS, url) as db:
                for number in range(ROUNDS):
                    for way in ("killed", "frozen", "cut off from the database", "told to stop"):
                        seconds = await _silence(db, folder, server, way, uid=f"{way} {number}")
                        found.setdefault(way, []).append(seconds)
                rings = await _rings(str(url))
    figures = [_figure(way, seconds) for way, seconds in found.items()]
    said = f"{rings[len(rings) // 2]:.1f} ms, 99 % within {rings[int(len(rings) * 0.99)]:.1f} ms"
    return [*figures, Figure("a ring from one process to another (LISTEN/NOTIFY)", said)]


def _figure(way: str, seconds: list[float]) -> Figure:
    said = f"{statistics.median(seconds):.1f} s, at most {max(seconds):.1f} s of {len(seconds)} times"
    met = max(seconds) <= AIM_SECONDS
    return Figure(f"no news goes out where the sender is {way}", said, "", f"{AIM_SECONDS:.0f} s", met)


async def _silence(db: Database, folder: Path, server: Mock, way: str, *, uid: str) -> float:
    """Return for how many seconds nothing was sent when the process that sends ended in that way."""
    url = make_url(str(db.url.render_as_string(hide_password=False)))
    settings = {
        "BOT_TOKEN": TOKEN,
        "BOT_API_URL": server.url,
        "DATABASE_URL": url.render_as_string(hide_password=False),
        **dict.fromkeys(("GLOBAL_RATE", "CHAT_RATE", "GROUP_RATE"), str(RATE)),
    }
    async with _relay(str(Path(str(url.query["host"])) / f".s.PGSQL.{url.port or 5432}")) as relay:
        far = url.set(host="127.0.0.1", port=relay.port, query={})
        first = await BotProcess.start(
            folder, settings | {"DATABASE_URL": far.render_as_string(hide_password=False)}, "run"
        )
        await first.said("Vestnik runs as")
        second = await BotProcess.start(folder, settings, "run")
        await second.said("already running")
        await _tell(db, uid)
        begun = server.counts_of("sendMessage")
        while await asyncio.to_thread(server.counts_of, "sendMessage") < begun + RATE:
            await asyncio.sleep(LOOK_SECONDS)
        ended = {
            "killed": lambda: first.signal(signal.SIGKILL),
            "frozen": lambda: first.signal(signal.SIGSTOP),
            "told to stop": lambda: first.signal(signal.SIGTERM),
            "cut off from the database": relay.open.clear,
        }
        ended[way]()
        silence = await _longest_silence(lambda: asyncio.to_thread(server.counts_of, "sendMessage"))
        relay.open.set()
        for each in (first, second):
            await each.end()
    return silence


async def _longest_silence(sent: Callable[[], Awaitable[int]]) -> float:
    """Watch what is sent, and return the longest time in which nothing was."""
    begun = changed = time.perf_counter()
    before, longest = await sent(), 0.0
    while time.perf_counter() - begun < WATCHED_SECONDS:
        await asyncio.sleep(LOOK_SECONDS)
        now = await sent()
        if now != before:
            before, changed = now, time.perf_counter()
        longest = max(longest, time.perf_counter() - changed)
    return longest


async def _tell(db: Database, uid: str) -> None:
    """Publish a story to all chats; what was left of the one before is taken back."""
    now = Clock().now()
    async with db.write() as tx:
        await tx.execute(update(delivery).where(delivery.c.state < State.DONE).values(state=State.SKIPPED))
        made = await articles.add(
            tx, Content(f"Мост {uid}", "Открыт."), source="desk", uid=uid, at=now, topic_ids=[1]
        )
    await publish(db, made.id, now)


@asynccontextmanager
async def _relay(path: str) -> AsyncIterator[Relay]:
    relay = Relay(path)
    relay.open.set()
    server = await asyncio.start_server(relay.serve, "127.0.0.1", 0)
    relay.port = server.sockets[0].getsockname()[1]
    try:
        yield relay
    finally:
        server.close()


async def _rings(url: str) -> list[float]:
    """Return how many milliseconds rings took from one connection's process to another, the shortest first."""
    async with opened(url) as here, opened(url) as there:
        ours, theirs = FarBell(here), FarBell(there)
        heard = asyncio.Event()
        theirs.listen(heard.set)
        loops = [asyncio.create_task(ours.speak()), asyncio.create_task(theirs.hear())]
        await asyncio.sleep(1)
        took = []
        for _ in range(RINGS):
            heard.clear()
            at = time.perf_counter()
            ours.ring()
            await heard.wait()
            took.append((time.perf_counter() - at) * 1000)
            await asyncio.sleep(0.002)
        for each in loops:
            each.cancel()
        await asyncio.wait(loops)
    return sorted(took)
