"""Makes the pictures of docs/images anew: `python -m docs.pictures`, or `make pictures`.

The sample stories go through the templates and the real sender into chats of the sandbox; editors, a reader and an
operator play `docs/desk_scenes.py`, `docs/reader_scenes.py` and `docs/operator_scene.py`; a browser (Chromium, driven
by playwright) photographs how its page draws it all. A name as an argument makes that picture alone: `desk` those of
the desk, `reader` a reader's, `operator` the operator's page, any other one of a story's or a digest's.
"""

from __future__ import annotations

import asyncio
import io
import os
import shutil
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.async_api import Browser, Page, async_playwright
from pydantic import SecretStr

from bot.commands.session import opened
from bot.factory import Factory
from bot.model.clock import Clock
from bot.model.message import OutgoingMessage
from bot.model.story.form import Form, Style
from bot.rendering.article import ArticleRenderer
from bot.rendering.check import checked_templates
from bot.rendering.digest import DigestRenderer
from bot.rendering.samples import AT, FLASH, GROUPS, PICTURES, STORIES
from bot.rendering.story import Readership
from bot.sandbox import Sandbox
from bot.settings import Settings
from bot.telegram.parameters import group_end
from bot.telegram.sender import Sender
from bot.telegram.transport.ticket import CallTicket
from docs import desk_scenes, operator_scene, reader_scenes
from docs.desk_scenes import Take

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
SAMPLES = ROOT / "bot" / "demo" / "sample" / "pictures"
TOKEN = "700700:" + "P" * 35
DESK, READER, OPERATOR = "desk", "reader", "operator"
WIDTH, PHONE, HEIGHT = 430, 390, 3600
DESK_WIDTH, DESK_HEIGHT = 1120, 700
COLOURS, FEW_COLOURS = 256, 48
NOW = AT.replace(hour=11)

Parts = Sequence[OutgoingMessage]
Play = Callable[[Sandbox, str, datetime, Take], Awaitable[None]]


def shown() -> dict[str, Parts]:
    """Return what each picture shows, by its file's name."""
    templates = checked_templates(agency="Вестник Долины")
    articles, digests = ArticleRenderer(templates), DigestRenderer(templates)
    reader = Readership("ru", "private", "vestnik_bot", zone="Europe/Moscow")
    found: dict[str, Parts] = {
        form: articles.parts(STORIES[0], reader, Style(form))
        for form in (Form.RICH, Form.CLASSIC, Form.BRIEF, Form.HEADLINE)
    }
    found["flash"] = articles.parts(FLASH, reader, Style())
    for name, groups, form in (
        ("digest", GROUPS[:3], Form.RICH),
        ("digest-classic", GROUPS[:2], Form.CLASSIC),
    ):
        page = digests.digest(groups, reader, digest_id=1, at=AT, size=3, form=form, now=NOW)
        found[name] = (page,)
    return found


