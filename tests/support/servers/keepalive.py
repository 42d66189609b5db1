"""A server on loopback that answers as it is told, and a wire to it."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from yarl import URL

from bot.telegram.transport.keepalive import KeepaliveClient, Reply

JSON = b'{"ok":true}'
WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n" + JSON


class Server:
    """Reads requests and answers each with the next of `answers`; an answer is pieces, None hangs up."""

    def __init__(self, *answers: list[bytes | None]) -> None:
        self.answers = list(answers)
        self.requests: list[bytes] = []
        self.connections = 0
        self.live: set[asyncio.StreamWriter] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.live.add(writer)
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
                self.requests.append(head + await reader.readexactly(length))
                for piece in self.answers.pop(0):
                    if piece is None:
                        return
                    writer.write(piece)
                    await writer.drain()
                    await asyncio.sleep(0)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.live.discard(writer)
            writer.close()


@dataclass(frozen=True)
class Line:
    """A wire to a server, and the address to call."""

    wire: KeepaliveClient
    url: URL

    async def post(self) -> Reply:
        return await self.wire.post(self.url, b'{"chat_id":1}')


@asynccontextmanager
async def listening(
    server: Server, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None
) -> AsyncIterator[int]:
    """Serve on a free port of the host, and tell it."""
    made = await asyncio.start_server(server.serve, host, 0, ssl=tls)
    try:
        yield made.sockets[0].getsockname()[1]
    finally:
        made.close()


@asynccontextmanager
async def serving(
    server: Server, seconds: float = 60.0, make: type[KeepaliveClient] = KeepaliveClient
) -> AsyncIterator[Line]:
    """Serve, with a wire to it."""
    async with listening(server) as port:
        wire = make(ssl.create_default_context(), seconds)
        try:
            yield Line(wire, URL(f"http://127.0.0.1:{port}/bot1:T/sendMessage"))
        finally:
            wire.close()


async def until(condition: Callable[[], object]) -> None:
    """Let others go on until it is so."""
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0)
