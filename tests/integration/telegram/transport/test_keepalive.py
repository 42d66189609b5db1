"""The wire against servers that answer in every way that HTTP allows, and in some that it does not."""

from __future__ import annotations

import asyncio
import socket
import ssl
from typing import Any

import pytest
from aiohttp import ClientError, ClientPayloadError, ServerDisconnectedError
from yarl import URL

from bot.telegram.transport import keepalive as wires
from bot.telegram.transport.keepalive import KeepaliveClient, NotConnected
from tests.support.servers.keepalive import JSON, WHOLE, Server, listening, serving, until

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
CLOSING = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 11\r\n\r\n" + JSON
EARLY = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"


@pytest.mark.parametrize(
    "pieces",
    [
        [WHOLE],
        [WHOLE[:9], WHOLE[9:30], WHOLE[30:45], WHOLE[45:]],
        [
            CHUNKED.lower().replace(b"http", b"HTTP") + b"4\r\n" + JSON[:4] + b"\r\n7\r\n",
            JSON[4:],
            b"\r\n0\r\n\r\n",
        ],
        [CHUNKED + b"b;x=1\r\n" + JSON + b"\r\n0\r\nX: y\r\n", b"\r\n"],
        [b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + JSON, None],
        [b"HTTP/1.1 200 OK\r\n\r\n", JSON[:5], JSON[5:], None],
        [b"HTTP/1.0 200 OK\r\n\r\n", JSON, None],
        [CLOSING, None],
        [b"HTTP/1.1 100 Continue\r\n\r\n" + WHOLE],
        [EARLY, EARLY[:20], EARLY[20:], WHOLE],
        [EARLY, b"HTTP/1.1 200 OK\r\n\r\n" + JSON, None],
    ],
    ids=[
        "whole",
        "in-pieces",
        "chunked",
        "chunked-with-trailer",
        "until-it-closes",
        "until-it-closes-in-pieces",
        "of-1.0",
        "closing",
        "behind-continue",
        "behind-early-hints",
        "behind-early-hints-until-it-closes",
    ],
)
async def test_an_answer_is_read_however_it_says_its_length(pieces: list[bytes | None]) -> None:
    async with serving(Server(pieces)) as line:
        assert await line.post() == (200, JSON)


async def test_an_answer_without_a_body_has_none() -> None:
    server = Server([b"HTTP/1.1 204 No Content\r\n\r\n"], [WHOLE])
    async with serving(server) as line:
        assert await line.post() == (204, b"")
        assert await line.post() == (200, JSON)
    assert server.connections == 1


@pytest.mark.parametrize(
    ("address", "host", "head"),
    [
        (
            "http://127.0.0.1:{port}",
            "127.0.0.1",
            b"POST /bot1:T/sendMessage HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n",
        ),
        ("http://127.0.0.1:{port}/a/b", "127.0.0.1", b"POST /a/b/bot1:T/sendMessage HTTP/1.1\r\n"),
        ("http://[::1]:{port}", "::1", b"Host: [::1]:{port}\r\n"),
        (
            "http://mila:s%3Acret@127.0.0.1:{port}",
            "127.0.0.1",
            b"Host: 127.0.0.1:{port}\r\nAuthorization: Basic bWlsYTpzOmNyZXQ=\r\n",
        ),
    ],
    ids=["plain", "path", "ipv6", "login"],
)
async def test_a_request_says_what_http_wants_said(address: str, host: str, head: bytes) -> None:
    server = Server([WHOLE])
    try:
        async with listening(server, host) as port:
            wire = KeepaliveClient(ssl.create_default_context(), 60.0)
            await wire.post(URL(address.format(port=port) + "/bot1:T/sendMessage"), b'{"chat_id":1}')
            wire.close()
    except OSError as error:
        pytest.skip(f"nothing listens on {host} here: {error}")
    (request,) = server.requests
    said, body = request.split(b"\r\n\r\n")
    assert head.replace(b"{port}", str(port).encode()) in said + b"\r\n"
    assert b"\r\nContent-Type: application/json\r\n" in said
    assert body == b'{"chat_id":1}'


async def test_a_connection_serves_call_after_call() -> None:
    server = Server(*[[WHOLE]] * 5)
    async with serving(server) as line:
        for _ in range(5):
            await line.post()
    assert server.connections == 1


