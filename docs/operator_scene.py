"""The operator's page as a flash goes out and a feed fails, for its picture.

Clock and stories are those of the desk's scenes. What differs from machine to machine, the process, is left out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from pydantic import SecretStr

from bot.app import App
from bot.demo.free_port import free_port
from bot.demo.hands import press_newest
from bot.demo.stories import load_stories
from bot.desk.publish import publish
from bot.model.story.article import Content
from bot.sandbox import Sandbox
from bot.store.newsroom import articles, feeds, topics
from docs.desk_scenes import FLASH, NINA, READERS, gather_readers, running, seen

OPENS = "the-operators-page"
HOST = "127.0.0.1"
AT_ONCE, SLOW, SHOWN_AFTER = 45, 20, 4.0
"""Telegram takes so many messages of the flash at once, and so many seconds for the others."""

COUNTED_AFTER = 17.0
"""Seconds after which stories that went out stand in the figures of the day."""

Photograph = Callable[[str], Awaitable[None]]
"""Photographs the page at an address that logs in."""


async def play(sandbox: Sandbox, token: str, at: datetime, photograph: Photograph) -> None:
    """Run a newsroom, and photograph its operator's page while a flash goes out."""
    sandbox.add_user("Нина", id=NINA, last_name="Редактор", language_code="ru")
    port = free_port(HOST, 0)
    page = {"web_host": HOST, "web_port": port, "operator_token": SecretStr(OPENS)}
    async with running(sandbox, token, at, **page) as app:
        await gather_readers(sandbox, app, staff=(NINA,))
        for reader in READERS[::30]:
            sandbox.block(reader)
        await _keep_feeds(app)
        await _tell(app)
        sandbox.fault("slow", match={"text_contains": "Светлую"}, seconds=SLOW, after=AT_ONCE, times=None)
        sandbox.send(NINA, NINA, f"/breaking {FLASH}\n\nОбъезд — через Ольховку.")
        await press_newest(sandbox, NINA, "Всем")
        await press_newest(sandbox, NINA, "Отправить:")
        await seen(sandbox, NINA, "Да, отправить")
        await press_newest(sandbox, NINA, "Да, отправить")
        await asyncio.sleep(SHOWN_AFTER)
        await photograph(f"http://{HOST}:{port}/operator#{OPENS}")


async def _keep_feeds(app: App) -> None:
    services = app.services
    now = services.now()
    kept: dict[str, Any] = {"language": "ru", "publish": "auto", "interval": 600, "origin": "bot", "at": now}
    async with services.db.write() as tx:
        for number, name in enumerate(("Вестник Долины", "Пресс-служба области", "Спорт долины"), 1):
            made = await feeds.put(tx, f"https://feed{number}.example/news.xml", name=name, **kept)
            later = now + timedelta(minutes=3 * number)
            await feeds.record_success(tx, made, at=now, next_poll_at=later, cursor={})
        failing = 6
        for _ in range(failing):
            await feeds.record_failure(tx, made, reason="http-503", next_poll_at=now + timedelta(minutes=20))


async def _tell(app: App) -> None:
    """Publish some of the demo's stories, and wait until they have arrived."""
    services = app.services
    now = services.now()
    kept = []
    async with services.db.write() as tx:
        known = await topics.load(tx)
        for story in load_stories("news")[:5]:
            found = [topic.id for each in story.categories if (topic := known.find(each)) is not None]
            content = Content(story.headline, story.lead, language="ru")
            made = await articles.add(tx, content, source="feed:1", uid=story.slug, at=now, topic_ids=found)
            kept.append(made.id)
    for number in kept:
        await publish(services.db, number, now)
    services.bell.ring()
    await asyncio.sleep(COUNTED_AFTER)
