"""Inline mode: what is found while somebody types, what a choice puts into a chat, and what nobody gets to see."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from bot.conversations.inline.queries import CACHE_SECONDS, PER_PAGE
from bot.desk.amend import kill
from bot.readers import membership
from bot.store.newsroom import articles
from bot.store.tables.operations import inbox
from tests.support.messages import labels, text_of
from tests.support.world import World

BOT, ANNA, BORIS, JAMES = 700700, 21, 22, 23
WORLD, ASIA, ECONOMY = 1, 2, 3


@pytest.fixture
def typing(room: World) -> World:
    """A listening bot that has inline mode."""
    room.sandbox.set_inline()
    return room


async def shown(room: World, user: int, words: str = "", **options: Any) -> dict[str, Any]:
    """Type a query, and return its id and what is shown for it."""
    asked = room.sandbox.inline(user, words, **options)
    await room.until(lambda: room.sandbox.shown(asked)["answered"])
    return {"id": asked, **room.sandbox.shown(asked)}


def titles(answer: dict[str, Any]) -> list[str]:
    return [each["title"] for each in answer["results"]]


async def test_words_find_stories_and_a_choice_stands_in_the_chat_with_a_link(typing: World) -> None:
    number = await typing.story("Мост открыт", ECONOMY, text="Первые поезда прошли утром. " * 200)
    await typing.story("Погода")
    answer = await shown(typing, BORIS, "моста")
    assert titles(answer) == ["Мост открыт"]
    assert answer["results"][0]["description"] == "Лид."
    assert (answer["is_personal"], answer["cache_time"]) == (True, CACHE_SECONDS)
    there = typing.sandbox.add_chat("group", title="Соседи", creator=BORIS)["id"]
    message = typing.sandbox.choose(there, BORIS, answer["id"], answer["results"][0]["id"])
    assert "Мост открыт" in text_of(message)
    assert "Лид." in text_of(message)
    assert labels(message) == ["Читать полностью"]
    button = message["reply_markup"]["inline_keyboard"][0][0]
    assert button["url"] == f"https://t.me/vestnik_bot?start=a-{number}"


async def test_an_empty_query_shows_the_newest_page_by_page(typing: World) -> None:
    for number in range(PER_PAGE + 2):
        await typing.story(f"Мост-{number:02}")
    first = await shown(typing, BORIS)
    assert titles(first) == [f"Мост-{at:02}" for at in range(PER_PAGE + 1, 1, -1)]
    assert first["next_offset"] == "1"
    second = await shown(typing, BORIS, offset="1")
    assert titles(second) == ["Мост-01", "Мост-00"]
    assert second["next_offset"] == ""
    assert second["button"] is None


async def test_it_speaks_the_persons_language_and_finds_in_theirs(typing: World) -> None:
    await typing.story("Bridge reopened", text="Two bridges.", language="en")
    await typing.story("Мост открыт", text="Два моста.")
    assert titles(await shown(typing, JAMES)) == ["Bridge reopened"]
    assert titles(await shown(typing, ANNA)) == ["Мост открыт"]
    nothing = await shown(typing, JAMES, "zebra")
    assert nothing["button"]["text"] == "Nothing found. Open the bot"
    await typing.choose(ANNA, language="en", news_languages=("en",))
    assert (await shown(typing, ANNA, "зебра"))["button"]["text"] == "Nothing found. Open the bot"
    assert titles(await shown(typing, ANNA, "bridges")) == ["Bridge reopened"]


async def test_the_button_of_an_empty_answer_leads_to_a_greeting(typing: World) -> None:
    answer = await shown(typing, ANNA, "зебра")
    assert answer["button"] == {"text": "Ничего не нашлось. Открыть бот", "start_parameter": "inline"}
    typing.send(ANNA, "/start inline")
    await typing.answer(ANNA, "Здравствуйте, Анна!")


async def test_what_was_taken_back_and_what_is_no_news_yet_is_found_by_nobody(typing: World) -> None:
    killed = await typing.story("Мост закрыт")
    await kill(typing.db, killed, typing.clock.now())
    async with typing.db.write() as tx:
        kept = await articles.get(tx, killed)
        assert kept is not None
        await articles.add(
            tx, kept.content, source="desk", uid="draft", at=typing.clock.now(), topic_ids=(ECONOMY,)
        )
    assert titles(await shown(typing, BORIS)) == []
    assert titles(await shown(typing, BORIS, "мост")) == []


async def test_a_story_withdrawn_before_it_is_chosen_is_put_right(typing: World) -> None:
    number = await typing.story("Мост закрыт")
    answer = await shown(typing, BORIS, "мост")
    await kill(typing.db, number, typing.clock.now())
    there = typing.sandbox.add_chat("group", title="Соседи", creator=BORIS)["id"]
    message = typing.sandbox.choose(there, BORIS, answer["id"], answer["results"][0]["id"])
    message = await typing.changed(message, "отозвала")
    assert "Мост" not in text_of(message)
    assert labels(message) == []


async def test_whoever_chooses_in_the_bots_own_chat_is_not_asked_what_that_means(typing: World) -> None:
    await typing.story("Мост открыт")
    answer = await shown(typing, ANNA, "мост")
    typing.sandbox.choose(ANNA, ANNA, answer["id"], answer["results"][0]["id"])
    await typing.say(ANNA, "/id")
    assert len(typing.shown(ANNA)) == 1, "messages of a chat are handled in their order"


async def test_who_said_stop_is_nobody_in_particular(typing: World) -> None:
    await typing.story("Мост открыт")
    await typing.choose(ANNA, language="en", news_languages=("en",))
    known = await typing.chat(ANNA)
    await membership.leave(typing.db, known.id, typing.clock.now())
    assert titles(await shown(typing, ANNA)) == ["Мост открыт"]


@pytest.mark.parametrize(
    "words",
    [
        *("'; DROP TABLE article; --", 'мост" OR "1', "мост NEAR(поезд)", "{headline} : мост"),
        *("(((мост", "*" * 256, "я" * 256, "«" * 256, "\u202e", "%s{0}", "#" * 100, "-мост", "a" * 201),
    ],
)
async def test_whatever_is_typed_is_answered(typing: World, words: str) -> None:
    await typing.story("Погода")
    assert (await shown(typing, BORIS, words))["answered"]
    assert titles(await shown(typing, BORIS)) == ["Погода"]


async def test_too_long_a_query_is_told_so(typing: World) -> None:
    answer = await shown(typing, BORIS, "мост " * 50)
    assert answer["results"] == []
    assert answer["button"]["text"] == "Слишком длинно: хватит нескольких слов"


@pytest.mark.parametrize("offset", ["-1", "0", "20", "999999999999", "x", "1;2", "٣", "1.5"])
async def test_a_forged_offset_finds_nothing(typing: World, offset: str) -> None:
    await typing.story("Погода")
    answer = await shown(typing, BORIS, offset=offset)
    assert (answer["results"], answer["next_offset"]) == ([], "")


async def test_nothing_is_kept_of_a_query(typing: World) -> None:
    await shown(typing, BORIS, "мост")
    async with typing.db.read() as tx:
        assert (await tx.execute(select(inbox))).all() == []
    assert await membership.find(typing.db, BOT, BORIS) is None


async def test_an_answer_that_comes_too_late_is_no_fault(
    typing: World, caplog: pytest.LogCaptureFixture
) -> None:
    fault = typing.sandbox.fault(
        "error",
        match={"method": "answerInlineQuery"},
        code=400,
        description="Bad Request: query is too old and response timeout expired or query ID is invalid",
    )
    assert fault
    typing.sandbox.inline(BORIS, "мост")
    await typing.until(lambda: typing.sandbox.calls(method="answerInlineQuery"))
    assert (await shown(typing, ANNA, "мост"))["answered"]
    assert not [each for each in caplog.records if each.levelname in ("ERROR", "WARNING")]
