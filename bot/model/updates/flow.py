"""How the bot hears of what people say, as it stands now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

LASTING = timedelta(minutes=3)
"""A trouble that lasts for so long is told to owners: a shorter one is a restart or a bad moment of the network."""


@dataclass
class UpdateFlow:
    """Whether updates come, and in which way. Who gets them writes it; /health, /status and the owners' alerts read it.

    `trouble` is why none come, a sentence in English; `code` names the kind of trouble for a template, and `host` the
    host of a webhook that is not ours. `pending` is how many updates wait at Telegram, and `last_error` what Telegram
    says of the webhook; both are known of a webhook alone.
    """

    way: str = "polling"
    code: str = ""
    trouble: str = ""
    host: str = ""
    since: datetime | None = None
    pending: int = 0
    last_error: str = ""

    def well(self) -> None:
        """Take note that updates come."""
        self.code = self.trouble = self.host = ""
        self.since = None

    def fails(self, code: str, trouble: str, now: datetime, host: str = "") -> None:
        """Take note of why none come."""
        self.code, self.trouble, self.host = code, trouble, host
        self.since = self.since or now

    def lasts(self, now: datetime) -> bool:
        """Return whether somebody should know: none have come for long, or somebody has taken the webhook, at once."""
        return self.since is not None and (self.code == "taken" or now - self.since >= LASTING)
