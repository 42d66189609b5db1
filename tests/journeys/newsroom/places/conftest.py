"""Groups and channels in the running newsroom, in Russian and in English."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.journeys.newsroom.conftest import Newsroom
from tests.support.world import BOT

ANNA, BORIS, JAMES, OWNER = 21, 22, 23, 11


@dataclass(frozen=True)
class Side:
    """Whoever sets chats up, in which language, and another administrator."""

    language: str
    keeper: int
    economy: str
    world: str

    def of(self, russian: str, english: str) -> str:
        """Return the words in the language of this side."""
        return russian if self.language == "ru" else english


@pytest.fixture(params=["ru", "en"])
def side(request: pytest.FixtureRequest) -> Side:
    """One of the two languages."""
    if request.param == "ru":
        return Side("ru", ANNA, "Экономика", "Мир")
    return Side("en", JAMES, "Economy", "World")


async def forum(newsroom: Newsroom, side: Side, *, admin: bool = False) -> tuple[int, list[int]]:
    """Make a forum of the keeper's with two threads and the bot in it; return it and the threads."""
    sandbox = newsroom.sandbox
    chat = sandbox.add_chat(
        "supergroup", title="Соседи", creator=side.keeper, members=[BORIS], is_forum=True
    )["id"]
    sandbox.set_member(chat, BOT, "administrator" if admin else "member", by=side.keeper)
    await newsroom.answer(chat, side.of("Администраторы", "Administrators"))
    return chat, [sandbox.add_thread(chat, name) for name in ("Деньги", "Планета")]


async def tell(newsroom: Newsroom, number: int, category: str) -> str:
    """Put a story on the wire and return its headline."""
    headline = f"Новость {number}: {category}"
    newsroom.wire.put(str(number), headline, f"Коротко о новости {number}.", category=category)
    return headline
