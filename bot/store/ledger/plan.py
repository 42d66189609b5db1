"""Which chats a bulletin reaches, as statements: deliveries are written by set, never chat by chat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    and_,
    case,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union,
    update,
)

from bot.model.audience import Audience, Followers, StoryFollowers, Watchers
from bot.model.bulletin import Bulletin
from bot.model.delivery import WITHDRAWN, Lane, State, SubjectKind
from bot.model.languages import ANY, Codes
from bot.model.release import REFUSED
from bot.model.story.article import Status
from bot.store.engine.array_param import among
from bot.store.engine.database import Transaction
from bot.store.engine.upsert import upsert
from bot.store.following import coverages, recipients
from bot.store.following.followers import ACTIVE, Recipients
from bot.store.following.recipients import About
from bot.store.newsroom import topics
from bot.store.tables.audience import chat, mute
from bot.store.tables.ledger import bulletin, delivery, message
from bot.store.tables.operations import bot
from bot.store.tables.watch import followed_story, word_alert
from bot.store.watch import matches, stories

KILLED = "killed"


async def add_page(
    tx: Transaction, told: Bulletin, end: int, now: datetime, *, expires_at: datetime | None = None
) -> int:
    """Write deliveries of a new article for chats after the bulletin's cursor, up to `end`; return how many.

    What a chat has in the ledger already stays as it is. The newest revision is wanted.
    """
    about = await recipients.look(tx, told.article_id)
    if about is None or about.status not in (Status.PUBLISHED, Status.CANARY):
        return 0
    # Behind what already waits for the end of a chat's pause, not before it.
    at_once = literal(now, delivery.c.due_at.type)
    due = case((chat.c.paused_until > at_once, chat.c.paused_until), else_=at_once)
    page = (told.cursor, end)
    muters = await recipients.muters(tx, about, now, page) if isinstance(told.audience, Followers) else None
    written = 0
    for each in await _recipients(tx, told, about, end):
        chats = each.page(told.cursor, end)
        if muters is not None:
            chats = chats.where(each.by.not_in(muters))
        rows = chats.add_columns(
            literal(int(SubjectKind.ARTICLE)),
            literal(told.article_id),
            literal(told.id),
            literal(int(told.lane)),
            literal(about.revision),
            due,
            literal(expires_at, delivery.c.expires_at.type),
            literal(int(State.WAITING)),
            literal(0),
        )
        new = upsert(tx, delivery).from_select(_COLUMNS, rows).on_conflict_do_nothing()
        written += (await tx.execute(new)).rowcount
    if told.reply_to is not None:
        await _tell_followers(tx, told, end, now)
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


async def count(
    tx: Transaction,
    audience: Audience,
    *,
    lane: Lane = Lane.STORY,
    now: datetime | None = None,
    bot_id: int | None = None,
) -> dict[Codes, int]:
    """Return how many chats are in the audience now, whatever its languages, by the chats' news languages.

    They are those of all bots of the installation that carry its topics; with `bot_id` those of that one alone.

    Of followers those who would get what goes out in that lane, and at the time `now` have not muted all of it.
    Without topics the audience is empty.
    """
    about = About(await topics.load(tx), flash=lane is Lane.FLASH)
    if isinstance(audience, Followers):
        about = about._replace(topic_ids=audience.topic_ids or ())
        if not about.topic_ids:
            return {}
    chosen = recipients.chats_of(audience, about)
    if not chosen:
        return {}
    muters = (
        await recipients.muters(tx, about, now)
        if now is not None and isinstance(audience, Followers)
        else None
    )
    every_bot = await coverages.of_all(tx)
    carriers = [
        each for each in recipients.carriers(every_bot, about, audience, ANY) if bot_id in (None, each)
    ]
    columns = (chat.c.id, chat.c.bot_id, chat.c.news_languages)
    every = [each.chats.with_only_columns(*columns).where(chat.c.bot_id.in_(carriers)) for each in chosen]
    reached = union(*(each if muters is None else each.where(chat.c.id.not_in(muters)) for each in every))
    of = reached.subquery().c
    counted = select(of.bot_id, of.news_languages, func.count()).group_by(of.bot_id, of.news_languages)
    found = Counter[Codes]()
    for of_bot, languages, chats in await tx.execute(counted):
        found[every_bot[of_bot].read(languages or ANY)] += chats
    return found


async def still_wanted(
    tx: Transaction,
    article_id: int,
    chat_ids: Iterable[int],
    *,
    lane: Lane,
    now: datetime,
    reply_to: int | None = None,
) -> set[int]:
    """Return those of the chats that would get the article by its topics if it were planned now, in that lane.

    So does who has, or follows, the story that it replies to, and who watches for its words. A flash that quiet hours
    put off to the morning is a flash still.
    """
    about = await recipients.look(tx, article_id)
    if about is None:
        return set()
    about = about._replace(flash=about.flash or lane is Lane.FLASH)
    left, wanted = set(chat_ids), set[int]()
    by_topics = [*recipients.followers_of(about), *await _watching(tx, article_id)]
    if (restricted := await coverages.where_restricted(tx)) is not None:
        bots = recipients.carriers(restricted, about, Followers(), ANY)
        by_topics = [each.where(chat.c.bot_id.in_(bots)) for each in by_topics]
    for each in (*await _of_thread(tx, reply_to), *by_topics):
        # Nearly all follow by the first: the others alone are looked for by the next.
        asked = {"b_chats": sorted(left)}
        found = each.chats.with_only_columns(chat.c.id).where(among(each.by, "b_chats"))
        wanted.update((await tx.execute(found, asked)).scalars())
        left -= wanted
        if not left:
            break
    if wanted and about.can_be_muted:
        muters = select(mute.c.chat_id).where(about.muted(now), among(mute.c.chat_id, "b_chats"))
        wanted.difference_update((await tx.execute(muters, {"b_chats": sorted(wanted)})).scalars())
    return wanted


async def _of_thread(tx: Transaction, reply_to: int | None) -> list[Recipients]:
    """Return who has the story that one replies to, and who follows it, of the chats that are asked for."""
    if reply_to is None:
        return []
    here = among(followed_story.c.chat_id, "b_chats")
    followers = stories.followers(await stories.thread_of(tx, reply_to), here)
    return [recipients.holders(reply_to), Recipients(followers.where(ACTIVE), chat.c.id)]


async def _watching(tx: Transaction, article_id: int) -> list[Recipients]:
    """Return who watches for words of the story, of the chats that are asked for."""
    if not await matches.kept(tx, article_id):
        return []
    alerted = matches.alerted(article_id, among(word_alert.c.chat_id, "b_chats"))
    return [Recipients(alerted.where(ACTIVE), chat.c.id)]


async def _recipients(tx: Transaction, told: Bulletin, about: About, end: int) -> list[Recipients]:
    """Return all whom a page of a bulletin is for, who watches for words and who follows a story included."""
    watchers: list[Recipients] = []
    if isinstance(told.audience, Followers | Watchers) and await matches.kept(tx, told.article_id):
        page = (word_alert.c.chat_id > told.cursor, word_alert.c.chat_id <= end)
        alerted = matches.alerted(told.article_id, *page)
        watchers = [Recipients(alerted.where(ACTIVE), chat.c.id)]
    followers: list[Recipients] = []
    if told.reply_to is not None:
        page = (followed_story.c.chat_id > told.cursor, followed_story.c.chat_id <= end)
        of_thread = stories.followers(await _thread(tx, told), *page)
        followers = [Recipients(of_thread.where(ACTIVE), chat.c.id)]
    return recipients.told_to(
        told,
        about,
        watchers=watchers,
        story_followers=followers,
        coverages=await coverages.where_restricted(tx),
    )


async def _thread(tx: Transaction, told: Bulletin) -> list[int]:
    """Return the stories whose followers are told; of the end of a story those alone who follow that one."""
    assert told.reply_to is not None
    alone = told.lane is Lane.KILL and isinstance(told.audience, StoryFollowers)
    return [told.reply_to] if alone else await stories.thread_of(tx, told.reply_to)


async def _tell_followers(tx: Transaction, told: Bulletin, end: int, now: datetime) -> None:
    """Note in a page of chats that their story goes on, or that it is at its end and is kept a little longer."""
    assert told.reply_to is not None
    page = (followed_story.c.chat_id > told.cursor, followed_story.c.chat_id <= end)
    if told.lane is Lane.KILL:
        over = now - stories.FOLLOWED_FOR + stories.KEPT_AFTER_THE_END
        await stories.told(tx, [told.reply_to], over, *page)
    else:
        await stories.told(tx, await stories.thread_of(tx, told.reply_to), now, *page)


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
