"""The inbox: updates that were taken from Telegram, each a row until it is handled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, select, update

from bot.store.engine.array_param import among
from bot.store.engine.database import Transaction
from bot.store.engine.upsert import upsert
from bot.store.tables.operations import inbox

_MINE = update(inbox).where(among(inbox.c.update_id, "b_updates"))


async def put(tx: Transaction, bot_id: int, bodies: Mapping[int, str]) -> set[int]:
    """Add updates, as JSON by id, where they are not there yet; return the ids of those not handled before."""
    rows = [{"bot_id": bot_id, "update_id": number, "body": body} for number, body in bodies.items()]
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


async def handled(tx: Transaction, bot_id: int) -> set[int]:
    """Return the ids of the updates that are handled and may be sent again."""
    done = select(inbox.c.update_id).where(inbox.c.bot_id == bot_id, inbox.c.handled)
    return set((await tx.execute(done)).scalars())


async def unhandled(tx: Transaction, bot_id: int) -> list[str]:
    """Return the updates that wait, as JSON, oldest first."""
    waiting = select(inbox.c.body).where(inbox.c.bot_id == bot_id, ~inbox.c.handled)
    return list((await tx.execute(waiting.order_by(inbox.c.update_id))).scalars())
