"""A search as a reader makes it: the words read, the stories found, and what to look for where there are none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.model.hours import zone_named
from bot.model.languages import ANY, Codes
from bot.model.newsroom.coverage import EVERYTHING, Coverage
from bot.model.search.query import Order, Query
from bot.model.story.article import Article
from bot.model.story.content import Text
from bot.model.story.topic import Topic, Topics
from bot.readers.search.asked import Asked, Thing, asked
from bot.readers.search.excerpt import excerpt
from bot.readers.search.filters import ALL
from bot.readers.search.synonyms import grouped
from bot.readers.stories import read_in
from bot.readers.walk import Stop
from bot.store.engine.database import Database, Transaction
from bot.store.newsroom import articles, topics
from bot.store.newsroom.search import find as archive
from bot.store.newsroom.search import synonyms

PER_PAGE, MOST_PAGES = 5, 20
"""How many stories a page has, and how many pages somebody turns."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen by buttons, beside the words.

    `days` and `topic_id` None: as the words say; 0: at any time, on any topic. `without` has a bit for each thing
    of the words that is left out.
    """

    page: int = 0
    order: Order = Order.NEWEST
    days: int | None = None
    topic_id: int | None = None
    every_language: bool = False
    without: int = 0


@dataclass(frozen=True, slots=True)
class Terms:
    """What a search was made for: the words' meaning with the choice in it. Days are where the reader is."""

    asked: Asked
    choice: Choice
    things: tuple[str, ...]
    """The words and phrases that were looked for."""
    since: date | None
    until: date | None
    topic: Topic | None
    languages: Codes


