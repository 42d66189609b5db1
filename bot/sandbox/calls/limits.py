"""Flood limits: so many messages a second in all and in a chat, so many a minute in a group.

Telegram does not publish its rule. Here all messages and those of a group are counted in a window that
slides: the second or minute that ends now. A chat takes a short burst, which comes back at its rate. The
clock is the sandbox's own, so that a test can let a minute pass.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.calls.answers import Refusal, too_many_requests
from bot.sandbox.calls.log import as_chat_id
from bot.sandbox.calls.parameters import Parameters

PAID_RATE = 1000  # messages a second with allow_paid_broadcast
BAN_AFTER = 3  # calls against a 429 that still lasts
BAN_SECONDS = 60
_COUNTED = ("send", "edit", "copy", "forward")
_FREE = frozenset({"sendchataction", "editforumtopic", "editgeneralforumtopic"})


@dataclass(frozen=True, slots=True)
class Limits:
    """The most messages that may be sent; 0 is no limit."""

    per_second: int = 0
    chat_per_second: float = 0
    chat_burst: int = 3
    group_per_minute: int = 0
    silent_delay: float = 0  # seconds that a call waits by itself instead of being refused
    ban3: bool = False  # three calls against a 429 that still lasts close the bot for a minute

    @classmethod
    def telegram(cls) -> Limits:
        """Return the figures that Telegram publishes."""
        return cls(per_second=30, chat_per_second=1, group_per_minute=20)


class Window:
    """Counts messages in a sliding window: at most `count` within any `seconds`."""

    __slots__ = ("_count", "_seconds", "_times")

    def __init__(self, count: int, seconds: float) -> None:
        self._count = count
        self._seconds = seconds
        self._times: deque[float] = deque(maxlen=count)

    def wait(self, now: float) -> float:
        """Return the seconds until the next message fits, 0 where it fits now."""
        if len(self._times) < self._count:
            return 0
        return max(0.0, min(self._times[0] + self._seconds - now, self._seconds))

    def take(self, at: float) -> None:
        """Count one message."""
        self._times.append(at)


class Bucket:
    """Counts messages in a bucket: a burst of `count`, which fills up again by `rate` a second."""

    __slots__ = ("_at", "_count", "_left", "_rate")

    def __init__(self, count: int, rate: float) -> None:
        self._count = self._left = float(count)
        self._rate = rate
        self._at = -math.inf

    def wait(self, now: float) -> float:
        """Return the seconds until the next message fits, 0 where it fits now."""
        return max(0.0, (1 - self._at_time(now)) / self._rate)

    def take(self, at: float) -> None:
        """Count one message."""
        self._left, self._at = self._at_time(at) - 1, at

    def _at_time(self, at: float) -> float:
        return min(self._count, self._left + max(0.0, at - self._at) * self._rate)


def is_counted(method: str) -> bool:
    """Tell whether a method (in lower case) counts against the limits."""
    return method.startswith(_COUNTED) and method not in _FREE


def _messages(params: Parameters) -> int:
    """Return how many messages a call makes: an album is as many as its items."""
    media = params.json("media", "media") if "media" in params else None
    return max(1, len(media)) if isinstance(media, list) else 1


Key = tuple[str, int, object]  # scope, bot, chat


class Gate:
    """Lets calls through, or says how long to wait; each bot has its own limits."""

    def __init__(self, limits: Limits, now: Callable[[], float]) -> None:
        self.limits = limits
        self._now = now
        self._windows: dict[Key, Window | Bucket] = {}
        self._closed: dict[Key, float] = {}  # until when
        self._defied: dict[int, int] = {}  # refused calls of a bot since one was let through

    @property
    def idle(self) -> bool:
        """Whether nothing is limited at all."""
        limits = self.limits
        limited = limits.per_second or limits.chat_per_second or limits.group_per_minute
        return not limited and not self._closed

    def close(self, scope: str, bot_id: int, chat_id: object, seconds: float) -> None:
        """Refuse a bot's messages for a time: to one chat (scope "chat" or "group"), or all ("global")."""
        self._closed[scope, bot_id, None if scope == "global" else chat_id] = self._now() + seconds

    def open(self) -> None:
        """Lift everything that `close` closed."""
        self._closed.clear()
        self._defied.clear()

    def pass_through(self, bot_id: int, params: Parameters) -> float:
        """Take a place for a message and return for how long to delay it silently.

        Raises:
            Refusal: 429.
        """
        now = self._now()
        chat_id = as_chat_id(params.values.get("chat_id"))
        self._check_closed(bot_id, chat_id, now)
        windows = self._windows_for(bot_id, chat_id, paid=params.flag("allow_paid_broadcast"))
        wait = max((window.wait(now) for window in windows), default=0.0)
        if wait > self.limits.silent_delay:
            raise self._refuse(bot_id, wait)
        self._defied[bot_id] = 0
        for window in windows:
            for _ in range(_messages(params) if isinstance(window, Window) else 1):
                window.take(now + wait)
        return wait

    def _check_closed(self, bot_id: int, chat_id: object, now: float) -> None:
        for scope, chat in (("global", None), ("chat", chat_id), ("group", chat_id)):
            until = self._closed.get((scope, bot_id, chat))
            if until is None:
                continue
            if until > now:
                raise self._refuse(bot_id, until - now)
            del self._closed[scope, bot_id, chat]

    def _refuse(self, bot_id: int, wait: float) -> Refusal:
        defied = self._defied[bot_id] = self._defied.get(bot_id, 0) + 1
        if self.limits.ban3 and defied >= BAN_AFTER:
            self.close("global", bot_id, None, wait := BAN_SECONDS)
        return too_many_requests(max(1, math.ceil(wait)))

    def _windows_for(self, bot_id: int, chat_id: object, *, paid: bool) -> list[Window | Bucket]:
        limits = self.limits
        windows: list[Window | Bucket] = []
        if limits.per_second:
            rate = PAID_RATE if paid else limits.per_second
            windows.append(self._window(("paid" if paid else "global", bot_id, None), rate, 1))
        is_group = (isinstance(chat_id, int) and chat_id < 0) or isinstance(chat_id, str)
        if is_group and limits.group_per_minute:
            windows.append(self._window(("group", bot_id, chat_id), limits.group_per_minute, 60))
        if limits.chat_per_second:
            key = ("chat", bot_id, chat_id)
            bucket = Bucket(limits.chat_burst, limits.chat_per_second)
            windows.append(self._windows.setdefault(key, bucket))
        return windows

    def _window(self, key: Key, count: int, seconds: float) -> Window | Bucket:
        return self._windows.setdefault(key, Window(count, seconds))
