"""The wire over TLS: whom it trusts, and under which name it calls."""

from __future__ import annotations

import asyncio
import shutil
import socket
import ssl
import subprocess
from pathlib import Path
from typing import Any

import pytest
from aiogram.exceptions import TelegramNetworkError
from yarl import URL

from bot.model.message import OutgoingMessage
from bot.outbox.limits.pace import Pace
from bot.telegram.client import make_bot
from bot.telegram.transport.gate import Gate
from bot.telegram.transport.keepalive import KeepaliveClient, NotConnected
from bot.telegram.transport.prepared import Prepared, prepare
from bot.telegram.transport.ticket import CallTicket
from tests.support.servers.keepalive import JSON, WHOLE, Server, listening

TOKEN = "700700:" + "T" * 35


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a key and a certificate of its own signing, for the name localhost and one address."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("there is no openssl here to make a certificate with")
    pem = tmp_path_factory.mktemp("tls") / "own.pem"
    key = pem.with_name("key.pem")
    asked = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    subprocess.run([openssl, *asked, *names, "-keyout", key, "-out", pem], check=True, capture_output=True)
    pem.write_bytes(key.read_bytes() + pem.read_bytes())
    return pem


@pytest.fixture
def names() -> list[str | None]:
    return []


@pytest.fixture
def tls(certificate: Path, names: list[str | None]) -> ssl.SSLContext:
    """Return the server's context, which notes the names that it is called by."""
    made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    made.load_cert_chain(certificate)
    made.sni_callback = lambda _, name, __: names.append(name)
    return made


@pytest.mark.parametrize(("host", "name"), [("localhost", "localhost"), ("127.0.0.1", None)])
async def test_who_is_trusted_is_called_by_name(
    tls: ssl.SSLContext, certificate: Path, names: list[str | None], host: str, name: str | None
) -> None:
    server = Server([WHOLE], [WHOLE])
    async with listening(server, tls=tls) as port:
        wire = KeepaliveClient(ssl.create_default_context(cafile=certificate), 5.0)
        url = URL(f"https://{host}:{port}/bot1:T/sendMessage")
        try:
            assert await wire.post(url, b"{}") == await wire.post(url, b"{}") == (200, JSON)
        finally:
            wire.close()
    assert names == [name]
    assert server.connections == 1


async def test_a_certificate_for_another_name_is_refused(
    tls: ssl.SSLContext, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def found(host: str, port: int, **_: Any) -> list[tuple[Any, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", found)
    server = Server([WHOLE])
    async with listening(server, tls=tls) as port:
        wire = KeepaliveClient(ssl.create_default_context(cafile=certificate), 5.0)
        with pytest.raises(NotConnected, match="SSLCertVerificationError"):
            await wire.post(URL(f"https://bot-api.example:{port}/bot1:T/sendMessage"), b"{}")
    assert server.requests == []


async def test_the_bot_trusts_no_certificate_of_the_servers_own_signing(tls: ssl.SSLContext) -> None:
    call = Prepared.of(*prepare([OutgoingMessage("Мост открыт")]))
    server = Server([WHOLE])
    async with listening(server, tls=tls) as port:
        bot = make_bot(TOKEN, f"https://localhost:{port}", Gate(Pace()))
        try:
            with pytest.raises(TelegramNetworkError) as raised:
                await bot.session.send(bot, call, 1000, None, ticket=CallTicket())  # type: ignore[attr-defined]
        finally:
            await bot.session.close()
    assert isinstance(raised.value.__cause__, NotConnected)
    assert server.requests == []


async def test_where_no_tls_is_spoken_nothing_can_have_arrived() -> None:
    server = Server([WHOLE])
    async with listening(server) as port:
        with pytest.raises(NotConnected):
            await KeepaliveClient(ssl.create_default_context(), 0.2).post(
                URL(f"https://127.0.0.1:{port}/x"), b"{}"
            )
    assert server.requests == []
