"""`unread`: updates that nobody could read, kept aside."""

from __future__ import annotations

from bot.commands.session import at_the_desk
from bot.log import phrase, say
from bot.settings import load_settings
from bot.store.engine.database import Database
from bot.store.operations import unread as kept


def unread(update_id: int | None) -> int:
    """Print the updates that were kept aside, newest first; with a number, what Telegram sent."""
    settings = load_settings()

    async def work(db: Database) -> int:
        async with db.read() as tx:
            found = await kept.listing(tx)
        if update_id is not None:
            bodies = [each.body for each in found if each.update_id == update_id]
            say(bodies[0] if bodies else f"no update {update_id} was kept aside")
            return 0 if bodies else 1
        for each in found:
            say(f"{each.update_id:>12}  {each.at:%Y-%m-%d %H:%M}  {phrase(each.reason)}")
        if not found:
            say("every update could be read")
        return 0

    return at_the_desk(settings, work)
