"""`subscriptions export`: what every chat chose, in one signed file."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from bot.commands.session import opened
from bot.commands.subscriptions.key import key_of
from bot.commands.subscriptions.signed_file import SignedWriter
from bot.log import say
from bot.model.errors import SetupError
from bot.settings import load_settings
from bot.store.engine.database import UNAVAILABLE, Database, why
from bot.store.newsroom import audit
from bot.store.transfer.subscriptions import names
from bot.store.transfer.subscriptions.pages import read_page
from bot.store.transfer.takeovers import usernames

CHATS_A_PAGE = 500


def export_subscriptions(path: Path, bot: int | None = None) -> int:
    """Write the export of a bot, that of BOT_TOKEN where none is named; the bot may be running.

    Raises SetupError where the key is missing, there is no such bot, or the file can't be written.
    """
    settings = load_settings()
    key, bot_id = key_of(settings), settings.bot_id if bot is None else bot

    async def work() -> tuple[int, int]:
        audit.hand.set(audit.COMMAND)
        async with opened(settings.database_url, begins=False) as db:
            return await write_export(db, bot_id, path, key)

    chats, subscriptions = asyncio.run(work())
    say(f"{path}: {chats} chats with {subscriptions} subscriptions, signed")
    say("the file says who reads what: keep it on another machine, and SUBSCRIPTIONS_KEY apart from it")
    return 0


async def write_export(db: Database, bot_id: int, path: Path, key: str) -> tuple[int, int]:
    """Write the export, and return how many chats and subscriptions it has. Raises SetupError."""
    now = datetime.now(UTC)
    try:
        async with db.read() as tx:
            bots, known = await usernames(tx), await names.load(tx)
        if bot_id not in bots:
            raise SetupError(
                f"this database knows no bot {bot_id}; it knows {', '.join(map(str, bots)) or 'none'}"
            )
        chats = subscriptions = after = 0
        head = {"bot": bot_id, "made_at": now.isoformat(timespec="seconds")}
        with SignedWriter(path, key, head) as file:
            while True:
                async with db.read() as tx:
                    page = await read_page(tx, bot_id, known, after=after, limit=CHATS_A_PAGE)
                if page is None:
                    break
                for line in page.lines:
                    file.add(line)
                chats, subscriptions = chats + len(page.lines), subscriptions + page.subscriptions
                after = page.last
        async with db.write(durable=True) as tx:
            await audit.add(tx, now, None, "export-subscriptions", detail=str(chats), bot_id=bot_id)
    except UNAVAILABLE as error:
        raise SetupError(f"the export was broken off: {why(error)}") from None
    return chats, subscriptions
