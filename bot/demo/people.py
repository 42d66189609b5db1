"""The people of the demo, and their first steps: they use the bot's own buttons, as anybody would."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass

from bot.demo.hands import PATIENCE, THOUGHT, choose, menu
from bot.sandbox import Impossible, Sandbox

MARIA = 1001
ANNA = 1002
OLGA = 1003
BAKYT = 1004
JAMES = 1005
TIMUR = 1006
NINA = 1007
ASKAR = 1008


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
            "maria": "Мария Главная" if self._russian else "Maria Chief",
            "bakyt": "Бакыт",
            "james": "James",
            "timur": "Тимур Автор" if self._russian else "Timur Author",
            "nina": "Нина Редактор" if self._russian else "Nina Editor",
            "askar": "Аскар Дежурный" if self._russian else "Askar On Duty",
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
        roles |= {"timur": TIMUR, "nina": NINA, "askar": ASKAR}
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
        _patiently(_start(sandbox, JAMES, "World", "Economy", "Science")),
        _patiently(_gather_neighbours(sandbox, cast)),
        _patiently(_open_channel(sandbox, cast)),
    )


async def _patiently(doing: Awaitable[None]) -> None:
    with suppress(TimeoutError, Impossible):
        await doing


async def _start(sandbox: Sandbox, person: int, *topics: str) -> None:
    sandbox.send(person, person, "/start")
    await choose(sandbox, person, person, topics)


async def _gather_neighbours(sandbox: Sandbox, cast: Cast) -> None:
    await _start(sandbox, BAKYT, "Спорт", "Культура")
    group = sandbox.add_chat(
        "group", title=cast.group_title, creator=BAKYT, members=[ANNA, sandbox.bot().id]
    )["id"]
    await choose(sandbox, group, BAKYT, ("Общество", "Погода"))
    sandbox.send(group, ANNA, "Соседи, теперь новости будут приходить прямо сюда.")


async def _open_channel(sandbox: Sandbox, cast: Cast) -> None:
    russian = cast.language == "ru"
    sandbox.send(MARIA, MARIA, "/start")
    await menu(sandbox, MARIA, "")
    await asyncio.sleep(THOUGHT)
    title = cast.channel_title
    sandbox.add_chat("channel", title=title, creator=MARIA, members=[sandbox.bot().id])
    topics = ("Мир", "Культура") if russian else ("World", "Culture")
    await choose(sandbox, MARIA, MARIA, topics, about=title)
