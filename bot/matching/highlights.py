"""Highlights whose hour has come, and the chats that get them: a page of chats at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.model.desk.highlights import HighlightsState
from bot.model.errors import Refusal
from bot.store.desk import highlights
from bot.store.engine.database import Database, Transaction
from bot.store.newsroom import audit

PAGE = 2_000
"""How many chats' numbers a page spans: each gets a digest of its own, of some rows."""


async def plan_highlights(db: Database, bot_id: int, now: datetime) -> int:
    """Send what is due, and write the digests of all that goes out; return how many digests were written."""
    async with db.read() as tx:
        due = await highlights.due(tx, bot_id, now)
        if not due and await highlights.going_out(tx, bot_id) is None:
            return 0
    for number in due:
        async with db.write(durable=True) as tx:
            await _begin(tx, number, now)
    written = 0
    while (count := await _page(db, bot_id, now)) is not None:
        written += count
    return written


async def _begin(tx: Transaction, number: int, now: datetime) -> None:
    """Send highlights whose hour has come; end those that headed digests for a day."""
    picked = await highlights.get(tx, number, lock=True)
    if picked is None or picked.release_at is None or picked.release_at > now:
        return
    if picked.state is HighlightsState.HEAD:
        await highlights.save(tx, replace(picked, state=HighlightsState.DONE))
        return
    try:
        after = picked.send(await highlights.last_chat(tx))
    except Refusal:
        # Its stories are gone: it would be refused every second.
        await highlights.save(tx, picked.unschedule())
        return
    await highlights.save(tx, after)
    await audit.add(tx, now, None, "send-highlights", detail=picked.headline, bot_id=picked.bot_id)


async def _page(db: Database, bot_id: int, now: datetime) -> int | None:
    """Write a page of digests and return how many; None where nothing is left to write."""
    async with db.write() as tx:
        number = await highlights.going_out(tx, bot_id)
        picked = await highlights.get(tx, number, lock=True) if number is not None else None
        if picked is None or picked.state is not HighlightsState.SENT:
            return None
        end = min(picked.cursor + PAGE, picked.ceiling)
        languages = await highlights.languages_of(tx, picked.stories)
        count = await highlights.add_page(tx, picked, end, languages=languages, now=now)
        done = HighlightsState.DONE if end >= picked.ceiling else picked.state
        await highlights.save(tx, replace(picked, cursor=end, state=done))
        return count
