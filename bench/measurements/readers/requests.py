"""How soon readers' questions are answered in the process while a story goes out, on either database.

From the words, or the press, to the message as it would be sent: what is found, and its rendering.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import text

from bench.measurements.desk import broadcast
from bench.support.archive import ARTICLES, RARE, TOPICS, Language, fill
from bench.support.figures import Figure
from bench.support.postgres import postgres
from bench.support.world import checkpoint, mock, newsroom, running
from bot.app import App
from bot.conversations.inline.results import shared, story_result
from bot.conversations.reader.latest.pages import page as latest_page
from bot.conversations.search.pages import found, searcher
from bot.conversations.search.pages import page as search_page
from bot.conversations.visit import Visit
from bot.model.chat import ChatKind
from bot.model.clock import Clock
from bot.model.search.query import Order
from bot.readers import latest, membership, stories
from bot.readers.latest import Wanted
from bot.readers.search.find import Choice, glance
from bot.store.engine.database import Database

CHATS, FOLLOWED, RATE = 100_000, 10, 30
"""A million subscriptions; calls a second."""

ROUNDS = 150
AIMS = {"SQLite": 0.020, "PostgreSQL": 0.050}

Ask = Callable[[Visit, random.Random], Awaitable[object]]


async def measure() -> list[Figure]:
    """Ask for the latest, for words, phrases and prefixes, and as somebody types, on each database."""
    language = Language()
    with tempfile.TemporaryDirectory() as folder, postgres(Path(folder)) as url:
        return [*await _on("SQLite", None, language), *await _on("PostgreSQL", url, language)]


async def _on(name: str, url: str | None, language: Language) -> list[Figure]:
    with tempfile.TemporaryDirectory() as at, mock(0.04) as server:
        folder = Path(at)
        async with newsroom(folder, CHATS, url) as db:
            began = time.perf_counter()
            await fill(db, language, Clock().now())
            await _subscribe(db)
            built = time.perf_counter() - began
            await checkpoint(db)
            async with running(db, folder, server, global_rate=RATE) as app:
                going = asyncio.create_task(broadcast(db, app, server, CHATS))
                await server.until(RATE)
                figures = [await _asked(name, what, ask, app) for what, ask in _questions(language).items()]
                going.cancel()
                await asyncio.gather(going, return_exceptions=True)
    made = f"{built:.0f} s"
    return [
        *figures,
        Figure(f"{name}: {ARTICLES:,} articles and {CHATS * FOLLOWED:,} subscriptions put in", made),
    ]


def _questions(language: Language) -> dict[str, Ask]:
    def lists(wanted: Callable[[random.Random], Wanted]) -> Ask:
        async def ask(visit: Visit, made: random.Random) -> object:
            listed = await latest.latest(visit.services.db, searcher(visit), wanted(made))
            assert listed.articles, "each topic has stories"
            return latest_page(visit, listed)

        return ask

    def finds(words: Callable[[random.Random], str], choice: Choice = Choice()) -> Ask:  # noqa: B008
        async def ask(visit: Visit, made: random.Random) -> object:
            shown = await found(visit, words(made), choice)
            assert shown is not None
            return search_page(visit, shown)

        return ask

    async def types(visit: Visit, made: random.Random) -> object:
        typed = language.one(made)[: made.randrange(3, 8)]
        seen = await glance(visit.services.db, searcher(visit), typed, per_page=10, typing=True)
        return [story_result(each, shared(visit, each, seen.topics)) for each in seen.articles]

    async def opens(visit: Visit, made: random.Random) -> object:
        number = made.randrange(1, ARTICLES)
        read = await stories.read(visit.services.db, number, related=3)
        story = visit.story(read.article, read.topics, read.related)
        return visit.services.articles.full(story, visit.readership)

    return {
        "/latest on what is followed": lists(lambda _: Wanted()),
        "a topic's page, any topic": lists(lambda made: Wanted(made.randrange(2, TOPICS + 2))),
        "a topic's fourth page": lists(lambda made: Wanted(made.randrange(2, TOPICS + 2), page=3)),
        "the page of a topic that one story in 2,000 has": lists(lambda _: Wanted(RARE)),
        "one word": finds(language.one),
        "two words": finds(language.two),
        "a phrase": finds(language.phrase),
        "a prefix of four letters": finds(language.prefix),
        "one word, the headline first": finds(language.one, Choice(order=Order.BEST)),
        "one word of a rare topic": finds(lambda made: f"{language.one(made)} #rare"),
        "inline, a word being typed": types,
        "a story opened, with related ones": opens,
    }


@dataclass
class _Waits:
    seconds: list[float] = field(default_factory=list)
    processor: float = 0.0

    def figure(self, name: str, what: str) -> Figure:
        waits, aim = sorted(self.seconds), AIMS[name]
        middle, late = waits[len(waits) // 2], waits[int(len(waits) * 0.99)]
        own = self.processor / len(waits)
        said = f"{middle * 1000:.1f} ms, p99 {late * 1000:.1f} ms, at most {waits[-1] * 1000:.0f} ms of {len(waits)}"
        said += f"; {own * 1000:.1f} ms of the processor"
        return Figure(f"{name}: {what}", said, aim=f"p99 {aim * 1000:.0f} ms", met=late <= aim)


async def _asked(name: str, what: str, ask: Ask, app: App) -> Figure:
    made, waits = random.Random(11), _Waits()
    services = app.services
    # The first of each kind pays for what all later ones find made.
    for number in range(-5, ROUNDS):
        telegram_id = 1_000_001 + made.randrange(CHATS)
        began, spent = time.perf_counter(), time.process_time()
        here = await membership.find(services.db, services.bot.id, telegram_id)
        visit = Visit(
            services=services,
            user_id=telegram_id,
            language="ru",
            telegram_id=telegram_id,
            kind=ChatKind.PRIVATE,
            chat=here,
        )
        await ask(visit, made)
        if number >= 0:
            waits.seconds.append(time.perf_counter() - began)
            waits.processor += time.process_time() - spent
        await asyncio.sleep(0.01)
    return waits.figure(name, what)


async def _subscribe(db: Database) -> None:
    """Let each chat follow FOLLOWED topics in all: the one that all follow, and others beside it."""
    async with db.writer.begin() as tx:
        for first in range(1, CHATS + 1, 10_000):
            span = {"first": first, "last": min(CHATS, first + 9_999)}
            for other in range(1, FOLLOWED):
                # A factor that shares nothing with the number of topics: no chat follows one twice.
                topic = f"2 + (chat.id * 7 + {other * 6}) % {TOPICS}"
                await tx.execute(
                    text(
                        f"INSERT INTO subscription (topic_id, chat_id, since) SELECT {topic}, chat.id, 0"
                        " FROM chat WHERE chat.id BETWEEN :first AND :last"
                    ),
                    span,
                )
