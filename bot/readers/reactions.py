"""What readers put under a story: how many of each sign, never who."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from bot.store.desk import story_counts
from bot.store.engine.database import Database

MOST_SIGNS = 20
"""More kinds of reaction than a message can have."""

LONGEST_SIGN = 64


async def change(
    db: Database,
    bot_id: int,
    telegram_id: int,
    message_id: int,
    *,
    gone: Collection[str],
    new: Collection[str],
) -> None:
    """Count that somebody reacted to a message of a chat, or took a reaction back. What is no story is let be."""
    changes = dict.fromkeys(set(new) - set(gone), 1) | dict.fromkeys(set(gone) - set(new), -1)
    async with db.read() as tx:
        shown = await story_counts.shown_by(tx, bot_id, telegram_id, message_id)
    if shown is None:
        return
    async with db.write() as tx:
        for sign, more in sorted(changes.items())[:MOST_SIGNS]:
            await story_counts.add(tx, shown.article_id, sign[:LONGEST_SIGN], more)


async def total(
    db: Database, bot_id: int, telegram_id: int, message_id: int, *, totals: Mapping[str, int]
) -> None:
    """Keep how many reactions a message of a chat has by now, where Telegram tells of all at once.

    A story of several messages is counted by its first: people react there, and once.
    """
    async with db.read() as tx:
        shown = await story_counts.shown_by(tx, bot_id, telegram_id, message_id)
    if shown is None or shown.part:
        return
    async with db.write() as tx:
        counts = {sign[:LONGEST_SIGN]: count for sign, count in list(totals.items())[:MOST_SIGNS]}
        await story_counts.put(tx, shown, counts)
