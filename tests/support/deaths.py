"""A push under power cuts: the bot is a process that is killed again and again, and everything is counted.

A story is killed when half the chats have it; another one goes to all of them and is corrected twice. The bot is
forked from a process that has everything imported already, so that fifty lives take a minute.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from sqlalchemy import exists, select

from bot.desk import amend
from bot.desk.publish import publish
from bot.model.clock import Clock
from bot.model.delivery import State
from bot.model.story.article import Content
from bot.sandbox import Sandbox
from bot.store.engine.database import Transaction, open_database
from bot.store.engine.migrate import migrate
from bot.store.ledger import bulletins
from bot.store.newsroom import articles, topics
from bot.store.operations import bots
from bot.store.tables.audience import chat
from bot.store.tables.ledger import delivery, message
from tests.support.readers import join as join_chat

BOT_ID = 700700
TOKEN = f"{BOT_ID}:" + "T" * 35
FIRST_CHAT = 1_000_001
NEWSROOM = 'name = "Bench"\n[[topic]]\nslug = "economy"\nnames.ru = "Экономика"\n'
STAYS, GOES = "Мост через Светлую открыт", "Ярмарка началась"
SECONDS = 120.0


@dataclass
class Tally:
    """What became of a push.

    `missed` chats don't show the newest revision or still show the killed story. `repeated` is how many
    sends were made twice, `allowed` how many were on their way or not written down when the bot was killed.
    `strangers` are messages that stand in a chat and that nobody can know of, left by those. `damage` is what SQLite
    found wrong in the file after any of the kills, and at the end.
    """

    chats: int
    kills: int = 0
    missed: int = 0
    repeated: int = 0
    allowed: int = 0
    strangers: int = 0
    damage: list[str] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)


class Sent:
    """Reads the server's log of calls, a bit at a time."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._log = sandbox.call_log
        self._seen = 0
        self.times: Counter[tuple[int, str]] = Counter()
        self.calls: Counter[str] = Counter()

    def look(self) -> int:
        """Read on; return how many sends, edits and deletions there were so far."""
        for call in self._log.since(self._seen):
            self._seen = call.n + 1
            if not call.method.startswith(("send", "edit", "delete")) or call.chat_id is None:
                continue
            self.calls[call.method] += 1
            if call.method == "sendMessage" and call.status == 200:
                story = STAYS if STAYS in call.params["text"] else GOES
                self.times[int(call.chat_id), story] += 1
        return self.calls.total()


class Push:
    """The newsroom, the server in place of Telegram, and the bot's lives."""

    def __init__(self, folder: Path, url: str, count: int, rate: int) -> None:
        self.folder = folder
        self.url = url
        self.tally = Tally(count)
        self.sandbox = Sandbox(calls_kept=1_000_000)
        self.sent = Sent(self.sandbox)
        self._rate = rate
        self._before: Counter[tuple[int, str]] = Counter()
        self._forks = multiprocessing.get_context("forkserver")
        self._forks.set_forkserver_preload(["bot.commands.run"])
        self._process: BaseProcess | None = None

    async def open(self) -> None:
        """Let chats follow the topic, and publish both stories."""
        await self.sandbox.start()
        self.sandbox.add_bot(TOKEN, "vestnik_bot", "Вестник")
        (self.folder / "newsroom.toml").write_text(NEWSROOM, encoding="utf-8")
        self.db = open_database(self.url)
        await migrate(self.db)
        async with self.db.write() as tx:
            await _fill(tx, self.tally.chats)
        for number in range(FIRST_CHAT, FIRST_CHAT + self.tally.chats):
            self.sandbox.add_user(f"Читатель {number}", id=number)
            self.sandbox.chat(number).started = True
        self.goes, self.stays = [await self._publish(each) for each in (GOES, STAYS)]

    async def close(self) -> None:
        """End what runs."""
        if self._process is not None and self._process.is_alive():
            await self.kill()
        await self.db.close()
        await self.sandbox.stop()

    async def _publish(self, headline: str) -> int:
        now = Clock().now()
        content = Content(headline, "Коротко о главном.")
        async with self.db.write() as tx:
            one = await articles.add(tx, content, source="desk", uid=headline, at=now, topic_ids=[1])
        await publish(self.db, one.id, now)
        return one.id

    async def correct(self, number: int) -> None:
        """Correct the story that stays."""
        await amend.correct(self.db, self.stays, Content(f"{STAYS}, {number}", "Коротко."), Clock().now())

    async def take_away(self) -> None:
        """Kill the other one."""
        await amend.kill(self.db, self.goes, Clock().now())

    def begin(self) -> None:
        """Start the bot."""
        settings = {
            "BOT_TOKEN": TOKEN,
            "BOT_API_URL": self.sandbox.url,
            "DATABASE_URL": self.url,
            "GLOBAL_RATE": str(self._rate),
            "CHAT_RATE": "100",
        }
        self._before = self.sent.times.copy()
        self._process = self._forks.Process(target=_run, args=(str(self.folder), settings), daemon=True)
        self._process.start()

    async def until(self, calls: int) -> None:
        """Wait until so many calls came, or nothing is left to do."""
        async with asyncio.timeout(SECONDS):
            while self.sent.look() < calls and not await self._is_done():
                try:
                    await self.sandbox.wait_until(lambda: self.sent.look() >= calls, timeout=0.5)
                except TimeoutError:
                    continue

    async def kill(self) -> None:
        """Kill the bot, and count what it had done and not written down."""
        assert self._process is not None
        self._process.kill()
        await asyncio.to_thread(self._process.join)
        await self._quiet()
        async with self.db.read() as tx:
            unknown = await unwritten(tx)
            self.tally.damage += await damage(tx)
        lost = [
            key
            for key, times in self.sent.times.items()
            if times > self._before[key] and (key[0], self._article(key[1])) in unknown
        ]
        self.tally.kills += 1
        self.tally.allowed += len(lost)

    async def end(self) -> None:
        """Let the bot finish, stop it in peace, and count."""
        async with asyncio.timeout(SECONDS):
            while not await self._is_done():
                await asyncio.sleep(0.1)
        assert self._process is not None
        self._process.terminate()
        await asyncio.to_thread(self._process.join)
        self.sent.look()
        self.tally.calls = self.sent.calls
        self.tally.repeated = self.sent.times.total() - len(self.sent.times)
        await self._count()

    async def _count(self) -> None:
        async with self.db.read() as tx:
            known = await _standing(tx)
            self.tally.damage += await damage(tx)
        newest = f"{STAYS}, 2"
        for number in range(FIRST_CHAT, FIRST_CHAT + self.tally.chats):
            shown = {each["message_id"]: each["text"] for each in self.sandbox.messages(number)}
            ours = [text for one, text in shown.items() if (number, one) in known]
            self.tally.missed += [text.startswith(newest) for text in ours] != [True]
            self.tally.strangers += len(shown) - len(ours)

    async def _quiet(self) -> None:
        """Wait for calls that had left the bot when it died."""
        before = -1
        while before != (before := self.sent.look()):
            await asyncio.sleep(0.1)

    async def _is_done(self) -> bool:
        async with self.db.read() as tx:
            return not await bulletins.unfinished(tx) and not await _open(tx)

    def _article(self, story: str) -> int:
        return self.stays if story == STAYS else self.goes


