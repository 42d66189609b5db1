"""The people of the demo, and what they do at its start: with the bot's own buttons, as anybody would."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from bot.sandbox import Impossible, Sandbox

PATIENCE = 60.0  # seconds that a person waits for the bot's answer
THOUGHT = 1.2  # seconds that a person takes for a press
MARIA = 1001
ANNA = 1002
OLGA = 1003
BAKYT = 1004
JAMES = 1005


@dataclass(frozen=True, slots=True)
class Cast:
    """Who is on the page. Those who take the visitor's part speak `language`."""

    language: str

    @property
    def _russian(self) -> bool:
        return self.language == "ru"

    @property
    def names(self) -> dict[str, str]:
        """First and last names, by role, in the order of the page's phones: the visitor's own comes first."""
        return {
            "olga": "Ольга" if self._russian else "Olga",
            "anna": "Анна",
            "maria": "Мария Редактор" if self._russian else "Maria Editor",
            "bakyt": "Бакыт",
            "james": "James",
        }

    @property
    def agency(self) -> str:
        """The bot's name."""
        return "Вестник Долины" if self._russian else "Valley Herald"

    group_title = "Соседи"

    @property
    def channel_title(self) -> str:
        """The name of the editor's channel."""
        return "Долина сегодня" if self._russian else "The Valley Today"

    def arrive(self, sandbox: Sandbox) -> None:
        """Put the people on the page; none of them has met the bot."""
        roles = {"anna": ANNA, "maria": MARIA, "olga": OLGA, "bakyt": BAKYT, "james": JAMES}
        spoken = {"anna": "ru", "bakyt": "ru", "james": "en"}
        for role, name in self.names.items():
            first, _, last = name.partition(" ")
            sandbox.add_user(
                first,
                id=roles[role],
                last_name=last,
                username=f"{role}_demo",
                language_code=spoken.get(role, self.language),
            )


async def has_answered(sandbox: Sandbox) -> bool:
    """Wait for the bot's first answer to anybody, and tell whether it came."""
    with suppress(TimeoutError):
        return bool(await sandbox.wait_until(lambda: sandbox.calls(method="sendMessage"), PATIENCE))
    return False


async def settle_in(sandbox: Sandbox, cast: Cast) -> None:
    """Let everybody but Olga meet the bot and choose topics. Whoever gets no answer gives up quietly."""
    await asyncio.gather(
        _patiently(_start(sandbox, ANNA, "Экономика", "Наука", "Погода")),
        _patiently(_start(sandbox, JAMES, "In English")),
        _patiently(_gather_neighbours(sandbox, cast)),
        _patiently(_open_channel(sandbox, cast)),
    )


async def _patiently(doing: Awaitable[None]) -> None:
    with suppress(TimeoutError, Impossible):
        await doing


async def _start(sandbox: Sandbox, person: int, *topics: str) -> None:
    sandbox.send(person, person, "/start")
    await _choose(sandbox, person, person, topics)


async def _gather_neighbours(sandbox: Sandbox, cast: Cast) -> None:
    await _start(sandbox, BAKYT, "Спорт", "Культура")
    group = sandbox.add_chat(
        "group", title=cast.group_title, creator=BAKYT, members=[ANNA, sandbox.bot().id]
    )["id"]
    await _choose(sandbox, group, BAKYT, ("Общество", "Погода"))
    sandbox.send(group, ANNA, "Соседи, теперь новости будут приходить прямо сюда.")


async def _open_channel(sandbox: Sandbox, cast: Cast) -> None:
    russian = cast.language == "ru"
    sandbox.send(MARIA, MARIA, "/start")
    await _menu(sandbox, MARIA, "")
    await asyncio.sleep(THOUGHT)
    title = cast.channel_title
    sandbox.add_chat("channel", title=title, creator=MARIA, members=[sandbox.bot().id])
    topics = ("Мир", "Культура") if russian else ("In English",)
    await _choose(sandbox, MARIA, MARIA, topics, about=title)


async def _choose(
    sandbox: Sandbox, chat_id: int, person: int, topics: tuple[str, ...], about: str = ""
) -> None:
    """Press the topics' buttons in the bot's last menu that speaks `about` something."""
    menu = await _menu(sandbox, chat_id, about)
    for topic in topics:
        await asyncio.sleep(THOUGHT)
        data = await sandbox.wait_until(partial(_button, sandbox, chat_id, menu, topic), PATIENCE)
        pressed = sandbox.press(chat_id, person, menu, data)
        await sandbox.wait_until(partial(_is_answered, sandbox, pressed), PATIENCE)


def _is_answered(sandbox: Sandbox, callback_id: str) -> bool:
    return bool(sandbox.callback(callback_id)["answered"])


async def _menu(sandbox: Sandbox, chat_id: int, about: str) -> int:
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
