"""Alerts that a bot's owners were sent, so that they are sent each once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from bot.store.engine.database import Transaction
from bot.store.engine.upsert import upsert
from bot.store.tables.operations import alert_sent


async def already(tx: Transaction, bot_id: int, key: str, since: datetime) -> bool:
    """Return whether the bot's owners were sent the alert of that key after `since`."""
    where = (alert_sent.c.bot_id == bot_id, alert_sent.c.key == key, alert_sent.c.at > since)
    return (await tx.execute(select(alert_sent.c.key).where(*where))).first() is not None


async def note(tx: Transaction, bot_id: int, key: str, at: datetime) -> None:
    """Remember that the bot's owners were sent the alert of that key."""
    statement = upsert(tx, alert_sent).values(bot_id=bot_id, key=key, at=at)
    await tx.execute(statement.on_conflict_do_update(index_elements=["bot_id", "key"], set_={"at": at}))


async def drop(tx: Transaction, bot_id: int, key: str) -> bool:
    """Forget one alert, so that the next is sent at once; return whether it was sent within a day."""
    of_it = delete(alert_sent).where(alert_sent.c.bot_id == bot_id, alert_sent.c.key == key)
    return (await tx.execute(of_it)).rowcount == 1


async def forget(tx: Transaction, before: datetime) -> None:
    """Drop alerts of all bots that are older: an alert is only looked up within a day."""
    await tx.execute(delete(alert_sent).where(alert_sent.c.at < before))
