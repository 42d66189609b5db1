"""The latest stories as a reader asks for them: of a topic, of some days, in other languages, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from bot.model.errors import Refusal
from bot.model.following.following import Following
from bot.model.following.mode import WIRE, Mode
from bot.model.following.mute import MuteKind, source_of
from bot.model.languages import ANY, Codes
from bot.model.search.query import Query
from bot.model.story.article import Article
from bot.model.story.topic import Topic, Topics
from bot.readers.search.asked import MOST_CHARACTERS
from bot.readers.search.filters import ALL, Filters, pieces_of
from bot.readers.search.find import MOST_PAGES, SearchReader
from bot.readers.stories import read_in
from bot.readers.topics import meant
from bot.readers.walk import Stop
from bot.stemming import composed
from bot.store.audience import subscriptions
from bot.store.engine.database import Database, Transaction
from bot.store.following import mutes
from bot.store.newsroom import articles, topics
from bot.store.newsroom.search.find import find

USUAL, MOST = 5, 10
"""How many stories a page has, where nobody says how many, and at most."""

EVERY_TOPIC = -1
"""Stands for all topics, where the chat follows some."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for.

    `topic_id` None: what the chat follows, else all topics. `since` and `until` (not included) are days where the
    reader is. `languages` none: those that the chat reads; ALL: every one.
    """

    topic_id: int | None = None
    limit: int = USUAL
    page: int = 0
    since: date | None = None
    until: date | None = None
    languages: Codes = ()

    @property
    def narrowed(self) -> bool:
        """Whether days or languages were asked for."""
        return bool(self.since or self.until or self.languages)


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the latest stories, newest first, and the newsroom's topics.

    `topic` is the topic that was asked for, if any; `languages` are those of the stories (none: all). `unknown` are
    the words that mean no topic: there are no stories then. Where there are none otherwise, `instead` says what else
    there would be, by the name of what is given up: `time`, `topic`, `language`.
    """

    articles: Sequence[Article]
    topics: Topics
    topic: Topic | None
    wanted: Wanted
    languages: Codes = ANY
    more: bool = False
    unknown: str = ""
    instead: Sequence[tuple[str, Wanted]] = ()


async def latest(db: Database, reader: SearchReader, wanted: Wanted) -> Listing:
    """Return a page of the latest stories."""
    async with db.read() as tx:
        return await _listing(tx, reader, await _known(tx, reader), wanted)


async def newest(
    db: Database, chat_id: int | None, topic_id: int | None, limit: int, *, language: str = ""
) -> Listing:
    """Return the newest stories of a topic; without a topic, of what the chat follows; else of all.

    `language` is that of whoever asks in a chat that has not chosen: one that is unknown, or has said /stop.
    """
    reader = SearchReader(chat_id, language, "UTC", datetime.now(UTC))
    return await latest(db, reader, Wanted(topic_id, limit))


async def requested(db: Database, reader: SearchReader, words: str) -> Listing:
    """Return the latest as a person asks for them: a topic, days, a language and a number, in any order, or nothing.

    Refused as `search-too-long`.
    """
    if len(words) > MOST_CHARACTERS:
        raise Refusal("search-too-long", most=MOST_CHARACTERS)
    async with db.read() as tx:
        known = await _known(tx, reader)
        wanted, unknown = asked_for(words, known, reader.now.astimezone(reader.there).date())
        if unknown:
            return Listing((), known, None, wanted, unknown=unknown)
        return await _listing(tx, reader, known, wanted)


