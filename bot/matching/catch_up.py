"""Catch-ups: what waited for a chat comes as one message, after quiet hours, an absence, or where many wait."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.model.chat import Chat, ChatState
from bot.model.following.news import Listed, News, NewsStory, main_things, stories_of, without
from bot.model.hours import MOST_AFTER_QUIET, MOST_AT_ONCE, quiet_end
from bot.model.story.digest import MAIN_THINGS, Occasion
from bot.model.story.topic import Topics
from bot.store.audience import chats, choices, digests
from bot.store.digests import due, editions, news
from bot.store.digests.due import Made
from bot.store.engine.database import Database, Transaction
from bot.store.ledger.release import catch_ups, held_stories
from bot.store.ledger.release.held_stories import HeldStory
from bot.store.newsroom import topics

AT_ONCE = 50
"""How many chats one transaction looks at: it must not hold up what is being sent."""

LONGEST = timedelta(days=31)
"""How far back at most the catch-up after an absence reaches."""


async def plan_catch_ups(db: Database, bot_id: int, now: datetime) -> int:
    """Look after the chats for which something waits to be gathered, and return how many messages that makes."""
    made = 0
    while True:
        async with db.write() as tx:
            ids = await catch_ups.due(tx, bot_id, now, AT_ONCE)
            if not ids:
                return made
            made += await _some(tx, bot_id, ids, now)


async def _some(tx: Transaction, bot_id: int, ids: Sequence[int], now: datetime) -> int:
    ready = []
    for one in await chats.many(tx, ids):
        until = _not_before(one, now)
        if until is not None and one.state is ChatState.ACTIVE:
            await catch_ups.look_at(tx, one.id, until)
            await held_stories.keep(tx, bot_id, one.id, until)
        elif one.state is ChatState.ACTIVE:
            ready.append(one)
    found = await held_stories.of_chats(tx, bot_id, [one.id for one in ready], now) if ready else {}
    known = await topics.load(tx) if ready else Topics(())
    made = []
    for one in sorted(ready, key=lambda each: each.id):
        digest = await _one(tx, one, found.get(one.id, []), known, now=now)
        if digest is not None:
            made.append(digest)
    await due.add(tx, bot_id, made, now)
    await catch_ups.settle(tx, ids, now)
    return len(made)


def _not_before(one: Chat, now: datetime) -> datetime | None:
    """Return until when the chat is to be left alone."""
    if one.bounds.away(now):
        return one.bounds.away_until
    return quiet_end(now, one.quiet, one.zone, weekend=one.bounds.weekend)


async def _one(
    tx: Transaction, one: Chat, waits: Sequence[HeldStory], known: Topics, *, now: datetime
) -> Made | None:
    """Return the message in which the chat gets what waits; where that is little, let it go one by one."""
    if one.bounds.away_since is not None:
        return await _after_absence(tx, one, waits, known, now=now)
    overnight = any(each.overnight for each in waits)
    if not one.merges or len(waits) <= (MOST_AFTER_QUIET if overnight else MOST_AT_ONCE):
        await held_stories.let_go(tx, [each.row for each in waits], now)
        return None
    await held_stories.tell(tx, [each.row for each in waits])
    stories = await news.of_ids(tx, [each.row.subject_id for each in waits])
    listed = await _listed(tx, one, stories, known, now=now)
    if not listed:
        return None
    since = min(each.at for each in stories)
    occasion = Occasion.QUIET if overnight else Occasion.MANY
    return Made(one.id, await editions.add(tx, listed), since, None, occasion)


async def _after_absence(
    tx: Transaction, one: Chat, waits: Sequence[HeldStory], known: Topics, *, now: datetime
) -> Made | None:
    """Return the main things of an absence, what was kept for the chat before it among them."""
    assert one.bounds.away_since is not None
    since = max(one.bounds.away_since, now - LONGEST)
    listed: Listed = tuple(await digests.contents(tx, one, known, since=since, until=now))
    stories = await news.of_ids(tx, [each.row.subject_id for each in waits])
    await held_stories.tell(tx, [each.row for each in waits])
    kept = await _listed(tx, one, stories, known, now=now)
    listed = (*kept, *without(listed, set(stories_of(kept))))
    flashes = await news.flashes_among(tx, list(stories_of(listed)))
    listed = main_things(listed, flashes, MAIN_THINGS)
    await choices.end_absence(tx, one.id)
    await due.next_due(tx, {one.next_digest(now): [one.id]}, last=now)
    if not listed:
        return None
    return Made(one.id, await editions.add(tx, listed), since, None, Occasion.AWAY)


async def _listed(
    tx: Transaction, one: Chat, stories: Sequence[NewsStory], known: Topics, *, now: datetime
) -> Listed:
    """Return stories under the chat's topics, in its order; those of no topic that it follows first, under none."""
    if not stories:
        return ()
    choice = await digests.choice_of(tx, one.id, known, now)
    earliest = min(each.at for each in stories) - timedelta(milliseconds=1)
    listed = News(stories, known).told(choice, (), earliest)
    under = set(stories_of(listed))
    others = tuple(each.id for each in stories if each.id not in under)
    return ((None, others), *listed) if others else listed
