"""Inline queries and guests' questions: what may be asked and answered, what is remembered, what a choice makes."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox import Impossible, Sandbox
from tests.integration.sandbox.conftest import BOT, Api, Cast

BUTTONS = {"inline_keyboard": [[{"text": "Читать", "url": "https://t.me/vestnik_bot?start=a-1"}]]}


def result(number: object = 1, **changes: Any) -> dict[str, Any]:
    content = {"message_text": "<b>Мост</b> открыт", "parse_mode": "HTML"}
    return {
        "type": "article",
        "id": str(number),
        "title": "Мост открыт",
        "reply_markup": BUTTONS,
        "input_message_content": content,
        **changes,
    }


@pytest.fixture
def inline(sandbox: Sandbox, cast: Cast) -> Sandbox:
    """A sandbox whose bot has inline mode, its feedback, and guest mode."""
    sandbox.set_inline()
    return sandbox


def updates(sandbox: Sandbox) -> list[dict[str, Any]]:
    found = sandbox.bot().updates.take(100)
    sandbox.bot().updates.clear()
    return found


async def test_a_query_is_answered_and_a_choice_stands_in_the_chat(
    api: Api, cast: Cast, inline: Sandbox
) -> None:
    asked = inline.inline(cast.boris, "мост", chat_type="group")
    (update,) = updates(inline)
    query = update["inline_query"]
    assert (query["query"], query["offset"], query["chat_type"]) == ("мост", "", "group")
    assert query["from"]["id"] == cast.boris
    assert (await api("answerInlineQuery", inline_query_id=query["id"], results=[result()]))["result"] is True
    assert inline.shown(asked)["results"][0]["title"] == "Мост открыт"
    chosen = inline.choose(cast.group, cast.boris, asked, "1")
    assert chosen["text"] == "Мост открыт"
    assert (chosen["from"]["id"], chosen["via_bot"]["id"]) == (cast.boris, BOT)
    told = {kind: each[kind] for each in updates(inline) for kind in each if kind != "update_id"}
    assert told["message"]["via_bot"]["id"] == BOT
    assert told["chosen_inline_result"]["result_id"] == "1"
    edit = {"inline_message_id": told["chosen_inline_result"]["inline_message_id"]}
    assert (await api("editMessageText", text="Отозвано", **edit))["result"] is True
    assert inline.messages(cast.group)[-1]["text"] == "Отозвано"
    assert (
        "MESSAGE_ID_INVALID" in (await api("editMessageText", text="…", inline_message_id="x"))["description"]
    )
    with pytest.raises(Impossible):
        inline.choose(cast.group, cast.anna, asked, "1")


async def test_an_answer_comes_once_and_in_time(api: Api, cast: Cast, inline: Sandbox) -> None:
    inline.inline(cast.boris, "мост")
    query = updates(inline)[0]["inline_query"]["id"]
    assert (await api("answerInlineQuery", inline_query_id=query, results=[]))["ok"]
    late = "query is too old and response timeout expired or query ID is invalid"
    assert late in (await api("answerInlineQuery", inline_query_id=query, results=[]))["description"]
    inline.inline(cast.boris, "дорога")
    query = updates(inline)[0]["inline_query"]["id"]
    inline.advance(31)
    assert late in (await api("answerInlineQuery", inline_query_id=query, results=[]))["description"]
    inline.inline(cast.boris, "поезд")
    inline.advance(31)
    assert updates(inline) == [], "Telegram keeps a query for half a minute"


@pytest.mark.parametrize("personal", [True, False])
async def test_what_was_answered_is_shown_again_without_asking(
    api: Api, cast: Cast, inline: Sandbox, personal: bool
) -> None:
    inline.inline(cast.boris, "мост")
    query = updates(inline)[0]["inline_query"]["id"]
    answer = {"results": [result()], "cache_time": 20, "is_personal": personal}
    assert (await api("answerInlineQuery", inline_query_id=query, **answer))["ok"]
    assert inline.shown(inline.inline(cast.boris, "мост"))["answered"]
    assert inline.shown(inline.inline(cast.anna, "мост"))["answered"] is not personal
    assert not inline.shown(inline.inline(cast.boris, "мост", offset="1"))["answered"]
    inline.advance(21)
    assert not inline.shown(inline.inline(cast.boris, "мост"))["answered"]


@pytest.mark.parametrize(
    ("changes", "description"),
    [
        ({"results": [result(at) for at in range(51)]}, "too many inline query results specified"),
        ({"results": [result("я" * 33)]}, "RESULT_ID_INVALID"),
        ({"results": [result("")]}, "RESULT_ID_EMPTY"),
        ({"results": [result(), result()]}, "RESULT_ID_DUPLICATE"),
        ({"results": [result(title=" ")]}, "title must be non-empty"),
        ({"results": [result(type="page")]}, "unallowed type"),
        ({"results": [result(type="photo")]}, "no inline results but articles"),
        ({"results": [result(input_message_content=None)]}, "input_message_content is needed"),
        ({"results": [result(input_message_content={"message_text": ""})]}, "message text is empty"),
        ({"results": [result(input_message_content={"message_text": "x" * 4097})]}, "message is too long"),
        ({"next_offset": "x" * 65}, "NEXT_OFFSET_INVALID"),
        ({"button": {"text": "Бот"}}, "can't use empty start_parameter"),
        ({"button": {"text": "Бот", "start_parameter": "x" * 65}}, "too long start_parameter specified"),
        ({"button": {"text": "Бот", "start_parameter": "а б"}}, "unallowed characters in start_parameter"),
        ({"results": {}}, "expected an Array"),
    ],
)
async def test_what_telegram_refuses(
    api: Api, cast: Cast, inline: Sandbox, changes: dict[str, Any], description: str
) -> None:
    inline.inline(cast.boris, "мост")
    query = updates(inline)[0]["inline_query"]["id"]
    refused = await api("answerInlineQuery", **{"inline_query_id": query, "results": [], **changes})
    assert description in refused["description"]


async def test_nothing_is_asked_of_a_bot_without_inline_mode(sandbox: Sandbox, api: Api, cast: Cast) -> None:
    with pytest.raises(Impossible):
        sandbox.inline(cast.boris, "мост")
    assert (await api("getMe"))["result"]["supports_inline_queries"] is False
    sandbox.set_inline(guests=False)
    assert (await api("getMe"))["result"]["supports_inline_queries"] is True
    with pytest.raises(Impossible):
        sandbox.inline(cast.boris, "x" * 257)


async def test_a_guest_answers_once_where_it_is_no_member(api: Api, cast: Cast, inline: Sandbox) -> None:
    there = inline.add_chat("supergroup", title="Соседи", creator=cast.anna)["id"]
    with pytest.raises(Impossible):
        inline.summon(cast.supergroup, cast.anna, "@vestnik_bot мост")
    asked = inline.summon(there, cast.anna, "@vestnik_bot мост")
    message = updates(inline)[0]["guest_message"]
    assert (message["guest_query_id"], message["text"]) == (asked, "@vestnik_bot мост")
    sent = await api("answerGuestQuery", guest_query_id=asked, result=result())
    assert sent["result"]["inline_message_id"]
    stands = inline.messages(there)[-1]
    assert (stands["text"], stands["from"]["id"]) == ("Мост открыт", BOT)
    assert stands["guest_bot_caller_user"]["id"] == cast.anna
    assert "too old" in (await api("answerGuestQuery", guest_query_id=asked, result=result()))["description"]
    assert "too old" in (await api("answerInlineQuery", inline_query_id=asked, results=[]))["description"]