async def push_under_kills(
    folder: Path, *, count: int, kills: int, rate: int, seed: int = 7, url: str = ""
) -> Tally:
    """Push to so many chats and kill the bot at so many random instants of it."""
    push = Push(folder, url or f"sqlite:///{folder / 'vestnik.db'}", count, rate)
    dice = random.Random(seed)
    acts: dict[int, Callable[[], Awaitable[None]]] = {
        kills // 6: push.take_away,
        kills // 2: lambda: push.correct(1),
        kills * 3 // 4: lambda: push.correct(2),
    }
    await push.open()
    try:
        for life in range(kills):
            push.begin()
            begun, calls = push.sent.look(), dice.randint(1, max(2, 6 * count // kills))
            if act := acts.get(life):
                await push.until(begun + calls // 2)
                await act()
            await push.until(begun + calls)
            await asyncio.sleep(dice.uniform(0, 0.03))
            await push.kill()
        push.begin()
        await push.end()
    finally:
        await push.close()
    return push.tally


def _run(folder: str, settings: Mapping[str, str]) -> None:
    os.chdir(folder)
    os.environ.update(settings)
    log = os.open("bot.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    from bot.commands.run import run

    run()


async def damage(tx: Transaction) -> list[str]:
    """Return what SQLite finds wrong: pages, indexes, rows that refer to none. PostgreSQL is not asked."""
    if tx.dialect.name != "sqlite":
        return []
    pages = [said for (said,) in await tx.exec_driver_sql("PRAGMA integrity_check") if said != "ok"]
    return pages + [
        f"refers to no row: {row}" for row in await tx.exec_driver_sql("PRAGMA foreign_key_check")
    ]


async def _fill(tx: Any, count: int) -> None:
    now = Clock().now()
    await bots.put(tx, BOT_ID, "vestnik_bot", now)
    topic = await topics.put(tx, "economy", {"ru": "Экономика"}, origin="file")
    for number in range(FIRST_CHAT, FIRST_CHAT + count):
        await join_chat(tx, BOT_ID, number, now, topic)


async def unwritten(tx: Any) -> set[tuple[int, int]]:
    """Return the chats and stories that are claimed and of which no message is known."""
    known = exists().where(
        message.c.chat_id == delivery.c.chat_id, message.c.subject_id == delivery.c.subject_id
    )
    claimed = select(chat.c.telegram_id, delivery.c.subject_id).join(chat, chat.c.id == delivery.c.chat_id)
    return {tuple(row) for row in await tx.execute(claimed.where(delivery.c.state == State.CLAIMED, ~known))}


async def _standing(tx: Any) -> set[tuple[int, int]]:
    """Return where the ledger knows of messages: chat and number."""
    found = select(chat.c.telegram_id, message.c.message_id).join(chat, chat.c.id == message.c.chat_id)
    return {tuple(row) for row in await tx.execute(found)}


async def _open(tx: Any) -> bool:
    some = select(delivery.c.chat_id).where(delivery.c.state.in_((State.WAITING, State.CLAIMED))).limit(1)
    return (await tx.execute(some)).first() is not None
