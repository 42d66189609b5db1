"""Whoever knocks where Telegram does: the wrong ones learn nothing, the slow and the huge are let go, nothing stops."""

from __future__ import annotations

import asyncio
import gzip
import logging
from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest

from bot.store.operations import inbox, unread
from bot.updates.webhook import webhook
from bot.web import webhook as door
from bot.web.idle import IdleConnections
from bot.web.server import WebServer
from tests.integration.updates.webhook.conftest import Stranger, address
from tests.support.figures import figure
from tests.support.messages import text_of
from tests.support.people import ANNA, BORIS, JAMES
from tests.support.servers.ports import free_port
from tests.support.world import BOT, TOKEN, World

HUGE = 9_000_000_000_000_000_000_000


@pytest.fixture
def errors(caplog: pytest.LogCaptureFixture):
    """What was logged as an error by the end of the test: it must be nothing."""
    caplog.set_level(logging.DEBUG)
    yield
    assert [each.getMessage() for each in caplog.records if each.levelno >= logging.ERROR] == []


def said(number: Any, text: str = "/id", chat: Any = ANNA) -> bytes:
    """Return an update in which somebody says something."""
    who = {"id": chat, "first_name": "А", "is_bot": False}
    where = {"id": chat, "type": "private", "first_name": "А"}
    message = {"message_id": 1, "date": 1, "chat": where, "from": who, "text": text}
    return orjson.dumps({"update_id": number, "message": message})


async def kept(room: World) -> set[int]:
    """Return the updates that have a row."""
    async with room.db.read() as tx:
        return {*await inbox.handled(tx, BOT), *await inbox.waiting(tx, BOT)}


@pytest.mark.usefixtures("errors")
async def test_who_does_not_show_the_secret_gets_nothing_and_leaves_no_trace(
    room: World, stranger: Stranger, caplog: pytest.LogCaptureFixture
) -> None:
    before = figure("vestnik_webhook_refused_total", reason="secret")
    for secret in (None, "", "wrong", stranger.secret[:-1], stranger.secret + "x", "я" * 9, "x" * 7000):
        assert await stranger.post(said(1), **{door.HEADER: secret}) == 403
    assert figure("vestnik_webhook_refused_total", reason="secret") == before + 7
    assert await stranger.post(said(1), Content_Type="text/plain") == 415
    assert await stranger.post(said(1), Content_Type=None) == 415
    for method in ("GET", "PUT", "DELETE"):
        async with stranger.http.request(method, stranger.url) as answer:
            assert answer.status == 405
    async with stranger.http.post(stranger.url[:-1] + "0", data=said(1)) as answer:
        assert answer.status == 404
    assert await kept(room) == set()
    assert room.shown(ANNA) == []
    assert stranger.secret not in caplog.text
    assert TOKEN not in caplog.text


