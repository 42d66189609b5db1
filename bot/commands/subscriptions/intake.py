"""`subscriptions import`: chats of an export wait for their people with the bot of the settings."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from bot.commands.session import opened
from bot.commands.subscriptions.key import key_of
from bot.commands.subscriptions.signed_file import SignedReader
from bot.log import say
from bot.model.errors import SetupError
from bot.settings import load_settings
from bot.store.engine.database import UNAVAILABLE, Database, why
from bot.store.newsroom import audit
from bot.store.operations import bots
from bot.store.transfer.subscriptions import names
from bot.store.transfer.subscriptions.arrivals import (
    ArrivalCounts,
    Arrivals,
    conditions_of,
    note_conditions,
)
from bot.store.transfer.subscriptions.entries import Entry, read_entry
from bot.store.transfer.takeovers import usernames

CHATS_A_TRANSACTION = 200
CONDITIONS_A_TRANSACTION = 16
"""Fewer than a running bot looks at again (`matching.alert_index.OVERLAP`)."""

MOST_TOPICS = 20


class _DryRun(Exception):
    """Raised at the end of a transaction that is to change nothing."""


def import_subscriptions(path: Path, *, dry: bool = False) -> int:
    """Bring an export in, or say what would come of it. Raises SetupError; of a wrong file nothing is written."""
    settings = load_settings()
    key, bot_id = key_of(settings), settings.bot_id

    async def work() -> ArrivalCounts:
        audit.hand.set(audit.COMMAND)
        with SignedReader(path, key) as file:
            file.check()
            async with opened(settings.database_url, begins=False) as db:
                return await take_export(db, bot_id, file, zone=settings.time_zone, dry=dry)

    _tell(asyncio.run(work()), dry=dry)
    return 0


async def take_export(
    db: Database, bot_id: int, file: SignedReader, *, zone: str, dry: bool = False
) -> ArrivalCounts:
    """Bring a file in that was checked, and return what became of its chats. Raises SetupError.

    Every line is read before the first is written. What is broken off goes on when it is done again.
    """
    now = datetime.now(UTC)
    for line in file.entries():
        read_entry(line)
    found = ArrivalCounts()
    try:
        async with db.read() as tx:
            arrivals = Arrivals(bot_id, zone, await names.load(tx))
            known = bot_id in await usernames(tx)
        if len(arrivals.names.topics) == 1:
            raise SetupError(
                "this database has no topics yet, and nobody could follow any: start the bot with the newsroom file "
                "once, then import"
            )
        if not known and not dry:
            async with db.write() as tx:
                await bots.put(tx, bot_id, "", now)
        for entries in _batches(file):
            found.add(await _take(db, arrivals, entries, now, dry=dry, new_bot=not known))
        if not dry and found.changed:
            async with db.write(durable=True) as tx:
                detail = f"{found.waiting} + {found.filled}"
                await audit.add(tx, now, None, "import-subscriptions", detail=detail, bot_id=bot_id)
    except UNAVAILABLE as error:
        here = found.waiting + found.filled
        raise SetupError(
            f"the import was broken off after {0 if dry else here} chats: {why(error)}. Mend that and import again: "
            "what is here already stays"
        ) from None
    return found


async def _take(
    db: Database, arrivals: Arrivals, entries: list[Entry], now: datetime, *, dry: bool, new_bot: bool
) -> ArrivalCounts:
    counts = ArrivalCounts()
    wanted = [] if dry else conditions_of(entries)
    for at in range(0, len(wanted), CONDITIONS_A_TRANSACTION):
        async with db.write() as tx:
            await note_conditions(tx, wanted[at : at + CONDITIONS_A_TRANSACTION])
    try:
        async with db.write() as tx:
            if dry and new_bot:
                await bots.put(tx, arrivals.bot_id, "", now)
            counts = await arrivals.take(tx, entries, now)
            if dry:
                raise _DryRun
    except _DryRun:
        pass
    return counts


def _batches(file: SignedReader) -> Iterator[list[Entry]]:
    lines = file.entries()
    while entries := [read_entry(line) for line in islice(lines, CHATS_A_TRANSACTION)]:
        yield entries


def _tell(found: ArrivalCounts, *, dry: bool) -> None:
    if dry:
        say("a dry run: nothing is written. Without --dry-run:")
    say(f"chats that wait for their person to press Start, or for the bot to be added: {found.waiting}")
    say(
        f"chats that had begun with this bot, chose nothing yet, and have their choices again: {found.filled}"
    )
    say(f"chats that wait already: {found.waited}")
    say(f"chats that this bot knows, and that stay as they are: {found.known}")
    say(f"subscriptions that came with them: {found.subscriptions}")
    if found.topics:
        listed = ", ".join(f"{slug} ({count})" for slug, count in found.topics.most_common(MOST_TOPICS))
        say(f"left out, because the topic is not here any more: {listed}")
    if found.left:
        say(f"left out, because the story or the source is not here: {found.left}")
