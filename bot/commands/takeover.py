"""`takeover`: the chats of a bot that is lost become those of the bot that the settings name."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from bot.commands.session import opened
from bot.log import say
from bot.model.errors import SetupError
from bot.settings import load_settings
from bot.store.engine.database import Database
from bot.store.newsroom import audit
from bot.store.operations import bots, leases
from bot.store.transfer.takeovers import TakenOverChats, take_over, usernames


def take_over_from(old: int) -> int:
    """Give the chats of the bot with that Telegram id to the bot whose token is set, and say what waits for what.

    Raises SetupError where there is no such bot, it is the same one, or a bot is running.
    """
    settings = load_settings()
    new = settings.bot_id

    async def work() -> TakenOverChats:
        audit.hand.set(audit.COMMAND)
        async with opened(settings.database_url, begins=False) as db:
            return await take_over_chats(db, old, new)

    found = asyncio.run(work())
    say(f"private chats that wait for their person to press Start: {found.private}")
    say(f"groups and channels that wait for the bot to be added: {found.places}")
    if found.known:
        say(f"chats that know the new bot already, and stay as they are there: {found.known}")
    say("now start the bot, and tell your readers where it is: docs/lost-bot.md")
    return 0


async def take_over_chats(db: Database, old: int, new: int) -> TakenOverChats:
    """Give the new bot the old one's chats. Raises SetupError where there is no old one, or a bot is running."""
    now = datetime.now(UTC)
    async with db.read() as tx:
        known, running = await usernames(tx), await leases.any_held(tx, now)
    if old == new:
        raise SetupError(f"BOT_TOKEN is still that of {old}: set the token of the new bot first")
    if old not in known:
        listed = ", ".join(f"{number} (@{name})" if name else str(number) for number, name in known.items())
        raise SetupError(f"this database knows no bot {old}; it knows {listed or 'none'}")
    if running:
        raise SetupError("a bot is running on this database: stop it, then take over")
    async with db.write(durable=True) as tx:
        if new not in known:
            await bots.put(tx, new, "", now)
        return await take_over(tx, old, new, now)
