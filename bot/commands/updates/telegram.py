"""One question to Telegram, without the bot's whole client."""

from __future__ import annotations

from typing import Any

import aiohttp

from bot.model.errors import SetupError
from bot.settings import Settings

SECONDS = 15


async def ask(settings: Settings, method: str, variable: str = "BOT_TOKEN") -> Any:
    """Call a method of the Bot API that needs no parameters, and return its result; `variable` holds the token.

    Raises SetupError where nobody answers, or the token is refused.
    """
    url = f"{settings.bot_api_url}/bot{settings.token}/{method}"
    try:
        timeout = aiohttp.ClientTimeout(SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as http, http.get(url) as answer:
            said = await answer.json(content_type=None)
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        raise SetupError(
            f"{settings.bot_api_url} does not answer ({type(error).__name__}): check the network and BOT_API_URL"
        ) from None
    if not (isinstance(said, dict) and said.get("ok")):
        raise SetupError(f"Telegram refused {variable}: ask @BotFather for the token and write it into .env")
    return said["result"]
