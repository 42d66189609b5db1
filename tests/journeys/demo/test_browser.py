"""The demo in a real browser, as somebody who has just opened its address."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.demo.people import MARIA, OLGA
from tests.support.process import demo

SECONDS = 60
PATIENCE = SECONDS * 1000


@pytest.fixture
async def address(tmp_path: Path) -> AsyncIterator[str]:
    """A running demo's address; it speaks Russian."""
    options = ("--port", "0", "--folder", str(tmp_path))
    async with demo(*options, language="ru") as process:
        found = re.search(r"http://127\.0\.0\.1:\d+/", await process.said(""))
        assert found, process.lines
        yield found[0]


@pytest.fixture
async def complaints() -> AsyncIterator[list[str]]:
    """What the page complained of by the end of the test: it must be nothing."""
    found: list[str] = []
    yield found
    assert found == []


async def opened(browser: Any, url: str, complaints: list[str], width: int = 1400, height: int = 900) -> Any:
    """Open the page and wait until it is drawn; what its console says is kept."""
    page = await browser.new_page(viewport={"width": width, "height": height}, locale="ru-RU")
    page.set_default_timeout(PATIENCE)
    page.on("console", lambda said: said.type in ("error", "warning") and complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(url)
    await page.wait_for_selector("body[data-ready]")
    return page


def phone(page: Any, user: int) -> Any:
    """Return the phone of a person that is on show."""
    return page.locator(f'[data-testid="phone"][data-user="{user}"]')


def message(chat: Any, words: str) -> Any:
    """Return the newest message on a phone that holds the words."""
    return chat.get_by_test_id("message").filter(has_text=words).last


async def press(chat: Any, label: str) -> None:
    """Press the newest button of that label on a phone, and wait until the press is answered."""
    key = chat.get_by_test_id("key").filter(has_text=label).last
    await key.click()
    await chat.page.wait_for_selector('[data-testid="key"][aria-busy]', state="detached")


async def write(chat: Any, words: str) -> None:
    """Write as whoever holds the phone."""
    await chat.get_by_test_id("input").fill(words)
    await chat.get_by_test_id("send").click()


async def test_a_newcomer_starts_follows_topics_and_gets_a_story_and_breaking_news(
    browser: Any, address: str, complaints: list[str]
) -> None:
    page = await opened(browser, f"{address}#user={OLGA}&chat={OLGA}&user={MARIA}&chat={MARIA}", complaints)
    olga, maria = phone(page, OLGA), phone(page, MARIA)
    await olga.get_by_test_id("start").click()
    await message(olga, "Выберите темы").wait_for()
    for topic in ("Экономика", "Общество", "Мир", "Наука", "Культура", "Спорт", "Погода"):
        await press(olga, f"▫️ {topic}")
        await olga.get_by_test_id("key").filter(has_text=f"✅ {topic}").wait_for()
    story = olga.get_by_test_id("message").filter(has=page.get_by_test_id("live-time")).last
    await story.wait_for()
    await message(maria, "Темы").wait_for()
    await write(maria, "/breaking Землетрясение в долине <script>alert(1)</script>\nПострадавших нет.")
    await message(maria, "Кому: всем").wait_for()
    await press(maria, "Отправить")
    await press(maria, "Да, отправить")
    await message(maria, "Готово").wait_for()
    flash = message(olga, "Землетрясение в долине")
    await flash.wait_for()
    assert "<script>alert(1)</script>" in await flash.inner_text()
    await write(olga, "<img src=x onerror=alert(1)>")
    own = message(olga, "<img src=x onerror=alert(1)>")
    await own.wait_for()
    assert await own.locator("img").count() == 0


async def test_on_a_narrow_screen_one_phone_fills_it(
    browser: Any, address: str, complaints: list[str]
) -> None:
    page = await opened(browser, address, complaints, width=390, height=844)
    newcomer = page.get_by_test_id("phone")
    assert await newcomer.count() == 1
    assert await newcomer.get_attribute("data-user") == str(OLGA)
    box = await newcomer.bounding_box()
    assert box is not None
    assert box["width"] == 390
    await newcomer.get_by_test_id("chat-row").first.click()
    await newcomer.get_by_test_id("about").filter(has_text="новости по вашим темам").wait_for()
    await newcomer.get_by_test_id("start").click()
    await message(newcomer, "Выберите темы").wait_for()
    wide = await page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
