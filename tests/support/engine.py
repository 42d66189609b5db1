"""The engine from a bulletin to the sandbox: real ledger, real aiogram, no conversations."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot.bell import LocalBell
from bot.desk import amend
from bot.factory import Factory
from bot.matching.matcher import Matcher
from bot.media.pictures import Fetch
from bot.model.audience import EVERYBODY, FOLLOWERS
from bot.model.bulletin import BulletinKind, Progress
from bot.model.chat import ChatKind
from bot.model.clock import Clock
from bot.model.delivery import Lane
from bot.model.story.article import Content
from bot.model.story.content import Blocks, Media
from bot.model.story.form import USUAL, Style
from bot.outbox.ledger import Ledger
from bot.outbox.limits.paid_budget import PaidBudget
from bot.rendering.article import ArticleRenderer
from bot.rendering.check import checked_templates
from bot.sandbox import Sandbox
from bot.store.engine.database import Database
from bot.store.ledger import bulletins, claims
from bot.store.newsroom import articles, topics
from bot.store.operations import bots
from bot.store.tables.audience import chat
from bot.store.tables.ledger import bulletin, delivery, message
from tests.support.readers import join as join_chat
from tests.support.transactions import writes
from tests.support.world import BOT, TOKEN, World, settings_for

TEMPLATES = checked_templates()

claim = writes(claims.claim)
progress_of = writes(bulletins.progress)


@dataclass
class Engine(World):
    """What carries a bulletin to the chats. `start` and `kill` are a process's birth and violent death."""

    rates: dict[str, float] = field(default_factory=dict)
    window: int = 64
    left_in_doubt: frozenset[Lane] = frozenset()
    paid_budget: PaidBudget | None = None
    allowed: Callable[[], bool] = lambda: True
    renderer: type[ArticleRenderer] = ArticleRenderer
    topic: int = 0
    tokens_refused: int = 0
    style: Style = USUAL
    fetch: Fetch | None = None
    ledger: Callable[[Database, int], Ledger] = Ledger
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def start(self) -> None:
        options = self.rates | {"leave_in_doubt": self.left_in_doubt}
        factory = Factory(self.settings.model_copy(update=options), self.db, self.clock, self.allowed)
        self.pictures = factory.pictures(self.fetch)
        self.line = factory.line(self.pictures, self.paid_budget)
        services = factory.services(factory.bot("vestnik_bot", self.style), self.line, TEMPLATES)
        self.services = replace(services, articles=self.renderer(TEMPLATES))
        ledger = self.ledger(self.db, BOT)
        outbox = factory.outbox(
            self.services, self.line, self._token_refused, ledger=ledger, window=self.window
        )
        self.matcher, self.courier = outbox.matcher, outbox.courier
        self.renders, self.writer = outbox.renders, outbox.writer
        self._tasks = [asyncio.create_task(self.matcher.run()), asyncio.create_task(self.courier.run())]

    @property
    def running(self) -> bool:
        return bool(self._tasks)

    async def _token_refused(self) -> None:
        self.tokens_refused += 1
        self.courier.halted = "refused"

    async def stop(self, seconds: float = 5) -> None:
        await self.courier.stop(seconds)
        await self.kill()

    async def kill(self) -> None:
        """End at once: nothing is finished, nothing is settled."""
        tasks = [*self._tasks, *self.courier.tasks, *filter(None, [self.writer.task])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._tasks = []
        await self.pictures.close()
        await self.line.client.session.close()

    async def readers(self, count: int, first: int = 1000) -> list[int]:
        """Let people start the bot and follow the topic; return their Telegram ids."""
        ids = list(range(first, first + count))

        @writes
        async def join(tx: Any) -> None:
            for number in ids:
                self.sandbox.add_user(f"Читатель {number}", id=number)
                self.sandbox.send(number, number, "/start")
                await self.join(tx, number)

        await join(self.db)
        return ids

    async def join(self, tx: Any, telegram_id: int, kind: ChatKind = ChatKind.PRIVATE) -> int:
        """Let a chat follow the topic; return our id of it."""
        now = self.clock.now()
        return await join_chat(tx, BOT, telegram_id, now, self.topic, kind=kind)

    async def publish(
        self,
        headline: str,
        *,
        lane: Lane = Lane.STORY,
        everybody: bool = False,
        picture: Media | None = None,
        blocks: Blocks = (),
    ) -> tuple[int, int]:
        """Publish a story; return its id and its bulletin's."""
        now = self.clock.now()

        @writes
        async def publishing(tx: Any) -> tuple[int, int]:
            content = Content(headline, "Коротко о главном.", picture=picture, blocks=blocks)
            one = await articles.add(
                tx,
                content,
                source="desk",
                uid=headline,
                at=now,
                topic_ids=[self.topic],
                flash=lane is Lane.FLASH,
            )
            await articles.save(tx, one.publish(now))
            return one.id, await self._tell(tx, one.id, 1, BulletinKind.NEW, lane, everybody=everybody)

        made = await publishing(self.db)
        self.ring()
        return made

    async def correct(
        self, article_id: int, headline: str, picture: Media | None = None, blocks: Blocks = ()
    ) -> int:
        """Correct a story's headline, and its pictures; return the bulletin's id."""

        content = Content(headline, "Коротко о главном.", picture=picture, blocks=blocks)
        revision = await amend.correct(self.db, article_id, content, self.clock.now())
        self.ring()
        return await self.decided(article_id, revision, BulletinKind.CORRECTED)

    async def take_away(self, article_id: int) -> int:
        """Kill a story; return the bulletin's id."""

        await amend.kill(self.db, article_id, self.clock.now())
        self.ring()
        async with self.db.reader.connect() as tx:
            one = await articles.get(tx, article_id)
        assert one is not None
        return await self.decided(article_id, one.revision, BulletinKind.KILLED)

    async def pushes(self, article_id: int) -> list[int]:
        async with self.db.reader.connect() as tx:
            return await bulletins.of_article(tx, article_id)

    async def claim(self, lane: Lane) -> list[Any]:
        """Claim as the courier would."""
        now = self.clock.now()
        return (await claim(self.db, BOT, lane, now, limit=1000, lease=timedelta(minutes=5))).deliveries

    async def decided(self, article_id: int, revision: int, kind: BulletinKind) -> int:
        """Return the bulletin that tells of the revision."""
        key = f"{article_id}:{revision}:{kind}"
        async with self.db.reader.connect() as tx:
            found = await tx.execute(select(bulletin.c.id).where(bulletin.c.key == key))
            return int(found.scalar_one())

    async def _tell(
        self,
        tx: Any,
        article_id: int,
        revision: int,
        kind: BulletinKind,
        lane: Lane,
        *,
        everybody: bool = False,
    ) -> int:
        made, _ = await bulletins.add(
            tx,
            article_id=article_id,
            revision=revision,
            kind=kind,
            lane=lane,
            audience=EVERYBODY if everybody else FOLLOWERS,
            at=self.clock.now(),
            key=f"{article_id}:{revision}:{kind}",
            by=None,
        )
        return made

    def ring(self) -> None:
        """Wake the matcher, where there is one."""
        if self._tasks:
            self.services.bell.ring()

    async def progress(self, bulletin_id: int) -> Progress:
        found = await progress_of(self.db, bulletin_id)
        assert found is not None
        return found

    async def done(self, bulletin_id: int, seconds: float = 60) -> Progress:
        """Wait until nothing more will happen to the bulletin."""
        return await self.reached(bulletin_id, lambda found: found.done, seconds)

    async def reached(
        self, bulletin_id: int, so: Callable[[Progress], bool], seconds: float = 60
    ) -> Progress:
        """Wait until the bulletin has come as far as that."""
        async with asyncio.timeout(seconds):
            while True:
                found = await self.progress(bulletin_id)
                if so(found):
                    return found
                await asyncio.sleep(0.02)

    async def met(self, seconds: float = 60) -> None:
        """Wait until every fault has been met; a call that hangs rings no bell."""
        async with asyncio.timeout(seconds):
            while self.sandbox.faults.waiting():
                await asyncio.sleep(0.02)

    async def eventually(self, so: Callable[[], Any], seconds: float = 60) -> Any:
        """Wait until that is so, of the engine itself; return what it was."""
        async with asyncio.timeout(seconds):
            while not (found := so()):
                await asyncio.sleep(0.02)
        return found

    def count(self, chat_id: int, words: str) -> int:
        """Return how many of the bot's messages in a chat hold the words."""
        return sum(words in text for text in self.texts(chat_id))

    async def rows(self) -> list[Any]:
        async with self.db.reader.connect() as tx:
            return list((await tx.execute(select(delivery).order_by(delivery.c.chat_id))).all())

    async def messages(self) -> list[Any]:
        async with self.db.reader.connect() as tx:
            return list((await tx.execute(select(message).order_by(message.c.chat_id))).all())

    async def row(self, telegram_id: int) -> Any:
        async with self.db.reader.connect() as tx:
            return (await tx.execute(select(chat).where(chat.c.telegram_id == telegram_id))).one()


def matcher_of(db: Database, planned: Callable[[Lane | None], object] = lambda _lane: None) -> Matcher:
    """Return a matcher that the test steps by hand; `planned` is told of each page's lane."""
    return Matcher(db, Clock(), LocalBell(), lives={}, planned=planned)


async def prepared(db: Database, sandbox: Sandbox) -> Engine:
    """Return an engine whose bot has one topic and whose pace holds nothing up."""
    sandbox.add_bot(TOKEN, "vestnik_bot", "Вестник")
    rates = {"global_rate": 2000, "chat_rate": 500, "group_rate": 30_000}
    engine = Engine(sandbox, db, settings_for(sandbox, **rates))
    async with db.write() as tx:
        await bots.put(tx, BOT, "vestnik_bot", engine.clock.now())
        named = {"ru": "Экономика", "en": "Economy"}
        engine.topic = await topics.put(tx, "economy", named, origin="file")
    return engine
