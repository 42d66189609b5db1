"""What the rules of release ask: who follows no more, what chats chose beyond quiet hours, how many wait for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, literal, or_, select

from bot.model.bulletin import BulletinKind
from bot.model.chat import merges
from bot.model.delivery import Lane, State, SubjectKind
from bot.model.following.mode import WIRE, Mode
from bot.model.hours import HOUR, Bounds, Got, day_start
from bot.model.release import DueDelivery, are_many, may_be_many
from bot.store.engine.array_param import among
from bot.store.engine.database import Transaction
from bot.store.ledger import plan
from bot.store.ledger.release.bounds import bounds_of
from bot.store.newsroom import topics
from bot.store.newsroom.tables import article_topic
from bot.store.tables.audience import chat, subscription
from bot.store.tables.ledger import bulletin, delivery

_LONGEST_DAY = timedelta(hours=26)
_LOOKS_BACK, _LAST_PUSHES = timedelta(days=2), 50


@dataclass
class Bounded:
    """The bounds of chats, and what still fits into the caps of those that have any."""

    bounds: Mapping[int, Bounds] = field(default_factory=dict)
    got: dict[int, Got] = field(default_factory=dict)
    headings: Mapping[tuple[int, int], Collection[int]] = field(default_factory=dict)
    uncounted: Collection[int] = ()

    def takes(self, row: DueDelivery, now: datetime) -> bool:
        """Return whether a story fits into its chat's caps, and count it. Breaking news counts nowhere."""
        got = self.got.get(row.chat_id)
        if (
            got is None
            or row.lane is not Lane.STORY
            or not row.first_send
            or row.bulletin_id in self.uncounted
        ):
            return True
        topic_ids = self.headings.get((row.chat_id, row.subject_id), ())
        return got.takes(self.bounds[row.chat_id], topic_ids, now)


async def of_rows(tx: Transaction, bot_id: int, rows: Sequence[DueDelivery], now: datetime) -> Bounded:
    """Return the bounds of the chats that have any."""
    zones = {row.chat_id: row.zone for row in rows if row.bounded}
    if not zones:
        return Bounded()
    found = await tx.execute(select(chat).where(among(chat.c.id, "b_chats")), {"b_chats": list(zones)})
    bounds = {row.id: bounds_of(row) for row in found}
    stories = [row for row in rows if row.bounded and row.lane is Lane.STORY and row.first_send]
    asked = {row.chat_id for row in stories}
    most: dict[int, dict[int, int]] = defaultdict(dict)
    chosen: dict[int, dict[int, Mode]] = defaultdict(dict)
    for row in await tx.execute(
        select(subscription).where(among(subscription.c.chat_id, "b_chats")), {"b_chats": list(asked)}
    ):
        chosen[row.chat_id][row.topic_id] = row.mode
        if row.most is not None:
            most[row.chat_id][row.topic_id] = row.most
    capped = {each for each in asked if bounds[each].capped or each in most}
    if not capped:
        return Bounded(bounds)
    got = {each: Got(day_start(now, zones[each]), most=most.get(each, {})) for each in capped}
    came = await _came(tx, bot_id, got, now)
    headings = await _headings(
        tx, chosen, {*((row.chat_id, row.subject_id) for row in stories), *came.keys()}
    )
    for (chat_id, article_id), at in came.items():
        got[chat_id].count(headings.get((chat_id, article_id), ()), at)
    bulletins = {row.bulletin_id for row in stories if row.bulletin_id is not None}
    flashes = select(bulletin.c.id).where(among(bulletin.c.id, "b_bulletins"), bulletin.c.lane == Lane.FLASH)
    uncounted = set((await tx.execute(flashes, {"b_bulletins": list(bulletins)})).scalars())
    return Bounded(bounds, got, headings, uncounted)


