"""Which chats an article reaches, as statements: deliveries are written by set, never chat by chat."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, and_, case, exists, func, literal, null, or_, select, true, union, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.article import Status
from bot.model.bulletin import Bulletin
from bot.model.chat import ChatState
from bot.model.delivery import WITHDRAWN, Lane, State, SubjectKind
from bot.model.topic import Topics
from bot.store import topics
from bot.store.numbers import among
from bot.store.tables import article, article_topic, bot, bulletin, chat, delivery, message, subscription
from bot.store.upsert import upsert

REFUSED = "refused"
"""Reason of what Telegram would not take from us, whatever the chat."""

KILLED = "killed"

PARKED = datetime(9999, 1, 1, tzinfo=UTC)
"""When a delivery is due whose bulletin is paused: not in anybody's time."""


def reason_of(stop_reason: str) -> str:
    """Return why a delivery is skipped whose bulletin was stopped for that reason: without Telegram's words."""
    return REFUSED if stop_reason.startswith(REFUSED) else stop_reason or "stopped"


async def add_page(
    tx: AsyncConnection, told: Bulletin, end: int, now: datetime, expires_at: datetime | None
) -> None:
    """Write deliveries of a new article for chats after the bulletin's cursor, up to `end`.

    What a chat has in the ledger already stays as it is. The newest revision is wanted.
    """
    found = select(article.c.revision).where(article.c.id == told.article_id)
    revision = (await tx.execute(found.where(article.c.status == Status.PUBLISHED))).scalar_one_or_none()
    if revision is None:
        return
    page = (chat.c.id > told.cursor) & (chat.c.id <= end)
    # Behind what already waits for the end of a chat's pause, not before it.
    at_once = literal(now, delivery.c.due_at.type)
    due = case((chat.c.paused_until > at_once, chat.c.paused_until), else_=at_once)
    for chats in await _recipients(tx, told):
        rows = chats.where(page).add_columns(
            literal(int(SubjectKind.ARTICLE)),
            literal(told.article_id),
            literal(told.id),
            literal(int(told.lane)),
            literal(revision),
            due,
            literal(expires_at, delivery.c.expires_at.type),
            literal(int(State.WAITING)),
            literal(0),
        )
        await tx.execute(upsert(tx, delivery).from_select(_COLUMNS, rows).on_conflict_do_nothing())


async def raise_page(tx: AsyncConnection, told: Bulletin, end: int, now: datetime) -> None:
    """Want the corrected revision of chats after the cursor, up to `end`.

    What waits keeps its lane and goes out as corrected; what is shown is edited in the lane of corrections;
    what Telegram had refused is tried again.
    """
    shown = func.coalesce(delivery.c.shown, WITHDRAWN) > WITHDRAWN
    is_open = delivery.c.state.in_((State.WAITING, State.CLAIMED))
    refused = delivery.c.reason == REFUSED
    await tx.execute(
        update(delivery)
        .where(_page(told, end), delivery.c.wanted < told.revision, delivery.c.wanted != WITHDRAWN)
        .where(or_(is_open, shown, refused))
        .values(
            wanted=told.revision,
            state=case((is_open, delivery.c.state), else_=_state(State.WAITING)),
            lane=case((and_(shown, ~is_open), _lane(Lane.CORRECTION)), else_=delivery.c.lane),
            due_at=case((is_open, delivery.c.due_at), else_=literal(now, delivery.c.due_at.type)),
            expires_at=case((is_open, delivery.c.expires_at), else_=null()),
            attempts=case((is_open, delivery.c.attempts), else_=0),
            reason=None,
        )
    )


async def withdraw_page(tx: AsyncConnection, told: Bulletin, end: int, now: datetime) -> None:
    """Want nothing shown of a killed article in chats after the cursor, up to `end`; what waits is skipped."""
    part = exists().where(*(message.c[key] == delivery.c[key] for key in _KEY))
    begun = or_(func.coalesce(delivery.c.shown, WITHDRAWN) > WITHDRAWN, part)
    claimed = delivery.c.state == State.CLAIMED
    await tx.execute(
        update(delivery)
        .where(_page(told, end), delivery.c.wanted != WITHDRAWN)
        .where(or_(claimed, delivery.c.state == State.WAITING, begun))
        .values(
            wanted=WITHDRAWN,
            state=case(
                (claimed, _state(State.CLAIMED)),
                (begun, _state(State.WAITING)),
                else_=_state(State.SKIPPED),
            ),
            lane=case((begun, _lane(Lane.KILL)), else_=delivery.c.lane),
            reason=case((or_(claimed, begun), null()), else_=literal(KILLED, delivery.c.reason.type)),
            due_at=now,
            expires_at=None,
            attempts=0,
        )
    )


