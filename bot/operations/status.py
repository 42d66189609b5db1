"""The facts of /status, and the troubles that owners and editors should be told of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.log import phrase
from bot.model.chat import ChatState
from bot.model.updates.flow import UpdateFlow
from bot.operations.roles.holders import holders
from bot.store.audience import chats, subscriptions
from bot.store.engine.database import Database, Transaction
from bot.store.ledger import deliveries
from bot.store.newsroom import feeds, held_edits, topics
from bot.store.newsroom.feeds import Feed
from bot.store.operations import bots, health_queries, leases, unread
from bot.store.operations.troubles import known, told

FEED_FAILURES = 5
"""A feed that failed so many times in a row is a trouble."""

STALLED_AFTER = timedelta(minutes=3)
"""Deliveries that are overdue for so long are a trouble."""

TELL_AGAIN = timedelta(days=1)
"""The same trouble is told again after so long."""

LONG_WAIT = timedelta(minutes=1)
"""A wait that Telegram asks for is a trouble where it is longer."""

REPORT_HOLDS = timedelta(minutes=5)
"""What a process reported holds so long: the process that has its role by then reports again, or all is well."""

MOST_CHATS = 20
"""How many lost chats are told of at once."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that owners should know, and editors too where `editors` is True.

    Troubles with the same `key` are told once. `talk` is the name of the template, `facts` what it is given.
    """

    key: str
    talk: str
    facts: dict[str, Any] = field(default_factory=dict)
    editors: bool = False

    @property
    def over(self) -> bool:
        """Whether this only says that a trouble is over."""
        return self.talk == "owner_canary_well"


async def status(db: Database, bot_id: int, language: str, now: datetime) -> dict[str, Any]:
    """Return the facts of `/status`; `reported` are Troubles."""
    async with db.read() as tx:
        counts = await chats.counts(tx, bot_id)
        followers = await subscriptions.followers(tx, bot_id)
        waiting = await deliveries.waiting(tx, bot_id)
        topics_known = await topics.load(tx)
        had = holders(await leases.listing(tx), bot_id, now)
        return {
            "active": counts[ChatState.ACTIVE],
            "stopped": counts[ChatState.STOPPED],
            "blocked": counts[ChatState.BLOCKED] + counts[ChatState.GONE],
            "waiting": sum(count for count, _ in waiting.values()),
            "topics": [(each.name(language), followers.get(each.id, 0)) for each in topics_known.all],
            "feeds": [_named(each) for each in await feeds.failing(tx)],
            "reported": [each for each in await reported(tx, bot_id, now) if not each.over],
            "roles": [(each.role, each.owner) for each in had],
            "processes": len({each.owner for each in had if each.owner}),
        }


def deafness(flow: UpdateFlow) -> dict[str, Any]:
    """Return why no updates come, as templates say it: `code` is empty where they come."""
    why = phrase(flow.last_error or flow.trouble)
    return {"code": flow.code, "host": flow.host, "pending": flow.pending, "why": why}


async def untold(db: Database, bot_id: int, now: datetime, also: Iterable[Trouble] = ()) -> list[Trouble]:
    """Return the troubles that were not told within a day, and remember them as told.

    `also` are troubles that the process which asks knows of itself.
    """
    async with db.write() as tx:
        found = list({one.key: one for one in [*also, *await present(tx, bot_id, now)]}.values())
        fresh = [one for one in found if not await told.already(tx, bot_id, one.key, now - TELL_AGAIN)]
        for one in fresh:
            await told.note(tx, bot_id, one.key, now)
        return fresh


async def present(tx: Transaction, bot_id: int, now: datetime) -> list[Trouble]:
    """Return the troubles that there are now, as far as rows can tell, told or not."""
    found = await reported(tx, bot_id, now)
    for each in await feeds.failing(tx, FEED_FAILURES):
        name, error = _named(each)
        found.append(Trouble(f"feed:{each.id}", "owner_feed", {"feed": name, "error": error}))
    if overdue := await health_queries.stalled(tx, bot_id, now, STALLED_AFTER):
        found.append(Trouble("push", "owner_push", {"waiting": overdue}))
    found += await _of_pushes(tx, now)
    for lost in await health_queries.lost_chats(tx, bot_id, now - TELL_AGAIN, MOST_CHATS):
        facts = {"title": phrase(lost.title) or str(lost.telegram_id), "reason": lost.reason}
        found.append(Trouble(f"chat:{lost.id}:{lost.since:%Y%m%d%H%M%S}", "owner_chat", facts))
    if count := await unread.count(tx, bot_id, now - TELL_AGAIN):
        found.append(Trouble("unread", "owner_unread", {"count": count}))
    until = await bots.paused_until(tx, bot_id)
    if until is not None and until - now > LONG_WAIT:
        minutes = round((until - now) / timedelta(minutes=1))
        found.append(Trouble(f"flood:{until:%Y%m%d%H%M%S}", "owner_flood", {"minutes": minutes}))
    return found


async def reported(tx: Transaction, bot_id: int, now: datetime) -> list[Trouble]:
    """Return the troubles of feeds, canary, backups, updates and paid messages, whichever process knows of them."""
    rows = await known.since(tx, bot_id, now - REPORT_HOLDS)
    return [Trouble(each.key, each.talk, dict(each.facts)) for each in rows]


def _named(feed: Feed) -> tuple[str, str]:
    """Return the feed's name and why the feed fails, also where the row was written by an older version."""
    return phrase(feed.name or feed.url), phrase(feed.last_error or "")


async def _of_pushes(tx: Transaction, now: datetime) -> list[Trouble]:
    found = []
    for bulletin_id, headline, error in await health_queries.refused_articles(tx, now - TELL_AGAIN):
        facts = {"headline": phrase(headline), "error": phrase(error)}
        found.append(Trouble(f"refused:{bulletin_id}", "owner_article", facts, editors=True))
    for held in await held_edits.listing(tx, now - TELL_AGAIN):
        said = {"headline": phrase(held.headline), "reason": held.reason, "number": held.article_id}
        key = f"held:{held.article_id}:{held.at:%Y%m%d%H%M%S}"
        found.append(Trouble(key, "owner_held", said, editors=True))
    for bulletin_id, headline in await health_queries.paused_by_itself(tx):
        facts = {"headline": phrase(headline)}
        found.append(Trouble(f"paused:{bulletin_id}", "owner_paused", facts, editors=True))
    return found
