"""The wire against servers that answer in every way that HTTP allows, and in some that it does not."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientError
from yarl import URL

from bot.telegram.wire import NotConnected, Wire

JSON = b'{"ok":true}'
WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n" + JSON


class Server:
    """Reads requests and answers each with the next of `answers`; an answer is pieces, None hangs up."""

    def __init__(self, *answers: list[bytes | None]) -> None:
        self.answers = list(answers)
        self.requests: list[bytes] = []
        self.connections = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
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
            writer.close()


@asynccontextmanager
async def serving(server: Server, seconds: float = 5.0) -> AsyncIterator[Callable[[], object]]:
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    url = URL(f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/bot1:T/sendMessage")
    wire = Wire(ssl.create_default_context(), seconds)
    try:
        yield lambda: wire.post(url, b'{"chat_id":1}')
    finally:
        wire.close()
        listening.close()


@pytest.mark.parametrize(
    "pieces",
    [
        [WHOLE],
        [WHOLE[:9], WHOLE[9:30], WHOLE[30:45], WHOLE[45:]],
        [
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\n" + JSON[:4] + b"\r\n7\r\n",
            JSON[4:],
            b"\r\n0\r\n\r\n",
        ],
        [
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nb;x=1\r\n" + JSON + b"\r\n0\r\nX: y\r\n",
            b"\r\n",
        ],
        [b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + JSON, None],
        [b"HTTP/1.0 200 OK\r\n\r\n", JSON, None],
    ],
    ids=["whole", "in-pieces", "chunked", "chunked-with-trailer", "until-it-closes", "of-1.0"],
)
async def test_an_answer_is_read_however_it_says_its_length(pieces: list[bytes | None]) -> None:
    async with serving(Server(pieces)) as post:
        assert await post() == (200, JSON)


async def test_a_request_says_what_http_wants_said() -> None:
    server = Server([WHOLE])
    async with serving(server) as post:
        await post()
    (request,) = server.requests
    head, body = request.split(b"\r\n\r\n")
    assert head.startswith(b"POST /bot1:T/sendMessage HTTP/1.1\r\n")
    assert b"Host: 127.0.0.1:" in head
    assert body == b'{"chat_id":1}'


async def test_a_connection_serves_call_after_call() -> None:
    server = Server(*[[WHOLE]] * 5)
    async with serving(server) as post:
        for _ in range(5):
            await post()
    assert server.connections == 1


async def test_one_that_the_server_wants_closed_serves_no_more() -> None:
    closing = [b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 11\r\n\r\n" + JSON, None]
    server = Server(closing, [WHOLE])
    async with serving(server) as post:
        assert await post() == await post()
    assert server.connections == 2


async def test_calls_at_once_have_a_connection_each() -> None:
    server = Server(*[[WHOLE]] * 8)
    async with serving(server) as post:
        replies = await asyncio.gather(*(post() for _ in range(8)))
    assert [reply.body for reply in replies] == [JSON] * 8
    assert server.connections == 8


@pytest.mark.parametrize(
    "pieces",
    [[None], [WHOLE[:20], None], [WHOLE[:-3], None], [WHOLE + b"more"], [b"nonsense\r\n\r\n", None]],
    ids=["at-once", "in-the-head", "in-the-body", "too-long", "no-http"],
)
async def test_what_breaks_off_is_in_doubt_and_the_next_call_is_a_new_one(pieces: list[bytes | None]) -> None:
    server = Server(pieces, [WHOLE])
    async with serving(server) as post:
        with pytest.raises(ClientError) as broken:
            await post()
        assert not isinstance(broken.value, NotConnected)
        assert (await post()).body == JSON


async def test_what_hangs_is_given_up_in_time() -> None:
    server = Server([WHOLE[:20]], [WHOLE])
    async with serving(server, seconds=0.05) as post:
        with pytest.raises(TimeoutError):
            await post()


async def test_where_nobody_listens_nothing_can_have_arrived() -> None:
    with pytest.raises(NotConnected):
        await Wire(ssl.create_default_context(), 1.0).post(URL("http://127.0.0.1:9/bot1:T/sendMessage"), b"{}")


async def test_a_call_that_is_cancelled_leaves_its_answer_to_nobody() -> None:
    server = Server([WHOLE[:20]], [WHOLE])
    async with serving(server) as post:
        call = asyncio.ensure_future(post())
        while not server.requests:
            await asyncio.sleep(0)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert (await post()).body == JSON
    assert server.connections == 2