async def stops(db: Database, reader: SearchReader, wanted: Wanted) -> list[tuple[Stop, Wanted]]:
    """Return the stories of a page and of those beside it, each with what it stands on."""
    first = max(0, wanted.page - 1)
    async with db.read() as tx:
        query = await _query(tx, reader, await _known(tx, reader), wanted)
        found = await find(tx, query, wanted.limit * (wanted.page + 2 - first), first * wanted.limit)
        times = await articles.published(tx, found)
    return [
        (Stop(each, times.get(each)), replace(wanted, page=first + at // wanted.limit))
        for at, each in enumerate(found)
    ]


async def _listing(tx: Transaction, reader: SearchReader, known: Topics, wanted: Wanted) -> Listing:
    query = await _query(tx, reader, known, wanted)
    found = await find(tx, query, wanted.limit + 1, wanted.page * wanted.limit)
    shown = await articles.many(tx, found[: wanted.limit])
    topic = known.by_id.get(wanted.topic_id) if wanted.topic_id is not None else None
    more = len(found) > wanted.limit and wanted.page + 1 < MOST_PAGES
    instead = [] if shown or wanted.page else await _instead(tx, reader, known, wanted)
    return Listing(shown, known, topic, wanted, query.languages, more, instead=instead)


async def _known(tx: Transaction, reader: SearchReader) -> Topics:
    """Return the topics that the bot offers which the reader asks."""
    return reader.coverage.offered(await topics.load(tx))


async def _query(tx: Transaction, reader: SearchReader, known: Topics, wanted: Wanted) -> Query:
    return reader.coverage.narrowed(await _of_chat(tx, reader, known, wanted), known)


async def _of_chat(tx: Transaction, reader: SearchReader, known: Topics, wanted: Wanted) -> Query:
    topic_id, chat_id = wanted.topic_id, reader.chat_id
    languages = wanted.languages or await read_in(tx, chat_id, reader.language)
    query = Query(
        since=_midnight(reader, wanted.since),
        until=_midnight(reader, wanted.until),
        languages=ANY if languages == ALL else languages,
    )
    if topic_id is not None and topic_id != EVERY_TOPIC:
        query = replace(query, topic_ids=tuple(known.below(topic_id)))
    if chat_id is None:
        return query
    chosen = {at: one.mode for at, one in (await subscriptions.of_chat(tx, chat_id)).items()}
    following = Following(known, chosen, tuple(await mutes.of_chat(tx, chat_id, reader.now)))
    query = replace(query, never_sources=_muted_sources(following))
    if query.topic_ids is not None:
        # Whoever names a topic wants that topic now, muted or not.
        return query
    query = replace(query, never_topics=tuple(following.muted()))
    return query if topic_id == EVERY_TOPIC else _followed(query, following)


def _followed(query: Query, following: Following) -> Query:
    """Narrow a query down to what the chat follows at once or in the digest; where that is nothing, leave all."""
    wanted, wire = tuple(following.wanted()), following.mode(WIRE) >= Mode.DIGEST
    if wire and len(wanted) + len(query.never_topics) == len(following.topics.all):
        return query
    return replace(query, topic_ids=wanted, untopical=wire) if wanted or wire else query


def _muted_sources(following: Following) -> tuple[str, ...]:
    feeds = (each.target.id for each in following.mutes if each.target.kind is MuteKind.FEED)
    return tuple(map(source_of, sorted(feeds)))


async def _instead(
    tx: Transaction, reader: SearchReader, known: Topics, wanted: Wanted
) -> list[tuple[str, Wanted]]:
    """Return what there would be with one filter less."""
    ways = []
    if wanted.since or wanted.until:
        ways.append(("time", replace(wanted, since=None, until=None)))
    if wanted.topic_id is not None and wanted.topic_id != EVERY_TOPIC:
        ways.append(("topic", replace(wanted, topic_id=EVERY_TOPIC)))
    if wanted.languages != ALL:
        ways.append(("language", replace(wanted, languages=ALL)))
    return [way for way in ways if await find(tx, await _query(tx, reader, known, way[1]), 1)]


def asked_for(words: str, known: Topics, today: date) -> tuple[Wanted, str]:
    """Return what the words ask for, and those of them that mean no topic."""
    if topic := known.find(words):
        return Wanted(topic.id), ""
    filters, limit = Filters(known, today), USUAL
    rest: list[str] = []
    pieces = tuple(pieces_of(composed(words)))
    at = 0
    while at < len(pieces):
        taken = filters.take(pieces[at:], bare=True)
        if not taken and (number := pieces[at].text).isdecimal():
            limit, taken = max(1, min(MOST, int(number[:4]))), 1
        if not taken:
            rest.append(pieces[at].text.strip(",.;:!?()"))
            taken = 1
        at += taken
    name = " ".join(filter(None, rest))
    topic = meant(known, name) if name else filters.topic
    unknown = name if topic is None else ""
    return Wanted(
        topic.id if topic else None, limit, 0, filters.since, filters.until, filters.languages
    ), unknown


def _midnight(reader: SearchReader, day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), tzinfo=reader.there)


def earliest(reader: SearchReader, days: int) -> date:
    """Return the day, where the reader is, on which the last so many days began."""
    return reader.now.astimezone(reader.there).date() - timedelta(days=days)
