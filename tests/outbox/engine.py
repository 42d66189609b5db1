"""The engine from a bulletin to the sandbox: real ledger, real aiogram, no conversations."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from aiogram import Bot
from sqlalchemy import select

from bot.desk import amend
from bot.matching.matcher import Matcher
from bot.media.pictures import Fetch, Pictures
from bot.model.article import Content
from bot.model.bulletin import BulletinKind, Progress
from bot.model.chat import ChatKind
from bot.model.clock import Clock
from bot.model.content import Blocks, Media
from bot.model.delivery import Lane
from bot.model.form import USUAL, Style
from bot.outbox.carrying import Carrier
from bot.outbox.courier import Courier
from bot.outbox.floods import Floods
from bot.outbox.pace import Pace
from bot.outbox.purse import Purse
from bot.outbox.settling import Settler
from bot.outbox.showing import Showing
from bot.rendering.article import ArticleRenderer
from bot.rendering.digest import DigestRenderer
from bot.rendering.environment import Templates
from bot.sandbox import Sandbox
from bot.store import articles, bots, bulletins, chats, claims, topics
from bot.store.database import Database, writes
from bot.store.tables import bulletin, chat, delivery, message
from bot.telegram.client import make_bot
from bot.telegram.gate import Gate
from bot.telegram.sender import Sender

BOT_ID = 700700
TOKEN = f"{BOT_ID}:" + "T" * 35
LIVES = {Lane.FLASH: timedelta(hours=1), Lane.STORY: timedelta(days=1)}
TEMPLATES = Templates()

publish = writes(articles.add)
decide = writes(bulletins.add)
claim = writes(claims.claim)
stop_bulletin = writes(bulletins.stop)
progress_of = writes(bulletins.progress)


@dataclass
class Engine:
    """What carries a bulletin to the chats. `start` and `kill` are a process's birth and violent death."""

    db: Database
    sandbox: Sandbox
    clock: Clock = field(default_factory=Clock)
    rates: dict[str, Any] = field(
        default_factory=lambda: {"global_rate": 2000, "chat_rate": 500, "group_rate": 30_000}
    )
    window: int = 64
    left_in_doubt: frozenset[Lane] = frozenset()
    purse: Purse | None = None
    renderer: type[ArticleRenderer] = ArticleRenderer
    topic: int = 0
    tokens_refused: int = 0
    style: Style = USUAL
    fetch: Fetch | None = None
    picture_seconds: float = 10.0
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def start(self) -> None:
        news = asyncio.Event()
        self.pace = Pace(**self.rates)
        self.floods = Floods(self.db, BOT_ID, self.clock)
        paid = (Pace(**self.rates | {"global_rate": 1000}), self.purse) if self.purse else None
        self.pictures = Pictures(self.db, BOT_ID, self.clock, self.fetch)
        self.bot: Bot = make_bot(
            TOKEN,
            self.sandbox.url,
            Gate(self.pace, paid, all_wait=self.floods.note),
            pictures=self.pictures,
            picture_seconds=self.picture_seconds,
        )
        settler = self.settler = Settler(self.db, self.clock)
        showing = self.showing = Showing(
            self.db,
            self.clock,
            BOT_ID,
            "vestnik_bot",
            self.renderer(TEMPLATES),
            DigestRenderer(TEMPLATES),
            "Europe/Moscow",
            self.style,
        )
        carrier = Carrier(
            self.db,
            self.clock,
            Sender(self.bot),
            showing,
            settler,
            self._token_refused,
            left_in_doubt=self.left_in_doubt,
            purse=self.purse,
        )
        self.courier = Courier(self.db, BOT_ID, self.clock, carrier, settler, window=self.window)
        self.matcher = Matcher(self.db, self.clock, news, LIVES, self.courier.look_again)
        self.bell = news
        self._tasks = [asyncio.create_task(self.matcher.run()), asyncio.create_task(self.courier.run())]

    async def _token_refused(self) -> None:
        self.tokens_refused += 1
        self.courier.halted = "refused"

    async def stop(self, seconds: float = 5) -> None:
        await self.courier.stop(seconds)
        await self.kill()

    async def kill(self) -> None:
        """End at once: nothing is finished, nothing is settled."""
        tasks = [*self._tasks, *self.courier._runners, *filter(None, [self.settler._flusher])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._tasks = []
        await self.pictures.close()
        await self.bot.session.close()

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
        one, _ = await chats.join(tx, BOT_ID, telegram_id, kind, "", "ru", "Europe/Moscow", now)
        await chats.subscribe(tx, one.id, self.topic, now)
        return one.id

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
        return await self._decided(article_id, revision, BulletinKind.CORRECTED)

    async def take_away(self, article_id: int) -> int:
        """Kill a story; return the bulletin's id."""

        await amend.kill(self.db, article_id, self.clock.now())
        self.ring()
        async with self.db.reader.connect() as tx:
            one = await articles.get(tx, article_id)
        assert one is not None
        return await self._decided(article_id, one.revision, BulletinKind.KILLED)

    async def pushes(self, article_id: int) -> list[int]:
        async with self.db.reader.connect() as tx:
            return await bulletins.of_article(tx, article_id)

    async def claim(self, lane: Lane) -> list[Any]:
        """Claim as the courier would."""
        return await claim(self.db, BOT_ID, lane, self.clock.now(), 1000, timedelta(minutes=5))

    async def _decided(self, article_id: int, revision: int, kind: BulletinKind) -> int:
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
            everybody=everybody,
            at=self.clock.now(),
            key=f"{article_id}:{revision}:{kind}",
            by=None,
        )
        return made

    def ring(self) -> None:
        """Wake the matcher, where there is one."""
        if self._tasks:
            self.bell.set()
            self.courier.look_again()

    async def progress(self, bulletin_id: int) -> Progress:
        found = await progress_of(self.db, bulletin_id)
        assert found is not None
        return found

    async def done(self, bulletin_id: int, seconds: float = 20) -> Progress:
        """Wait until nothing more will happen to the bulletin."""
        return await self.until(bulletin_id, lambda found: found.done, seconds)

    async def until(self, bulletin_id: int, so: Callable[[Progress], bool], seconds: float = 20) -> Progress:
        """Wait until the bulletin has come as far as that."""
        async with asyncio.timeout(seconds):
            while True:
                found = await self.progress(bulletin_id)
                if so(found):
                    return found
                await asyncio.sleep(0.02)

    async def met(self, seconds: float = 20) -> None:
        """Wait until every fault has been met; a call that hangs rings no bell."""
        async with asyncio.timeout(seconds):
            while self.sandbox.faults.waiting():
                await asyncio.sleep(0.02)

    async def eventually(self, so: Callable[[], Any], seconds: float = 20) -> Any:
        """Wait until that is so, of the engine itself; return what it was."""
        async with asyncio.timeout(seconds):
            while not (found := so()):
                await asyncio.sleep(0.02)
        return found

    def texts(self, chat_id: int) -> list[str]:
        """Return what the bot's messages in a chat say now."""
        return [
            each.get("text") or each.get("caption") or ""
            for each in self.sandbox.messages(chat_id)
            if each.get("from", {}).get("is_bot") or "sender_chat" in each
        ]

    def count(self, chat_id: int, words: str) -> int:
        """Return how many of the bot's messages in a chat hold the words."""
        return sum(words in text for text in self.texts(chat_id))

    async def rows(self) -> list[Any]:
        async with self.db.reader.connect() as tx:
            return list((await tx.execute(select(delivery).order_by(delivery.c.chat_id))).all())

    async def messages(self) -> list[Any]:
        async with self.db.reader.connect() as tx:
            return list((await tx.execute(select(message).order_by(message.c.chat_id))).all())

    async def chat(self, telegram_id: int) -> Any:
        async with self.db.reader.connect() as tx:
            return (await tx.execute(select(chat).where(chat.c.telegram_id == telegram_id))).one()


async def prepared(db: Database, sandbox: Sandbox) -> Engine:
    sandbox.add_bot(TOKEN, "vestnik_bot", "Вестник")
    engine = Engine(db, sandbox)

    @writes
    async def prepare(tx: Any) -> int:
        await bots.put(tx, BOT_ID, "vestnik_bot", engine.clock.now())
        return await topics.put(tx, "economy", {"ru": "Экономика", "en": "Economy"}, origin="file")

    engine.topic = await prepare(db)
    return engine