@pytest.mark.parametrize("tail", [[None], []], ids=["closed", "left-open"])
async def test_one_that_the_server_wants_closed_serves_no_more(tail: list[bytes | None]) -> None:
    server = Server([CLOSING, *tail], [WHOLE])
    async with serving(server) as line:
        assert await line.post() == (200, JSON)
        await until(lambda: not server.live)
        assert await line.post() == (200, JSON)
    assert server.connections == 2


async def test_one_that_was_idle_for_long_serves_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wires, "IDLE_SECONDS", 0.0)
    server = Server([WHOLE], [WHOLE])
    async with serving(server) as line:
        await line.post()
        await line.post()
        await until(lambda: len(server.live) == 1)
    assert server.connections == 2


async def test_calls_at_once_have_a_connection_each() -> None:
    server = Server(*[[WHOLE]] * 8)
    async with serving(server) as line:
        replies = await asyncio.gather(*(line.post() for _ in range(8)))
    assert [reply.body for reply in replies] == [JSON] * 8
    assert server.connections == 8


@pytest.mark.parametrize(
    ("pieces", "error"),
    [
        ([None], ServerDisconnectedError),
        ([WHOLE[:20], None], ServerDisconnectedError),
        ([WHOLE[:-3], None], ServerDisconnectedError),
        ([CLOSING[:-3], None], ServerDisconnectedError),
        ([CHUNKED + b"b\r\n" + JSON, None], ServerDisconnectedError),
        ([EARLY, None], ServerDisconnectedError),
        ([WHOLE + b"more"], ClientPayloadError),
        ([CLOSING + b"more"], ClientPayloadError),
        ([WHOLE + WHOLE], ClientPayloadError),
        ([WHOLE + WHOLE[:4]], ClientPayloadError),
        ([b"nonsense\r\n\r\n"], ClientPayloadError),
        ([b"HTTP/1.1 two hundred\r\n\r\n"], ClientPayloadError),
        ([CHUNKED + b"eleven\r\n"], ClientPayloadError),
        ([b"HTTP/1.1 200 OK\r\nContent-Length: -11\r\n\r\n" + JSON], ClientPayloadError),
        ([WHOLE.replace(b"\r\n\r\n", b"\r\nContent-Length: 12\r\n\r\n")], ClientPayloadError),
        ([CHUNKED.replace(b"\r\n\r\n", b"\r\nContent-Length: 11\r\n\r\n")], ClientPayloadError),
        ([b"HTTP/1.1 101 \r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n" + JSON], ClientPayloadError),
    ],
    ids=[
        "at-once",
        "in-the-head",
        "in-the-body",
        "in-the-body-of-a-closing-one",
        "in-the-chunks",
        "behind-early-hints",
        "too-long",
        "closing-and-too-long",
        "two",
        "one-and-a-bit",
        "no-http",
        "no-status",
        "no-size-of-a-chunk",
        "length-below-nothing",
        "two-lengths",
        "length-and-chunks",
        "another-protocol",
    ],
)
async def test_what_breaks_off_is_in_doubt_and_the_next_call_is_a_new_one(
    pieces: list[bytes | None], error: type[ClientError]
) -> None:
    server = Server(pieces, [WHOLE])
    async with serving(server) as line:
        with pytest.raises(error):
            await line.post()
        await until(lambda: not server.live)
        assert (await line.post()).body == JSON
    assert server.connections == 2