async def main(only: str = "") -> None:
    """Make all pictures, or those of one name."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        sys.exit("Chromium is needed: apt install chromium, or CHROMIUM=path")
    sandbox = Sandbox()
    await sandbox.start()
    sandbox.add_bot(TOKEN, "vestnik_bot", "Вестник Долины")
    sandbox.set_clock(NOW.timestamp())
    for path in SAMPLES.iterdir():
        sandbox.offer_picture(PICTURES + path.name, path.read_bytes())
    try:
        async with _sender(sandbox) as sender, async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
            page = await browser.new_page(
                viewport={"width": WIDTH, "height": HEIGHT},
                locale="ru-RU",
                timezone_id="Europe/Moscow",
                reduced_motion="reduce",
            )
            for name, parts in shown().items():
                if only not in ("", name):
                    continue
                reader = sandbox.add_user("Анна", language_code="ru")["id"]
                sandbox.send(reader, reader, "/start")
                await _send(sender, reader, parts)
                await page.goto(f"{sandbox.url}/#user={reader}&chat={reader}")
                _save(name, await _photograph(page))
            for scenes, play in ((DESK, desk_scenes.play), (READER, reader_scenes.play)):
                if only in ("", scenes):
                    await _scenes(page, play)
            if only in ("", OPERATOR):
                await _operators_page(browser)
            await browser.close()
    finally:
        await sandbox.stop()


async def _scenes(page: Page, play: Play) -> None:
    """Photograph scenes, each the newest message of a person's chat, at a phone's width."""
    await page.set_viewport_size({"width": PHONE, "height": HEIGHT})
    sandbox = Sandbox()
    await sandbox.start()
    sandbox.add_bot(TOKEN, "vestnik_bot", "Вестник Долины")
    sandbox.set_clock(NOW.timestamp())

    async def take(name: str, person: int, messages: int = 1) -> None:
        await page.goto(f"{sandbox.url}/#user={person}&chat={person}")
        _save(name, await _photograph(page, newest=messages), FEW_COLOURS)

    try:
        await play(sandbox, TOKEN, NOW, take)
    finally:
        await sandbox.stop()


async def _operators_page(browser: Browser) -> None:
    """Photograph the operator's page at a desk's width."""
    page = await browser.new_page(viewport={"width": DESK_WIDTH, "height": DESK_HEIGHT}, locale="ru-RU")
    sandbox = Sandbox()
    await sandbox.start()
    sandbox.add_bot(TOKEN, "vestnik_bot", "Вестник Долины")
    sandbox.set_clock(NOW.timestamp())

    async def photograph(address: str) -> None:
        await page.goto(address)
        await page.wait_for_selector(".push")
        await page.evaluate("['process', 'errors'].forEach((each) => document.getElementById(each).remove())")
        _save(OPERATOR, await page.screenshot(full_page=True))

    try:
        await operator_scene.play(sandbox, TOKEN, NOW, photograph)
    finally:
        await sandbox.stop()


@asynccontextmanager
async def _sender(sandbox: Sandbox) -> AsyncIterator[Sender]:
    """Give the sender of a bot whose pace holds nothing up."""
    settings = Settings(
        _env_file=None,
        bot_token=SecretStr(TOKEN),
        bot_api_url=sandbox.url,
        global_rate=1000,
        chat_rate=1000,
        chat_burst=100,
    )
    with TemporaryDirectory() as folder:
        async with opened(f"sqlite:///{folder}/vestnik.db") as db:
            line = Factory(settings, db, Clock()).line()
            try:
                yield Sender(line.client)
            finally:
                await line.close()


async def _send(sender: Sender, chat_id: int, parts: Parts) -> None:
    at = 0
    while at < len(parts):
        end = group_end(parts, at)
        await sender.send(chat_id, parts[at:end], ticket=CallTicket())
        at = end


async def _photograph(page: Page, newest: int = 0) -> bytes:
    """Return the bot's messages (0: all) as they stand under one another, with a little of the wall around them."""
    await page.reload()
    messages = page.locator("[data-testid=message][data-direction=in]")
    await messages.last.wait_for()
    await page.wait_for_function("[...document.images].every(image => image.complete)")
    await page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    boxes = [box for one in (await messages.all())[-newest:] if (box := await one.bounding_box())]
    top, bottom = min(box["y"] for box in boxes), max(box["y"] + box["height"] for box in boxes)
    width = page.viewport_size["width"] if page.viewport_size else WIDTH
    clip = {"x": 0, "y": top - 8, "width": width, "height": bottom - top + 16}
    return await page.screenshot(clip=clip)  # type: ignore[arg-type]


def _save(name: str, png: bytes, colours: int = COLOURS) -> None:
    """Keep a picture in few colours: it shows type and drawings, and the repository keeps each version."""
    path = IMAGES / f"{name}.png"
    picture = Image.open(io.BytesIO(png)).convert("RGB").quantize(colours, dither=Image.Dither.NONE)
    picture.save(path, optimize=True)
    print(f"{path.relative_to(ROOT)}  {path.stat().st_size // 1024} KiB")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:2]))
