"""Fetches addresses that nobody vouches for, within bounds of time, size and reach.

An address must be http or https, and every address on the way must be public. The connection goes to the
addresses that were checked, so that a name server can't give another answer in between.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot import __version__
from bot.log import phrase
from bot.model.errors import VestnikError
from bot.sources.fetch.addresses import PrivateAddress, is_public, shown
from bot.sources.fetch.byte_budget import ByteBudget

MAX_BYTES = 10 * 1024 * 1024
MAX_REDIRECTS = 5
TOTAL_SECONDS = 30.0
CHUNK = 64 * 1024
USER_AGENT = f"Vestnik/{__version__} (news reader; conditional requests)"
ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
)
# RFC 9110, section 15.4: these alone say that the address itself has changed.
PERMANENT = (301, 308)
REDIRECTS = (301, 302, 303, 307, 308)


class FetchError(VestnikError):
    """An address could not be fetched. `reason` is a short slug, `detail` a phrase for people, without secrets.

    `retry_after` is the wait in seconds that the server asks for; `gone` means for good (HTTP 410).
    """

    def __init__(
        self, reason: str, detail: str = "", *, retry_after: float | None = None, gone: bool = False
    ) -> None:
        # It may hold the server's own words.
        detail = phrase(detail)
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail
        self.retry_after = retry_after
        self.gone = gone


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer. `body` is None where nothing has changed since the version that the call named.

    `url` is the address after all redirects; `moved_to` is the same where every redirect was permanent.
    """

    url: str
    body: bytes | None
    content_type: str = ""
    etag: str | None = None
    last_modified: str | None = None
    moved_to: str | None = None


