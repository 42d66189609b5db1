"""An archive of made-up stories, the same ones every time, put into either database by set."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

from sqlalchemy import insert, text

from bot.model.story.article import Content, Status
from bot.model.story.content import Paragraph, Run
from bot.stemming import words_of
from bot.store.engine.database import Database
from bot.store.newsroom import contents
from bot.store.newsroom.search.stems import VERSION, Stems, language_mark, topic_mark
from bot.store.newsroom.tables import article, article_topic, revision
from bot.store.tables.search import search_entry

ARTICLES = 100_000
APART = timedelta(minutes=5)

WORDS, SENTENCES, SENTENCE, LONG = 30_000, 60_000, 10, 10
"""How many words there are, the most frequent in more than half of the articles; how many sentences, of how many words
each; how many sentences a story has below its headline and lead."""

TOPICS = 60
"""Topics beside the one that all follow; the first has one story in four, the last one in some hundreds."""

RARE = TOPICS + 2
"""A topic that one story in two thousand has."""

_SYLLABLES = tuple("ба во го да же зи ко лу мо не по ру со ту фе ха ци ши бра гре стро пла".split())  # noqa: SIM905
_ENDINGS = ("", "а", "ы", "ом", "ов", "ами")
_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class _Sentence:
    words: tuple[str, ...]
    text: str
    stems: str


class Language:
    """Made-up words, some far more frequent than others, in sentences that come again as news's turns of phrase do."""

    def __init__(self) -> None:
        made = random.Random(7)
        self.words = [
            "".join(made.choices(_SYLLABLES, k=made.choice((2, 3, 3, 4)))) + "н" for _ in range(WORDS)
        ]
        weights = list(accumulate(1 / (rank + 5) for rank in range(WORDS)))
        said = made.choices(self.words, cum_weights=weights, k=SENTENCES * SENTENCE)
        said = [word + made.choice(_ENDINGS) for word in said]
        stems = {word: words_of(word)[0].stem for word in set(said)}
        self.sentences = []
        for at in range(0, len(said), SENTENCE):
            words = tuple(said[at : at + SENTENCE])
            line = f"{' '.join(words).capitalize()}."
            self.sentences.append(_Sentence(words, line, " ".join(stems[word] for word in words)))

    def one(self, made: random.Random) -> str:
        """Return a word that somebody looks for: as often one of the first hundred as one of the last thousands."""
        return self.words[int(WORDS ** made.random()) - 1]

    def two(self, made: random.Random) -> str:
        """Return two words."""
        return f"{self.one(made)} {self.one(made)}"

    def phrase(self, made: random.Random) -> str:
        """Return two words in quotes that stand side by side in some stories."""
        words = made.choice(self.sentences).words
        at = made.randrange(SENTENCE - 1)
        return f"«{words[at]} {words[at + 1]}»"

    def prefix(self, made: random.Random, letters: int = 4) -> str:
        """Return the first letters of a word."""
        return f"{self.one(made)[:letters]}*"


async def fill(db: Database, language: Language, now: datetime) -> None:
    """Keep the stories, each APART from the next, with their entries in the search's index."""
    lite = db.file is not None
    async with db.writer.begin() as tx:
        await tx.execute(text(_TOPICS))
        if not lite:
            await tx.execute(text("DROP INDEX ix_search_text_stems"))
        else:
            # As much in memory before it is written: by itself it writes after each megabyte.
            await tx.execute(
                text("INSERT INTO search_text (search_text, rank) VALUES ('hashsize', 67108864)")
            )
    for first in range(0, ARTICLES, _AT_ONCE):
        rows = _Rows(lite)
        for number, at in _numbered(first, now):
            rows.add(number, at, language)
        async with db.writer.begin() as tx:
            for table, values in rows.tables:
                await tx.execute(insert(table), values)
            columns = "rowid, headline, lead, body" if lite else "place, stems"
            said = ":place, :headline, :lead, :body" if lite else ":place, CAST(:vector AS tsvector)"
            await tx.execute(text(f"INSERT INTO search_text ({columns}) VALUES ({said})"), rows.texts)
    async with db.writer.begin() as tx:
        if lite:
            await tx.execute(text("INSERT INTO search_text (search_text, rank) VALUES ('hashsize', 1048576)"))
        else:
            await tx.execute(
                text(
                    "CREATE INDEX ix_search_text_stems ON search_text USING gin (stems) WITH (fastupdate = off)"
                )
            )
            # The numbers above were ours.
            for table in ("article", "topic"):
                await tx.execute(text(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))"))
    async with db.writer.connect() as tx:
        connection = await tx.execution_options(isolation_level="AUTOCOMMIT")
        await connection.exec_driver_sql("ANALYZE" if lite else "VACUUM ANALYZE")


_TOPICS = "INSERT INTO topic (id, slug, names, aliases, keywords, origin) VALUES " + ", ".join(
    f"({at}, '{'rare' if at == RARE else f'topic{at}'}', '{{}}', '[]', '[]', 'desk')"
    for at in range(2, RARE + 1)
)


def _numbered(first: int, now: datetime) -> Iterator[tuple[int, datetime]]:
    for number in range(first + 1, min(first + _AT_ONCE, ARTICLES) + 1):
        yield number, now - APART * (ARTICLES - number + 1)


class _Rows:
    """What a stretch of stories is in each table."""

    def __init__(self, lite: bool) -> None:
        self._lite = lite
        self.tables: list[tuple[Any, list[dict[str, Any]]]] = [
            (each, []) for each in (article, revision, article_topic, search_entry)
        ]
        self.texts: list[dict[str, Any]] = []

    def add(self, number: int, at: datetime, language: Language) -> None:
        """Add a story."""
        made = random.Random(number)
        told = made.choices(language.sentences, k=LONG + 2)
        head, lead = told[0], told[1]
        body = (Paragraph((Run(" ".join(each.text for each in told[2:])),)),)
        content = Content(head.text.rstrip("."), lead.text, blocks=body)
        topics = sorted({1, 2 + int(TOPICS * made.random() ** 3), *((RARE,) if not number % 2_000 else ())})
        marks = " ".join((language_mark("ru"), *map(topic_mark, topics)))
        stems = Stems(head.stems, lead.stems, " ".join(each.stems for each in told[2:]), marks)
        place = (int(at.timestamp()) << 16) + number % (1 << 16)
        story = {"id": number, "source": "wire", "source_uid": f"w{number}", "status": Status.PUBLISHED}
        story |= {"revision": 1, "created_at": at, "published_at": at}
        said = {"article_id": number, "number": 1, "fingerprint": "", "created_at": at}
        entry = {"place": place, "article_id": number, "revision": 1, "version": VERSION, "language": "ru"}
        self._put(article, story)
        self._put(revision, said | contents.values(content))
        for topic in topics:
            self._put(article_topic, {"topic_id": topic, "article_id": number})
        self._put(search_entry, entry | {"stems": stems.pack() if self._lite else None})
        self.texts.append({"place": place, **(stems.columns() if self._lite else {"vector": stems.vector()})})

    def _put(self, table: Any, row: dict[str, Any]) -> None:
        next(rows for each, rows in self.tables if each is table).append(row)
