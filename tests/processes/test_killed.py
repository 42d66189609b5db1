"""Power cuts: the bot is killed in the middle of a push, again and again, and nobody is missed."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime
from typing import Any

from bot.model.chat import ChatKind
from bot.outbox.settling import MOST_HELD
from bot.store import bots, chats, topics
from bot.store.database import open_database, writes
from bot.store.migrate import migrate

READERS, FIRST = 2000, 1000
BOT_ID = 700700
RATE, CONNECTIONS, DEATHS = 900, 450, 2
STORY = """Мост через Светлую открыли для движения

Первые машины прошли по нему утром.

ЛУГОРЕЧЕНСК (Вестник Долины). Новый мост через реку Светлую открыли для движения.
"""


async def join_all(machine: Any) -> None:
    """Let people have started the bot long ago, and follow the topic."""
    for number in range(FIRST, FIRST + READERS):
        machine.sandbox.add_user(f"Читатель {number}", id=number)
        machine.sandbox.chat(number).started = True
    db = open_database(machine.database_url)
    await migrate(db)

    @writes
    async def joining(tx: Any) -> None:
        now = datetime.now(UTC)
        await bots.put(tx, BOT_ID, "vestnik_bot", now)
        world = await topics.put(tx, "world", {"ru": "Мир", "en": "World"}, origin="file")
        for number in range(FIRST, FIRST + READERS):
            joined, _ = await chats.join(tx, BOT_ID, number, ChatKind.PRIVATE, "", "ru", "Europe/Moscow", now)
            await chats.subscribe(tx, joined.id, world, now)

    await joining(db)
    await db.close()


class Sent:
    """Counts, call by call, how often a story came to each chat."""

    def __init__(self, sandbox: Any) -> None:
        self._sandbox = sandbox
        self._seen = 0
        self.counts: Counter[int] = Counter()

    @property
    def total(self) -> int:
        """How many sends took effect so far."""
        for call in self._sandbox.call_log.since(self._seen):
            self._seen = call.n + 1
            if call.method == "sendMessage" and call.status == 200:
                self.counts[call.chat_id] += 1
        return sum(self.counts.values())

    @property
    def complete(self) -> bool:
        """Whether everybody has it."""
        return self.total >= READERS and len(self.counts) == READERS


async def test_a_bot_killed_in_a_push_misses_nobody(machine: Any) -> None:
    await join_all(machine)
    (machine.folder / "story.txt").write_text(STORY, encoding="utf-8")
    code, said = await machine.ran("import", "story.txt", "--topic", "world", "--publish")
    assert code == 0, said
    sent, dice = Sent(machine.sandbox), random.Random(7)
    for _ in range(DEATHS):
        bot = await machine.start("run", GLOBAL_RATE=str(RATE), CHAT_RATE="100")
        goal = sent.total + dice.randint(1, 600)
        await machine.sandbox.wait_until(lambda goal=goal: sent.total >= goal, timeout=40)
        bot.kill()
        await bot.ended()
    assert not sent.complete
    bot = await machine.start("run", GLOBAL_RATE=str(RATE), CHAT_RATE="100")
    await machine.sandbox.wait_until(lambda: sent.complete, timeout=40)
    bot.stop()
    code, said = await bot.ended()
    assert (code, "Traceback" in said) == (0, False), said
    assert "on their way when the bot last ended" in said
    # At most what was on the way or not written yet: the connections and one flush, for each death.
    assert sent.total - READERS <= DEATHS * (CONNECTIONS + MOST_HELD)
