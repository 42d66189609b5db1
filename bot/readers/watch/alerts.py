"""Words that a chat watches for: looked at before they are kept, listed, changed, paused, given up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.model.errors import Refusal
from bot.model.search.alert import Alert, AlertTerms
from bot.model.search.query import Query, Sought
from bot.model.story.article import Article
from bot.model.story.topic import Topics
from bot.readers.search.synonyms import Synonyms, grouped
from bot.readers.stories import read_in
from bot.readers.watch.words import Wanted, query_of, wanted_in
from bot.store.audience import chats
from bot.store.engine.database import Database, Transaction
from bot.store.following import carried
from bot.store.newsroom import articles
from bot.store.newsroom.search import find as archive
from bot.store.newsroom.search import synonyms
from bot.store.watch import alerts

MOST, WEEK = 20, timedelta(days=7)
"""How many alerts a chat may have, and how far back a preview looks."""

COUNTED, SHOWN = 100, 3
"""Up to how many stories a preview counts, and how many of the newest it shows."""

_RARE = 500
"""A word that more stories have than these is as frequent as any."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What an alert would have brought in the last week: how many stories, whether more, and the newest of them."""

    wanted: Wanted
    count: int
    more: bool
    newest: Sequence[Article]


@dataclass(frozen=True, slots=True)
class AlertPage:
    """An alert with what it would have brought, and the newsroom's topics."""

    alert: Alert
    brought: Brought
    topics: Topics


async def preview(
    db: Database, chat_id: int | None, text: str, now: datetime, *, language: str, whole: bool = False
) -> list[Brought]:
    """Return what the alerts named in a text would have brought to a chat. Refused as `wanted_in` is."""
    async with db.read() as tx:
        groups = grouped(await synonyms.load(tx))
        told_in, scope = await read_in(tx, chat_id, language), await carried.of_chat(tx, chat_id)
        return [
            await _brought(tx, each, groups, now=now, within=scope.narrowed(Query(languages=told_in)))
            for each in wanted_in(text, groups, whole=whole)
        ]


async def keep(
    db: Database,
    chat_id: int,
    text: str,
    at: datetime,
    *,
    thread_id: int | None = None,
    instead_of: int | None = None,
    whole: bool = False,
) -> list[Wanted]:
    """Let the chat watch for what a text names, also for what it watches for already; return that.

    `instead_of` is an alert whose place it takes. Refused as `wanted_in` is, and as `alerts-full`.
    """
    async with db.read() as tx:
        wanted = wanted_in(text, grouped(await synonyms.load(tx)), whole=whole)
        rarest = [await _rarest(tx, each.terms) for each in wanted]
    async with db.write() as tx:
        await chats.hold(tx, chat_id)
        before = await alerts.get(tx, chat_id, instead_of) if instead_of is not None else None
        if before is not None:
            await alerts.remove(tx, chat_id, before.id)
            thread_id = before.thread_id
        for each, stems in zip(wanted, rarest, strict=True):
            await alerts.add(tx, chat_id, each.said, each.terms, rarest=stems, at=at, thread_id=thread_id)
        if await alerts.count(tx, chat_id) > MOST:
            raise Refusal("alerts-full", most=MOST)
    return wanted


async def of_chat(db: Database, chat_id: int) -> list[Alert]:
    """Return what the chat watches for."""
    async with db.read() as tx:
        return await alerts.of_chat(tx, chat_id)


async def look(db: Database, chat_id: int, alert_id: int, now: datetime, *, language: str) -> AlertPage:
    """Return one of the chat's alerts. Refused as `no-alert` where it has none such."""
    async with db.read() as tx:
        found = await alerts.get(tx, chat_id, alert_id)
        if found is None:
            raise Refusal("no-alert")
        groups = grouped(await synonyms.load(tx))
        told_in, scope = await read_in(tx, chat_id, language), await carried.of_chat(tx, chat_id)
        wanted, within = Wanted(found.said, found.terms), scope.narrowed(Query(languages=told_in))
        return AlertPage(found, await _brought(tx, wanted, groups, now=now, within=within), scope.topics)


async def pause(db: Database, chat_id: int, alert_id: int, *, paused: bool) -> None:
    """Let an alert bring nothing for now, or bring again. Refused where the chat has none such."""
    async with db.write() as tx:
        if not await alerts.pause(tx, chat_id, alert_id, paused=paused):
            raise Refusal("no-alert")


async def remove(db: Database, chat_id: int, alert_id: int) -> None:
    """Give an alert up, also one that is gone already."""
    async with db.write() as tx:
        await alerts.remove(tx, chat_id, alert_id)


async def _brought(
    tx: Transaction, wanted: Wanted, groups: Synonyms, *, now: datetime, within: Query
) -> Brought:
    query = replace(
        query_of(wanted.terms, groups),
        since=now - WEEK,
        topic_ids=within.topic_ids,
        languages=within.languages,
    )
    found = await archive.find(tx, query, COUNTED + 1)
    newest = await articles.many(tx, found[:SHOWN])
    return Brought(wanted, min(len(found), COUNTED), len(found) > COUNTED, newest)


async def _rarest(tx: Transaction, terms: AlertTerms) -> list[str]:
    """Return the stems that a story must have, the rarest in the archive first, of as frequent ones the longest."""
    stems = dict.fromkeys(stem for each in terms.wanted for stem in each.stems)
    if len(stems) == 1:
        return list(stems)
    counts = {stem: len(await archive.find(tx, Query((Sought(((stem,),)),)), _RARE)) for stem in stems}
    return sorted(stems, key=lambda stem: (counts[stem], -len(stem), stem))
