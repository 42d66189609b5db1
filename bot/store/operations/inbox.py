"""The inbox: updates that were taken from Telegram, each a row until it is handled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, select, tuple_, update

from bot.store.engine.array_param import among
from bot.store.engine.database import Transaction
from bot.store.engine.upsert import upsert
from bot.store.tables.operations import inbox

_MINE = update(inbox).where(among(inbox.c.update_id, "b_updates"))


MOST_HANDLED = 10_000
"""How many handled updates a process knows by heart after its start."""


async def put(tx: Transaction, bot_id: int, bodies: Mapping[int, str], at: datetime) -> set[int]:
    """Add updates, as JSON by id, where they are not there yet; return the ids of those not handled before."""
    rows = [
        {"bot_id": bot_id, "update_id": number, "body": body, "at": at} for number, body in bodies.items()
    ]
    new = upsert(tx, inbox)
    # An update that changes nothing, so that the row is returned.
    new = new.on_conflict_do_update(
        index_elements=["bot_id", "update_id"], set_={"body": new.excluded.body}, where=~inbox.c.handled
    )
    return set((await tx.execute(new.returning(inbox.c.update_id), rows)).scalars()) if rows else set()


async def settle(tx: Transaction, bot_id: int, update_ids: Sequence[int]) -> None:
    """Note that the updates are handled, and keep nothing of what they said."""
    mine = _MINE.where(inbox.c.bot_id == bot_id).values(handled=True, body="")
    await tx.execute(mine, {"b_updates": update_ids})


async def touch(tx: Transaction, bot_id: int, update_ids: Sequence[int]) -> None:
    """Write updates anew as they stand, to see that something can be written."""
    mine = _MINE.where(inbox.c.bot_id == bot_id).values(handled=inbox.c.handled)
    await tx.execute(mine, {"b_updates": update_ids})


async def forget(tx: Transaction, bot_id: int, before: int) -> None:
    """Drop handled updates with an id below `before`: Telegram does not send those again."""
    past = inbox.c.bot_id == bot_id, inbox.c.update_id < before, inbox.c.handled
    await tx.execute(delete(inbox).where(*past))


async def drop_old(tx: Transaction, before: datetime, limit: int) -> int:
    """Drop some handled updates of all bots that came before that; return how many."""
    key = tuple_(inbox.c.bot_id, inbox.c.update_id)
    some = select(inbox.c.bot_id, inbox.c.update_id).where(inbox.c.handled, inbox.c.at < before).limit(limit)
    return (await tx.execute(delete(inbox).where(key.in_(some)))).rowcount


async def handled(tx: Transaction, bot_id: int) -> set[int]:
    """Return the ids of updates that are handled and may be sent again: MOST_HANDLED of them, the newest."""
    done = select(inbox.c.update_id).where(inbox.c.bot_id == bot_id, inbox.c.handled)
    return set((await tx.execute(done.order_by(inbox.c.update_id.desc()).limit(MOST_HANDLED))).scalars())


async def waiting(tx: Transaction, bot_id: int) -> list[int]:
    """Return the ids of the updates that are not handled, oldest first."""
    ids = select(inbox.c.update_id).where(inbox.c.bot_id == bot_id, ~inbox.c.handled)
    return list((await tx.execute(ids.order_by(inbox.c.update_id))).scalars())


async def bodies(tx: Transaction, bot_id: int, update_ids: Sequence[int]) -> list[str]:
    """Return those of the updates that are not handled, as JSON, oldest first."""
    mine = select(inbox.c.body).where(inbox.c.bot_id == bot_id, ~inbox.c.handled)
    asked = mine.where(among(inbox.c.update_id, "b_updates")).order_by(inbox.c.update_id)
    return list((await tx.execute(asked, {"b_updates": update_ids})).scalars())


async def unhandled(tx: Transaction, bot_id: int) -> list[str]:
    """Return all updates that wait, as JSON, oldest first."""
    kept = select(inbox.c.body).where(inbox.c.bot_id == bot_id, ~inbox.c.handled)
    return list((await tx.execute(kept.order_by(inbox.c.update_id))).scalars())
