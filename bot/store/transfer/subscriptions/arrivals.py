"""Writes chats of an export into a database: those that the bot does not know wait for their person to press Start.

What a reader chose with the new bot stands: a chat that the bot knows is left alone, unless it has chosen nothing yet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Table, exists, func, literal, select

from bot.model.chat import ChatState
from bot.model.following.mute import MuteKind
from bot.store.audience import chats
from bot.store.audience.places import footers
from bot.store.engine.array_param import among
from bot.store.engine.database import Transaction
from bot.store.engine.upsert import upsert
from bot.store.tables.audience import chat, subscription
from bot.store.tables.watch import alert_condition
from bot.store.transfer.subscriptions import names
from bot.store.transfer.subscriptions.entries import Entry, Named
from bot.store.transfer.subscriptions.layout import PARTS, Values, columns_of, usual_value
from bot.store.transfer.subscriptions.names import Names, StoryName
from bot.store.transfer.takeovers import REASON

_OWN = frozenset(
    {"telegram_id", "kind", "title", "created_at", "language", "news_languages", "zone", "invited_by"}
)
"""What a chat has with the new bot from its first moment, without having chosen it."""


@dataclass
class ArrivalCounts:
    """How many chats wait now, waited already, were filled, were known; how many subscriptions came with them.

    `topics` are those that there are no more, each with how often a chat chose it; `left` counts other rows whose story
    or feed is not here.
    """

    waiting: int = 0
    waited: int = 0
    filled: int = 0
    known: int = 0
    subscriptions: int = 0
    topics: Counter[str] = field(default_factory=Counter)
    left: int = 0

    @property
    def changed(self) -> bool:
        """Whether anything was written."""
        return bool(self.waiting or self.filled or self.subscriptions)

    def leave(self, named: Named) -> None:
        """Count a row that has no place here."""
        if named.topic is None:
            self.left += 1
        else:
            self.topics[named.topic or "?"] += 1

    def add(self, other: ArrivalCounts) -> None:
        """Count others in."""
        self.waiting += other.waiting
        self.waited += other.waited
        self.filled += other.filled
        self.known += other.known
        self.subscriptions += other.subscriptions
        self.topics += other.topics
        self.left += other.left


@dataclass(frozen=True)
class Arrivals:
    """Takes chats into the database of one bot. `zone` is the time zone of chats that have not chosen one."""

    bot_id: int
    zone: str
    names: Names

    async def take(self, tx: Transaction, entries: Sequence[Entry], at: datetime) -> ArrivalCounts:
        """Write chats, and return what became of them. To do it again changes nothing."""
        counts = ArrivalCounts()
        ids = await self._begin(tx, entries, at)
        counts.waiting = len(ids)
        others = {each.telegram_id: each for each in entries if each.telegram_id not in ids}
        for row in await self._untouched(tx, others):
            entry = others[row.telegram_id]
            if await self._fill(tx, row, entry, at):
                ids[entry.telegram_id] = row.id
                counts.filled += 1
        # Nobody has chosen anything there since: what was left out, because its topic was missing, may come now.
        waited = await self._waited(tx, [each for each in others if each not in ids])
        counts.waited, ids = len(waited), ids | waited
        counts.known = len(entries) - len(ids)
        before = await self._subscriptions(tx, ids.values())
        stories = await names.stories(tx, self.names, _stories_of(entries))
        for table in PARTS:
            rows = []
            for each in (each for each in entries if each.telegram_id in ids):
                for named in each.parts[table.name]:
                    row = await self._row(tx, table, named, stories)
                    if row is None:
                        counts.leave(named)
                    else:
                        rows.append(row | {"chat_id": ids[each.telegram_id]})
            if rows:
                await tx.execute(upsert(tx, table).on_conflict_do_nothing(), rows)
        counts.subscriptions = await self._subscriptions(tx, ids.values()) - before
        return counts

    async def _begin(self, tx: Transaction, entries: Sequence[Entry], at: datetime) -> dict[int, int]:
        """Let chats that the bot does not know wait; return their numbers by those at Telegram."""
        waits = {"bot_id": self.bot_id, "state": ChatState.BLOCKED, "state_reason": REASON, "state_at": at}
        values = [
            each.values | waits | {"footer_id": await footers.put(tx, each.footer) if each.footer else None}
            for each in entries
        ]
        new = upsert(tx, chat).on_conflict_do_nothing(index_elements=["bot_id", "telegram_id"])
        made = await tx.execute(new.returning(chat.c.telegram_id, chat.c.id), values)
        return {row.telegram_id: row.id for row in made}

    async def _waited(self, tx: Transaction, telegram_ids: Collection[int]) -> dict[int, int]:
        """Return those of the chats that wait for the new bot since an import, or a takeover, before."""
        found = select(chat.c.telegram_id, chat.c.id).where(
            chat.c.bot_id == self.bot_id, among(chat.c.telegram_id, "b_chats"), chat.c.state_reason == REASON
        )
        rows = await tx.execute(found.with_for_update(), {"b_chats": list(telegram_ids)})
        return {row.telegram_id: row.id for row in rows}

    async def _subscriptions(self, tx: Transaction, chat_ids: Collection[int]) -> int:
        found = select(func.count()).select_from(subscription).where(among(subscription.c.chat_id, "b_chats"))
        return int((await tx.execute(found, {"b_chats": list(chat_ids)})).scalar_one())

    async def _untouched(self, tx: Transaction, others: Mapping[int, Entry]) -> Sequence[Any]:
        """Return those of the chats that began with the new bot, and have chosen nothing there."""
        chosen = [exists().where(each.c.chat_id == chat.c.id) for each in PARTS]
        plain = [
            each.is_(None)
            if (value := usual_value(each)) in (None, ())
            else each == literal(value, each.type)
            for each in columns_of(chat)
            if each.name not in _OWN
        ]
        found = select(chat.c.id, chat.c.telegram_id, chat.c.zone)
        mine = (chat.c.bot_id == self.bot_id, among(chat.c.telegram_id, "b_chats"))
        found = found.where(*mine, chat.c.state == ChatState.ACTIVE, *plain, *(~each for each in chosen))
        return (await tx.execute(found.with_for_update(), {"b_chats": list(others)})).all()

    async def _fill(self, tx: Transaction, row: Any, entry: Entry, at: datetime) -> bool:
        """Let a chat have what it chose before; False where that is nothing either."""
        theirs = {each.name: entry.values[each.name] for each in columns_of(chat) if each.name not in _OWN}
        usually = {each.name: usual_value(each) for each in columns_of(chat) if each.name not in _OWN}
        if not any(entry.parts.values()) and not entry.footer and theirs == usually:
            return False
        if row.zone == self.zone:
            theirs["zone"] = entry.values["zone"]
        if entry.footer:
            theirs["footer_id"] = await footers.put(tx, entry.footer)
        await chats.change(tx, row.id, **theirs)
        known = await chats.expect(tx, row.id)
        await chats.change(tx, row.id, digest_due=known.next_digest(at))
        return True

    async def _row(
        self, tx: Transaction, table: Table, named: Named, stories: Mapping[StoryName, int]
    ) -> Values | None:
        """Return a row with the numbers that names have here; None where there is no such topic, feed or story."""
        if named.condition is not None:
            return named.values | {"condition_id": await _condition(tx, named.condition)}
        if "article_id" in table.c:
            number = stories.get(named.story) if named.story else None
            return None if number is None else named.values | {"article_id": number}
        if named.values.get("kind") is MuteKind.FEED:
            number = self.names.feeds.get(named.feed or "")
        else:
            number = self.names.topics.get(named.topic or "")
        column = "target_id" if "target_id" in table.c else "topic_id"
        if number is None and not table.c[column].nullable:
            return None
        return named.values | {column: number}


def conditions_of(entries: Sequence[Entry]) -> list[Values]:
    """Return what the chats watch for, each once."""
    found = {
        named.condition["terms"]: named.condition
        for each in entries
        for part in each.parts.values()
        for named in part
        if named.condition is not None
    }
    return list(found.values())


async def note_conditions(tx: Transaction, conditions: Sequence[Values]) -> None:
    """Keep what is watched for before the chats that do: a running bot reads new conditions in order of number.

    On PostgreSQL a transaction that makes many may end after one with a higher number, so that the bot would never see
    them. So whoever brings many chats in has their conditions kept a few at a time.
    """
    await tx.execute(upsert(tx, alert_condition).on_conflict_do_nothing(index_elements=["terms"]), conditions)


async def _condition(tx: Transaction, values: Values) -> int:
    """Return the number of an alert's condition, which whoever watches for the same shares."""
    new = upsert(tx, alert_condition).values(values)
    held = new.on_conflict_do_update(index_elements=["terms"], set_={"terms": new.excluded.terms})
    return int((await tx.execute(held.returning(alert_condition.c.id))).scalar_one())


def _stories_of(entries: Sequence[Entry]) -> set[StoryName]:
    return {
        named.story
        for each in entries
        for part in each.parts.values()
        for named in part
        if named.story is not None
    }
