"""Nothing that Telegram was told of is lost, whatever comes, ends or dies in whatever order."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiogram import Bot, Dispatcher
from aiogram.types import Message
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.sandbox.calls.updates import UpdateQueue
from bot.store.engine.database import Database, Transaction, open_database
from bot.store.engine.migrate import migrate
from bot.store.operations import inbox
from bot.updates import reception, settlement
from bot.updates.reception import Reception
from tests.support.transactions import of_the_engine

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
CHATS = (21, 22, 23)
LOOK = "/desk "
steps = st.one_of(
    st.tuples(st.just("say"), st.sampled_from(CHATS)),
    st.tuples(st.just("look"), st.sampled_from(CHATS)),
    st.tuples(st.just("poll"), st.integers(1, 5)),
    st.tuples(st.just("end"), st.integers(1, 4)),
    st.tuples(st.just("die"), st.integers(0, 3)),
)


class Mortal(Database):
    """A process's way to the database: when the process is dead, nothing more begins."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.dead = self.full = False
        self.under_way = 0

    @asynccontextmanager
    async def _as_long_as_it_lives(self, begun: Any) -> AsyncIterator[Transaction]:
        if self.dead:
            await asyncio.Event().wait()
        self.under_way += 1
        try:
            async with begun as tx:
                yield tx
        finally:
            self.under_way -= 1

    def read(self) -> Any:
        return self._as_long_as_it_lives(self.db.read())

    def write(self, **options: bool) -> Any:
        if self.full:
            raise OSError("the disk is full")
        return self._as_long_as_it_lives(self.db.write(**options))

    async def die(self) -> None:
        """Let what was begun end well: it was committed a moment before the end."""
        self.dead = True
        while self.under_way:
            await asyncio.sleep(0)


class World:
    """Telegram's queue, one database, and a process that takes updates and may die."""

    def __init__(self, db: Database, bot_id: int) -> None:
        self.db = db
        self.bot = Bot(f"{bot_id}:" + "T" * 35)
        self.telegram = UpdateQueue(lambda: 0.0)
        self.said = Counter[int]()
        self.texts: dict[int, list[str]] = {chat: [] for chat in CHATS}
        self.handled: list[tuple[int, str]] = []
        self.told_to_wait: list[str] = []
        self.in_doubt = Counter[tuple[int, str]]()

    async def born(self) -> None:
        """Begin a process: it goes on with what an earlier one left."""
        self.offset = 0
        self.gate = asyncio.Semaphore(0)
        self.others = asyncio.all_tasks()
        self.life = Mortal(self.db)
        dispatcher = Dispatcher()
        dispatcher.message.register(self.handle)
        self.reception = Reception(dispatcher, self.bot, self.life)
        await self.reception.resume()

    async def handle(self, message: Message, outage: str = "") -> None:
        if outage == "unkept":
            self.told_to_wait.append(str(message.text))
            return
        await self.gate.acquire()
        self.handled.append((message.chat.id, str(message.text)))

    def say(self, chat: int, command: str = "") -> None:
        self.said[chat] += 1
        text = f"{command}{self.said[chat]}"
        self.texts[chat].append(text)
        who = {"id": chat, "first_name": "А", "is_bot": False}
        where = {"id": chat, "type": "private", "first_name": "А"}
        message = {"message_id": self.said[chat], "date": 1, "chat": where, "from": who, "text": text}
        self.telegram.put("message", message)

    async def hears(self, count: int) -> None:
        """Wait until so many handlers have ended."""
        for _ in range(count):
            self.gate.release()
        async with asyncio.timeout(20):
            while len(self.handled) < count:
                await asyncio.sleep(0.01)

    async def poll(self, limit: int) -> None:
        bodies = await self.telegram.poll(self.offset, limit, 0)
        if bodies:
            self.offset = await self.reception.take(bodies, self.offset) or 0

    async def end(self, count: int) -> None:
        """Let so many handlers end, and see what happens next in the process for a moment."""
        for _ in range(count):
            self.gate.release()
        for _ in range(20):
            await asyncio.sleep(0)

    async def die(self, moments: int) -> None:
        """Kill the process, a few steps of its loop from now."""
        for _ in range(moments):
            await asyncio.sleep(0)
        await self.life.die()
        while mine := [each for each in asyncio.all_tasks() - self.others if not of_the_engine(each)]:
            for task in mine:
                task.cancel()
            await asyncio.gather(*mine, return_exceptions=True)
        # What had ended and was not written down as handled may be handled once more.
        self.in_doubt.update(await self.kept() & {*self.handled})
        await self.born()

    async def kept(self) -> set[tuple[int, str]]:
        """Return the messages in the inbox that are not written down as handled."""
        async with self.db.read() as tx:
            bodies = map(orjson.loads, await inbox.unhandled(tx, self.bot.id))
            return {(each["message"]["chat"]["id"], each["message"]["text"]) for each in bodies}

    async def nothing_is_lost(self) -> None:
        """Each message is with Telegram, in the inbox, or handled."""
        kept = await self.kept()
        waiting = {
            (each["message"]["chat"]["id"], each["message"]["text"]) for each in self.telegram.take(10_000)
        }
        for chat, texts in self.texts.items():
            for text in texts:
                assert (chat, text) in waiting | kept | {*self.handled}

    async def finish(self) -> None:
        """Let everything come to its end, and judge it."""
        for _ in range(10_000):
            self.gate.release()
        while len(self.telegram):
            await self.poll(100)
            self.telegram.confirm(self.offset)
        await self.reception.close(60)
        assert {*self.handled} == {(chat, text) for chat in CHATS for text in self.texts[chat]}
        for chat in CHATS:
            first = list(dict.fromkeys(text for where, text in self.handled if where == chat))
            assert first == self.texts[chat], "in the order in which they came"
        # Looks do not wait for their rows, and may be handled again at each death.
        twice = Counter(self.handled) - self.in_doubt - Counter({*self.handled})
        assert [text for _, text in twice if not text.startswith(LOOK)] == []
        assert await self.kept() == set()


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[asyncio.Runner, Database]]:
    """A loop and a database for all examples: each is a bot of its own."""
    folder: Path = tmp_path_factory.mktemp("inbox")
    with asyncio.Runner() as runner:
        db = open_database(f"sqlite:///{folder / 'vestnik.db'}")
        runner.run(migrate(db))
        yield runner, db
        runner.run(db.close())


