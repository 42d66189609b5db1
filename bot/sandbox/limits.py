"""Flood limits: so many messages a second in all and in a chat, so many a minute in a group.

Telegram does not publish its rule. Here each is a window that slides: the limit counts the messages of
the second or minute that ends now. A chat may send a short burst first. The clock is the sandbox's own, so
that a test can let a minute pass.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.answers import Refusal, too_many_requests
from bot.sandbox.calls import as_chat_id
from bot.sandbox.parameters import Parameters

PAID_RATE = 1000  # messages a second with allow_paid_broadcast
BAN_AFTER = 3  # calls against a 429 that still lasts
BAN_SECONDS = 60
_COUNTED = ("send", "edit", "copy", "forward")
_FREE = frozenset({"sendchataction", "editforumtopic", "editgeneralforumtopic"})


@dataclass(frozen=True, slots=True)
class Limits:
    """What may be sent; 0 is no limit. The figures in `telegram()` are those that Telegram names."""

    per_second: int = 0
    chat_per_second: float = 0
    chat_burst: int = 3
    group_per_minute: int = 0
    silent_delay: float = 0  # seconds that a call waits by itself instead of being refused
    ban3: bool = False  # three calls against a 429 that still lasts close the bot for a minute

    @classmethod
    def telegram(cls) -> Limits:
        """Return Telegram's published figures."""
        return cls(per_second=30, chat_per_second=1, group_per_minute=20)


class Window:
    """At most `count` within any `seconds`."""

    __slots__ = ("_count", "_seconds", "_times")

    def __init__(self, count: int, seconds: float) -> None:
        self._count = count
        self._seconds = seconds
        self._times: deque[float] = deque(maxlen=count)

    def wait(self, now: float) -> float:
        """Return for how many seconds nothing more fits."""
        if len(self._times) < self._count:
            return 0
        return max(0.0, min(self._times[0] + self._seconds - now, self._seconds))

    def take(self, at: float) -> None:
        """Use one place."""
        self._times.append(at)


def is_counted(method: str) -> bool:
    """Tell whether a method (in lower case) counts against the limits."""
    return method.startswith(_COUNTED) and method not in _FREE


class Gate:
    """Lets a bot's calls through, or says how long to wait."""

    def __init__(self, limits: Limits, now: Callable[[], float]) -> None:
        self.limits = limits
        self._now = now
        self._windows: dict[tuple[str, object], Window] = {}
        self._closed: dict[tuple[str, object], float] = {}  # scope -> until when
        self._defied = 0

    @property
    def idle(self) -> bool:
        """Whether nothing is limited at all."""
        limits = self.limits
        limited = limits.per_second or limits.chat_per_second or limits.group_per_minute
        return not limited and not self._closed

    def close(self, scope: str, key: object, seconds: float) -> None:
        """Refuse everything in a scope ("chat" and "group" with the chat's id, or "global") for a time."""
        self._closed[scope, key] = self._now() + seconds

    def open(self) -> None:
        """Lift everything that `close` closed."""
        self._closed.clear()
        self._defied = 0

    def pass_through(self, params: Parameters) -> float:
        """Take a place for a message and return for how long to delay it silently.

        Raises:
            Refusal: 429.
        """
        now = self._now()
        chat_id = as_chat_id(params.values.get("chat_id"))
        self._check_closed(chat_id, now)
        windows = self._windows_for(chat_id, paid=params.flag("allow_paid_broadcast"))
        wait = max((window.wait(now) for window in windows), default=0.0)
        if wait > self.limits.silent_delay:
            raise self._refuse(wait, now)
        self._defied = 0
        for window in windows:
            window.take(now + wait)
        return wait

    def _check_closed(self, chat_id: object, now: float) -> None:
        for scope, key in (("global", None), ("chat", chat_id), ("group", chat_id)):
            until = self._closed.get((scope, key))
            if until is None:
                continue
            if until > now:
                raise self._refuse(until - now, now)
            del self._closed[scope, key]

    def _refuse(self, wait: float, now: float) -> Refusal:
        if self.limits.ban3:
            self._defied += 1
            if self._defied >= BAN_AFTER:
                self.close("global", None, wait := BAN_SECONDS)
        return too_many_requests(max(1, math.ceil(wait)))

    def _windows_for(self, chat_id: object, *, paid: bool) -> list[Window]:
        limits = self.limits
        windows = []
        if limits.per_second:
            rate = PAID_RATE if paid else limits.per_second
            windows.append(self._window("paid" if paid else "global", None, rate, 1))
        is_group = (isinstance(chat_id, int) and chat_id < 0) or isinstance(chat_id, str)
        if is_group and limits.group_per_minute:
            windows.append(self._window("group", chat_id, limits.group_per_minute, 60))
        if limits.chat_per_second:
            burst = limits.chat_burst
            windows.append(self._window("chat", chat_id, burst, burst / limits.chat_per_second))
        return windows

    def _window(self, scope: str, key: object, count: int, seconds: float) -> Window:
        window = self._windows.get((scope, key))
        if window is None:
            window = self._windows[scope, key] = Window(count, seconds)
        return window