async def _came(
    tx: Transaction, bot_id: int, got: Mapping[int, Got], now: datetime
) -> dict[tuple[int, int], datetime]:
    """Return when stories came by themselves, of today and of the last hour, or are about to; no breaking news."""
    since = min([now - HOUR, *(each.day_start for each in got.values())])
    at = func.coalesce(delivery.c.accepted_at, literal(now, delivery.c.accepted_at.type))
    statement = (
        select(delivery.c.chat_id, delivery.c.subject_id, delivery.c.accepted_at)
        .outerjoin(bulletin, bulletin.c.id == delivery.c.bulletin_id)
        .where(among(delivery.c.chat_id, "b_chats"), delivery.c.bot_id + 0 == bot_id)
        .where(delivery.c.kind == SubjectKind.ARTICLE, at > max(since, now - _LONGEST_DAY))
        .where(or_(delivery.c.accepted_at.is_not(None), delivery.c.state == State.CLAIMED))
        .where(or_(bulletin.c.lane.is_(None), bulletin.c.lane != Lane.FLASH))
    )
    rows = await tx.execute(statement, {"b_chats": list(got)})
    return {(row.chat_id, row.subject_id): row.accepted_at or now for row in rows}


async def _headings(
    tx: Transaction, chosen: Mapping[int, Mapping[int, Mode]], asked: Collection[tuple[int, int]]
) -> dict[tuple[int, int], frozenset[int]]:
    """Return under which topics, of those that the chat chose to follow, each story comes to each chat."""
    about: dict[int, list[int]] = defaultdict(list)
    on = select(article_topic).where(among(article_topic.c.article_id, "b_articles"))
    for row in await tx.execute(on, {"b_articles": list({each for _, each in asked})}):
        about[row.article_id].append(row.topic_id)
    known = await topics.load(tx)
    found = {}
    for chat_id, article_id in asked:
        mine = chosen.get(chat_id, {})
        chains = [known.chain(topic_id) for topic_id in about[article_id]] or [[]]
        nearest = (next((at for at in (*chain, WIRE) if at in mine), None) for chain in chains)
        found[chat_id, article_id] = frozenset(at for at in nearest if at is not None and mine[at])
    return found


async def _waiting(tx: Transaction, bot_id: int, chat_ids: Collection[int], now: datetime) -> dict[int, int]:
    """Return how many of the last pushes' stories wait for each of the chats, in which nothing of them stands yet."""
    pushed = select(bulletin.c.article_id).where(
        bulletin.c.lane == Lane.STORY, bulletin.c.stopped_at.is_(None)
    )
    last = pushed.where(bulletin.c.kind == BulletinKind.NEW, bulletin.c.created_at > now - _LOOKS_BACK)
    recent = (await tx.execute(last.order_by(bulletin.c.id.desc()).limit(_LAST_PUSHES))).scalars().all()
    if not are_many(len(recent)):
        return {}
    statement = (
        select(delivery.c.chat_id, func.count())
        .where(delivery.c.bot_id == bot_id, delivery.c.kind == SubjectKind.ARTICLE)
        .where(among(delivery.c.subject_id, "b_articles"), among(delivery.c.chat_id, "b_chats"))
        .where(delivery.c.state == State.WAITING, delivery.c.lane == Lane.STORY, delivery.c.shown.is_(None))
        .group_by(delivery.c.chat_id)
    )
    asked = {"b_articles": list(recent), "b_chats": list(chat_ids)}
    return {row[0]: int(row[1]) for row in await tx.execute(statement, asked)}


async def many(
    tx: Transaction, bot_id: int, rows: Sequence[DueDelivery], known: Bounded, *, now: datetime
) -> Collection[int]:
    """Return the chats for which so many stories wait that they come as one message."""
    late = {
        row.chat_id
        for row in rows
        if may_be_many(row, now) and merges(row.chat_kind, known.bounds.get(row.chat_id))
    }
    if not late:
        return ()
    counts = await _waiting(tx, bot_id, late, now)
    return {chat_id for chat_id, count in counts.items() if are_many(count)}


async def unsubscribed(
    tx: Transaction, rows: Sequence[DueDelivery], lane: Lane, now: datetime
) -> set[tuple[int, int]]:
    """Return the articles and chats that would not get them any more, had it been decided now."""
    asked: dict[tuple[int, int | None], set[int]] = defaultdict(set)
    for row in rows:
        if row.needs_subscription:
            asked[row.subject_id, row.reply_to].add(row.chat_id)
    left: set[tuple[int, int]] = set()
    for (article_id, reply_to), readers in asked.items():
        wanted = await plan.still_wanted(tx, article_id, readers, lane=lane, now=now, reply_to=reply_to)
        gone = readers - wanted
        left.update((article_id, chat_id) for chat_id in gone)
    return left
