"""The rate in all: below what Telegram allows, lower after a refusal or slow answers, and back by itself."""

from __future__ import annotations

MARGIN = 0.98
"""At exactly the rate, jitter on the way puts too many calls into one second of the server's."""

LOWERED, LOWEST = 0.75, 0.25
RECOVERS_IN = 60.0
"""Seconds in which a lowered rate climbs back to the whole."""

SLOW_SECONDS = 4.0
"""The server hides waits of up to 8 s before it says 429: rising latency is the earlier word."""

SLOW_SHARE, WEIGHT = 0.25, 0.05


class AdaptiveRate:
    """Gives the seconds between two calls."""

    def __init__(self, allowed: float) -> None:
        """Take what is allowed, in calls a second."""
        self.allowed = allowed
        self.portion = 1.0
        """What of it this process may use, where several speak with one token."""
        self._share = 1.0
        self._share_at = 0.0
        self._refused_at = float("-inf")
        self._ease = 1.0

    def step(self, now: float) -> float:
        """Return how many seconds to leave after a call."""
        return 1 / self.used(now)

    def used(self, now: float) -> float:
        """Return the calls a second that are made at most now."""
        rate = self.allowed * MARGIN * self.portion
        if self._share == self._ease == 1.0:
            return rate
        return rate * min(self._recovered(now), self._ease)

    def refused(self, now: float) -> None:
        """Go slower after refusals of several chats at once; those of one moment count once."""
        if now - self._refused_at > 1.0:
            self._share = max(LOWEST, self._recovered(now) * LOWERED)
            self._share_at = self._refused_at = now

    def took(self, seconds: float) -> None:
        """Go slower while answers are slow, and faster as they get quick again."""
        wanted = SLOW_SHARE if seconds > SLOW_SECONDS else 1.0
        if self._ease != wanted:
            self._ease += (wanted - self._ease) * WEIGHT
            if self._ease > 0.995:
                self._ease = 1.0

    def _recovered(self, now: float) -> float:
        if self._share < 1.0 and now - self._share_at > 0:
            grown = self._share + (now - self._share_at) / RECOVERS_IN
            if grown >= 1.0:
                self._share = 1.0
            return min(1.0, grown)
        return self._share
