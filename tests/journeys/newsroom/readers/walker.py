"""Somebody who presses whatever can be pressed: every kind of button that the menu's commands lead to."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.store.operations import inbox
from tests.support.messages import Message, buttons, text_of
from tests.support.transactions import reads
from tests.support.world import BOT, World

FAILED = ("пошло не так", "went wrong")
"""What the bot says when it made a mistake."""


def shape(data: str) -> str:
    """Return what kind of button it is: its data without numbers."""
    return re.sub(r"-?\d+", "#", data)


@dataclass
class Walker:
    """Presses as one person, at most `most` buttons of each kind; `spared` are the beginnings of what is left alone."""

    room: World
    user: int
    spared: tuple[str, ...] = ()
    most: int = 1
    at_once: int = 1
    pressed: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)

    async def walk(self, command: str, steps: int = 120) -> None:
        """Say a command, and press what is new to it in what it brings, a step at a time."""
        page = await self.room.say(self.user, command)
        for _ in range(steps):
            data = self._choose(page)
            if data is None:
                return
            await self._press(page, data)
            standing = self.room.shown(self.user)
            page = next((each for each in standing if each["message_id"] == page["message_id"]), standing[-1])
            if self._choose(page) is None:
                page = next((each for each in reversed(standing) if self._choose(each)), page)

    async def settled(self) -> None:
        """Wait until all that was said and pressed is handled."""
        async with asyncio.timeout(60):
            while await reads(inbox.unhandled)(self.room.db, BOT):
                await asyncio.sleep(0.01)
        await self.room.services.errands.settle()

    def _choose(self, page: Message) -> str | None:
        """Return the button that was pressed the least, of those that may be pressed once more."""
        offered = [each["callback_data"] for each in buttons(page) if "callback_data" in each]
        left = [each for each in offered if not each.startswith(self.spared) and self._new(each)]
        return min(left, key=lambda each: self.pressed[shape(each)], default=None)

    def _new(self, data: str) -> bool:
        return self.pressed[shape(data)] < self.most

    async def _press(self, page: Message, data: str) -> None:
        self.pressed[shape(data)] += 1
        made = [
            self.room.sandbox.press(self.user, self.user, page["message_id"], data)
            for _ in range(self.at_once)
        ]
        for each in made:
            answer = await self.room.until(lambda each=each: self.room.answered(each))
            self._look(data, [str(answer.get("text") or "")])
        await self.settled()
        self._look(data, [text_of(each) for each in self.room.shown(self.user)[-2:]])

    def _look(self, data: str, said: Iterable[str]) -> None:
        self.failed += [f"{data}: {text}" for text in said if any(words in text for words in FAILED)]
