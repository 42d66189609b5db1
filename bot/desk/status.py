"""How the bot is doing, and what its owners should be told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.chat import ChatState
from bot.store import bots, chats, feeds, outbox, told, topics, troubles
from bot.store.database import reads, writes

FEED_FAILURES = 5
STALLED_AFTER = timedelta(minutes=3)
TELL_AGAIN = timedelta(days=1)
LONG_WAIT = timedelta(minutes=1)
MOST_CHATS = 20


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that owners should know, and `editors` too: `key` tells it once, `talk` and `facts` word it."""

    key: str
    talk: str
    facts: dict[str, Any] = field(default_factory=dict)
    editors: bool = False


@reads
async def status(tx: AsyncConnection, bot_id: int, language: str) -> dict[str, Any]:
    """Return the facts of `/status`."""
    counts = await chats.counts(tx, bot_id)
    followers = await chats.followers(tx, bot_id)
    waiting = await outbox.waiting(tx, bot_id)
    known = await topics.load(tx)
    return {
        "active": counts[ChatState.ACTIVE],
        "stopped": counts[ChatState.STOPPED],
        "blocked": counts[ChatState.BLOCKED] + counts[ChatState.GONE],
        "waiting": sum(count for count, _ in waiting.values()),
        "topics": [(each.name(language), followers.get(each.id, 0)) for each in known.all],
        "feeds": [(each.name or each.url, each.last_error or "") for each in await feeds.failing(tx)],
    }


@writes
async def untold(
    tx: AsyncConnection, bot_id: int, now: datetime, also: Iterable[Trouble] = ()
) -> list[Trouble]:
    """Return what is wrong and was not told within a day, and remember it as told; `also` is known elsewhere."""
    found = list(also)
    for each in await feeds.failing(tx, FEED_FAILURES):
        facts = {"feed": each.name or each.url, "error": each.last_error or ""}
        found.append(Trouble(f"feed:{each.id}", "owner_feed", facts))
    if overdue := await troubles.stalled(tx, bot_id, now, STALLED_AFTER):
        found.append(Trouble("push", "owner_push", {"waiting": overdue}))
    found += await _of_pushes(tx, now)
    for lost in await troubles.lost_chats(tx, bot_id, now - TELL_AGAIN, MOST_CHATS):
        facts = {"title": lost.title or str(lost.telegram_id), "reason": lost.reason}
        found.append(Trouble(f"chat:{lost.id}:{lost.since:%Y%m%d%H%M%S}", "owner_chat", facts))
    until = await bots.paused_until(tx, bot_id)
    if until is not None and until - now > LONG_WAIT:
        minutes = round((until - now) / timedelta(minutes=1))
        found.append(Trouble(f"flood:{until:%Y%m%d%H%M%S}", "owner_flood", {"minutes": minutes}))
    fresh = [one for one in found if not await told.already(tx, one.key, now, TELL_AGAIN)]
    for one in fresh:
        await told.note(tx, one.key, now)
    return fresh


async def _of_pushes(tx: AsyncConnection, now: datetime) -> list[Trouble]:
    found = []
    for bulletin_id, headline, error in await troubles.refused_articles(tx, now - TELL_AGAIN):
        facts = {"headline": headline, "error": error}
        found.append(Trouble(f"refused:{bulletin_id}", "owner_article", facts, editors=True))
    for bulletin_id, headline in await troubles.paused_by_itself(tx):
        found.append(Trouble(f"paused:{bulletin_id}", "owner_paused", {"headline": headline}, editors=True))
    return found
