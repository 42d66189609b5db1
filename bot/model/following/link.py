"""Links that set topics up: what a link says, packed into the few characters of a start parameter, and signed.

Who presses Start on such a link gets the topics without a second question. So nobody but the newsroom may make one: the
signature is by the installation's key. A topic is in the link as a number that comes of its slug, so that the link
means the same on another server, and needs no row there.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

MOST_TOPICS = 10
"""More do not fit into the 64 characters of a start parameter (core.telegram.org/bots/features#deep-linking)."""

_VERSION, _EVERYTHING, _DIGEST = 0x10, 1, 2
_FIRST = date(2025, 1, 1)
_MARK_BYTES, _DAY_BYTES, _LANGUAGE_BYTES, _SIGNATURE_BYTES = 3, 2, 2, 9
_HEAD_BYTES = 1 + _DAY_BYTES + _LANGUAGE_BYTES
_MOST_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class TopicsLink:
    """What a link sets up: topics by their marks, or `everything`; in the digest, or as usual.

    `language` is the language that the bot speaks then; empty: the reader's own. `until` is the last day (UTC) on which
    the link holds; None: it holds for good.
    """

    marks: frozenset[int]
    everything: bool = False
    digest: bool = False
    language: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class LinkSigner:
    """Signs links with the installation's key, and knows its own; without a key there are none."""

    key: str = field(default="", repr=False)

    def pack(self, link: TopicsLink) -> str:
        """Return a link's code. Raises ValueError for more topics than fit, or without a key."""
        if not self.key or len(link.marks) > MOST_TOPICS:
            raise ValueError("no key, or too many topics")
        flags = _VERSION | (_EVERYTHING if link.everything else 0) | (_DIGEST if link.digest else 0)
        days = (link.until - _FIRST).days if link.until else 0
        said = bytes([flags]) + days.to_bytes(_DAY_BYTES, "big")
        said += link.language.encode("ascii").ljust(_LANGUAGE_BYTES, b"\0")
        said += b"".join(mark.to_bytes(_MARK_BYTES, "big") for mark in sorted(link.marks))
        return urlsafe_b64encode(said + self._sign(said)).rstrip(b"=").decode()

    def read(self, code: str, now: datetime) -> TopicsLink | None:
        """Return what a link says; None where it is forged, cut, of another version, or out of date."""
        if not self.key or not code.isascii() or len(code) > _MOST_CHARACTERS:
            return None
        try:
            whole = urlsafe_b64decode(code + "=" * (-len(code) % 4))
        except ValueError:
            return None
        said, signature = whole[:-_SIGNATURE_BYTES], whole[-_SIGNATURE_BYTES:]
        if len(said) < _HEAD_BYTES or not hmac.compare_digest(signature, self._sign(said)):
            return None
        days = int.from_bytes(said[1 : 1 + _DAY_BYTES], "big")
        until = _FIRST + timedelta(days) if days else None
        if said[0] & 0xF0 != _VERSION or (until is not None and now.astimezone(UTC).date() > until):
            return None
        marks = said[_HEAD_BYTES:]
        return TopicsLink(
            frozenset(
                int.from_bytes(marks[at : at + _MARK_BYTES], "big")
                for at in range(0, len(marks), _MARK_BYTES)
            ),
            everything=bool(said[0] & _EVERYTHING),
            digest=bool(said[0] & _DIGEST),
            language=said[1 + _DAY_BYTES : _HEAD_BYTES].rstrip(b"\0").decode("ascii"),
            until=until,
        )

    def _sign(self, said: bytes) -> bytes:
        key = hmac.digest(self.key.encode(), b"vestnik topics link", "sha256")
        return hmac.digest(key, said, "sha256")[:_SIGNATURE_BYTES]


def mark_of(slug: str) -> int:
    """Return the number by which links name a topic."""
    return int.from_bytes(hashlib.sha256(slug.encode()).digest()[:_MARK_BYTES], "big")


def alike(slugs: Iterable[str]) -> set[str]:
    """Return those of the slugs that share their mark with another: no link can name them."""
    seen: dict[int, str] = {}
    found: set[str] = set()
    for slug in slugs:
        other = seen.setdefault(mark_of(slug), slug)
        if other != slug:
            found |= {slug, other}
    return found
