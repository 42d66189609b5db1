"""People in the sandbox, and what they do: write, press, and read what the bot shows them."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.sandbox import Sandbox
from tests.support.messages import Message, data_of, labels, plain, text_of

T = TypeVar("T")

OWNER, EDITOR, ANNA, BORIS, JAMES = 11, 12, 21, 22, 23
NAMES = {OWNER: "Ольга", EDITOR: "Егор", ANNA: "Анна", BORIS: "Борис", JAMES: "James"}


def as_seen_by(sandbox: Sandbox, bot_id: int) -> Sandbox:
    """Return the sandbox with the private chats of that bot, not of the first, in the place of people's chats."""
    theirs = copy.copy(sandbox)
    theirs.chat = lambda chat_id, of=None: sandbox.world.chat(chat_id, of or bot_id)  # type: ignore[method-assign]
    return theirs


@dataclass
class People:
    """Whoever talks with the bot; a chat is a person's own where none is named."""

    sandbox: Sandbox

    def arrive(self) -> None:
        """Let everybody have an account; James speaks English."""
        for user, name in NAMES.items():
            self.sandbox.add_user(name, id=user, language_code="en-GB" if user == JAMES else "ru")

    async def until(self, found: Callable[[], T | None], seconds: float = 60) -> T:
        """Wait until there is something to return, and return it."""
        there: T = await self.sandbox.wait_until(found, timeout=seconds)
        return there

    async def met(self, fault: int) -> None:
        """Wait until a call has met a fault that waits; a slow call is under way then."""
        async with asyncio.timeout(60):
            while not self.sandbox.faults.waiting()[fault].hits:
                await asyncio.sleep(0.01)

    def shown(self, chat: int) -> list[Message]:
        """Return the bot's messages that stand in a chat."""
        return [
            each
            for each in self.sandbox.messages(chat)
            if each.get("from", {}).get("is_bot") or each["chat"]["type"] == "channel"
        ]

    def texts(self, chat: int) -> list[str]:
        """Return what the bot's messages in a chat say, unbreakable spaces as plain ones."""
        return [plain(each) for each in self.shown(chat)]

    def send(self, user: int, text: str, chat: int | None = None, **options: Any) -> Message:
        """Send a message as a person and return it."""
        return self.sandbox.send(chat or user, user, text, **options)

    async def say(self, user: int, text: str, chat: int | None = None, **options: Any) -> Message:
        """Send a message as a person and return the bot's next message in that chat."""
        at = chat or user
        before = len(self.shown(at))
        self.send(user, text, chat, **options)
        await self.until(lambda: len(self.shown(at)) > before)
        return self.shown(at)[-1]

    async def refused(self, user: int, text: str, chat: int, **options: Any) -> Message:
        """Send a message in a group, and return the bot's next message there that the person alone sees."""
        before = len(self.sandbox.ephemeral(chat, user))
        self.send(user, text, chat, **options)
        await self.until(lambda: len(self.sandbox.ephemeral(chat, user)) > before)
        return self.sandbox.ephemeral(chat, user)[-1]

    async def aside(self, user: int, chat: int, words: str) -> Message:
        """Wait for a message in a group that a member alone sees, with those words, and return it."""

        def newest() -> Message | None:
            standing = reversed(self.sandbox.ephemeral(chat, user))
            return next((each for each in standing if words in plain(each)), None)

        return await self.until(newest)

    async def silent(self, user: int, text: str, chat: int) -> None:
        """Send a message that the bot must not answer: what is said next is answered first of all."""
        before = len(self.shown(chat))
        self.send(user, text, chat)
        answer = await self.say(user, "/id@vestnik_bot", chat)
        assert "Этот чат" in text_of(answer) or "This chat" in text_of(answer)
        assert len(self.shown(chat)) == before + 1

    async def answer(self, chat: int, words: str) -> Message:
        """Wait for a message with those words in a chat and return the newest."""

        def newest() -> Message | None:
            standing = reversed(self.shown(chat))
            return next((each for each in standing if words in text_of(each) or words in plain(each)), None)

        return await self.until(newest)

    async def press(self, user: int, message: Message, label: str) -> dict[str, Any]:
        """Press a message's button by its label and return how the press was answered."""
        data = data_of(message, label)
        assert data, f"no button {label!r} in {labels(message)}"
        return await self.forge(user, message, data, forge=False)

    async def press_newest(self, user: int, label: str, chat: int | None = None) -> dict[str, Any]:
        """Wait for a button with that label, press the newest, and return how the press was answered."""
        at = chat or user

        def newest() -> Message | None:
            return next((each for each in reversed(self.shown(at)) if data_of(each, label)), None)

        return await self.press(user, await self.until(newest), label)

    async def forge(self, user: int, message: Message, data: str, *, forge: bool = True) -> dict[str, Any]:
        """Send the data of a button that need not be there, and return the answer."""
        aside = message.get("ephemeral_message_id")
        number = message["message_id"]
        pressed = self.sandbox.press(
            message["chat"]["id"], user, number, data, forge=forge, ephemeral_id=aside
        )
        return await self.until(lambda: self.answered(pressed))

    def answered(self, pressed: str) -> dict[str, Any] | None:
        """Return the answer to a press, None while there is none."""
        found = self.sandbox.callback(pressed)
        return found if found["answered"] else None

    def again(self, message: Message) -> Message:
        """Return the message as it stands now."""
        chat = message["chat"]["id"]
        return next(
            each for each in self.sandbox.messages(chat) if each["message_id"] == message["message_id"]
        )

    async def changed(self, message: Message, words: str) -> Message:
        """Wait until the words stand in the message or on its buttons, and return it."""

        def has() -> bool:
            now = self.again(message)
            return words in text_of(now) or words in plain(now) or any(words in each for each in labels(now))

        await self.until(has)
        return self.again(message)
