"""What readers and editors do in the ledger's model-based test, and what they should see for it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, TypeVar

from hypothesis import strategies as st

from bot.desk import amend
from bot.model.audience import EVERYBODY, FOLLOWERS
from bot.model.delivery import Lane
from bot.model.errors import Refusal
from bot.model.following.mode import Mode
from bot.model.story.article import Content
from bot.publishing.publish import publish
from bot.store.audience import chats, subscriptions
from bot.store.engine.database import Database
from bot.store.ledger import bulletins
from bot.store.newsroom import articles
from tests.integration.store.ledger.phones import Phones, Still, Told
from tests.support.readers import join as join_chat
from tests.support.transactions import writes

T = TypeVar("T")

BOT = 700700


class Newsroom:
    """The decisions, by the real verbs; beside each, what it means in the model."""

    db: Database
    runner: asyncio.Runner
    world: int
    asia: int

    def __init__(self) -> None:
        super().__init__()
        self.clock, self.phones = Still(), Phones()
        self.told: dict[int, Told] = {}
        self.chats: dict[int, int] = {}
        self.follows: dict[int, dict[int, bool]] = {}
        self.away: set[int] = set()

    def do(self, work: Awaitable[T]) -> T:
        async def doing() -> T:
            return await work

        return self.runner.run(doing())

    def join(self) -> int:
        number = 1000 + len(self.chats)

        @writes
        async def joining(tx: Any) -> int:
            now = self.clock.now()
            return await join_chat(tx, BOT, number, now)

        chat_id = self.do(joining(self.db))
        self.chats[chat_id] = number
        self.follows.setdefault(chat_id, {})
        if chat_id in self.away:
            self.away.discard(chat_id)
        return chat_id

    def reader_acts(self, data: st.DataObject) -> None:
        act = data.draw(st.sampled_from(("follow", "follow", "mute", "forget", "leave", "block")))
        back = sorted(self.away)
        chat_id = data.draw(st.sampled_from(sorted(self.chats)))
        if chat_id in back:
            self.come_back(chat_id)
        elif act == "leave":
            self.leave(chat_id)
        elif act == "block":
            self.phones.blocked.add(self.chats[chat_id])
            self.away.add(chat_id)
            self.changed(chat_id)
        else:
            topic = data.draw(st.sampled_from((self.world, self.asia)))
            self.choose(chat_id, topic, on={"follow": True, "mute": False, "forget": None}[act])

    def choose(self, chat_id: int, topic: int, *, on: bool | None) -> None:
        @writes
        async def choosing(tx: Any) -> None:
            if on is None:
                await subscriptions.unsubscribe(tx, chat_id, topic)
            elif on:
                await subscriptions.subscribe(tx, chat_id, topic, self.clock.now())
            else:
                await subscriptions.set_mode(tx, chat_id, topic, self.clock.now(), mode=Mode.OFF)

        self.do(choosing(self.db))
        self.follows[chat_id].pop(topic, None)
        if on is not None:
            self.follows[chat_id][topic] = on
        self.changed(chat_id)

    def leave(self, chat_id: int) -> None:
        self.do(writes(chats.erase)(self.db, chat_id, self.clock.now()))
        self.follows[chat_id] = {}
        self.away.add(chat_id)
        self.changed(chat_id)
        # Nothing is known any more of what stands there: it is the reader's alone.
        number = self.chats[chat_id]
        self.phones.forget(number)

    def come_back(self, chat_id: int) -> None:
        number = self.chats[chat_id]

        @writes
        async def coming(tx: Any) -> None:
            now = self.clock.now()
            await join_chat(tx, BOT, number, now)

        self.do(coming(self.db))
        self.phones.blocked.discard(number)
        self.away.discard(chat_id)
        self.changed(chat_id)

    def changed(self, chat_id: int) -> None:
        """Whoever changes their mind on the way may get a story or not; nobody else may be missed."""
        for story in self.told.values():
            story.due.discard(chat_id)

    def wants(self, chat_id: int, story: Told) -> bool:
        if chat_id in self.away:
            return False
        chosen = self.follows[chat_id]
        chains = [[self.asia, self.world] if topic == self.asia else [self.world] for topic in story.topics]
        nearest = [next((chosen[step] for step in chain if step in chosen), False) for chain in chains]
        return story.everybody or any(nearest)

    def publish(self, data: st.DataObject) -> None:
        topic_ids = data.draw(
            st.sampled_from(([self.world], [self.asia], [self.world, self.asia], [self.asia, self.world]))
        )
        lane = data.draw(st.sampled_from((Lane.STORY, Lane.STORY, Lane.FLASH)))
        self.tell(topic_ids, lane, everybody=lane is Lane.FLASH and data.draw(st.booleans()))

    def tell(self, topic_ids: list[int], lane: Lane, *, everybody: bool) -> None:
        @writes
        async def publishing(tx: Any) -> tuple[int, int, int]:
            now, uid = self.clock.now(), str(len(self.told))
            one = await articles.add(tx, Content("1"), source="desk", uid=uid, at=now, topic_ids=topic_ids)
            audience = EVERYBODY if everybody else FOLLOWERS
            made = await publish(tx, one.id, now, lane=lane, audience=audience)
            found = await bulletins.get(tx, made.bulletin_id)
            assert found is not None
            return one.id, made.bulletin_id, found.ceiling

        article, bulletin, ceiling = self.do(publishing(self.db))
        story = self.told[article] = Told(frozenset(topic_ids), everybody, bulletin, set(), ceiling)
        story.due = {one for one in self.chats if self.wants(one, story)}

    def editor_acts(self, data: st.DataObject) -> None:
        act = data.draw(st.sampled_from(("correct", "correct", "correct", "kill", "stop")))
        article = data.draw(st.sampled_from(sorted(self.told)))
        story, now = self.told[article], self.clock.now()
        try:
            match act:
                case "correct":
                    self.do(amend.correct(self.db, article, Content(str(story.revision + 1)), now))
                    story.revision += 1
                case "kill":
                    self.do(amend.kill(self.db, article, now))
                    story.killed = True
                case "stop":
                    self.do(writes(bulletins.stop)(self.db, story.bulletin, now, by=11, reason="stopped"))
                    story.stopped = True
        except Refusal:
            assert story.killed
