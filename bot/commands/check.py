"""`check`: says what is wrong before a start."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Awaitable, Callable

import aiohttp

from bot.commands.repairs.defect import Defect
from bot.commands.repairs.files import found_files
from bot.commands.repairs.rows import found_rows
from bot.commands.session import opened
from bot.commands.updates.telegram import ask
from bot.commands.updates.webhook import way
from bot.log import phrase, say
from bot.model.errors import SetupError, VestnikError
from bot.process.bot_config import bot_configs
from bot.process.shared_parts import newsroom_of
from bot.rendering.check import checked_templates, problems_of
from bot.settings import DEFAULT_NEWSROOM, Settings, load_settings
from bot.sources.fetch.fetcher import Fetcher
from bot.sources.newsroom.entries import Newsroom
from bot.sources.newsroom.file import load_newsroom
from bot.sources.parser_pool import ParserPool
from bot.sources.registry import open_source
from bot.store.engine.database import UNAVAILABLE, as_written, open_database, why
from bot.store.engine.database_file import hindrance, never_made
from bot.store.engine.sqlite import AFFECTED, may_lose_commits
from bot.updates.webhook.address import host_of
from bot.web.server import WebServer


def check(*, offline: bool, fix: bool = False) -> int:
    """Look at files, token, database, templates, newsroom file and feeds; 1 where something is wrong and stays so.

    Where `fix`, what is out of order and can safely be mended is mended.
    """
    return asyncio.run(_check(load_settings(), offline, fix))


async def _check(settings: Settings, offline: bool, fix: bool) -> int:
    left = [await _settled(each, fix) for each in found_files(settings)]
    wrong = await _look(settings, offline)
    if "database" not in wrong:
        left += await _rows(settings, fix)
    return 1 if wrong or not all(left) else 0


async def _rows(settings: Settings, fix: bool) -> list[bool]:
    file = open_database(settings.database_url).file
    if file and never_made(file):
        return []
    async with opened(settings.database_url) as db:
        return [await _settled(each, fix) async for each in found_rows(db)]


async def _settled(found: Defect, fix: bool) -> bool:
    """Say what was found and mend it, if that is wished; return whether nothing wrong is left of it."""
    if found.mend is None or not fix:
        what = f"{found.says}; --fix {found.does}" if found.mend else found.says
        say(f"{'WRONG ' if found.wrong else 'found '} {found.name}: {what}")
        return not found.wrong
    try:
        await found.mend()
    except (SetupError, *UNAVAILABLE) as error:
        reason = str(error) if isinstance(error, SetupError | OSError) else why(error)
        say(f"WRONG  {found.name}: {found.says}; not mended: {reason}")
        return not found.wrong
    say(f"fixed  {found.name}: {found.says}; {found.does}")
    return True


async def _look(settings: Settings, offline: bool) -> set[str]:
    """Look at what a start needs; return the names of what is wrong."""
    looks: list[tuple[str, Callable[[Settings], Awaitable[str]]]] = [
        ("database", _database),
        ("templates", _templates),
        ("newsroom", _newsroom),
    ]
    if settings.web_port:
        looks.append(("web", _web))
    elif settings.operator_token.get_secret_value():
        looks.append(("web", _no_web))
    if not offline:
        looks = [("token", _token), *looks, ("updates", way), ("bots", _bots), ("feeds", _feeds)]
    else:
        looks += [("updates", _updates), ("bots", _tokens)]
    wrong: set[str] = set()
    for name, look in looks:
        if name in ("bots", "feeds") and "newsroom" in wrong:
            # Which to ask is not known then; the newsroom's own lines say why.
            continue
        try:
            say(f"ok     {name}: {await look(settings)}")
        except VestnikError as error:
            for line in str(error).splitlines():
                say(f"WRONG  {name}: {line}")
            wrong.add(name)
    return wrong


async def _token(settings: Settings) -> str:
    return f"@{(await ask(settings, 'getMe')).get('username', '?')}"


async def _bots(settings: Settings) -> str:
    """Ask Telegram who the newsroom file's other bots are, and how their updates come."""
    names, wrong = [], []
    for each in bot_configs(settings, newsroom_of(settings))[1:]:
        try:
            me = await ask(each.settings, "getMe", each.variable)
            names.append(f"@{me.get('username', '?')} ({await way(each.settings, each.variable)})")
        except SetupError as error:
            wrong.append(f"{each.variable}: {error}")
    if wrong:
        raise SetupError("\n".join(wrong))
    return ", ".join(names) or "that of BOT_TOKEN alone"


