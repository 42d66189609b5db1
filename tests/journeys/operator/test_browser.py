"""The operator's page in a real browser, on a phone and at a desk, by day and by night."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bot.log import Event
from bot.operations.reports import TroubleReports
from bot.operations.status import Trouble
from bot.sandbox import Sandbox
from bot.store.backup.backups import Backups
from bot.store.engine.database import Database
from bot.store.newsroom import feeds
from tests.support.engine import Engine, prepared
from tests.support.readers import BOT
from tests.support.servers.operator import OPERATOR_TOKEN, Page, operator_page

PATIENCE = 60_000
PATHS = ("", "/feeds", "/record", "/errors")
LONG = "Оченьдлинноесловобезединогопробела" * 12

CONTRASTS = """() => {
  const parts = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => {
    const of = (v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
    return 0.2126 * of(r) + 0.7152 * of(g) + 0.0722 * of(b);
  };
  const ground = (one) => {
    for (; one; one = one.parentElement) {
      const found = parts(getComputedStyle(one).backgroundColor);
      if (found.length === 3 || found[3] > 0) return found;
    }
    return [255, 255, 255];
  };
  const found = {};
  for (const one of document.querySelectorAll("body *")) {
    const own = [...one.childNodes].some((each) => each.nodeType === 3 && each.textContent.trim());
    if (!own || !one.checkVisibility() || one.closest("svg, .skip")) continue;
    const [a, b] = [light(parts(getComputedStyle(one).color)), light(ground(one))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) found[`${one.tagName} ${one.className} ${one.textContent.trim().slice(0, 30)}`] = contrast;
  }
  return found;
}"""
"""What is written with less contrast than WCAG 2.2 asks (1.4.3, AA)."""

LEVELS = "() => [...document.querySelectorAll('h1, h2, h3')].map((each) => Number(each.tagName[1]))"


@pytest.fixture
async def engine(sqlite_db: Database, sandbox: Sandbox) -> AsyncIterator[Engine]:
    """A newsroom in which everything has happened that a page shows, and whose pushes go slowly."""
    made = await prepared(sqlite_db, sandbox)
    made.rates = {"global_rate": 5}
    await made.readers(120)
    now = made.clock.now()
    async with made.db.write() as tx:
        named = {
            "name": LONG,
            "language": "ru",
            "publish": "auto",
            "interval": 60,
            "origin": "bot",
            "at": now,
        }
        one = await feeds.put(tx, f"https://feeds.example/{'a' * 300}", **named)
        for _ in range(6):
            await feeds.record_failure(tx, one, reason="http-503", next_poll_at=now)
        await feeds.put(tx, "https://other.example/", **named)
    await made.start()
    yield made
    if made.running:
        await made.kill()


@pytest.fixture
async def served(engine: Engine, tmp_path: Path) -> AsyncIterator[Page]:
    """The page of the newsroom, with an error in its log, and a backup that failed after one was made."""
    backups = Backups(f"sqlite:///{engine.db.file}", tmp_path / "backups")
    await asyncio.to_thread(backups.make, engine.clock.now())
    engine.services = replace(engine.services, backups=backups)
    failed = Trouble("backup:failed", "owner_backup", {"why": LONG, "hours": None})
    await TroubleReports(engine.db, BOT).note("backup", [failed], engine.clock.now())
    async with operator_page(engine) as page:
        logging.getLogger("bot.tests").error(Event("loop.failed", loop="courier", reason=LONG))
        yield page


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
async def test_an_operator_follows_a_link_and_sees_a_push_go_out(
    browser: Any, served: Page, engine: Engine, width: int, scheme: str
) -> None:
    context = await browser.new_context(
        viewport={"width": width, "height": 844}, color_scheme=scheme, locale="ru-RU"
    )
    page = await context.new_page()
    page.set_default_timeout(PATIENCE)
    complaints: list[str] = []
    page.on("console", lambda said: said.type in ("error", "warning") and complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(f"{served.url}#{OPERATOR_TOKEN}")
    await page.wait_for_selector("#pushes")
    assert page.url == served.url
    await engine.publish(f"Мост открыт {LONG}")
    count = page.locator(".push .counts b")
    await count.wait_for()
    before = await count.inner_text()
    await page.wait_for_function(
        "was => document.querySelector('.push .counts b')?.innerText !== was", arg=before
    )
    assert "из 120" in await page.locator(".push .counts").inner_text()
    assert "да, сразу после создания" in await page.locator("#backups").inner_text()
    assert LONG[:40] in await page.locator("#backups").inner_text()
    assert "рассылает новости" in await page.locator("#process .roles").inner_text()
    for path in PATHS:
        await page.goto(served.url + path)
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert await page.evaluate(CONTRASTS) == {}, path
        levels = await page.evaluate(LEVELS)
        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    await page.get_by_role("button", name="Выйти").click()
    await page.get_by_label("Токен").wait_for()
    assert await page.evaluate(CONTRASTS) == {}
    assert complaints == []


async def test_it_works_without_scripts_and_says_when_the_bot_is_gone(browser: Any, engine: Engine) -> None:
    plain = await browser.new_context(java_script_enabled=False, locale="en-GB")
    watching = await browser.new_page(locale="en-GB")
    watching.set_default_timeout(PATIENCE)
    async with operator_page(engine) as served:
        page = await plain.new_page()
        page.set_default_timeout(PATIENCE)
        await page.goto(served.url)
        await page.get_by_label("Token").fill("a-wrong-token-of-somebody")
        await page.get_by_role("button", name="Log in").click()
        await page.get_by_role("alert").filter(has_text="That is not the token.").wait_for()
        await page.get_by_label("Token").fill(OPERATOR_TOKEN)
        await page.keyboard.press("Enter")
        await page.get_by_role("heading", name="Queue").wait_for()
        refresh = page.locator("noscript meta[http-equiv=refresh]")
        assert await refresh.count() == 1
        await watching.goto(f"{served.url}#{OPERATOR_TOKEN}")
        await watching.get_by_role("heading", name="Queue").wait_for()
        await plain.close()
    await watching.get_by_role("alert").filter(has_text="The bot does not answer.").wait_for()
    await watching.close()
