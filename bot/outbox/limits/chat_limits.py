"""What each chat may still take: a call a second with a small burst, twenty a minute in a group."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass

MARGIN = 0.98
GROUP_SECONDS = 60.0
FORGOTTEN_AT_ONCE = 4


@dataclass(slots=True)
class _Chat:
    """Tokens that refill, as they were at `at`; the calls of the last minute; a pause after a 429."""

    tokens: float
    at: float
    paused_until: float = 0.0
    calls: deque[float] | None = None


class ChatLimits:
    """Chats that were written to lately; one that is whole again is forgotten."""

    def __init__(self, chat_rate: float, burst: int, group_rate: float) -> None:
        """Take calls a second to a chat, how many at once after a silence, and calls a minute to a group."""
        self._rate = chat_rate * MARGIN
        self._burst = float(burst)
        self._group_most = max(1, int(group_rate))
        self._chats: OrderedDict[int, _Chat] = OrderedDict()

    @property
    def remembered(self) -> int:
        """How many chats are remembered."""
        return len(self._chats)

    def ready_at(self, chat_id: int, now: float) -> float:
        """Return when the chat can take a call."""
        chat = self._chats.get(chat_id)
        if chat is None:
            return now
        ready = max(now, chat.paused_until)
        tokens = self._tokens(chat, now)
        if tokens < 1:
            ready = max(ready, now + (1 - tokens) / self._rate)
        calls = chat.calls
        if calls is None:
            return ready
        while calls and calls[0] <= now - GROUP_SECONDS:
            calls.popleft()
        if len(calls) >= self._group_most:
            ready = max(ready, calls[-self._group_most] + GROUP_SECONDS)
        return ready

    def spend(self, chat_id: int, now: float) -> None:
        """Count a call to the chat."""
        chat = self._of(chat_id, now)
        chat.tokens = self._tokens(chat, now) - 1
        chat.at = now
        if chat_id < 0:
            chat.calls = chat.calls if chat.calls is not None else deque()
            chat.calls.append(now)
        self._forget(now)

    def count(self, chat_id: int, now: float, more: int) -> None:
        """Count further messages of a call against a group's minute; to a chat's second an album is one."""
        if chat_id < 0 and (calls := self._of(chat_id, now).calls) is not None:
            calls.extend([now] * more)

    def pause(self, chat_id: int, now: float, until: float) -> None:
        """Let nothing go to the chat before `until`."""
        self._of(chat_id, now).paused_until = until

    def _tokens(self, chat: _Chat, now: float) -> float:
        return min(self._burst, chat.tokens + (now - chat.at) * self._rate)

    def _of(self, chat_id: int, now: float) -> _Chat:
        chat = self._chats.get(chat_id)
        if chat is None:
            chat = self._chats[chat_id] = _Chat(self._burst, now)
        else:
            self._chats.move_to_end(chat_id)
        return chat

    def _forget(self, now: float) -> None:
        """Look at those that were written to longest ago: nobody else can be whole before them for long."""
        for _ in range(FORGOTTEN_AT_ONCE):
            chat_id, chat = next(iter(self._chats.items()))
            if self._tokens(chat, now) < self._burst:
                return
            if chat.paused_until > now or (chat.calls and chat.calls[-1] > now - GROUP_SECONDS):
                self._chats.move_to_end(chat_id)
                continue
            del self._chats[chat_id]
            if not self._chats:
                return
