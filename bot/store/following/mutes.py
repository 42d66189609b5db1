"""Mutes as they are kept. One whose time is over counts no more, and is dropped later."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, literal, or_, select, tuple_

from bot.model.following.mute import Mute, MuteKind, MuteTarget
from bot.store.engine.array_param import among
from bot.store.engine.database import Transaction
from bot.store.engine.upsert import upsert
from bot.store.newsroom.tables import feed
from bot.store.tables.audience import mute


@dataclass(frozen=True, slots=True)
class FeedName:
    """How a feed is known: the name that its stories give as their source (may be empty), and its address."""

    id: int
    name: str
    url: str


async def of_chat(tx: Transaction, chat_id: int, now: datetime | None) -> list[Mute]:
    """Return what the chat has muted now, the newest first; at no time in particular: all that is kept."""
    found = select(mute).where(mute.c.chat_id == chat_id)
    if now is not None:
        found = found.where(_live(now))
    rows = await tx.execute(found.order_by(mute.c.since.desc(), mute.c.kind, mute.c.target_id))
    return [Mute(MuteTarget(row.kind, row.target_id), row.since, row.until) for row in rows]


async def of_chats(
    tx: Transaction, chat_ids: Sequence[int], now: datetime
) -> dict[int, frozenset[MuteTarget]]:
    """Return what each of the chats has muted now; what a chat without mutes has is not there."""
    found = select(mute.c.chat_id, mute.c.kind, mute.c.target_id)
    found = found.where(among(mute.c.chat_id, "b_chats"), _live(now))
    muted: dict[int, set[MuteTarget]] = defaultdict(set)
    for chat_id, kind, target_id in await tx.execute(found, {"b_chats": list(chat_ids)}):
        muted[chat_id].add(MuteTarget(kind, target_id))
    return {chat_id: frozenset(targets) for chat_id, targets in muted.items()}


async def keep(
    tx: Transaction, chat_id: int, target: MuteTarget, at: datetime, *, until: datetime | None = None
) -> None:
    """Keep a target from the chat until then; None: for good. What was said of the target before is over."""
    said = {"since": at, "until": until}
    new = upsert(tx, mute).values(kind=target.kind, target_id=target.id, chat_id=chat_id, **said)
    key = ["kind", "target_id", "chat_id"]
    await tx.execute(new.on_conflict_do_update(index_elements=key, set_=said))


async def lift(tx: Transaction, chat_id: int, target: MuteTarget) -> bool:
    """End a mute of the chat. False where there was none."""
    one = (mute.c.kind == target.kind, mute.c.target_id == target.id, mute.c.chat_id == chat_id)
    return (await tx.execute(delete(mute).where(*one))).rowcount == 1


async def forget_topic(tx: Transaction, topic_id: int) -> None:
    """End all mutes of a topic."""
    await tx.execute(delete(mute).where(mute.c.kind == MuteKind.TOPIC, mute.c.target_id == topic_id))


def muting(topic_ids: Iterable[int], feed_id: int | None, now: datetime) -> Any:
    """Return whether a mute keeps a story away that is about these topics, those above included, and of that feed."""
    about = and_(
        mute.c.kind == literal(MuteKind.TOPIC, mute.c.kind.type), mute.c.target_id.in_(sorted(topic_ids))
    )
    of_feed = and_(mute.c.kind == literal(MuteKind.FEED, mute.c.kind.type), mute.c.target_id == feed_id)
    return and_(about if feed_id is None else or_(about, of_feed), _live(now))


async def feed_names(tx: Transaction, ids: Sequence[int] | None = None) -> list[FeedName]:
    """Return the feeds with those numbers, whether they are in use or not; None: all that are in use."""
    of_them = feed.c.retired_at.is_(None) if ids is None else feed.c.id.in_(ids)
    rows = await tx.execute(select(feed.c.id, feed.c.name, feed.c.url).where(of_them).order_by(feed.c.id))
    return [FeedName(*row) for row in rows]


async def drop_lapsed(tx: Transaction, now: datetime, limit: int) -> int:
    """Drop some of the mutes whose time is over, and return how many."""
    key = (mute.c.kind, mute.c.target_id, mute.c.chat_id)
    some = select(*key).where(mute.c.until <= now).limit(limit)
    # Once more: the chat may have muted the same anew meanwhile.
    gone = delete(mute).where(tuple_(*key).in_(some), mute.c.until <= now)
    return (await tx.execute(gone)).rowcount


def _live(now: datetime) -> Any:
    return or_(mute.c.until.is_(None), mute.c.until > now)
