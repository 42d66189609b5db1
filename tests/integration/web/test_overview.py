"""The operator's page shows backups, roles, and the troubles that other processes report."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.operations.reports import TroubleReports
from bot.operations.status import Trouble
from bot.store.backup.backups import Backups
from bot.store.operations import leases
from tests.support.engine import Engine
from tests.support.readers import BOT
from tests.support.servers.operator import HOLDER, Page, operator_page


async def shown(page: Page, *words: str, language: str = "ru") -> str:
    """Return the first page once it has all the words: what it shows is read anew from time to time."""
    async with asyncio.timeout(60):
        while True:
            _, body, _ = await page.get(**{"Accept-Language": language})
            if all(word in body for word in words):
                return " ".join(body.split())
            await asyncio.sleep(0.1)


async def test_backups_roles_and_what_other_processes_report_are_shown(
    still_sqlite: Engine, tmp_path: Path
) -> None:
    engine = still_sqlite
    await engine.start()
    now = engine.clock.now()
    kept = Backups(f"sqlite:///{engine.db.file}", tmp_path / "backups")
    engine.services = replace(engine.services, backups=kept)
    elsewhere = TroubleReports(engine.db, BOT)
    async with operator_page(engine) as page:
        await page.enter()
        english = await shown(page, "There is no backup yet", "Roles", HOLDER, language="en")
        assert "All is well." in english
        await asyncio.to_thread(kept.make, now - timedelta(hours=1))
        failed = Trouble("backup:failed", "owner_backup", {"why": "no room on <disk>", "hours": None})
        recovered = Trouble("canary-well:1", "owner_canary_well", {"seconds": 1})
        await elsewhere.note("backup", [failed, recovered], now)
        async with engine.db.write() as tx:
            await leases.release(tx, "matcher", HOLDER)
        body = await shown(page, "no room on &lt;disk&gt;", "да, сразу после создания", "ни один процесс")
        troubles = body[body.index('id="troubles"') : body.index('id="day"')]
        assert troubles.count("<li") == 2
        assert "Эту работу сейчас не делает ни один процесс: готовит рассылку" in troubles
