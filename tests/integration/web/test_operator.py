"""The operator's page over HTTP: who gets in, what stands there, and what strangers can't do with it."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
import re
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from ipaddress import ip_network

import pytest
from sqlalchemy import text

from bot.desk import pushes
from bot.log import Event
from bot.model.newsroom.grant import Grant
from bot.operations.overview import readings
from bot.store.engine.database import Database
from bot.store.newsroom import audit, feeds, staff
from bot.web.operator.attempts import PER_ADDRESS
from bot.web.operator.door import COOKIE, MOST_BYTES
from tests.support.engine import Engine
from tests.support.people import OWNER
from tests.support.servers.operator import OPERATOR_TOKEN, Page, operator_page
from tests.support.world import BOT, TOKEN

PAGES = ("", "/feeds", "/record", "/errors")
READERS = 8
"""How many connections read from an SQLite file at once (`open_database`)."""
HOSTILE = '"><script>alert(1)</script>{{ 7*7 }}\u202egpj.exe\x1b[2J\n'


@pytest.fixture
async def page(engine: Engine) -> AsyncIterator[Page]:
    """The page of an engine that runs; nobody is logged in."""
    async with operator_page(engine) as served:
        yield served


@pytest.fixture
async def closed(still_sqlite: Engine) -> AsyncIterator[Page]:
    """The page of an engine, for what does not differ between the kinds of database; nobody is logged in."""
    await still_sqlite.start()
    async with operator_page(still_sqlite) as served:
        yield served


async def test_without_the_token_nothing_is_shown_and_with_it_a_strict_cookie_is_set(closed: Page) -> None:
    for path in PAGES:
        status, body, headers = await closed.get(path)
        assert (status, headers["Location"], body) == (303, "/operator/login", "")
    assert (await closed.enter("not-the-token-at-all")).status == 403
    entered = await closed.enter()
    assert (entered.status, entered.headers["Location"]) == (303, "/operator")
    said = entered.headers["Set-Cookie"]
    assert all(word in said for word in ("HttpOnly", "SameSite=Strict", "Path=/operator", "Max-Age="))
    assert "Secure" not in said
    for path in PAGES:
        status, body, headers = await closed.get(path)
        assert status == 200
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "telegram.org" not in policy
        assert not re.search(r"<script(?![^>]* src=)|\son\w+=|\sstyle=|<style", body)
        assert OPERATOR_TOKEN not in body
        assert TOKEN not in body


async def test_who_logs_out_is_out_with_every_copy_of_the_cookie(closed: Page) -> None:
    await closed.enter()
    kept = closed.cookie
    left = await closed.http.post(f"{closed.url}/logout", allow_redirects=False)
    assert left.status == 303
    assert closed.cookie == ""
    assert (await closed.get("", Cookie=f"{COOKIE}={kept}"))[0] == 303


async def test_forms_of_other_sites_are_refused(closed: Page) -> None:
    elsewhere = "https://elsewhere.example"
    assert (await closed.enter(**{"Sec-Fetch-Site": "cross-site"})).status == 403
    assert (await closed.enter(Origin=elsewhere)).status == 403
    assert (await closed.enter(Origin="null")).status == 403
    assert closed.cookie == ""
    assert (await closed.enter(Origin=closed.url.removesuffix("/operator"))).status == 303
    await closed.http.post(f"{closed.url}/logout", headers={"Origin": elsewhere}, allow_redirects=False)
    assert (await closed.get())[0] == 200


async def test_guessing_is_slowed_down_and_told(closed: Page, caplog: pytest.LogCaptureFixture) -> None:
    for number in range(PER_ADDRESS):
        assert (await closed.enter(f"a-guess-of-somebody-{number}")).status == 403
    slowed = await closed.enter()
    assert slowed.status == 429
    assert int(slowed.headers["Retry-After"]) > 0
    told = [each.msg for each in caplog.records if isinstance(each.msg, Event)]
    assert [each.name for each in told].count("operator.refused") == PER_ADDRESS
    assert "a-guess" not in caplog.text


async def test_behind_a_proxy_a_stranger_shuts_the_door_for_himself_alone(still_sqlite: Engine) -> None:
    stranger, owner = ({"X-Forwarded-For": named} for named in ("198.51.100.7", "192.0.2.9"))
    # What a client claims stands in front of what the proxy adds.
    claims = {"X-Forwarded-For": "192.0.2.9, 198.51.100.7"}
    await still_sqlite.start()
    async with operator_page(still_sqlite, webhook_proxies=(ip_network("127.0.0.0/8"),)) as page:
        for number in range(PER_ADDRESS):
            assert (await page.enter(f"a guess {number}", **stranger)).status == 403
        assert [(await page.enter(**each)).status for each in (stranger, claims, owner)] == [429, 429, 303]


@pytest.mark.parametrize(
    "body",
    [b"", b"token", b"token=" + b"x" * MOST_BYTES, b"\xff\xfe", b"&".join([b"a=1"] * 50), b"token=%00%ff"],
)
async def test_a_form_that_is_none_is_a_wrong_token(closed: Page, body: bytes) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = await closed.http.post(f"{closed.url}/login", data=body, headers=kind, allow_redirects=False)
    assert answer.status == 403


@pytest.mark.parametrize(
    "path",
    ["/../settings.py", "/..%2f..%2fsettings.py", "/static/operator.css", "/%2e%2e/"],
)
async def test_no_path_leads_to_a_file(closed: Page, path: str) -> None:
    await closed.enter()
    status, body, _ = await closed.get(path)
    assert status == 404
    assert "import" not in body


def by_telegram(person: int, **more: str) -> dict[str, str]:
    fields = {"id": str(person), "first_name": "Мария", "auth_date": str(int(time.time())), **more}
    said = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    key = hashlib.sha256(TOKEN.encode()).digest()
    return fields | {"hash": hmac.new(key, said.encode(), hashlib.sha256).hexdigest()}


async def test_an_owner_logs_in_by_telegram_where_a_domain_is_set(still_sqlite: Engine) -> None:
    await still_sqlite.start()
    async with operator_page(still_sqlite, operator_url="https://bot.news.example") as page:
        _, login, headers = await page.get("/login")
        assert 'data-telegram-login="vestnik_bot"' in login
        assert 'data-auth-url="https://bot.news.example/operator/telegram"' in login
        assert "https://oauth.telegram.org" in headers["Content-Security-Policy"]

        async def enter(given: dict[str, str]) -> tuple[int, str]:
            url = f"{page.url}/telegram"
            async with page.http.get(url, params=given, allow_redirects=False) as answer:
                return answer.status, answer.headers.get("Set-Cookie", "")

        assert (await enter(by_telegram(OWNER + 1)))[0] == 403
        assert (await enter(by_telegram(OWNER, next="/")))[0] == 403
        given = by_telegram(OWNER)
        status, cookie = await enter(given)
        assert status == 200
        assert "Secure" in cookie
        kept = cookie.partition(";")[0]
        assert (await page.get("", Cookie=kept))[0] == 200
        assert (await enter(given))[0] == 403
    # An owner no more, by the settings of the next start.
    async with operator_page(
        still_sqlite, operator_url="https://bot.news.example", owner_ids=frozenset()
    ) as page:
        assert (await page.get("", Cookie=kept))[0] == 303


async def test_without_a_domain_telegrams_login_is_not_there(closed: Page) -> None:
    async with closed.http.get(f"{closed.url}/telegram", params=by_telegram(OWNER)) as answer:
        assert answer.status == 404
    assert "telegram.org" not in (await closed.get("/login"))[1]


async def test_it_shows_what_goes_out_and_what_waits(engine: Engine, page: Page) -> None:
    await page.enter()
    chats = await engine.readers(4)
    engine.sandbox.block(chats[0])
    _, first = await engine.publish("Мост открыт")
    await engine.done(first)
    _, second = await engine.publish("Паром ходит снова")
    await pushes.pause(engine.db, second, engine.clock.now())
    body = await shown(page, "Паром ходит снова", "на паузе")
    assert "Мост открыт" in body
    assert "отправлено: 3" in body
    assert "не доставлено: 1" in body
    english = await shown(page, "failed: 1", language="en")
    assert "All is well." in english


async def test_everything_wrong_stands_first_and_the_worst_above_it(engine: Engine, page: Page) -> None:
    await page.enter()
    now = engine.clock.now()
    async with engine.db.write() as tx:
        address = "https://user:hidden-password@feeds.example/a?key=hidden-key"
        one = await feeds.put(
            tx, address, name="Лента", language="ru", publish="auto", interval=60, origin="bot", at=now
        )
        for _ in range(6):
            await feeds.record_failure(tx, one, reason="timeout", next_poll_at=now)
    logging.getLogger("bot.tests").error(Event("loop.failed", loop="courier", reason="mistake"))
    page.health |= {"ok": False, "ended": ["courier"], "no_updates": "Conflict"}
    body = await shown(page, "courier", "Conflict", "loop.failed")
    told = re.findall(r'<li class="(bad|warn)">', body)
    assert told == ["bad", "bad", "warn", "warn"]
    assert body.index('id="troubles"') < body.index('id="day"')
    assert "feeds.example/a" in body
    assert "hidden-" not in body + await shown(page, "feeds.example/a", path="/feeds")


async def test_what_strangers_wrote_stays_text_and_short(engine: Engine, page: Page) -> None:
    await page.enter()
    hostile, now = HOSTILE * 40, engine.clock.now()
    await engine.readers(1)
    article, bulletin = await engine.publish(HOSTILE * 9)
    await pushes.pause(engine.db, bulletin, now, by=7)
    async with engine.db.write() as tx:
        one = await feeds.put(
            tx,
            f"https://{HOSTILE}/",
            name=hostile,
            language="ru",
            publish="auto",
            interval=60,
            origin="bot",
            at=now,
        )
        await feeds.record_failure(tx, one, reason=hostile, next_poll_at=now)
        await staff.put(tx, BOT, Grant(7, HOSTILE, given_by=OWNER, given_at=now))
        await audit.add(tx, now, 7, HOSTILE[:30], article_id=article, detail=hostile, bot_id=BOT)
    logging.getLogger("bot.tests").error(Event("loop.failed", reason=hostile))
    page.health["no_updates"] = hostile
    for path in PAGES:
        body = await shown(page, "&lt;script&gt;", path=path)
        assert "<script>alert" not in body
        assert "{{ 7*7 }}" in body
        assert not set("\u202e\x1b") & set(body)
        assert len(body) < 60_000


@pytest.mark.parametrize("broken", ["damaged", "held up"])
async def test_a_broken_database_is_said_and_the_page_stands(
    engine: Engine, page: Page, broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await page.enter()
    monkeypatch.setattr(readings, "PATIENCE_SECONDS", 0.3)
    await engine.kill()
    async with damaged(engine.db) if broken == "damaged" else held_up(engine.db):
        body = await shown(page, "База данных не читается")
        assert '<li class="bad">' in body
        assert "Очередь сейчас не прочитать" in body
        assert "Процесс" in body
        assert (await page.get("/errors"))[0] == 200
        assert "База данных не читается" in await shown(page, "Ленты", path="/feeds")
    await engine.start()
    monkeypatch.undo()
    assert "База данных не читается" not in await shown(page, "Сообщений без ответа")


@asynccontextmanager
async def damaged(db: Database) -> AsyncIterator[None]:
    """Let a table be missing for as long as the block lasts."""
    async with db.write() as tx:
        await tx.execute(text("ALTER TABLE lease RENAME TO gone"))
    yield
    async with db.write() as tx:
        await tx.execute(text("ALTER TABLE gone RENAME TO lease"))


@asynccontextmanager
async def held_up(db: Database) -> AsyncIterator[None]:
    """Let whoever reads wait for as long as the block lasts: for a lock, or for a free connection."""
    async with AsyncExitStack() as held:
        if db.file:
            for _ in range(READERS):
                await held.enter_async_context(db.read())
        else:
            tx = await held.enter_async_context(db.write())
            await tx.execute(text("LOCK TABLE lease"))
        yield


async def test_the_record_is_turned_page_by_page_within_bounds(closed: Page, still_sqlite: Engine) -> None:
    await closed.enter()
    now = still_sqlite.clock.now()
    async with still_sqlite.db.write() as tx:
        for number in range(1, 65):
            await audit.add(tx, now, None, "draft", article_id=number, bot_id=BOT)
    numbers: list[int] = []
    path = "/record"
    while path:
        _, body, _ = await closed.get(path)
        numbers += map(int, re.findall(r"№\s(\d+)", body))
        following = re.search(r'href="/operator(/record\?before=\d+)" rel="next"', body)
        path = following[1] if following else ""
    assert numbers == list(range(64, 0, -1))
    for before in ("0", "-1", "1e9", "9" * 40, "٣", "1;drop", "%00"):
        status, body, _ = await closed.get(f"/record?before={before}")
        assert status == 200
        assert re.search(r"№\s64", body)


async def test_the_language_is_the_browsers_or_the_chosen_one(closed: Page) -> None:
    await closed.enter()
    assert 'lang="ru"' in (await closed.get())[1]
    assert 'lang="en"' in (await closed.get("", **{"Accept-Language": "ky;q=0, fr;q=0.9, en-GB;q=0.8"}))[1]
    assert 'lang="ru"' in (await closed.get("", **{"Accept-Language": "uk, en;q=0.5"}))[1]
    status, _, headers = await closed.get("/feeds?language=en")
    assert (status, headers["Location"]) == (303, "/operator/feeds")
    assert 'lang="en"' in (await closed.get("", **{"Accept-Language": "ru"}))[1]
    await closed.get('/feeds?language="><x>')
    assert 'lang="ru"' in (await closed.get())[1]


async def test_a_hundred_open_pages_cost_as_much_as_one(
    closed: Page, still_sqlite: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    await closed.enter()
    opened = 0
    read = still_sqlite.db.read

    def counted() -> object:
        nonlocal opened
        opened += 1
        return read()

    monkeypatch.setattr(still_sqlite.db, "read", counted)
    await closed.get()
    once, opened = opened, 0
    await asyncio.gather(*(closed.get() for _ in range(100)))
    # However slow the machine: the pages are not read anew for each who looks.
    assert opened <= 3 * once


async def shown(page: Page, *words: str, path: str = "", language: str = "ru") -> str:
    """Return the page once it shows the words: what was read a moment ago may serve first."""
    async with asyncio.timeout(60):
        while True:
            _, body, _ = await page.get(path, **{"Accept-Language": language})
            if all(word in body for word in words):
                return body
            await asyncio.sleep(0.05)
