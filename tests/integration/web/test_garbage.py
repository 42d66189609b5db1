"""Bytes that no browser sends, at the web server's port: they are refused, cost little, and leave no traceback."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest

from bot.web.operator.attempts import PER_ADDRESS
from tests.support.engine import Engine
from tests.support.servers.operator import Page, operator_page


@pytest.fixture
async def closed(still_sqlite: Engine) -> AsyncIterator[Page]:
    """The page of an engine; nobody is logged in."""
    await still_sqlite.start()
    async with operator_page(still_sqlite) as served:
        yield served


GARBAGE = (
    b"GET /operator HTTP/1.1\r\nHost: x\r\nCookie: vestnik_operator=\xff.9999999999.x.\xff\r\n\r\n",
    b"POST /operator/logout HTTP/1.1\r\nHost: x\r\nCookie: vestnik_operator=\xff\r\n\r\n",
    b"POST /operator/login HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
    b"POST /operator/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"\x16\x03\x01\x00\x00\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 20_000 + b"\r\n\r\n",
)


async def begun(page: Page, sent: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Send bytes over a connection of their own."""
    host = urlsplit(page.url)
    reader, writer = await asyncio.open_connection(host.hostname, host.port)
    writer.write(sent)
    await writer.drain()
    return reader, writer


async def test_garbage_is_refused_without_an_error_and_without_a_traceback(
    closed: Page, caplog: pytest.LogCaptureFixture
) -> None:
    for sent in GARBAGE:
        reader, writer = await begun(closed, sent)
        answer = await reader.readexactly(12)
        writer.close()
        assert answer[9:] in (b"303", b"400", b"403"), sent[:60]
    assert not [each for each in caplog.records if each.exc_info or each.levelno >= logging.ERROR]


async def test_slow_forms_that_come_at_once_are_no_more_tries(closed: Page) -> None:
    head = b"POST /operator/login HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\nExpect: 100-continue\r\n\r\n"
    letters = [await begun(closed, head) for _ in range(PER_ADDRESS * 3)]
    # Each is let in to bring its form before any form is whole.
    for reader, _ in letters:
        assert await reader.readline() == b"HTTP/1.1 100 Continue\r\n"
        await reader.readline()
    for _, writer in letters:
        writer.write(b"token=no")
    statuses = [(await reader.readline()).split()[1] for reader, _ in letters]
    assert (statuses.count(b"403"), statuses.count(b"429")) == (PER_ADDRESS, PER_ADDRESS * 2)
    for _, writer in letters:
        writer.close()