@dataclass(frozen=True, slots=True)
class Instead:
    """Another choice that finds something, and what it gives up: `time`, `topic`, `language`, `word` or `all`."""

    gives_up: str
    choice: Choice
    said: str = ""


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A page of what a search found, with an excerpt of each story, and whether there is a next page.

    Where nothing was found, `instead` says what would be.
    """

    terms: Terms
    topics: Topics
    articles: Sequence[Article] = ()
    excerpts: Sequence[Text] = ()
    more: bool = False
    instead: Sequence[Instead] = ()


@dataclass(frozen=True, slots=True)
class Glance:
    """Stories that were found, and whether there are more: what is shown while somebody types."""

    topics: Topics
    articles: Sequence[Article]
    more: bool


@dataclass(frozen=True, slots=True)
class SearchReader:
    """Who searches: the chat (None: nobody in particular), its language and zone (IANA), and the time (UTC).

    `coverage` is what the bot carries that is asked.
    """

    chat_id: int | None
    language: str
    zone: str
    now: datetime
    coverage: Coverage = EVERYTHING

    @property
    def there(self) -> ZoneInfo:
        """The zone, UTC where the name is none."""
        return zone_named(self.zone) or ZoneInfo("UTC")


async def search(
    db: Database, reader: SearchReader, text: str, choice: Choice, *, per_page: int = PER_PAGE
) -> SearchPage | None:
    """Return a page of what readers can find by the text; None where the text asks for nothing.

    Refused as `search-too-long`.
    """
    async with db.read() as tx:
        search = await _understood(tx, reader, text)
        if search is None:
            return None
        known = search.known
        if choice.topic_id is not None and choice.topic_id not in known.by_id:
            choice = replace(choice, topic_id=0)
        terms = search.terms(choice)
        offset = min(choice.page, MOST_PAGES - 1) * per_page
        found = await archive.find(tx, search.query(choice), per_page + 1, offset)
        if not found and not choice.page:
            return SearchPage(terms, known, instead=await search.instead(tx, choice))
        shown = await articles.many(tx, found[:per_page])
    wanted = [each.sought for each in search.things(choice)]
    more = len(found) > per_page and choice.page + 1 < MOST_PAGES
    return SearchPage(terms, known, shown, [excerpt(each.content, wanted) for each in shown], more)


async def stops(db: Database, reader: SearchReader, text: str, choice: Choice) -> list[tuple[Stop, Choice]]:
    """Return the stories of a page and of those beside it, each with what it stands on; none where nothing is asked."""
    async with db.read() as tx:
        search = await _understood(tx, reader, text)
        if search is None:
            return []
        first = max(0, choice.page - 1)
        until = min(choice.page + 2, MOST_PAGES)
        found = await archive.find(tx, search.query(choice), PER_PAGE * (until - first), first * PER_PAGE)
        times = await articles.published(tx, found)
    return [
        (Stop(each, times.get(each)), replace(choice, page=first + at // PER_PAGE))
        for at, each in enumerate(found)
    ]


async def glance(
    db: Database,
    reader: SearchReader,
    text: str,
    *,
    page: int = 0,
    per_page: int,
    order: Order = Order.NEWEST,
    typing: bool = False,
) -> Glance:
    """Return a page of what is found, and nothing beside it: cheap enough for each key press.

    `typing`: the last word may not be all there yet. A text that asks for nothing finds the newest. Refused
    as `search-too-long`.
    """
    async with db.read() as tx:
        search = await _understood(tx, reader, text, typing=typing)
        if search is None:
            known = reader.coverage.offered(await topics.load(tx))
            query = Query(languages=await read_in(tx, reader.chat_id, reader.language))
            query = reader.coverage.narrowed(query, known)
        else:
            known, query = search.known, search.query(Choice(order=order))
        found = await archive.find(tx, query, per_page + 1, page * per_page)
        shown = await articles.many(tx, found[:per_page])
    return Glance(known, shown, len(found) > per_page and page + 1 < MOST_PAGES)


async def _understood(
    tx: Transaction, reader: SearchReader, text: str, *, typing: bool = False
) -> _Search | None:
    """Return the text as it is understood; None where it asks for nothing. Refused as `search-too-long`."""
    known = reader.coverage.offered(await topics.load(tx))
    groups = grouped(await synonyms.load(tx))
    said = asked(text, known, groups, reader.now.astimezone(reader.there).date(), typing=typing)
    if not said:
        return None
    return _Search(reader, known, said, await read_in(tx, reader.chat_id, reader.language))


@dataclass(frozen=True, slots=True)
class _Search:
    """A reader's words as they were understood, in a newsroom with those topics; `own` are the reader's languages."""

    reader: SearchReader
    known: Topics
    asked: Asked
    own: Codes

    def things(self, choice: Choice) -> tuple[Thing, ...]:
        return tuple(each for at, each in enumerate(self.asked.things) if not choice.without >> at & 1)

    def terms(self, choice: Choice) -> Terms:
        said = self.asked
        since, until = said.since, said.until
        if choice.days is not None:
            today = self.reader.now.astimezone(self.reader.there).date()
            since = today - timedelta(days=choice.days) if choice.days else None
            until = None
        topic = said.topic if choice.topic_id is None else self.known.by_id.get(choice.topic_id)
        named = ANY if said.languages == ALL else said.languages or self.own
        things = tuple(each.said for each in self.things(choice))
        return Terms(said, choice, things, since, until, topic, ANY if choice.every_language else named)

    def query(self, choice: Choice) -> Query:
        terms = self.terms(choice)
        query = Query(
            tuple(each.sought for each in self.things(choice)),
            tuple(each.sought for each in self.asked.unwanted),
            self._midnight(terms.since),
            self._midnight(terms.until),
            tuple(self.known.below(terms.topic.id)) if terms.topic else None,
            terms.languages,
            choice.order,
        )
        return self.reader.coverage.narrowed(query, self.known)

    async def instead(self, tx: Transaction, choice: Choice) -> list[Instead]:
        """Return what would be found with one filter or word less; where nothing would, with no filter at all."""
        found: list[Instead] = []
        for way in _ways(self.terms(choice)):
            if way.gives_up == "all" and found:
                break
            if await archive.find(tx, self.query(way.choice), 1):
                found.append(way)
        return found

    def _midnight(self, day: date | None) -> datetime | None:
        return None if day is None else datetime.combine(day, time(), tzinfo=self.reader.there)


def _ways(terms: Terms) -> Iterator[Instead]:
    choice = terms.choice
    free = replace(choice, days=0, topic_id=0, every_language=True)
    if terms.since or terms.until:
        yield Instead("time", replace(choice, days=0))
    if terms.topic is not None:
        yield Instead("topic", replace(choice, topic_id=0))
    if terms.languages:
        yield Instead("language", replace(choice, every_language=True))
    left = [at for at in range(len(terms.asked.things)) if not choice.without >> at & 1]
    for at in left if len(left) > 1 else ():
        yield Instead(
            "word",
            replace(choice, without=choice.without | 1 << at),
            terms.asked.things[at].said.strip("«»“”"),
        )
    if free != choice:
        yield Instead("all", free)