class Fetcher:
    """Fetches with one pool of connections; an async context manager."""

    def __init__(
        self,
        *,
        allow_private: bool = False,
        max_bytes: int = MAX_BYTES,
        total_seconds: float = TOTAL_SECONDS,
        accept: str = ACCEPT,
        resolver: AbstractResolver | None = None,
        budget: ByteBudget | None = None,
    ) -> None:
        """Keep the bounds of each fetch, and the `Accept` header (RFC 9110, section 12.5.1).

        A body waits until `budget` has room for it; this wait does not count as the server's.
        """
        self._budget = budget
        self._accept = accept
        self._allow_private = allow_private
        self._max_bytes = max_bytes
        self._total_seconds = total_seconds
        self._resolver = _CheckedResolver(resolver or aiohttp.ThreadedResolver(), allow_private)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(
            resolver=self._resolver, limit=20, limit_per_host=2, use_dns_cache=False
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": USER_AGENT, "Accept": self._accept, "Accept-Encoding": "gzip, deflate"},
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=20),
            trust_env=False,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._session is not None
        await self._session.close()
        await self._resolver.close()

    async def fetch(self, url: str, *, etag: str | None = None, last_modified: str | None = None) -> Fetched:
        """Return the answer of `url`; `etag` and `last_modified` name the version that the caller has.

        Raises FetchError alone, for failures of every kind.
        """
        try:
            async with asyncio.timeout(self._total_seconds) as limit:
                return await self._follow(url, _conditions(etag, last_modified), limit)
        except TimeoutError:
            raise FetchError("timeout", f"no whole answer within {self._total_seconds:g} s") from None
        except PrivateAddress as error:
            raise FetchError("private-address", str(error)) from None
        except (aiohttp.ClientError, ssl.SSLError, OSError, ValueError) as error:
            raise _as_fetch_error(error) from None

    async def _follow(self, url: str, conditions: dict[str, str], limit: asyncio.Timeout) -> Fetched:
        permanent, at = True, self._checked(url)
        for _ in range(MAX_REDIRECTS + 1):
            assert self._session is not None
            async with self._session.get(at, headers=conditions, allow_redirects=False) as answer:
                if answer.status not in REDIRECTS:
                    moved = str(at) if permanent and at != URL(url) else None
                    await self._wait_for_room(answer, limit)
                    return await self._take(answer, at, moved)
                permanent = permanent and answer.status in PERMANENT
                at = self._next(at, answer)
        raise FetchError("redirects", f"more than {MAX_REDIRECTS} redirects")

    async def _wait_for_room(self, answer: aiohttp.ClientResponse, limit: asyncio.Timeout) -> None:
        if self._budget is None or answer.status != 200:
            return
        named = None if "Content-Encoding" in answer.headers else answer.content_length
        waited = await self._budget.take(self._max_bytes if named is None else min(named, self._max_bytes))
        when = limit.when()
        if when is not None:
            limit.reschedule(when + waited)

    def _next(self, at: URL, answer: aiohttp.ClientResponse) -> URL:
        location = answer.headers.get("Location")
        if not location:
            raise FetchError("redirects", f"HTTP {answer.status} without a place to go to")
        return self._checked(str(at.join(URL(location))))

    def _checked(self, url: str) -> URL:
        try:
            found = URL(url)
        except ValueError:
            raise FetchError("bad-address", "not an address") from None
        if found.scheme not in ("http", "https") or not found.host:
            raise FetchError("bad-address", f"not an http or https address: {shown(url)}")
        # The connector asks no resolver about an address written in digits.
        if not self._allow_private and not is_public(found.host, literal_only=True):
            raise PrivateAddress(found.host)
        return found.with_fragment(None)

    async def _take(self, answer: aiohttp.ClientResponse, at: URL, moved: str | None) -> Fetched:
        etag, modified = answer.headers.get("ETag"), answer.headers.get("Last-Modified")
        kind = answer.headers.get("Content-Type", "")
        if answer.status == 304:
            return Fetched(str(at), None, kind, etag, modified, moved)
        if answer.status != 200:
            raise FetchError(
                f"http-{answer.status}",
                answer.reason or "",
                retry_after=_retry_after(answer.headers.get("Retry-After")),
                gone=answer.status == 410,
            )
        return Fetched(str(at), await self._body(answer), kind, etag, modified, moved)

    async def _body(self, answer: aiohttp.ClientResponse) -> bytes:
        # The stream is decompressed piece by piece, so that a bomb is dropped before it has grown.
        if (answer.content_length or 0) > self._max_bytes:
            raise self._too_big()
        body = bytearray()
        async for piece in answer.content.iter_chunked(CHUNK):
            body += piece
            if len(body) > self._max_bytes:
                raise self._too_big()
        return bytes(body)

    def _too_big(self) -> FetchError:
        return FetchError("too-big", f"more than {self._max_bytes:,} bytes")


class _CheckedResolver(AbstractResolver):
    """Finds a host's addresses, and refuses the host if any of them is not public."""

    def __init__(self, inner: AbstractResolver, allow_private: bool) -> None:
        self._inner = inner
        self._allow_private = allow_private

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        if not self._allow_private and not all(is_public(each["host"]) for each in found):
            raise PrivateAddress(host)
        return found

    async def close(self) -> None:
        await self._inner.close()


def _conditions(etag: str | None, last_modified: str | None) -> dict[str, str]:
    headers = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in headers.items() if value}


def _retry_after(value: str | None) -> float | None:
    """Return the wait in seconds that RFC 9110, section 10.2.3, lets a server ask for."""
    if not value:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        at = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


def _as_fetch_error(error: Exception) -> FetchError:
    match error:
        case aiohttp.ClientConnectorDNSError():
            return FetchError("no-host", "the host's name leads nowhere")
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientSSLError() | ssl.SSLError():
            return FetchError("certificate", "no trusted connection")
        case aiohttp.ClientConnectorError():
            return FetchError("no-connection", error.os_error.strerror or "")
        case aiohttp.ClientPayloadError():
            return FetchError("broken-answer", "the answer broke off or can't be unpacked")
        case aiohttp.ServerDisconnectedError() | ConnectionError():
            return FetchError("no-connection", "the server closed the connection")
        case aiohttp.InvalidURL() | ValueError():
            return FetchError("bad-address", "not an address")
        case aiohttp.ClientResponseError():
            return FetchError("broken-answer", "not an HTTP answer")
        case _:
            return FetchError("no-connection", type(error).__name__)
