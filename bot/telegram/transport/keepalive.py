"""Posts what was prepared over connections that are kept, for a fraction of a general client's cost."""

from __future__ import annotations

import asyncio
from functools import lru_cache, partial
from socket import SOCK_STREAM
from ssl import SSLContext
from typing import NamedTuple, cast

from aiohappyeyeballs import start_connection
from aiohttp import BasicAuth, ClientError, ClientPayloadError, ServerDisconnectedError
from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser
from yarl import URL

IDLE_SECONDS = 15.0
"""Servers close what is idle, and a call made at that moment would be in doubt: we close sooner."""

ANSWER_BYTES = 4 * 2**20
"""More than an answer to a send can hold, many times over."""

HAPPY_EYEBALLS_SECONDS = 0.25
"""How long one address is tried before the next is tried beside it (RFC 8305, section 5)."""

_FRAMING = (b"content-length", b"transfer-encoding")


class NotConnected(ClientError):
    """No connection was made: nothing can have arrived."""


class Reply(NamedTuple):
    """An answer: its status and its body."""

    status: int
    body: bytes


class KeepaliveClient:
    """Connections to one server, each with one call at a time. Who calls bounds how many there are."""

    def __init__(self, tls: SSLContext, seconds: float) -> None:
        """Take the context for https, and how long connecting may last, and a call after it."""
        self._tls = tls
        self._seconds = seconds
        self._idle: list[Connection] = []
        self._open: set[Connection] = set()

    @property
    def open_connections(self) -> int:
        """How many connections stand, idle ones included."""
        return len(self._open)

    async def post(self, url: URL, body: bytes) -> Reply:
        """Post JSON. Raises NotConnected, TimeoutError, and ClientError where it is unknown what arrived."""
        loop = asyncio.get_running_loop()
        connection = self._idle_one(loop.time()) or await self.connect(url)
        waiting = connection.ask(b"%b%d\r\n\r\n%b" % (_head(url), len(body), body))
        timer = loop.call_later(self._seconds, connection.give_up, TimeoutError())
        try:
            reply = await waiting
        except BaseException:
            connection.give_up()
            raise
        finally:
            timer.cancel()
        if connection.keeps:
            connection.idle_since = loop.time()
            self._idle.append(connection)
        else:
            connection.give_up()
        return reply

    def close(self) -> None:
        """Close all connections; what is under way on them fails."""
        for connection in list(self._open):
            connection.give_up()
        self._idle.clear()

    def _idle_one(self, now: float) -> Connection | None:
        while self._idle:
            connection = self._idle.pop()
            if connection.keeps and now - connection.idle_since < IDLE_SECONDS:
                return connection
            connection.give_up()
        return None

    async def connect(self, url: URL) -> Connection:
        """Open a connection to the server of that address. Raises NotConnected and TimeoutError."""
        loop = asyncio.get_running_loop()
        host = (url.raw_host or "").rstrip(".")
        secure = url.scheme == "https"
        try:
            async with asyncio.timeout(self._seconds):
                found = await loop.getaddrinfo(host, url.port, type=SOCK_STREAM)
                _, made = await loop.create_connection(
                    partial(Connection, self._open),
                    sock=await start_connection(found, happy_eyeballs_delay=HAPPY_EYEBALLS_SECONDS),
                    ssl=self._tls if secure else None,
                    server_hostname=host if secure else None,
                )
        except OSError as error:
            raise NotConnected(type(error).__name__) from error
        return made


class Connection(asyncio.Protocol):
    """One connection, and the call that is under way on it."""

    def __init__(self, connections: set[Connection]) -> None:
        self.keeps = True
        self.idle_since = 0.0
        self._connections = connections
        self._waiting: asyncio.Future[Reply] | None = None
        self._parser = HttpResponseParser(self)
        self._room = ANSWER_BYTES
        self._begin()

    def ask(self, request: bytes) -> asyncio.Future[Reply]:
        """Send a request and return its answer to come."""
        self._waiting = asyncio.get_running_loop().create_future()
        self._room = ANSWER_BYTES
        self._begin()
        if self.keeps:
            self._transport.write(request)
        else:
            self.give_up(NotConnected("closed before a word was said"))
        return self._waiting

    def give_up(self, error: Exception | None = None) -> None:
        """Close at once, and fail the call that is under way, if one is."""
        self.keeps = False
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(error or ServerDisconnectedError())
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way out."""
        self._transport = cast(asyncio.Transport, transport)
        self._connections.add(self)

    def eof_received(self) -> None:
        """Take no more calls: the server has hung up."""
        self.keeps = False

    def connection_lost(self, exc: Exception | None) -> None:
        """End what is under way; an answer that says no length ends here."""
        self._connections.discard(self)
        if exc is None and self._status >= 200 and not self._framed:
            self._hand_over()
        self.give_up()

    def data_received(self, data: bytes) -> None:
        """Take a piece of the answer; hand it over when it is whole and nothing comes behind it."""
        self._room -= len(data)
        if self._waiting is None or self._waiting.done() or self._room < 0:
            # What nobody asked for the next call must not take for its answer.
            self.give_up(ClientPayloadError("the answer is too large"))
            return
        try:
            self._parser.feed_data(data)
        except (HttpParserError, HttpParserUpgrade):
            self.give_up(ClientPayloadError("the answer is not HTTP, or longer than it says"))
        else:
            if self._whole:
                self._hand_over()

    def on_message_begin(self) -> None:
        """Begin an answer: the first, or the one behind a provisional one (RFC 9110, section 15.2)."""
        if self._whole:
            raise HttpParserError("an answer that nobody asked for")
        self._begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """See whether the answer says where it ends."""
        if name.lower() in _FRAMING:
            self._framed = True

    def on_headers_complete(self) -> None:
        """Note the status."""
        self._status = self._parser.get_status_code()

    def on_body(self, body: bytes) -> None:
        """Keep a piece of the body."""
        self._body.append(body)

    def on_message_complete(self) -> None:
        """Note that the answer is whole, unless it was a provisional one."""
        self._whole = self._status >= 200
        self.keeps = self.keeps and self._parser.should_keep_alive()

    def _begin(self) -> None:
        self._status = 0
        self._framed = False
        self._whole = False
        self._body: list[bytes] = []

    def _hand_over(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(Reply(self._status, b"".join(self._body)))


@lru_cache(maxsize=64)
def _head(url: URL) -> bytes:
    """Return a request's head up to the number that says how long its body is."""
    login = BasicAuth.from_url(url)
    authorization = f"Authorization: {login.encode()}\r\n" if login else ""
    return (
        f"POST {url.raw_path_qs} HTTP/1.1\r\nHost: {url.host_port_subcomponent}\r\n{authorization}"
        "Content-Type: application/json\r\nContent-Length: "
    ).encode()
