"""Highlights: pick stories by hand, order them, and send them at once, at an hour, or at the head of digests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import NamedTuple

from bot.desk.story.story import held
from bot.model.delivery import State
from bot.model.desk.highlights import Highlights, HighlightsState
from bot.model.errors import Refusal
from bot.model.languages import Codes
from bot.model.story.article import Article, Status
from bot.store.desk import highlights, locks
from bot.store.engine.database import Database, Transaction
from bot.store.newsroom import articles, audit

MOST_LISTED = 10
STOP_PAGE = 15_000
"""How many chats' numbers one transaction of a stop spans."""


class HighlightsView(NamedTuple):
    """Highlights with their stories in order, their readers' languages, how many chats they are for, and how far
    they have come."""

    picked: Highlights
    stories: list[Article]
    languages: Codes
    audience: int
    tally: Mapping[State, int]


async def view(db: Database, number: int, bot_id: int) -> HighlightsView:
    """Return what a page of highlights shows. Refused where the bot has none of that number."""
    async with db.read() as tx:
        picked = await highlights.get(tx, number)
        if picked is None or picked.bot_id != bot_id:
            raise Refusal("stale")
        by_id = {each.id: each for each in await articles.many(tx, picked.stories)}
        languages = await highlights.languages_of(tx, picked.stories)
        out = picked.state in (HighlightsState.SENT, HighlightsState.HEAD, HighlightsState.DONE)
        return HighlightsView(
            picked,
            [by_id[each] for each in picked.stories if each in by_id],
            languages,
            0 if out else await highlights.audience(tx, picked, languages),
            await highlights.tally(tx, picked) if out else {},
        )


async def at_work(db: Database, bot_id: int) -> list[Highlights]:
    """Return the bot's highlights that are neither over nor dropped, newest first."""
    async with db.read() as tx:
        found = [await highlights.get(tx, each) for each in await highlights.at_work(tx, bot_id, MOST_LISTED)]
        return [each for each in found if each is not None]


async def pick(db: Database, article_id: int, bot_id: int, *, at: datetime, by: int | None) -> Highlights:
    """Put a published story at the end of the highlights that are being made.

    Refused for what is not published, for a story that they have, and beyond twenty.
    """
    async with held(db, article_id) as (tx, article):
        if article.status is not Status.PUBLISHED:
            raise Refusal("not-published")
        after = (await highlights.begin(tx, bot_id, at=at, by=by)).add(article_id)
        await highlights.save(tx, after)
        await audit.add(tx, at, by, "pick", article_id=article_id, revision=article.revision, bot_id=bot_id)
        return after


async def change(
    db: Database,
    number: int,
    bot_id: int,
    how: Callable[[Highlights], Highlights],
    *,
    seen: int | None = None,
) -> Highlights:
    """Change highlights that nobody has got yet, and return them: `how` is a method of theirs.

    `seen` is the version that the editor saw: refused as `highlights-changed` where somebody was quicker.
    """
    async with _held(db, number, bot_id, seen) as (tx, before):
        after = how(before)
        await highlights.save(tx, after)
        return after


async def send(
    db: Database, number: int, bot_id: int, *, at: datetime, by: int | None, seen: int | None = None
) -> Highlights:
    """Send highlights now. Refused while a story of theirs is being edited, or is not published any more."""
    async with _held(db, number, bot_id, seen) as (tx, before):
        await _need_ready(tx, before, at)
        after = before.send(await highlights.last_chat(tx))
        await highlights.save(tx, after)
        await _note(tx, after, "send-highlights", at=at, by=by)
        return after


async def schedule(
    db: Database,
    number: int,
    bot_id: int,
    moment: datetime,
    *,
    at: datetime,
    by: int | None,
    zone: str,
    seen: int | None = None,
) -> Highlights:
    """Let highlights go out at `moment` (UTC), which was given in `zone`. Refused where that is past."""
    async with _held(db, number, bot_id, seen) as (tx, before):
        if moment <= at:
            raise Refusal("time-is-past")
        await _need_ready(tx, before, at)
        after = before.schedule(moment, zone)
        await highlights.save(tx, after)
        await _note(tx, after, "schedule-highlights", at=at, by=by)
        return after


async def head(
    db: Database, number: int, bot_id: int, *, at: datetime, by: int | None, seen: int | None = None
) -> Highlights:
    """Let highlights head each chat's next digest of a day from now."""
    async with _held(db, number, bot_id, seen) as (tx, before):
        await _need_ready(tx, before, at)
        after = before.head(at)
        await highlights.save(tx, after)
        await _note(tx, after, "head-highlights", at=at, by=by)
        return after


async def drop(
    db: Database, number: int, bot_id: int, *, at: datetime, by: int | None, seen: int | None = None
) -> Highlights:
    """Drop highlights that nobody has got."""
    async with _held(db, number, bot_id, seen) as (tx, before):
        after = before.drop()
        await highlights.save(tx, after)
        await _note(tx, after, "drop-highlights", at=at, by=by)
        return after


async def stop(db: Database, number: int, bot_id: int, *, at: datetime, by: int | None) -> Highlights:
    """Stop highlights that go out: who has them keeps them, nobody else gets them."""
    async with _held(db, number, bot_id) as (tx, before):
        after = before.stop()
        await highlights.save(tx, after)
        await _note(tx, after, "stop-highlights", at=at, by=by)
    for start in range(0, after.ceiling, STOP_PAGE):
        async with db.write() as tx:
            await highlights.stop_page(tx, number, start, start + STOP_PAGE)
    return after


@asynccontextmanager
async def _held(
    db: Database, number: int, bot_id: int, seen: int | None = None
) -> AsyncIterator[tuple[Transaction, Highlights]]:
    async with db.write(durable=True) as tx:
        picked = await highlights.get(tx, number, lock=True)
        if picked is None or picked.bot_id != bot_id:
            raise Refusal("stale")
        if seen is not None and picked.version != seen:
            raise Refusal("highlights-changed")
        yield tx, picked


async def _need_ready(tx: Transaction, picked: Highlights, at: datetime) -> None:
    for each in await articles.many(tx, picked.stories):
        if each.status is not Status.PUBLISHED:
            raise Refusal("highlights-story-gone", headline=each.content.headline)
    for number, lock in (await locks.of(tx, list(picked.stories), at)).items():
        raise Refusal("highlights-story-locked", article=number, holder=lock.user_id)


async def _note(tx: Transaction, picked: Highlights, verb: str, *, at: datetime, by: int | None) -> None:
    detail = " ".join([picked.headline, *(f"№{each}" for each in picked.stories)]).strip()
    await audit.add(tx, at, by, verb, detail=detail, bot_id=picked.bot_id)
