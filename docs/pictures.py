"""Makes the pictures of docs/images anew: `python -m docs.pictures`, or `make pictures`.

The sample stories go through the templates and the real sender into chats of the sandbox; a browser
(Chromium, driven by playwright) photographs how its page draws them.
"""

from __future__ import annotations

import asyncio
import io
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from PIL import Image
from playwright.async_api import Page, async_playwright

from bot.model.form import Form, Style
from bot.model.message import OutgoingMessage
from bot.outbox.pace import Pace
from bot.rendering.article import ArticleRenderer
from bot.rendering.digest import DigestRenderer
from bot.rendering.environment import Templates
from bot.rendering.samples import AT, FLASH, GROUPS, PICTURES, STORIES
from bot.rendering.story import Audience
from bot.sandbox import Sandbox
from bot.telegram.client import make_bot
from bot.telegram.gate import Gate
from bot.telegram.parameters import group_end
from bot.telegram.sender import Sender

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
SAMPLES = ROOT / "bot" / "demo" / "sample" / "pictures"
TOKEN = "700700:" + "P" * 35
WIDTH, HEIGHT = 430, 3600
COLOURS = 256
NOW = AT.replace(hour=11)

Parts = Sequence[OutgoingMessage]


def shown() -> dict[str, Parts]:
    """Return what each picture shows, by its file's name."""
    templates = Templates(agency="Вестник Долины")
    articles, digests = ArticleRenderer(templates), DigestRenderer(templates)
    reader = Audience("ru", "private", "vestnik_bot", zone="Europe/Moscow")
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


async def main() -> None:
    """Make all pictures."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        sys.exit("Chromium is needed: apt install chromium, or CHROMIUM=path")
    sandbox = Sandbox()
    await sandbox.start()
    sandbox.add_bot(TOKEN, "vestnik_bot", "Вестник Долины")
    sandbox.set_clock(NOW.timestamp())
    for path in SAMPLES.iterdir():
        sandbox.offer_picture(PICTURES + path.name, path.read_bytes())
    bot = make_bot(
        TOKEN, sandbox.url, Gate(Pace(global_rate=1000, chat_rate=1000, chat_burst=100, group_rate=60_000))
    )
    try:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
            page = await browser.new_page(
                viewport={"width": WIDTH, "height": HEIGHT},
                locale="ru-RU",
                timezone_id="Europe/Moscow",
                reduced_motion="reduce",
            )
            for name, parts in shown().items():
                reader = sandbox.add_user("Анна", language_code="ru")["id"]
                sandbox.send(reader, reader, "/start")
                await _send(Sender(bot), reader, parts)
                await page.goto(f"{sandbox.url}/#user={reader}&chat={reader}")
                _save(name, await _photograph(page))
            await browser.close()
    finally:
        await bot.session.close()
        await sandbox.stop()


async def _send(sender: Sender, chat_id: int, parts: Parts) -> None:
    at = 0
    while at < len(parts):
        end = group_end(parts, at)
        await sender.send(chat_id, parts[at:end])
        at = end


async def _photograph(page: Page) -> bytes:
    """Return the bot's messages as they stand under one another, with a little of the wall around them."""
    await page.reload()
    messages = page.locator("[data-testid=message][data-direction=in]")
    await messages.last.wait_for()
    await page.wait_for_function("[...document.images].every(image => image.complete)")
    await page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    boxes = [box for one in await messages.all() if (box := await one.bounding_box())]
    top, bottom = min(box["y"] for box in boxes), max(box["y"] + box["height"] for box in boxes)
    clip = {"x": 0, "y": top - 8, "width": WIDTH, "height": bottom - top + 16}
    return await page.screenshot(clip=clip)  # type: ignore[arg-type]


def _save(name: str, png: bytes) -> None:
    """Keep a picture in few colours: it shows type and drawings, and the repository keeps each version."""
    path = IMAGES / f"{name}.png"
    picture = Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    picture.save(path, optimize=True)
    print(f"{path.relative_to(ROOT)}  {path.stat().st_size // 1024} KiB")


if __name__ == "__main__":
    asyncio.run(main())
