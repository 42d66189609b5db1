"""`preview`: what a reader would get of files and addresses. No token, no database, no picture fetched."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from bot.log import say
from bot.model.errors import SetupError, VestnikError
from bot.model.message import OutgoingMessage
from bot.model.story.form import Form, Style
from bot.rendering.article import ArticleRenderer
from bot.rendering.check import checked_templates
from bot.rendering.story import Readership, Story
from bot.rendering.terminal import lines
from bot.settings import Settings, load_settings
from bot.sources.item import Item
from bot.telegram.parameters import calls

if TYPE_CHECKING:
    from bot.sources.fetch.fetcher import Fetched

AGENCY = "Vestnik"
BOT = "vestnik_bot"
"""What stands in links to the bot: its real name is known only to who has its token."""


def preview(names: list[str], form: str, language: str | None, *, as_json: bool) -> int:
    """Show the stories of each file or address; 1 where one could not be read."""
    settings = load_settings()
    language = language or settings.language
    agency = _agency(settings, language)
    templates = checked_templates(settings.templates_dir, agency=agency)
    for problem in templates.problems():
        say(f"vestnik: {problem}", file=sys.stderr)
    articles = ArticleRenderer(templates)
    failed = number = 0
    for name in names:
        try:
            items = asyncio.run(_items(name))
        except SetupError as error:
            say(f"vestnik: {error}", file=sys.stderr)
            failed = 1
            continue
        for item in items:
            number += 1
            parts = articles.parts(
                _story(item, number, language=language, agency=agency, form=form),
                _readership(settings, language),
                _style(form),
            )
            _show(_as_json(item, parts) if as_json else _as_text(item, parts))
    return failed


def _agency(settings: Settings, language: str) -> str:
    if not settings.newsroom_file.exists():
        return AGENCY
    from bot.sources.newsroom.file import load_newsroom

    try:
        newsroom = load_newsroom(settings.newsroom_file, settings.language)
    except SetupError as error:
        say(f"vestnik: {error}", file=sys.stderr)
        return AGENCY
    return newsroom.names.get(language, newsroom.name)


async def _items(name: str) -> list[Item]:
    """Return the stories. Raises SetupError, naming what can't be read and why."""
    from bot.sources.parser_pool import ParserPool

    try:
        async with ParserPool() as parsers:
            if name.startswith(("http://", "https://")):
                fetched = await _fetch(name)
                items = await parsers.stories(fetched.url, fetched.body or b"", fetched.content_type)
            else:
                items = await parsers.stories(name, await asyncio.to_thread(Path(name).read_bytes))
    except OSError as error:
        raise SetupError(f"{name}: can't be read ({error.strerror})") from None
    except VestnikError as error:
        raise SetupError(f"{name}: {getattr(error, 'detail', '') or error}") from None
    if not items:
        raise SetupError(f"{name}: no story was found in it")
    return items


async def _fetch(url: str) -> Fetched:
    from bot.sources.fetch.fetcher import Fetcher

    # Whoever types an address at this machine may ask it what this machine can ask.
    async with Fetcher(allow_private=True) as fetcher:
        return await fetcher.fetch(url)


def _story(item: Item, number: int, *, language: str, agency: str, form: str) -> Story:
    published = item.published or datetime.now(UTC)
    content = item.content(language, agency)
    return Story(number, 1, content, published_at=published, flash=form == Form.FLASH)


def _readership(settings: Settings, language: str) -> Readership:
    return Readership(language, "private", BOT, zone=settings.time_zone)


def _style(form: str) -> Style:
    return Style(Form(form))


def _as_json(item: Item, parts: tuple[OutgoingMessage, ...]) -> bytes:
    told = [{"method": method, "params": params} for method, params in calls(parts)]
    return orjson.dumps({"id": item.uid, "title": item.headline, "calls": told}) + b"\n"


def _as_text(item: Item, parts: tuple[OutgoingMessage, ...]) -> bytes:
    made = [f"═══ {item.uid} ═══"]
    for number, part in enumerate(parts, 1):
        if not part.grouped:
            made += ["", f"─── {number}/{len(parts)} ───"] if len(parts) > 1 else [""]
        made += lines(part)
    return "\n".join([*made, "", ""]).encode("utf-8", "replace")


def _show(said: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(said)
    sys.stdout.buffer.flush()
