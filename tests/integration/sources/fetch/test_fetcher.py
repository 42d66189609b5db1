"""Fetching from addresses that nobody vouches for: bounded in time, size and reach."""

from __future__ import annotations

import asyncio
import gzip
import socket
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.test_utils import TestServer

from bot.sources.fetch.fetcher import Fetched, Fetcher, FetchError
from tests.support.servers.ports import closed_port

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Serve = Callable[[Handler], Awaitable[str]]


class Names(AbstractResolver):
    """A name server of our own: what it answers, in turn."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        address = self.answers[min(self.asked, len(self.answers) - 1)]
        self.asked += 1
        return [ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)]

    async def close(self) -> None:
        pass


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    servers: list[TestServer] = []

    async def start(handler: Handler) -> str:
        app = web.Application()
        app.router.add_get("/{tail:.*}", handler)
        server = TestServer(app, host="127.0.0.1")
        await server.start_server()
        servers.append(server)
        return str(server.make_url("/"))

    yield start
    for server in servers:
        await server.close()


async def fetch(url: str, *, etag: str | None = None, modified: str | None = None, **how: object) -> Fetched:
    async with Fetcher(allow_private=True, **how) as fetcher:  # type: ignore[arg-type]
        return await fetcher.fetch(url, etag=etag, last_modified=modified)


async def refused(url: str, **how: object) -> FetchError:
    with pytest.raises(FetchError) as raised:
        await fetch(url, **how)
    return raised.value


async def test_a_body_comes_with_what_names_its_version(serve: Serve) -> None:
    async def handler(_: web.Request) -> web.Response:
        return web.Response(
            body=b"<rss/>", headers={"ETag": '"1"', "Last-Modified": "Mon, 04 May 2026 10:00:00 GMT"}
        )

    found = await fetch(await serve(handler))
    assert (found.body, found.etag, found.last_modified) == (
        b"<rss/>",
        '"1"',
        "Mon, 04 May 2026 10:00:00 GMT",
    )
    assert found.moved_to is None


async def test_the_version_that_is_known_is_asked_for_and_not_sent_again(serve: Serve) -> None:
    async def handler(request: web.Request) -> web.Response:
        same = (
            request.headers.get("If-None-Match") == '"1"'
            and request.headers.get("If-Modified-Since") == "day"
        )
        return web.Response(status=304 if same else 500)

    assert (await fetch(await serve(handler), etag='"1"', modified="day")).body is None


async def test_what_is_packed_is_unpacked(serve: Serve) -> None:
    async def handler(_: web.Request) -> web.Response:
        return web.Response(body=gzip.compress(b"x" * 1000), headers={"Content-Encoding": "gzip"})

    assert (await fetch(await serve(handler))).body == b"x" * 1000


async def test_a_bomb_that_unpacks_without_end_is_dropped(serve: Serve) -> None:
    async def handler(_: web.Request) -> web.Response:
        bomb = gzip.compress(b"\0" * 50_000_000)
        return web.Response(body=bomb, headers={"Content-Encoding": "gzip"})

    assert (await refused(await serve(handler), max_bytes=100_000)).reason == "too-big"


async def test_an_endless_body_is_dropped_whatever_it_says_of_its_length(serve: Serve) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        try:
            while True:
                await answer.write(b"x" * 10_000)
        except ConnectionError:
            return answer

    assert (await refused(await serve(handler), max_bytes=50_000)).reason == "too-big"


async def test_a_body_that_says_it_is_too_big_is_not_read(serve: Serve) -> None:
    async def handler(_: web.Request) -> web.Response:
        return web.Response(body=b"x" * 60_000)

    assert (await refused(await serve(handler), max_bytes=50_000)).reason == "too-big"


async def test_a_slow_answer_is_left_after_its_time(serve: Serve) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        try:
            while True:
                await answer.write(b"x")
                await asyncio.sleep(0.02)
        except ConnectionError:
            return answer

    assert (await refused(await serve(handler), total_seconds=0.3)).reason == "timeout"


@pytest.mark.parametrize(("status", "moved"), [(301, True), (308, True), (302, False), (307, False)])
async def test_a_redirect_is_followed_and_only_a_permanent_one_moves_the_address(
    serve: Serve, status: int, moved: bool
) -> None:
    async def handler(request: web.Request) -> web.Response:
        if request.path == "/":
            return web.Response(status=status, headers={"Location": "/new"})
        return web.Response(body=b"here")

    url = await serve(handler)
    found = await fetch(url)
    assert (found.body, found.url) == (b"here", url + "new")
    assert found.moved_to == (url + "new" if moved else None)


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("/", "redirects"),
        ("", "redirects"),
        ("file:///etc/passwd", "bad-address"),
        ("http://[", "bad-address"),
    ],
)
async def test_redirects_without_end_or_to_nowhere_are_refused(
    serve: Serve, location: str, reason: str
) -> None:
    async def handler(_: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": location} if location else {})

    assert (await refused(await serve(handler))).reason == reason


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://0x7f000001/",
        "http://2130706433/",
        "http://127.1/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[fe80::1]/",
        "http://0.0.0.0/",
        "http://localhost/",
    ],
)
async def test_a_private_address_is_refused_however_it_is_written(url: str) -> None:
    async with Fetcher() as fetcher:
        with pytest.raises(FetchError) as raised:
            await fetcher.fetch(url)
    assert raised.value.reason == "private-address"


async def test_a_redirect_to_a_private_address_is_refused(serve: Serve) -> None:
    reached = []

    async def handler(request: web.Request) -> web.Response:
        reached.append(request.path)
        return web.Response(status=302, headers={"Location": f"http://127.0.0.1:{request.url.port}/secret"})

    url = await serve(handler)
    # The name's first answer is public in name alone: the connection would go to the test's own server.
    names = Names("127.0.0.1")
    async with Fetcher(allow_private=False, resolver=names) as fetcher:
        with pytest.raises(FetchError) as raised:
            await fetcher.fetch(url.replace("127.0.0.1", "news.example"))
    assert (raised.value.reason, reached) == ("private-address", [])


async def test_a_name_that_changes_its_mind_between_look_and_connection_gains_nothing(serve: Serve) -> None:
    reached = []

    async def handler(request: web.Request) -> web.Response:
        reached.append(request.path)
        return web.Response(body=b"secret")

    port = (await serve(handler)).rsplit(":", 1)[1]
    names = Names("203.0.113.7", "127.0.0.1")
    async with Fetcher(resolver=names, total_seconds=0.3) as fetcher:
        with pytest.raises(FetchError):
            await fetcher.fetch(f"http://news.example:{port}")
    assert reached == []


@pytest.mark.parametrize("status", [400, 403, 404, 410, 429, 500, 503])
async def test_a_refusal_is_a_reason(serve: Serve, status: int) -> None:
    async def handler(_: web.Request) -> web.Response:
        return web.Response(status=status, headers={"Retry-After": "120"})

    error = await refused(await serve(handler))
    assert (error.reason, error.gone, error.retry_after) == (f"http-{status}", status == 410, 120.0)


async def test_a_server_that_hangs_up_or_is_not_there_is_a_reason(serve: Serve) -> None:
    async def handler(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    assert (await refused(await serve(handler))).reason == "no-connection"
    with closed_port() as port:
        assert (await refused(f"http://127.0.0.1:{port}/")).reason == "no-connection"


async def test_a_secret_in_an_address_is_not_told() -> None:
    error = await refused("ftp://user:secret@example.org/feed?token=secret")
    assert error.reason == "bad-address"
    assert "secret" not in str(error)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 503 " + "закрыто \x1b[2J\x07\x9b31m\u202e".encode() + b"x" * 6_000,
        b"HTTP/1.1 302 Found\r\nLocation: gopher://a.example/\x1b[2J\xc2\x9b" + b"y" * 6_000,
        b"HTTP/1.1 200 OK\r\nContent-Length: x\x1b[2J",
    ],
    ids=["reason phrase", "location", "header"],
)
async def test_a_servers_words_are_a_short_printable_line(answer: bytes) -> None:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer + b"\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(handler, "127.0.0.1", 0)
    error = await refused(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
    server.close()
    assert str(error).isprintable()
    assert len(str(error)) < 250
