"""How people of the demo press: they look for the bot's buttons by their labels, wait, and give up after a minute."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

from bot.sandbox import Sandbox

PATIENCE = 60.0  # seconds that a person waits for the bot's answer
THOUGHT = 1.2  # seconds that a person takes for a press


async def choose(
    sandbox: Sandbox, chat_id: int, person: int, topics: tuple[str, ...], *, about: str = ""
) -> None:
    """Press the topics' buttons in the bot's last menu that speaks `about` something."""
    shown = await menu(sandbox, chat_id, about)
    for topic in topics:
        await asyncio.sleep(THOUGHT)
        data = await sandbox.wait_until(partial(_button, sandbox, chat_id, shown, topic), PATIENCE)
        pressed = sandbox.press(chat_id, person, shown, data)
        await sandbox.wait_until(partial(_is_answered, sandbox, pressed), PATIENCE)


def _is_answered(sandbox: Sandbox, callback_id: str) -> bool:
    return bool(sandbox.callback(callback_id)["answered"])


async def menu(sandbox: Sandbox, chat_id: int, about: str) -> int:
    """Wait for a message of the bot's with buttons, and return its id."""

    def newest() -> int | None:
        for message in reversed(sandbox.messages(chat_id)):
            if _keys(message) and about in str(message.get("text", "")):
                return int(message["message_id"])
        return None

    found: int = await sandbox.wait_until(newest, PATIENCE)
    return found


def _button(sandbox: Sandbox, chat_id: int, message_id: int, label: str) -> str | None:
    message = sandbox.chat(chat_id).living(message_id)
    keys = _keys(message.body) if message else []
    return next((key["callback_data"] for key in keys if label in key["text"]), None)


def _keys(message: dict[str, Any]) -> list[dict[str, Any]]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [key for row in rows for key in row if "callback_data" in key]


def newest_button(sandbox: Sandbox, person: int, label: str, about: str) -> tuple[int, str] | None:
    """Return the newest button with that label below a message `about` something: its message and its data."""
    for message in reversed(sandbox.messages(person)):
        if about in str(message.get("text", "")):
            found = next((key for key in _keys(message) if label in key["text"]), None)
            if found is not None:
                return int(message["message_id"]), str(found["callback_data"])
    return None


async def press_newest(sandbox: Sandbox, person: int, label: str, *, about: str = "") -> None:
    """Wait in the person's chat for a button with that label below a message `about` something, and press it."""
    newest = partial(newest_button, sandbox, person, label, about)
    message_id, data = await sandbox.wait_until(newest, PATIENCE)
    await asyncio.sleep(THOUGHT)
    pressed = sandbox.press(person, person, message_id, data)
    await sandbox.wait_until(partial(_is_answered, sandbox, pressed), PATIENCE)


async def asked(sandbox: Sandbox, person: int, words: str) -> int:
    """Wait for the bot's newest message with the words that opens the reply box, and return its id."""

    def newest() -> int | None:
        for message in reversed(sandbox.messages(person)):
            if words in str(message.get("text", "")) and "force_reply" in message.get("reply_markup", {}):
                return int(message["message_id"])
        return None

    found: int = await sandbox.wait_until(newest, PATIENCE)
    return found
