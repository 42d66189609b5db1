"""Errors go to a server that speaks Sentry's protocol, without a secret; nobody waits for it."""

from __future__ import annotations

import gzip
import json
import logging
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import sentry_sdk

from bot.commands.sentry import KEPT, report_errors
from bot.log import Event, Outage
from bot.model.errors import SetupError
from tests.support.servers.ports import closed_port

KEY = "0123456789abcdef" * 2
TOKEN = "123456:" + "Q" * 35
log = logging.getLogger("bot.test")


class Server(BaseHTTPRequestHandler):
    """Keeps what it is sent: an envelope is a line of JSON for itself, one for each item, and the item."""

    events: list[dict[str, Any]]
    raw: list[bytes]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        body = gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body
        self.raw.append(body)
        lines = body.decode().splitlines()
        self.events += [json.loads(line) for line in lines[2::2]]
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(Server, "events", [], raising=False)
    monkeypatch.setattr(Server, "raw", [], raising=False)
    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as listening:
        serving = threading.Thread(target=listening.serve_forever)
        serving.start()
        yield f"http://{KEY}@127.0.0.1:{listening.server_port}/1"
        listening.shutdown()
        serving.join()


@pytest.fixture
def reporting(server: str) -> Iterator[None]:
    yield from reported(server)


def reported(dsn: str) -> Iterator[None]:
    handler = report_errors(dsn)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
        sentry_sdk.get_client().close(timeout=0)
        sentry_sdk.get_global_scope().set_client(None)


def sent() -> list[dict[str, Any]]:
    sentry_sdk.flush(20)
    return Server.events


@pytest.mark.usefixtures("reporting")
def test_an_error_of_the_log_is_sent_with_its_fields() -> None:
    log.error(Event("lease.lost", lease="bot:1", attempts=3))
    (event,) = sent()
    assert event["message"] == "lease.lost"
    assert event["level"] == "error"
    assert event["extra"] == {"lease": "bot:1", "attempts": 3, "event": "lease.lost", "logger": "bot.test"}
    assert event["release"].startswith("vestnik@")
    assert set(event) <= KEPT


@pytest.mark.usefixtures("reporting")
def test_what_is_no_error_is_not_sent() -> None:
    log.warning(Event("telegram.unreachable"))
    log.info(Event("bot.ready"))
    assert sent() == []


@pytest.mark.usefixtures("reporting")
def test_a_traceback_is_sent_without_what_its_variables_hold() -> None:
    hidden = "what a reader wrote"
    try:
        raise RuntimeError(f"no way {len(hidden)}")
    except RuntimeError:
        log.exception(Event("tick.failed", job="feeds"))
    (event,) = sent()
    (error,) = event["exception"]["values"]
    assert (error["type"], error["value"]) == ("RuntimeError", "no way 19")
    assert error["stacktrace"]["frames"]
    assert not [frame for frame in error["stacktrace"]["frames"] if "vars" in frame]
    assert event["extra"]["job"] == "feeds"


@pytest.mark.usefixtures("reporting")
def test_no_secret_is_sent() -> None:
    try:
        try:
            raise OSError(f"https://api.example.org/bot{TOKEN}/getMe")
        except OSError as error:
            raise RuntimeError(
                "postgresql://news:hidden@db/news\n[SQL: SELECT 1]\n[parameters: ('a reader wrote this',)]"
            ) from error
    except RuntimeError:
        log.exception(Event("ledger.failed", reason=f"token {TOKEN}", url="postgresql://news:hidden@db/news"))
    (event,) = sent()
    assert len(event["exception"]["values"]) == 2
    everything = b"".join(Server.raw).decode()
    assert [secret for secret in (TOKEN, "hidden", "a reader wrote this") if secret in everything] == []


@pytest.mark.usefixtures("reporting")
def test_the_same_outage_is_sent_once() -> None:
    for _ in range(5):
        log.error(Outage("ledger.failed", reason="disk full"))
    (event,) = sent()
    assert event["fingerprint"] == ["bot.test", "ledger.failed", "disk full"]


def test_a_server_that_is_away_holds_up_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    with closed_port() as port:
        for _ in reported(f"http://{KEY}@127.0.0.1:{port}/1"):
            log.error(Event("lease.lost"))
    assert KEY not in capsys.readouterr().err


@pytest.mark.parametrize("dsn", [f"https://{KEY}@", "no address", f"ftp://{KEY}@host/1"])
def test_an_address_that_is_none_is_not_shown(dsn: str) -> None:
    with pytest.raises(SetupError, match="SENTRY_DSN is not an address of Sentry") as caught:
        report_errors(dsn)
    assert KEY not in str(caught.value)


def test_a_missing_library_is_named_with_what_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentry_sdk", None)
    with pytest.raises(SetupError, match=r"pip install 'vestnik\[sentry\]'"):
        report_errors(f"https://{KEY}@errors.example.org/1")
