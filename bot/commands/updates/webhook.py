"""`webhook`: how updates come, and whether Telegram knows the same; `--delete` takes a webhook away."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.commands.updates.telegram import ask
from bot.log import phrase, say
from bot.model.errors import SetupError
from bot.process.bot_config import BotConfig, bot_configs
from bot.process.shared_parts import newsroom_of
from bot.settings import Settings, load_settings
from bot.updates.webhook.address import address_of, host_of

NEWS = timedelta(minutes=10)
"""For so long an error at delivering is news."""


def webhook(*, delete: bool) -> int:
    """Print how updates come; 1 where something is wrong. With `delete` have Telegram forget any webhook."""
    settings = load_settings()
    bots = bot_configs(settings, newsroom_of(settings))
    wrong = False
    for each in bots:
        of = f"{each.variable}: " if len(bots) > 1 else ""
        try:
            said = asyncio.run(_without(each) if delete else way(each.settings, each.variable))
            say(f"{of}{said}")
        except SetupError as error:
            say(f"WRONG  {of}{error}")
            wrong = True
    return 1 if wrong else 0


async def _without(one: BotConfig) -> str:
    await ask(one.settings, "deleteWebhook", one.variable)
    return "Telegram has no webhook any more; what waits there is kept for whoever asks"


async def way(settings: Settings, variable: str = "BOT_TOKEN") -> str:
    """Return in a sentence how updates come to the bot whose token that variable holds.

    Raises SetupError where Telegram knows otherwise, or can't deliver.
    """
    base = settings.webhook_base
    info = await ask(settings, "getWebhookInfo", variable)
    url, pending = str(info.get("url") or ""), int(info.get("pending_update_count") or 0)
    address = address_of(settings.token, base or "https://nowhere.invalid")
    if url and not address.is_ours(url):
        remedy = (
            "the running bot, or a start, takes its place"
            if base
            else "stop the program there, then run `webhook --delete`"
        )
        raise SetupError(f"a webhook at {host_of(url)} gets this bot's updates: {remedy}")
    if not base:
        return (
            f"polling; {f'a start takes the webhook at {host_of(url)} away' if url else 'no webhook is set'}"
        )
    if url != address.url:
        has = f"a webhook at {host_of(url)}" if url else "no webhook"
        return f"Telegram has {has} yet: a start sets it to {host_of(base)}"
    if said := _error(info):
        raise SetupError(f"Telegram can't deliver to {host_of(url)}: {said}; {pending} updates wait")
    return f"Telegram brings updates to {host_of(url)}; {pending} wait"


def _error(info: dict[str, Any]) -> str:
    at, waits = info.get("last_error_date"), info.get("pending_update_count")
    if not at or not waits or datetime.now(UTC) - datetime.fromtimestamp(int(at), UTC) > NEWS:
        return ""
    return phrase(str(info.get("last_error_message") or "?"))