@pytest.mark.parametrize(
    "head",
    [CHUNKED + b"fffffff\r\n", b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: "],
    ids=["chunk", "until-it-closes", "head"],
)
async def test_an_answer_that_does_not_end_is_not_read_on(
    head: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wires, "ANSWER_BYTES", 10_000)
    server = Server([head, *[b"x" * 1000] * 20], [WHOLE])
    async with serving(server) as line:
        with pytest.raises(ClientPayloadError, match="too large"):
            await line.post()
        await until(lambda: not server.live)
        assert await line.post() == (200, JSON)


async def test_what_nobody_asked_for_is_no_answer_to_the_next_call() -> None:
    server = Server([WHOLE], [WHOLE.replace(b"true", b"null")])
    async with serving(server) as line:
        await line.post()
        (writer,) = server.live
        writer.write(WHOLE)
        await until(lambda: not server.live)
        assert (await line.post()).body == b'{"ok":null}'
    assert server.connections == 2


async def test_a_connection_that_is_closed_as_a_call_is_made_leaves_it_in_doubt() -> None:
    server = Server([WHOLE], [None])
    async with serving(server) as line:
        await line.post()
        with pytest.raises(ServerDisconnectedError):
            await line.post()
    assert server.connections == 1


async def test_one_that_the_server_closed_while_idle_takes_no_call() -> None:
    server = Server([WHOLE], [WHOLE])
    async with serving(server) as line:
        await line.post()
        (writer,) = server.live
        writer.close()
        await until(lambda: not line.wire.open_connections)
        assert await line.post() == (200, JSON)
    assert server.connections == 2


class _Slow(KeepaliveClient):
    """Is so slow to begin that the server has hung up before."""

    async def connect(self, url: URL) -> Any:
        made = await super().connect(url)
        await until(lambda: not made.keeps)
        return made


async def test_where_the_server_hung_up_before_the_call_nothing_can_have_arrived() -> None:
    class Curt(Server):
        async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.close()

    async with serving(Curt(), make=_Slow) as line:
        with pytest.raises(NotConnected):
            await line.post()


async def test_what_hangs_is_given_up_in_time_and_its_connection_closed() -> None:
    server = Server([WHOLE[:20]])
    # Time enough to connect on a busy machine.
    async with serving(server, seconds=2.0) as line:
        with pytest.raises(TimeoutError):
            await line.post()
        await until(lambda: not server.live)
    assert len(server.requests) == 1


async def test_where_nobody_listens_nothing_can_have_arrived() -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        url = URL(f"http://127.0.0.1:{bound.getsockname()[1]}/bot1:T/sendMessage")
        with pytest.raises(NotConnected):
            await KeepaliveClient(ssl.create_default_context(), 60.0).post(url, b"{}")


async def test_an_address_that_does_not_answer_leaves_the_others_of_its_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def found(host: str, port: int, **_: Any) -> list[tuple[Any, ...]]:
        assert host == "bot-api.example"
        ipv6 = (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("::1", port, 0, 0))
        return [ipv6, (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    server = Server([WHOLE])
    async with serving(server) as line:
        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", found)
        assert await line.wire.post(line.url.with_host("bot-api.example"), b"{}") == (200, JSON)
    assert f"\r\nHost: bot-api.example:{line.url.port}\r\n".encode() in server.requests[0]


async def test_a_call_that_is_cancelled_leaves_its_answer_to_nobody() -> None:
    server = Server([WHOLE[:20]], [WHOLE])
    async with serving(server) as line:
        call = asyncio.ensure_future(line.post())
        await until(lambda: server.requests)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        await until(lambda: not server.live)
        assert (await line.post()).body == JSON
    assert server.connections == 2


async def test_closing_closes_what_is_idle_and_fails_what_is_under_way() -> None:
    server = Server([WHOLE], [WHOLE], [WHOLE[:20]])
    async with serving(server) as line:
        await asyncio.gather(line.post(), line.post())
        call = asyncio.ensure_future(line.post())
        await until(lambda: len(server.requests) == 3)
        line.wire.close()
        with pytest.raises(ServerDisconnectedError):
            await call
        await until(lambda: not server.live)


def test_the_loop_that_the_bot_runs_on_does_the_same() -> None:
    uvloop = pytest.importorskip("uvloop", reason="there is no uvloop here")

    async def call() -> None:
        server = Server(
            [WHOLE], [EARLY + WHOLE], [None], [b"HTTP/1.1 200 OK\r\n\r\n" + JSON, None], [WHOLE + WHOLE]
        )
        async with serving(server) as line:
            assert await line.post() == await line.post() == (200, JSON)
            with pytest.raises(ServerDisconnectedError):
                await line.post()
            assert await line.post() == (200, JSON)
            with pytest.raises(ClientPayloadError):
                await line.post()
            await until(lambda: not line.wire.open_connections)
        assert server.connections == 3
        with pytest.raises(NotConnected):
            await line.post()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(call())
