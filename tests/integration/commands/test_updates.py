"""What operators ask about updates: how they come, whether Telegram knows the same, and which could not be read."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from bot.commands.updates.unread import unread
from bot.commands.updates.webhook import way, webhook
from bot.model.errors import SetupError
from bot.sandbox import Sandbox
from bot.settings import Settings
from bot.store.engine.database import Database
from bot.store.operations import unread as kept
from bot.updates.webhook.address import address_of
from tests.support.world import BOT, TOKEN, client_of, settings_for

HERE, ELSEWHERE = "http://127.0.0.1:9", "https://other.example/its-secret-path"


@pytest.fixture
def environment(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox.add_bot(TOKEN, "vestnik_bot")
    monkeypatch.setenv("BOT_TOKEN", TOKEN)
    monkeypatch.setenv("BOT_API_URL", sandbox.url)


def hooked(sandbox: Sandbox) -> Settings:
    return settings_for(sandbox, webhook_url=HERE, web_port=9)


@pytest.mark.usefixtures("environment")
async def test_whether_telegram_has_the_address_that_is_set(sandbox: Sandbox) -> None:
    polling, bringing = settings_for(sandbox), hooked(sandbox)
    assert await way(polling) == "polling; no webhook is set"
    assert "no webhook yet: a start sets it to 127.0.0.1" in await way(bringing)
    async with client_of(sandbox.url) as client:
        await client.set_webhook(address_of(TOKEN, HERE).url)
        assert await way(bringing) == "Telegram brings updates to 127.0.0.1; 0 wait"
        assert "a start takes the webhook at 127.0.0.1 away" in await way(polling)
        sandbox.add_user("Анна", id=21)
        sandbox.send(21, 21, "/id")
        hook = sandbox.bot().webhook
        assert hook is not None
        await sandbox.wait_until(lambda: hook.last_error)
        with pytest.raises(
            SetupError, match=r"can't deliver to 127.0.0.1: Connection failed.*1 updates wait"
        ):
            await way(bringing)
        sandbox.advance(2)
        await client.set_webhook(ELSEWHERE)
    for settings, remedy in (
        (polling, "webhook --delete"),
        (bringing, "the running bot, or a start, takes its place"),
    ):
        with pytest.raises(SetupError, match=f"a webhook at other.example .*{remedy}") as told:
            await way(settings)
        assert "its-secret-path" not in str(told.value)
    assert await asyncio.to_thread(webhook, delete=False) == 1
    assert await asyncio.to_thread(webhook, delete=True) == 0
    assert sandbox.bot().webhook is None
    assert len(sandbox.bot().updates) == 1, "what waits is kept"


@pytest.mark.usefixtures("environment")
async def test_unread_updates_are_listed_and_shown(
    sqlite_db: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{sqlite_db.file}")
    assert await asyncio.to_thread(unread, None) == 0
    assert "every update could be read" in capsys.readouterr().out
    one = kept.UnreadUpdate(7, datetime(2026, 12, 1, tzinfo=UTC), "message: \x1b[2J", '{"update_id": 7}')
    async with sqlite_db.write() as tx:
        await kept.put(tx, BOT, one)
    assert await asyncio.to_thread(unread, None) == 0
    said = capsys.readouterr().out
    assert "7  2026-12-01 00:00  message:" in said
    assert "\x1b" not in said
    assert await asyncio.to_thread(unread, 7) == 0
    assert capsys.readouterr().out == '{"update_id": 7}\n'
    assert await asyncio.to_thread(unread, 8) == 1
