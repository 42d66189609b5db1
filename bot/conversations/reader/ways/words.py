"""Settings in words: `/settings формат кратко`, `/settings language English`, `/settings digest 8:00 20:00`.

The words are those of the buttons, in any of the bot's languages: each leads where its button leads. So whatever has
a button has its words as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import Message

from bot.conversations.access import need_manager
from bot.conversations.answers import send
from bot.conversations.chats import joined
from bot.conversations.reader.settings.kept import keep
from bot.conversations.reader.settings.page import CHOSEN, Page
from bot.conversations.reader.settings.presses import STAY, asks_more, offered, speak_as_chosen
from bot.conversations.reader.ways.labels import plain
from bot.conversations.visit import Visit
from bot.model.message import Button, OutgoingMessage
from bot.model.press import unpack
from bot.tongues import codes

router = Router(name="settings_in_words")

LONGEST = 200
STEPS = 12
"""How many buttons are pressed at most for one message."""

_NUMBERED = re.compile(r"\A\d+\. ")
_HOUR = re.compile(r"\b(\d)(?=:\d\d\b)")
_RANGE = re.compile(r"(?<=\d)\s*[-–—]\s*(?=\d)")


@dataclass(frozen=True, slots=True)
class _Way:
    """A button of a page, in one language: what is said for it, what it says of its state, and where it leads."""

    said: str
    state: str
    chosen: bool
    button: Button


@router.message(Command("settings", magic=F.args))
async def choose(message: Message, command: CommandObject, visit: Visit) -> None:
    """Choose what the words name, one button after the other; show the page where they end, or lead no further."""
    await need_manager(visit, message)
    here = await joined(visit, message.chat)
    words = _RANGE.sub(" ", _HOUR.sub(r"0\1", plain((command.args or "")[:LONGEST])))
    name: str = ""
    values: tuple[str, ...] = ()
    for _ in range(STEPS):
        found = await _found(Page(visit, here), name, values, words)
        if found is None:
            break
        way, words = found
        pressed = unpack(way.button.press or "")
        if pressed.verb != "set" or len(pressed.args) < 2:
            break
        name, values = pressed.args[1], pressed.args[2:]
        if asks_more(name, values):
            continue
        if not way.chosen and not (way.state and words == way.state):
            here = await keep(visit, here, name, values)
            visit = await speak_as_chosen(visit, here, name)
        name, values = STAY.get(name, ""), ()
        if not name:
            break
    await send(visit, await offered(Page(visit, here), name, values))


async def _found(page: Page, name: str, values: tuple[str, ...], words: str) -> tuple[_Way, str] | None:
    """Return the button that the first words name on a page, in any language, and the words left; the longest first."""
    if not words:
        return None
    ways: list[_Way] = []
    for code in dict.fromkeys((page.visit.language, *codes())):
        spoken = replace(page, visit=replace(page.visit, language=code))
        ways += _ways(await offered(spoken, name, values))
    whole = [way for way in ways if words == way.said or words.startswith(f"{way.said} ")]
    if whole:
        best = max(whole, key=lambda way: len(way.said))
        return best, words[len(best.said) :].strip()
    first, _, rest = words.partition(" ")
    part = next((way for way in ways if way.said.partition(" ")[0] == first), None)
    return (part, rest) if part else None


def _ways(page: OutgoingMessage) -> list[_Way]:
    return [way for row in page.buttons for button in row if (way := _way(button)).said]


def _way(button: Button) -> _Way:
    label, _, state = button.text.partition(": ")
    return _Way(plain(_NUMBERED.sub("", label)), plain(state), button.text.startswith(CHOSEN), button)
