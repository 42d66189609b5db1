"""While nothing can be written: what waits to be handled again, for how long, and who was told so.

What people say is handled again when it can be written down: until then it stays in the inbox, or with Telegram. A
press is not, because nobody expects one to be done an hour later: the person is told to press again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator

from bot.updates.update import Incoming

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 5.0
"""Seconds until it is tried again to write down what met an outage: each pause is twice the one before."""

MOST_TRIES = 5
"""How often an update is handled again though others can be written down: then the fault is its own."""


PRESS_SECONDS = 300.0
"""Telegram repeats a press for 150 seconds at most (tdlib/telegram-bot-api: Client.cpp)."""


class Patience:
    """How long one update waits until it is handled again, and when it is given up."""

    def __init__(self) -> None:
        self._pause = FIRST_PAUSE
        self._tries = 0

    def is_over(self) -> bool:
        """Count one more try; return whether there were too many."""
        self._tries += 1
        return self._tries > MOST_TRIES

    async def wait(self, closing: asyncio.Event) -> bool:
        """Wait for a while; return False where the bot is stopping."""
        pause, self._pause = self._pause, min(LONGEST_PAUSE, self._pause * 2)
        try:
            await asyncio.wait_for(closing.wait(), pause)
        except TimeoutError:
            return True
        return False


class Unkept:
    """Updates that could not be written into the inbox: each press is told of once, each chat's words once."""

    def __init__(self) -> None:
        self._presses: dict[int, float] = {}
        self._chats: set[int] = set()

    def untold(self, updates: Iterable[Incoming]) -> Iterator[Incoming]:
        """Yield those whose persons are to be told now."""
        for update in updates:
            if not update.asks or (
                self.was_refused(update) if update.is_press else update.chat in self._chats
            ):
                continue
            if update.is_press:
                self._presses[update.id] = asyncio.get_running_loop().time()
            else:
                self._chats.add(update.chat)
            yield update

    def was_refused(self, update: Incoming) -> bool:
        """Return whether it is a press whose person was told that it is not done."""
        return update.id in self._presses

    def over(self, confirmed: int | None) -> None:
        """Forget who was told: updates are written again.

        Below `confirmed` Telegram sends none any more; where that is None, none after PRESS_SECONDS.
        """
        late = asyncio.get_running_loop().time() - PRESS_SECONDS
        self._presses = {
            each: at
            for each, at in self._presses.items()
            if (at > late if confirmed is None else each >= confirmed)
        }
        self._chats.clear()
