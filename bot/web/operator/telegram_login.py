"""Telegram's own login: the data that it hands to our address, and whether they are Telegram's.

The rule is that of core.telegram.org/widgets/login-legacy, `Checking authorization`; a button of the Bot API's
`login_url` hands over the same. Telegram's newer login (OpenID Connect) needs a secret of its own from @BotFather.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping

FRESH_SECONDS = 300
"""Older data are refused: their address stands in the browser's history."""

AHEAD_SECONDS = 60
"""So far Telegram's clock may be ahead of ours."""

MOST_USED = 1_000
FIELDS = frozenset({"id", "first_name", "last_name", "username", "photo_url", "auth_date"})


class TelegramLogin:
    """Checks what Telegram hands over for the bot with that token. Each hash opens the door once."""

    def __init__(self, bot_token: str, clock: Callable[[], float] = time.time) -> None:
        self._key = hashlib.sha256(bot_token.encode()).digest()
        self._clock = clock
        self._used: OrderedDict[str, None] = OrderedDict()

    def person(self, data: Mapping[str, str]) -> int | None:
        """Return the Telegram user id of who logged in; None where the data are not Telegram's, old, or used."""
        given = data.get("hash", "").lower()
        fields = {key: value for key, value in data.items() if key != "hash"}
        said = "\n".join(f"{key}={fields[key]}" for key in sorted(fields))
        ours = hmac.new(self._key, said.encode("utf-8", "replace"), "sha256").hexdigest()
        if not hmac.compare_digest(given.encode("utf-8", "replace"), ours.encode()):
            return None
        number, at = fields.get("id", ""), fields.get("auth_date", "")
        if not (number.isascii() and number.isdecimal() and at.isascii() and at.isdecimal()):
            return None
        age = self._clock() - int(at)
        if not -AHEAD_SECONDS <= age <= FRESH_SECONDS or ours in self._used:
            return None
        self._used[ours] = None
        while len(self._used) > MOST_USED:
            self._used.popitem(last=False)
        return int(number)