async def advance(tx: AsyncConnection, told: Bulletin, end: int, now: datetime) -> None:
    """Keep how far the bulletin is planned, in the transaction that planned it."""
    planned = now if end >= told.ceiling else None
    values = {"cursor": end, "planned_at": planned}
    await tx.execute(update(bulletin).where(bulletin.c.id == told.id).values(values))


async def count(tx: AsyncConnection, bot_id: int, *, everybody: bool, topic_ids: Sequence[int]) -> int:
    """Return how many chats of a bot would get an article on those topics now."""
    chosen = recipients(chains(await topics.load(tx), topic_ids), everybody=everybody)
    if not chosen:
        return 0
    reached = union(*(each.with_only_columns(chat.c.id).where(chat.c.bot_id == bot_id) for each in chosen))
    return int((await tx.execute(select(func.count()).select_from(reached.subquery()))).scalar_one())


async def still_wanted(tx: AsyncConnection, article_id: int, chat_ids: Iterable[int]) -> set[int]:
    """Return those of the chats that would get the article by its topics if it were planned now."""
    asked = {"b_chats": list(chat_ids)}
    wanted: set[int] = set()
    for chats in await _followers(tx, article_id):
        found = await tx.execute(chats.with_only_columns(chat.c.id).where(among(chat.c.id, "b_chats")), asked)
        wanted.update(found.scalars())
    return wanted


def chains(known: Topics, topic_ids: Iterable[int]) -> list[list[int]]:
    """Return, for each topic, itself and those above it, nearest first."""
    return [known.chain(topic_id) for topic_id in topic_ids]


def recipients(topic_chains: Sequence[Sequence[int]], *, everybody: bool) -> list[Select[Any]]:
    """Return selects of (bot, chat, thread), which together name every chat that is to be told.

    On each chain a chat's nearest choice decides, and any chain that says yes is enough: so there is a
    select for each step of each chain, of those who follow that topic and chose nothing nearer. The
    first one that names a chat gives the thread.
    """
    active = chat.c.state == ChatState.ACTIVE
    if everybody:
        return [select(chat.c.bot_id, chat.c.id, chat.c.thread_id).where(active)]
    nearer = subscription.alias("nearer")
    selects = []
    for chain in topic_chains:
        for step, topic_id in enumerate(chain):
            chose_nearer = exists().where(
                nearer.c.chat_id == subscription.c.chat_id, nearer.c.topic_id.in_(chain[:step])
            )
            selects.append(
                select(chat.c.bot_id, chat.c.id, func.coalesce(subscription.c.thread_id, chat.c.thread_id))
                .join(subscription, subscription.c.chat_id == chat.c.id)
                .where(subscription.c.topic_id == topic_id, ~subscription.c.muted)
                .where(active, chat.c.instant)
                .where(~chose_nearer if step else true())
            )
    return selects


async def _recipients(tx: AsyncConnection, told: Bulletin) -> list[Select[Any]]:
    if told.everybody:
        return recipients([], everybody=True)
    return await _followers(tx, told.article_id)


async def _followers(tx: AsyncConnection, article_id: int) -> list[Select[Any]]:
    about = select(article_topic.c.topic_id).where(article_topic.c.article_id == article_id)
    topic_ids = (await tx.execute(about.order_by(article_topic.c.topic_id))).scalars().all()
    return recipients(chains(await topics.load(tx), topic_ids), everybody=False)


def _state(value: State) -> Any:
    # PostgreSQL takes a bare parameter in a CASE for text.
    return literal(value, delivery.c.state.type)


def _lane(value: Lane) -> Any:
    return literal(value, delivery.c.lane.type)


def _page(told: Bulletin, end: int) -> Any:
    # Naming the bots lets the primary key serve.
    of_it = (delivery.c.kind == SubjectKind.ARTICLE) & (delivery.c.subject_id == told.article_id)
    chats = (delivery.c.chat_id > told.cursor) & (delivery.c.chat_id <= end)
    return delivery.c.bot_id.in_(select(bot.c.id)) & of_it & chats


_KEY = ("bot_id", "kind", "subject_id", "chat_id")
_COLUMNS = [
    *("bot_id", "chat_id", "thread_id", "kind", "subject_id", "bulletin_id", "lane", "wanted"),
    *("due_at", "expires_at", "state", "attempts"),
]
