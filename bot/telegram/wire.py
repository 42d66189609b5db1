"""Posts what was prepared: as much of HTTP/1.1 as the Bot API needs, for a tenth of a general client's cost."""

from __future__ import annotations

import asyncio
import re
from ssl import SSLContext
from typing import NamedTuple, cast

from aiohttp import ClientError, ClientPayloadError, ServerDisconnectedError
from yarl import URL

IDLE_SECONDS = 15.0
"""Servers close what is idle, and a call made at that moment would be in doubt: we close sooner."""

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_CLOSE = re.compile(rb"\r\nconnection: *close|^HTTP/1\.0", re.IGNORECASE)
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})")


class NotConnected(ClientError):
    """No connection was made: nothing can have arrived."""


class Reply(NamedTuple):
    """An answer: its status and its body."""

    status: int
    body: bytes


class Wire:
    """Connections to one server, each with one call at a time. Who calls bounds how many there are."""

    def __init__(self, tls: SSLContext | None, seconds: float) -> None:
        """Take the context for https, and how long a call may last."""
        self._tls = tls
        self._seconds = seconds
        self._idle: list[_Connection] = []

    async def post(self, url: URL, body: bytes) -> Reply:
        """Post JSON. Raises NotConnected, TimeoutError, and ClientError where it is unknown what arrived."""
        loop = asyncio.get_running_loop()
        connection = self._idle_one(loop.time()) or await self._connect(url)
        head = b"POST %b HTTP/1.1\r\nHost: %b\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        waiting = connection.ask(head % (url.raw_path_qs.encode(), _host(url), len(body)) + body)
        timer = loop.call_later(self._seconds, connection.fail, TimeoutError())
        try:
            reply = await waiting
        except BaseException:
            connection.abort()
            raise
        finally:
            timer.cancel()
        if connection.keeps:
            connection.idle_since = loop.time()
            self._idle.append(connection)
        return reply

    def close(self) -> None:
        """Close what is idle."""
        for connection in self._idle:
            connection.abort()
        self._idle.clear()

    def _idle_one(self, now: float) -> _Connection | None:
        while self._idle:
            connection = self._idle.pop()
            if connection.keeps and now - connection.idle_since < IDLE_SECONDS:
                return connection
            connection.abort()
        return None

    async def _connect(self, url: URL) -> _Connection:
        tls = self._tls if url.scheme == "https" else None
        try:
            async with asyncio.timeout(self._seconds):
                _, made = await asyncio.get_running_loop().create_connection(
                    _Connection, url.host or "", url.port or 443, ssl=tls
                )
        except OSError as error:
            raise NotConnected(type(error).__name__) from error
        return made


class _Connection(asyncio.Protocol):
    """One connection, and the call that is under way on it."""

    def __init__(self) -> None:
        self.keeps = True
        self.idle_since = 0.0
        self._waiting: asyncio.Future[Reply] | None = None
        self._seen = b""
        self._head = b""
        self._length: int | None = None
        self._chunked = False
        self._transport: asyncio.Transport | None = None

    def ask(self, request: bytes) -> asyncio.Future[Reply]:
        """Send a request and return its answer to come."""
        self._waiting = asyncio.get_running_loop().create_future()
        self._seen, self._head, self._length = b"", b"", None
        assert self._transport is not None
        self._transport.write(request)
        return self._waiting

    def fail(self, error: Exception) -> None:
        """Give the call up."""
        self.keeps = False
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(error)

    def abort(self) -> None:
        """Close at once."""
        self.keeps = False
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way out."""
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """End what is under way; an answer that says no length ends here."""
        self.keeps = False
        if exc is None and self._head and self._length is None and not self._chunked:
            self._hand_over(self._seen)
        self.fail(ServerDisconnectedError())

    def data_received(self, data: bytes) -> None:
        """Take a piece of the answer; hand it over when it is whole."""
        self._seen = self._seen + data if self._seen else data
        if self._waiting is None or self._waiting.done():
            # Nobody asked for this: whatever it is, the next call must not take it for its answer.
            self.abort()
            return
        if not self._head and not self._take_head():
            return
        if self._chunked:
            if (body := _unchunked(self._seen)) is not None:
                self._hand_over(body)
        elif len(self._seen) == self._length:
            self._hand_over(self._seen)
        elif self._length is not None and len(self._seen) > self._length:
            self.fail(ClientPayloadError("the answer is longer than it says"))

    def _take_head(self) -> bool:
        """Read the head once it is whole, and how the body's end is told."""
        end = self._seen.find(b"\r\n\r\n")
        if end < 0:
            return False
        self._head, self._seen = self._seen[:end], self._seen[end + 4 :]
        self._chunked = _CHUNKED.search(self._head) is not None
        length = None if self._chunked else _LENGTH.search(self._head)
        self._length = int(length[1]) if length else None
        return True

    def _hand_over(self, body: bytes) -> None:
        status = _STATUS.match(self._head)
        if status is None:
            self.fail(ClientPayloadError("the answer is not HTTP"))
            return
        self.keeps = self.keeps and not _CLOSE.search(self._head)
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(Reply(int(status[1]), body))


def _host(url: URL) -> bytes:
    return (url.raw_authority.rsplit("@", 1)[-1]).encode()


def _unchunked(seen: bytes) -> bytes | None:
    """Return what the chunks hold once the last one is there."""
    parts: list[bytes] = []
    at = 0
    while (end := seen.find(b"\r\n", at)) >= 0:
        size = int(seen[at:end].split(b";")[0], 16)
        if size == 0:
            return b"".join(parts) if seen.find(b"\r\n\r\n", end) >= 0 else None
        at = end + 2 + size + 2
        if at > len(seen):
            return None
        parts.append(seen[end + 2 : end + 2 + size])
    return None