numbers = itertools.count(1)


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    # Once a run was broken off its database is of no use: the next example would wait for ever.
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(script=st.lists(steps, min_size=5, max_size=30))
def test_whatever_dies_nothing_is_lost_and_order_stays(
    machine: tuple[asyncio.Runner, Database], script: list[tuple[str, int]]
) -> None:
    runner, db = machine

    async def play() -> None:
        world = World(db, next(numbers))
        await world.born()
        acts: dict[str, Any] = {"poll": world.poll, "end": world.end, "die": world.die}
        for act, number in script:
            if act in ("say", "look"):
                world.say(number, LOOK if act == "look" else "")
            else:
                await acts[act](number)
                await world.nothing_is_lost()
        await world.finish()
        await world.bot.session.close()

    runner.run(play())


async def test_an_update_is_kept_until_telegram_has_heard_of_it_and_says_nothing_then(db: Database) -> None:
    async with db.write() as tx:
        assert await inbox.put(tx, 1, {5: "five", 6: "six"}, NOW) == {5, 6}
        assert await inbox.put(tx, 2, {5: "another bot's"}, NOW) == {5}
    async with db.write() as tx:
        await inbox.settle(tx, 1, [5])
        assert await inbox.put(tx, 1, {5: "five", 6: "six", 7: "seven"}, NOW) == {6, 7}
        assert await inbox.unhandled(tx, 1) == ["six", "seven"]
        await inbox.forget(tx, 1, 7)
        assert await inbox.unhandled(tx, 1) == ["six", "seven"], "only what is handled is dropped"
        assert await inbox.put(tx, 1, {5: "five"}, NOW) == {5}
        assert await inbox.unhandled(tx, 2) == ["another bot's"]


async def test_a_look_at_the_desk_does_not_wait_for_the_inbox_and_words_before_it_do(
    sqlite_db: Database,
) -> None:
    world = World(sqlite_db, 1)
    await world.born()
    for chat, command in ((21, LOOK), (22, ""), (22, LOOK), (21, LOOK)):
        world.say(chat, command)
    async with sqlite_db.write():
        polling = asyncio.create_task(world.poll(10))
        await world.hears(2)
        assert world.handled == [(21, "/desk 1"), (21, "/desk 2")]
    await polling
    await world.hears(4)
    assert world.handled[2:] == [(22, "1"), (22, "/desk 2")]
    await world.finish()
    assert len(world.handled) == 4


async def test_a_look_is_handled_once_though_the_inbox_could_not_be_written_and_words_when_it_can(
    sqlite_db: Database,
) -> None:
    world = World(sqlite_db, 1)
    await world.born()
    world.say(21, LOOK)
    world.say(22)
    world.life.full = True
    for _ in range(2):
        with pytest.raises(OSError, match="full"):
            await world.poll(10)
    await world.hears(1)
    assert world.handled == [(21, "/desk 1")]
    assert world.told_to_wait == ["1"]
    world.life.full = False
    await world.poll(10)
    await world.hears(2)
    await world.finish()
    assert world.handled == [(21, "/desk 1"), (22, "1")]


async def test_a_stop_writes_down_what_was_handled_though_the_database_is_busy_for_a_while(
    sqlite_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (reception, settlement):
        monkeypatch.setattr(module, "AGAIN_SECONDS", 0)
    world = World(sqlite_db, 1)
    await world.born()
    world.say(21)
    await world.poll(10)
    async with sqlite_db.write():
        await world.hears(1)
        stopping = asyncio.create_task(world.reception.close(60))
        for _ in range(50):
            await asyncio.sleep(0)
        assert not stopping.done()
    await stopping
    assert await world.kept() == set()


async def test_a_look_that_is_written_down_as_handled_is_handled_no_more_after_a_start(
    sqlite_db: Database,
) -> None:
    world = World(sqlite_db, 1)
    await world.born()
    world.say(21, LOOK)
    await world.poll(10)
    await world.hears(1)
    await world.reception.close(10)
    await world.born()
    await world.poll(10)
    await world.finish()
    assert world.handled == [(21, "/desk 1")]