async def _tokens(settings: Settings) -> str:
    """Look, without asking Telegram, whether each of the newsroom file's other bots has a token and sound settings."""
    newsroom = newsroom_of(settings)
    if not newsroom.bots:
        return "that of BOT_TOKEN alone"
    return ", ".join(each.variable for each in bot_configs(settings, newsroom))


async def _updates(settings: Settings) -> str:
    return f"by a webhook at {host_of(base)}" if (base := settings.webhook_base) else "by polling"


async def _database(settings: Settings) -> str:
    address = as_written(settings.database_url)
    file = open_database(settings.database_url).file
    if file and never_made(file):
        # Nothing is made here: a first start alone makes a database.
        if barred := hindrance(file):
            raise SetupError(f"DATABASE_URL: {barred}")
        return f"{address} is not there yet: the first start makes it; {_sqlite()}"
    async with opened(settings.database_url) as db:
        return f"{address} is up to date{f'; {_sqlite()}' if db.file else ''}"


def _sqlite() -> str:
    """Return which SQLite there is, and what is wrong with it."""
    return AFFECTED if may_lose_commits() else f"SQLite {sqlite3.sqlite_version}"


async def _web(settings: Settings) -> str:
    """Listen for a moment, as a start would. A bot that runs already holds its own port."""
    try:
        async with WebServer(settings.web_host, settings.web_port, []):
            return f"WEB_PORT: {settings.web_port} is free"
    except SetupError:
        if who := await _listening(settings):
            return f"WEB_PORT: {settings.web_port} is held by a Vestnik that runs already, {who}"
        raise


async def _no_web(_settings: Settings) -> str:
    raise SetupError("OPERATOR_TOKEN opens a page that nobody serves: set WEB_PORT as well")


async def _listening(settings: Settings) -> str:
    """Return the name of the bot that answers at the port; empty where something else does."""
    url = f"http://{settings.web_host}:{settings.web_port}/health"
    try:
        timeout = aiohttp.ClientTimeout(3)
        async with aiohttp.ClientSession(timeout=timeout) as http, http.get(url) as answer:
            said = json.loads(await answer.content.read(10_000))
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return ""
    name = said.get("bot") if isinstance(said, dict) else None
    return phrase(f"@{name}", 40) if isinstance(name, str) and "ended" in said else ""


async def _templates(settings: Settings) -> str:
    problems = problems_of(checked_templates(settings.templates_dir))
    if problems:
        raise SetupError("\n".join(problems))
    return "each of them works"


async def _newsroom(settings: Settings) -> str:
    newsroom = _read(settings)
    return f"{newsroom.name}: {len(newsroom.topics)} topics, {len(newsroom.feeds)} feeds"


async def _feeds(settings: Settings) -> str:
    newsroom = _read(settings)
    failed = []
    async with Fetcher(allow_private=settings.allow_private_feeds) as fetcher, ParserPool() as parsers:
        for feed in newsroom.feeds:
            try:
                await open_source(feed.kind, feed.url, fetcher, parsers).fetch({})
            except VestnikError as error:
                failed.append(f"{feed.name or feed.url}: {error}")
    if failed:
        raise SetupError("\n".join(failed))
    return f"{len(newsroom.feeds)} feeds answer"


def _read(settings: Settings) -> Newsroom:
    path = settings.newsroom_file
    if path == DEFAULT_NEWSROOM and not path.exists():
        raise SetupError(
            "there is no newsroom.toml: copy newsroom.example.toml to newsroom.toml and write your topics and feeds, "
            "or send the running bot /setup"
        )
    return load_newsroom(path, settings.language)
