"""The bot is killed in the middle of what the desk sends: at a call that is under way, lost or still arriving.

Nothing here counts on how fast the machine is: the call waits at the server until the bot is dead.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from bot.desk import amend, highlights
from bot.desk.publish import publish
from bot.model.delivery import State
from bot.model.story.article import Content
from bot.sandbox.calls.faults import Fault
from bot.store.engine.database import Database, open_database
from bot.store.newsroom import articles
from bot.store.tables.audience import chat
from bot.store.tables.ledger import delivery
from tests.journeys.processes.conftest import BOT_ID, FIRST_READER, Machine
from tests.support.messages import Message, plain
from tests.support.process import Lives

READERS = 6
CHATS = range(FIRST_READER, FIRST_READER + READERS)
BRIDGE, FERRY = "Мост через Светлую открыли", "Паром снова ходит вечером"
HOW = pytest.mark.parametrize("how", ["hang", "slow"], ids=["lost", "still arriving"])
"""What becomes of the call that is under way at the death: it never takes effect, or after it."""

Doubtful = set[tuple[int, int]]


@dataclass
class Scene:
    """A machine whose bot is killed, and the desk beside it."""

    machine: Machine
    db: Database
    lives: Lives
    doubtful: Doubtful = field(default_factory=set)

    async def story(self, headline: str, *, update_of: int | None = None) -> int:
        """Publish a story, and return its number."""
        now = datetime.now(UTC)
        async with self.db.write() as tx:
            made = await articles.add(
                tx,
                Content(headline, "Об этом сообщили утром."),
                source="desk",
                uid=headline,
                at=now,
                topic_ids=(1,),
                update_of=update_of,
            )
        await publish(self.db, made.id, now)
        return made.id

    async def killed_at(
        self, how: str, method: str, words: str = "", *, after: int = 0, chat_id: int = 0
    ) -> None:
        """Kill the bot when such a call is under way, after so many others, and start it again."""
        found = {"method": method} | ({"text_contains": words} if words else {})
        found |= {"chat_id": chat_id} if chat_id else {}
        seconds = 600 if how == "hang" else 1
        fault: Fault = self.machine.sandbox.faults.add(how, found, after=after, seconds=seconds)
        before = self._arrived(fault)
        async with asyncio.timeout(120):
            while not fault.hits:
                await asyncio.sleep(0.01)
        await self.lives.kill()
        if how == "slow":
            await self.machine.sandbox.wait_until(lambda: self._arrived(fault) > before + after, timeout=30)
        rows = select(chat.c.telegram_id, delivery.c.subject_id).join(chat, chat.c.id == delivery.c.chat_id)
        async with self.db.read() as tx:
            claimed = await tx.execute(rows.where(delivery.c.state == State.CLAIMED))
            self.doubtful |= {(row.telegram_id, row.subject_id) for row in claimed}
        self.lives.begin()

    def _arrived(self, fault: Fault) -> int:
        """Return how many calls of the fault's kind took effect."""
        words, method = fault.match.get("text_contains", ""), fault.match["method"]
        return sum(
            each.method == method and each.status == 200 and words in str(each.params)
            for each in self.machine.sandbox.call_log.since()
        )

    def shown(self, number: int, words: str) -> list[Message]:
        """Return the bot's messages in a chat that hold the words."""
        return [each for each in self.machine.sandbox.messages(number) if words in plain(each)]

    async def until(self, found: Any) -> None:
        await self.machine.sandbox.wait_until(found, timeout=120)

    def sends(self, words: str) -> Counter[int]:
        """Return how often what holds the words was sent to each chat."""
        return Counter(
            int(each.chat_id or 0)
            for each in self.machine.sandbox.call_log.since()
            if each.method == "sendMessage" and each.status == 200 and words in str(each.params)
        )

    def none_twice(self, words: str, subject: int) -> None:
        """Check that nobody got it twice of whom it was not in doubt at the death."""
        twice = {number for number, times in self.sends(words).items() if times > 1}
        assert twice <= {number for number, each in self.doubtful if each == subject}
        assert max(self.sends(words).values()) <= 2

    async def settled(self) -> None:
        """Wait until nothing is to be done any more."""
        open_ones = select(delivery.c.chat_id).where(delivery.c.state.in_((State.WAITING, State.CLAIMED)))
        async with asyncio.timeout(120):
            while True:
                async with self.db.read() as tx:
                    if (await tx.execute(open_ones.limit(1))).first() is None:
                        return
                await asyncio.sleep(0.05)


@pytest.fixture
async def scene(machine: Machine) -> Any:
    """A newsroom with six readers; the bot is not started yet."""
    machine.settings |= {"GLOBAL_RATE": "1000", "CHAT_RATE": "100", "GROUP_RATE": "6000"}
    await machine.join(READERS)
    db = open_database(machine.database_url)
    made = Scene(machine, db, Lives(machine.folder, machine.settings))
    yield made
    await made.lives.kill()
    await db.close()
    assert "Traceback" not in made.lives.log


@HOW
async def test_a_follow_up_comes_after_its_story_whatever_dies(scene: Scene, how: str) -> None:
    scene.lives.begin()
    first = await scene.story(BRIDGE)
    await scene.until(lambda: all(scene.shown(each, BRIDGE) for each in CHATS))
    await scene.settled()
    second = await scene.story(FERRY, update_of=first)
    await scene.killed_at(how, "sendMessage", FERRY, after=2)
    await scene.until(lambda: all(scene.shown(each, FERRY) for each in CHATS))
    await scene.settled()
    for each in CHATS:
        of_story = [one["message_id"] for one in scene.shown(each, BRIDGE)]
        for told in scene.shown(each, FERRY):
            assert told["reply_to_message"]["message_id"] in of_story
            assert told["message_id"] > min(of_story)
    scene.none_twice(BRIDGE, first)
    scene.none_twice(FERRY, second)


@HOW
async def test_highlights_reach_everybody_and_nobody_twice(scene: Scene, how: str) -> None:
    scene.lives.begin()
    numbers = [await scene.story(each) for each in (BRIDGE, FERRY)]
    await scene.until(lambda: all(scene.shown(each, FERRY) for each in CHATS))
    await scene.settled()
    now, title = datetime.now(UTC), "Главное к вечеру"
    for number in numbers:
        picked = await highlights.pick(scene.db, number, BOT_ID, at=now, by=None)
    await highlights.change(scene.db, picked.id, BOT_ID, lambda one: one.name(title).address(everybody=True))
    await highlights.send(scene.db, picked.id, BOT_ID, at=now, by=None)
    await scene.killed_at(how, "sendMessage", title, after=2)
    await scene.until(lambda: all(scene.shown(each, title) for each in CHATS))
    await scene.settled()
    twice = {each for each, times in scene.sends(title).items() if times > 1}
    assert twice <= {number for number, _ in scene.doubtful}
    assert max(scene.sends(title).values()) <= 2


@HOW
async def test_a_kill_takes_the_story_from_everybody(scene: Scene, how: str) -> None:
    scene.lives.begin()
    number = await scene.story(BRIDGE)
    await scene.until(lambda: all(scene.shown(each, BRIDGE) for each in CHATS))
    await scene.settled()
    await amend.kill(scene.db, number, datetime.now(UTC), reason="Мост не тот")
    await scene.killed_at(how, "deleteMessage", after=2)
    await scene.until(lambda: not any(scene.shown(each, BRIDGE) for each in CHATS))
    await scene.settled()
    assert (await amend.spread(scene.db, number)).left == ()
