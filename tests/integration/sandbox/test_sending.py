"""Texts, keyboards and replies as the bot sends them."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox import Sandbox
from tests.integration.sandbox.conftest import Api, Cast


def entity(kind: str, offset: int, length: int, **more: Any) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length, **more}


async def test_offsets_count_utf16_units_and_limits_count_characters(api: Api, cast: Cast) -> None:
    sent = await api("sendMessage", chat_id=cast.anna, text="👍 <b>ура</b>", parse_mode="html")
    assert sent["result"]["entities"] == [entity("bold", 3, 3)]
    assert (await api("sendMessage", chat_id=cast.anna, text="😀" * 4096))["ok"]
    too_long = await api("sendMessage", chat_id=cast.anna, text="😀" * 4097)
    assert too_long["description"] == "Bad Request: message is too long"


async def test_the_text_is_trimmed_as_telegram_trims_it(api: Api, cast: Cast) -> None:
    sent = await api("sendMessage", chat_id=cast.anna, text=" \n a\tb <b> c </b> \n", parse_mode="HTML")
    assert sent["result"]["text"] == "a b  c"
    assert sent["result"]["entities"] == [entity("bold", 4, 2)]


async def test_links_names_tags_and_commands_are_found_by_themselves(api: Api, cast: Cast) -> None:
    text = "/start @vestnik_bot #новости https://news.example.com/a. <code>#no</code>"
    sent = await api("sendMessage", chat_id=cast.anna, text=text, parse_mode="HTML")
    kinds = [found["type"] for found in sent["result"]["entities"]]
    assert kinds == ["bot_command", "mention", "hashtag", "url", "code"]


async def test_entities_are_untangled(api: Api, cast: Cast) -> None:
    text = "<blockquote>a<blockquote>b</blockquote></blockquote><b>x<code>y</code></b><i>p</i><i>q</i>"
    sent = await api("sendMessage", chat_id=cast.anna, text=text, parse_mode="HTML")
    assert sent["result"]["entities"] == [
        entity("blockquote", 0, 2),
        entity("bold", 2, 1),
        entity("code", 3, 1),
        entity("italic", 4, 2),
    ]


async def test_only_a_hundred_entities_are_kept(api: Api, cast: Cast) -> None:
    text = "<b>a</b> " * 120
    sent = await api("sendMessage", chat_id=cast.anna, text=text, parse_mode="HTML")
    assert len(sent["result"]["entities"]) == 100


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"text": ""}, "Bad Request: message text is empty"),
        ({"text": " \n"}, "Bad Request: text must be non-empty"),
        ({"text": "x" * 32_769}, "Bad Request: text is too long"),
        ({"text": "x", "parse_mode": "BBCode"}, "Bad Request: unsupported parse_mode"),
        (
            {
                "text": "".join(f'<a href="https://e.com/{"q" * 100}">{i}</a> ' for i in range(99)),
                "parse_mode": "HTML",
            },
            "Bad Request: ENTITIES_TOO_LONG",
        ),
        (
            {"text": "a < b", "parse_mode": "HTML"},
            'Bad Request: can\'t parse entities: Unsupported start tag "" at byte offset 2',
        ),
        ({"text": "x", "reply_markup": "{"}, "Bad Request: can't parse reply markup JSON object"),
        (
            {"text": "x", "reply_parameters": {"message_id": 99}},
            "Bad Request: message to be replied not found",
        ),
        ({"text": "x", "chat_id": 999}, "Bad Request: chat not found"),
        ({"text": "x", "chat_id": "@nobody"}, "Bad Request: chat not found"),
    ],
)
async def test_each_mistake_has_telegrams_words(
    api: Api, cast: Cast, params: dict[str, Any], description: str
) -> None:
    answer = await api("sendMessage", **{"chat_id": cast.anna, **params})
    assert answer["description"] == description


@pytest.mark.parametrize(
    ("button", "description"),
    [
        ({"text": "x", "callback_data": "я" * 33}, "Bad Request: BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": ""}, "Bad Request: BUTTON_DATA_INVALID"),
        (
            {"text": "x"},
            "Bad Request: can't parse inline keyboard button: "
            "Text buttons are unallowed in the inline keyboard",
        ),
        (
            {"text": "x", "url": "http://localhost/"},
            "Bad Request: inline keyboard button URL 'http://localhost/' is invalid: Wrong HTTP URL",
        ),
        ({"text": "x", "copy_text": {"text": "y" * 257}}, "Bad Request: BUTTON_COPY_TEXT_INVALID"),
    ],
)
async def test_wrong_buttons_are_refused(
    api: Api, cast: Cast, button: dict[str, Any], description: str
) -> None:
    answer = await api(
        "sendMessage", chat_id=cast.anna, text="x", reply_markup={"inline_keyboard": [[button]]}
    )
    assert answer["description"] == description


async def test_empty_buttons_vanish_and_known_ones_are_kept(api: Api, cast: Cast) -> None:
    good = {"text": "ok", "callback_data": "d", "style": "success"}
    rows = [[{"text": "", "callback_data": "x"}], [good, {"text": "u", "url": "e.com"}]]
    sent = await api("sendMessage", chat_id=cast.anna, text="x", reply_markup={"inline_keyboard": rows})
    assert sent["result"]["reply_markup"]["inline_keyboard"] == [
        [good, {"text": "u", "url": "http://e.com/"}]
    ]


async def test_a_keyboard_has_at_most_eight_a_row_and_a_hundred_in_all(api: Api, cast: Cast) -> None:
    button = {"text": "x", "callback_data": "d"}
    for rows in ([[button] * 9], [[button] * 8] * 13):
        answer = await api("sendMessage", chat_id=cast.anna, text="x", reply_markup={"inline_keyboard": rows})
        assert answer["error_code"] == 400


async def test_a_message_with_a_reply_keyboard_can_never_be_edited(api: Api, cast: Cast) -> None:
    sent = await api("sendMessage", chat_id=cast.anna, text="x", reply_markup={"keyboard": [["a"]]})
    answer = await api(
        "editMessageText", chat_id=cast.anna, message_id=sent["result"]["message_id"], text="y"
    )
    assert answer["description"] == "Bad Request: message can't be edited"
    assert "reply_markup" not in sent["result"]


async def test_a_reply_holds_what_it_replies_to(api: Api, cast: Cast, sandbox: Sandbox) -> None:
    asked = sandbox.send(cast.anna, cast.anna, "вопрос")
    sent = await api(
        "sendMessage",
        chat_id=cast.anna,
        text="ответ",
        reply_parameters={"message_id": asked["message_id"]},
    )
    assert sent["result"]["reply_to_message"]["text"] == "вопрос"
    free = {"message_id": 999, "allow_sending_without_reply": True}
    assert (await api("sendMessage", chat_id=cast.anna, text="x", reply_parameters=free))["ok"]
