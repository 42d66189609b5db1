"""Guest mode: the bot answers where it is no member, once, with a story or a kind word."""

from __future__ import annotations

from typing import Any

import pytest

from bot.desk.amend import kill
from tests.support.messages import labels, text_of
from tests.support.world import World

ANNA, BORIS, JAMES = 21, 22, 23


@pytest.fixture
def there(room: World) -> int:
    """A group in which the bot is no member; it takes guests' questions."""
    room.sandbox.set_inline()
    made: int = room.sandbox.add_chat("supergroup", title="Соседи", creator=ANNA, members=[BORIS, JAMES])[
        "id"
    ]
    return made


async def asked(room: World, there: int, user: int, words: str, **options: Any) -> dict[str, Any]:
    """Name the bot in a group, and return the message with which it answers."""
    question = room.sandbox.summon(there, user, words, **options)
    await room.until(lambda: room.sandbox.shown(question)["answered"])
    return room.sandbox.messages(there)[-1]


async def test_it_answers_with_the_story_that_says_it_in_the_headline(room: World, there: int) -> None:
    number = await room.story("Мост открыт")
    await room.story("Погода", text="У моста туман.")
    answer = await asked(room, there, BORIS, "@vestnik_bot мост")
    assert "Мост открыт" in text_of(answer)
    assert answer["reply_markup"]["inline_keyboard"][0][0]["url"].endswith(f"start=a-{number}")
    assert "reply_to_message" in answer


async def test_without_words_it_looks_at_what_is_replied_to_else_at_the_newest(
    room: World, there: int
) -> None:
    await room.story("Мост открыт")
    await room.story("Погода")
    said = room.sandbox.send(there, ANNA, "Мосты!")
    answer = await asked(room, there, BORIS, "@Vestnik_Bot", reply_to=said["message_id"])
    assert "Мост открыт" in text_of(answer)
    assert "Погода" in text_of(await asked(room, there, BORIS, "@vestnik_bot"))


async def test_where_nothing_is_found_it_says_so_in_the_askers_language(room: World, there: int) -> None:
    number = await room.story("Мост открыт")
    await kill(room.db, number, room.clock.now())
    answer = await asked(room, there, BORIS, "@vestnik_bot мост")
    assert "ничего не нашёл" in text_of(answer)
    assert labels(answer) == ["🔍 Поиск по новостям"]
    assert "no news about that" in text_of(await asked(room, there, JAMES, "@vestnik_bot bridge"))
    assert "few words" in text_of(await asked(room, there, JAMES, "@vestnik_bot " + "bridge " * 60))
