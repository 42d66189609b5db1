"""Sessions: a signed cookie that says who logged in and until when. Nothing is kept but who logged out."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable

SECONDS = 7 * 86_400
"""How long a session lasts."""

HOLDER = "operator"
"""Who logged in with the operator's token; others are Telegram user ids."""

MOST_ENDED = 1_000


class Sessions:
    """Signs cookies under the operator's token: another token ends all sessions. Times are seconds since 1970."""

    def __init__(self, token: str, clock: Callable[[], float] = time.time) -> None:
        self._token = token
        self._key = hmac.digest(token.encode(), b"vestnik operator session", "sha256")
        self._clock = clock
        self._ended: OrderedDict[str, None] = OrderedDict()

    def knows(self, token: str) -> bool:
        """Return whether this is the token; takes as long for any other."""
        given, ours = (hashlib.sha256(each.encode()).digest() for each in (token, self._token))
        return hmac.compare_digest(given, ours)

    def begin(self, who: str) -> str:
        """Return the cookie of a session of `who`: HOLDER, or a Telegram user id in digits."""
        said = f"{who}.{int(self._clock()) + SECONDS}.{secrets.token_urlsafe(12)}"
        return f"{said}.{self._sign(said)}"

    def who(self, cookie: str) -> str:
        """Return whose session the cookie is; empty where it is forged, over or ended."""
        if not cookie.isascii():
            # A header's bytes that are no text can't be signed.
            return ""
        said, _, signature = cookie.rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._sign(said).encode()):
            return ""
        who, until, nonce = said.split(".")
        return who if self._clock() < int(until) and nonce not in self._ended else ""

    def end(self, cookie: str) -> None:
        """End a session, so that its cookie, kept by whomever, opens nothing any more (until the process ends)."""
        if self.who(cookie):
            self._ended[cookie.split(".")[2]] = None
            while len(self._ended) > MOST_ENDED:
                self._ended.popitem(last=False)

    def _sign(self, said: str) -> str:
        return hmac.new(self._key, said.encode(), "sha256").hexdigest()
