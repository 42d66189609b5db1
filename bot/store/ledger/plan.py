"""Which chats a bulletin reaches, as statements: deliveries are written by set, never chat by chat."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Select,
    String,
    and_,
    case,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    true,
    type_coerce,
    union,
    update,
)

from bot.model.audience import FOLLOWERS, Audience, Everybody, Followers, Holders
from bot.model.bulletin import Bulletin
from bot.model.chat import ChatState
from bot.model.delivery import WITHDRAWN, Lane, State, SubjectKind
from bot.model.languages import ANY, Codes
from bot.model.release import REFUSED
from bot.model.story.article import Status
from bot.store.engine.array_param import among
from bot.store.engine.database import Transaction
from bot.store.engine.upsert import upsert
from bot.store.newsroom import topics
from bot.store.newsroom.tables import article, article_topic
from bot.store.tables.audience import chat, subscription
from bot.store.tables.ledger import bulletin, delivery, message
from bot.store.tables.operations import bot

KILLED = "killed"


async def add_page(
    tx: Transaction, told: Bulletin, end: int, now: datetime, *, expires_at: datetime | None = None
) -> int:
    """Write deliveries of a new article for chats after the bulletin's cursor, up to `end`; return how many.

    What a chat has in the ledger already stays as it is. The newest revision is wanted.
    """
    found = select(article.c.revision).where(article.c.id == told.article_id)
    revision = (await tx.execute(found.where(article.c.status == Status.PUBLISHED))).scalar_one_or_none()
    if revision is None:
        return 0
    page = (chat.c.id > told.cursor) & (chat.c.id <= end)
    # Behind what already waits for the end of a chat's pause, not before it.
    at_once = literal(now, delivery.c.due_at.type)
    due = case((chat.c.paused_until > at_once, chat.c.paused_until), else_=at_once)
    written = 0
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
        new = upsert(tx, delivery).from_select(_COLUMNS, rows).on_conflict_do_nothing()
        written += (await tx.execute(new)).rowcount
    return written


async def raise_page(tx: Transaction, told: Bulletin, end: int, now: datetime) -> int:
    """Want the corrected revision of chats after the cursor, up to `end`; return of how many.

    What waits keeps its lane and goes out as corrected; what is shown is edited in the lane of corrections;
    what Telegram had refused is tried again.
    """
    shown = func.coalesce(delivery.c.shown, WITHDRAWN) > WITHDRAWN
    is_open = delivery.c.state.in_((State.WAITING, State.CLAIMED))
    refused = delivery.c.reason == REFUSED
    raised = await tx.execute(
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
    return raised.rowcount


async def withdraw_page(tx: Transaction, told: Bulletin, end: int, now: datetime) -> int:
    """Want nothing shown of a killed article in chats after the cursor, up to `end`; return in how many.

    A delivery that waits is skipped.
    """
    part = exists().where(*(message.c[key] == delivery.c[key] for key in _KEY))
    begun = or_(func.coalesce(delivery.c.shown, WITHDRAWN) > WITHDRAWN, part)
    claimed = delivery.c.state == State.CLAIMED
    withdrawn = await tx.execute(
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
    return withdrawn.rowcount


async def advance(tx: Transaction, told: Bulletin, end: int, now: datetime, *, deliveries: int = 0) -> None:
    """Keep how far the bulletin is planned, and by how many deliveries more, in the transaction that did so."""
    planned = now if end >= told.ceiling else None
    values = {"cursor": end, "planned_at": planned, "deliveries": told.deliveries + deliveries}
    await tx.execute(update(bulletin).where(bulletin.c.id == told.id).values(values))


async def count(tx: Transaction, bot_id: int, audience: Audience) -> dict[Codes, int]:
    """Return how many chats of a bot are in the audience now, whatever its languages, by the chats' news languages.

    Without topics the audience is empty.
    """
    chosen = await _chats_of(tx, audience)
    if not chosen:
        return {}
    columns = (chat.c.id, chat.c.news_languages)
    every = union(*(each.with_only_columns(*columns).where(chat.c.bot_id == bot_id) for each in chosen))
    reached = every.subquery()
    read = reached.c.news_languages
    return {row[0] or ANY: int(row[1]) for row in await tx.execute(select(read, func.count()).group_by(read))}


async def still_wanted(
    tx: Transaction, article_id: int, chat_ids: Iterable[int], *, reply_to: int | None = None
) -> set[int]:
    """Return those of the chats that would get the article by its topics if it were planned now.

    So does who has the story that it replies to.
    """
    asked = {"b_chats": list(chat_ids)}
    wanted: set[int] = set()
    chosen = await _chats_of(tx, FOLLOWERS, article_id)
    if reply_to is not None:
        chosen.append(_holders(reply_to))
    for chats in chosen:
        found = await tx.execute(chats.with_only_columns(chat.c.id).where(among(chat.c.id, "b_chats")), asked)
        wanted.update(found.scalars())
    return wanted


async def _recipients(tx: Transaction, told: Bulletin) -> list[Select[Any]]:
    chosen = await _chats_of(tx, told.audience, told.article_id)
    if told.languages:
        chosen = [chats.where(reads(told.languages)) for chats in chosen]
    if told.reply_to is not None:
        # First: the reply belongs into the thread in which the first story stands.
        # Who had what was taken back is told, although by then it may stand there no more.
        chosen.insert(0, _holders(told.reply_to, former=told.lane is Lane.KILL))
    if told.bot_id is not None:
        # With the bare column SQLite would look at every chat of the bot for each page, not at the page's chats.
        chosen = [chats.where(chat.c.bot_id + 0 == told.bot_id) for chats in chosen]
    return chosen


async def _chats_of(
    tx: Transaction, audience: Audience | Holders, article_id: int | None = None
) -> list[Select[Any]]:
    """Return selects of (bot, chat, thread), which together name every chat of the audience for the article.

    The first select that names a chat gives the thread.
    """
    match audience:
        case Everybody(_):
            return [select(chat.c.bot_id, chat.c.id, chat.c.thread_id).where(_ACTIVE)]
        case Holders(_):
            return []
        case Followers(chosen, _):
            known = await topics.load(tx)
            followed = await _topics_of(tx, article_id) if chosen is None else chosen
            pushed = [topic_id for topic_id in followed if not known.is_paused(topic_id)]
            return _followers([known.chain(topic_id) for topic_id in pushed])


def _holders(article_id: int, *, former: bool = False) -> Select[Any]:
    """Return a select of the chats in which the article is shown, in the thread in which it stands.

    `former`: of those, too, in which it was shown once.
    """
    first = delivery.alias("first")
    shows = (
        (first.c.bot_id == chat.c.bot_id)
        & (first.c.kind == literal(int(SubjectKind.ARTICLE)))
        & (first.c.subject_id == article_id)
        & (first.c.chat_id == chat.c.id)
    )
    chosen = select(chat.c.bot_id, chat.c.id, first.c.thread_id).join(first, shows)
    shown = func.coalesce(first.c.shown, WITHDRAWN) > WITHDRAWN
    return chosen.where(_ACTIVE, or_(shown, first.c.accepted_at.is_not(None)) if former else shown)


def reads(languages: Codes) -> Any:
    """Return whether a chat reads one of the languages. Nearly all chats chose none or one, which are asked first."""
    chosen = type_coerce(chat.c.news_languages, String)
    alone = [chosen == f",{code}," for code in languages]
    among_others = [chosen.like(f"%,{code},%") for code in languages]
    return or_(chosen.is_(None), *alone, *among_others)


def _followers(chains: Sequence[Sequence[int]]) -> list[Select[Any]]:
    """Return selects of who follows a chain, which is a topic and those above it, nearest first.

    On each chain a chat's nearest choice decides, and any chain that says yes is enough: so there is a
    select for each step of each chain, of those who follow that topic and chose nothing nearer.
    """
    nearer = subscription.alias("nearer")
    selects = []
    for chain in chains:
        for step, topic_id in enumerate(chain):
            chose_nearer = exists().where(
                nearer.c.chat_id == subscription.c.chat_id, nearer.c.topic_id.in_(chain[:step])
            )
            selects.append(
                select(chat.c.bot_id, chat.c.id, func.coalesce(subscription.c.thread_id, chat.c.thread_id))
                .join(subscription, subscription.c.chat_id == chat.c.id)
                .where(subscription.c.topic_id == topic_id, ~subscription.c.muted)
                .where(_ACTIVE, chat.c.instant)
                .where(~chose_nearer if step else true())
            )
    return selects


async def _topics_of(tx: Transaction, article_id: int | None) -> Sequence[int]:
    about = select(article_topic.c.topic_id).where(article_topic.c.article_id == article_id)
    return (await tx.execute(about.order_by(article_topic.c.topic_id))).scalars().all()


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


_ACTIVE = chat.c.state == ChatState.ACTIVE
_KEY = ("bot_id", "kind", "subject_id", "chat_id")
_COLUMNS = [
    *("bot_id", "chat_id", "thread_id", "kind", "subject_id", "bulletin_id", "lane", "wanted"),
    *("due_at", "expires_at", "state", "attempts"),
]
