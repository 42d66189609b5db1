"""`check`: says what is wrong before a start."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp

from bot.commands.opening import opened
from bot.model.errors import SetupError, VestnikError
from bot.rendering.environment import Templates
from bot.settings import DEFAULT_NEWSROOM, Settings, load_settings
from bot.sources.feed import parse_feed
from bot.sources.fetch import Fetcher
from bot.sources.newsroom import Newsroom, load_newsroom


def check(*, offline: bool) -> int:
    """Look at token, database, templates, newsroom file and feeds; 1 where something is wrong."""
    return asyncio.run(_check(load_settings(), offline))


async def _check(settings: Settings, offline: bool) -> int:
    looks: list[tuple[str, Callable[[Settings], Awaitable[str]]]] = [
        ("database", _database),
        ("templates", _templates),
        ("newsroom", _newsroom),
    ]
    if not offline:
        looks = [("token", _token), *looks, ("feeds", _feeds)]
    wrong = 0
    for name, look in looks:
        try:
            print(f"ok     {name}: {await look(settings)}")
        except VestnikError as error:
            print(f"WRONG  {name}: {error}")
            wrong = 1
    return wrong


async def _token(settings: Settings) -> str:
    url = f"{settings.bot_api_url}/bot{settings.token}/getMe"
    try:
        timeout = aiohttp.ClientTimeout(15)
        async with aiohttp.ClientSession(timeout=timeout) as http, http.get(url) as answer:
            said = await answer.json(content_type=None)
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        raise SetupError(f"{settings.bot_api_url} does not answer ({type(error).__name__})") from None
    if not (isinstance(said, dict) and said.get("ok")):
        raise SetupError("BOT_TOKEN was refused: ask @BotFather for the right one")
    return f"@{said['result'].get('username', '?')}"


async def _database(settings: Settings) -> str:
    async with opened(settings.database_url) as db:
        return f"{db.url.render_as_string(hide_password=True)} is up to date"


async def _templates(settings: Settings) -> str:
    problems = Templates(settings.templates_dir).check()
    if problems:
        raise SetupError("; ".join(problems))
    return "all of them render"


async def _newsroom(settings: Settings) -> str:
    newsroom = _read(settings)
    return f"{newsroom.name}: {len(newsroom.topics)} topics, {len(newsroom.feeds)} feeds"


async def _feeds(settings: Settings) -> str:
    newsroom = _read(settings)
    failed = []
    async with Fetcher(allow_private=settings.allow_private_feeds) as fetcher:
        for feed in newsroom.feeds:
            try:
                fetched = await fetcher.fetch(feed.url)
                await asyncio.to_thread(parse_feed, fetched.body or b"", fetched.content_type, fetched.url)
            except VestnikError as error:
                failed.append(f"{feed.name or feed.url}: {error}")
    if failed:
        raise SetupError("; ".join(failed))
    return f"{len(newsroom.feeds)} answer"


def _read(settings: Settings) -> Newsroom:
    path = settings.newsroom_file
    if path == DEFAULT_NEWSROOM and not path.exists():
        raise SetupError("there is no newsroom.toml: copy newsroom.example.toml and fill it in")
    return load_newsroom(path, settings.language)