@pytest.mark.usefixtures("errors")
async def test_huge_slow_and_broken_bodies_are_let_go(
    room: World, stranger: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "BODY_SECONDS", 0.3)
    with monkeypatch.context() as crowded:
        crowded.setattr(door, "MOST_AT_ONCE", 0)
        assert await stranger.post(said(1)) == 503
    assert await stranger.post(b" " * (door.MOST_BYTES + 1)) == 413
    bomb = gzip.compress(b" " * (20 * door.MOST_BYTES))
    assert await stranger.post(bomb, Content_Encoding="gzip") == 413

    async def drop_by_drop() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    headers = {"Content-Type": "application/json", door.HEADER: stranger.secret}
    async with stranger.http.post(stranger.url, data=drop_by_drop(), headers=headers) as answer:
        assert answer.status == 408
    host, port = "127.0.0.1", room.settings.web_port
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(
        f"POST {address(room).path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        f"{door.HEADER}: {stranger.secret}\r\nContent-Length: 100\r\n\r\n{{".encode()
    )
    writer.close()
    await reader.read()
    assert str(BORIS) in text_of(await room.say(BORIS, "/id"))


@pytest.mark.usefixtures("errors")
async def test_what_can_not_be_read_is_kept_aside_and_holds_up_nobody(
    room: World, stranger: Stranger
) -> None:
    deep = b'{"update_id": 77, "message": ' + b"[" * 400 + b"]" * 400 + b"}"
    deeper = b'{"update_id": 78, "message": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    odd = orjson.dumps({"update_id": 79, "message": {"chat": {"id": ANNA}, "text": f"my token {TOKEN}"}})
    bodies = [b"", b"[]", b"null", b"{", b'"update"', b"\xff\xfe", b"{}", said("7"), said(None), said(1.5)]
    bodies += [
        f'{{"update_id": {HUGE}, "message": {{}}}}'.encode(),
        said(2**63),
        said(True),
        deep,
        deeper,
        odd,
    ]
    for body in bodies:
        assert await stranger.post(body) == 200, body[:60]
    assert str(ANNA) in text_of(await room.say(ANNA, "/id"))

    async def aside() -> dict[int, Any]:
        async with room.db.read() as tx:
            return {each.update_id: each for each in await unread.listing(tx, BOT)}

    async with asyncio.timeout(30):
        while not {0, 77, 79} <= {*(found := await aside())}:
            await asyncio.sleep(0.01)
    assert found[77].reason == "nested too deep"
    assert "message" in found[79].reason
    assert "<token>" in found[79].body
    assert TOKEN not in found[79].body
    assert all(len(each.body) <= 8_000 for each in found.values())


@pytest.mark.usefixtures("errors")
async def test_ids_of_any_size_and_the_same_update_again_and_again(room: World, stranger: Stranger) -> None:
    await room.say(ANNA, "/id")
    for number in (0, -5, 2**63 - 1):
        assert await stranger.post(said(number)) == 200
    assert await asyncio.gather(*(stranger.post(said(5)) for _ in range(50))) == [200] * 50
    await room.until(lambda: len(room.shown(ANNA)) >= 5)
    for _ in range(5):
        assert await stranger.post(said(5)) == 200
    assert str(BORIS) in text_of(await room.say(BORIS, "/id"))
    assert len(room.shown(ANNA)) == 5
    for person in (2**62, -(2**62), 2**64 - 1):
        assert await stranger.post(said(6, chat=person)) == 200


@pytest.mark.usefixtures("errors")
async def test_a_thousand_that_come_at_once_hold_up_nobody(room: World, stranger: Stranger) -> None:
    for person in (BORIS, JAMES):
        await room.say(person, "/start")
    before = figure("vestnik_updates_dropped_total")
    flood = asyncio.gather(*(stranger.post(said(number, chat=JAMES)) for number in range(1, 1001)))
    assert str(BORIS) in text_of(await room.say(BORIS, "/id"))
    assert {*await flood} <= {200, 503}
    taken = (await flood).count(200) - (figure("vestnik_updates_dropped_total") - before)
    await room.until(lambda: len(room.shown(JAMES)) >= 1 + taken)
    assert len([text for text in room.texts(JAMES) if "Too many messages at once" in text]) <= 1


async def test_a_connection_that_sends_a_letter_now_and_then_is_closed(
    room: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(IdleConnections.__init__, "__defaults__", (0.4, 3))
    port = free_port()
    async with WebServer("127.0.0.1", port, []):
        slow, patient = await asyncio.open_connection("127.0.0.1", port)
        patient.write(b"POST /x HTTP/1.1\r\nHost")
        async with asyncio.timeout(30):
            assert await slow.read() == b""
        crowd = [await asyncio.open_connection("127.0.0.1", port) for _ in range(8)]
        async with asyncio.timeout(30):
            assert [await each.read() for each, _ in crowd] == [b""] * 8
        for _, each in [(slow, patient), *crowd]:
            each.close()
    assert webhook.LOOK_SECONDS == 60
    assert str(BORIS) in text_of(await room.say(BORIS, "/id"))
