"""Threads as Telegram has them: General without a number, closed ones, those of private chats; ephemeral presses."""

from __future__ import annotations

import json

import pytest

from bot.sandbox import Sandbox
from bot.sandbox.calls.answers import Impossible
from tests.integration.sandbox.conftest import BOT, Api, Cast


async def test_general_is_closed_and_has_no_number_in_a_call(api: Api, cast: Cast, sandbox: Sandbox) -> None:
    async def said(**more: int) -> str:
        return (await api("sendMessage", chat_id=cast.forum, text="…", **more)).get("description", "")

    assert "thread not found" in await said(message_thread_id=1)
    sandbox.change_thread(cast.forum, 1, closed=True)
    assert await said() == "", "an administrator who may manage topics writes in closed ones"
    sandbox.set_member(cast.forum, BOT, "member")
    assert "TOPIC_CLOSED" in await said()
    sandbox.change_thread(cast.forum, 1, closed=False)
    assert await said() == ""
    with pytest.raises(Impossible):
        sandbox.change_thread(cast.forum, 1, deleted=True)


async def test_threads_of_a_private_chat_where_they_are_turned_on(
    api: Api, cast: Cast, sandbox: Sandbox
) -> None:
    named = {"chat_id": cast.anna, "name": "Экономика"}
    assert "not a forum" in (await api("createForumTopic", **named))["description"]
    sandbox.set_topics()
    assert (await api("getMe"))["result"]["has_topics_enabled"] is True
    made = (await api("createForumTopic", **named))["result"]["message_thread_id"]
    sent = await api("sendMessage", chat_id=cast.anna, text="…", message_thread_id=made)
    assert sent["result"]["is_topic_message"] is True
    with pytest.raises(Impossible):
        sandbox.change_thread(cast.anna, made, closed=True)
    sandbox.change_thread(cast.anna, made, deleted=True)
    again = await api("sendMessage", chat_id=cast.anna, text="…", message_thread_id=made)
    assert "TOPIC_DELETED" in again["description"]


async def test_a_press_on_an_ephemeral_message_is_answered_in_its_place(
    api: Api, cast: Cast, sandbox: Sandbox
) -> None:
    keys = {"inline_keyboard": [[{"text": "?", "callback_data": "ask"}]]}
    only = {"receiver_user_id": cast.anna}
    to = {"chat_id": cast.forum, "ephemeral_message_parameters": only}
    sent = (await api("sendMessage", text="Меню", reply_markup=keys, **to))["result"]
    number = sent["ephemeral_message_id"]
    with pytest.raises(Impossible):
        sandbox.press(cast.forum, cast.boris, 0, "ask", ephemeral_id=number)
    pressed = sandbox.press(cast.forum, cast.anna, 0, "ask", ephemeral_id=number)
    updates = (await api("getUpdates"))["result"]
    message = next(each["callback_query"]["message"] for each in updates if "callback_query" in each)
    assert (message["message_id"], message["ephemeral_message_id"]) == (0, number)
    named = {"chat_id": cast.forum, "receiver_user_id": cast.anna, "ephemeral_message_id": number}
    other = {"inline_keyboard": [[{"text": "!", "callback_data": "done"}]]}
    assert (await api("editEphemeralMessageReplyMarkup", reply_markup=other, **named))["result"] is True
    assert (
        "not modified"
        in (await api("editEphemeralMessageReplyMarkup", reply_markup=other, **named))["description"]
    )
    place = only | {"callback_query_id": pressed, "replace_callback_query_message": True}
    refused = await api("sendMessage", text="…", chat_id=cast.forum, ephemeral_message_parameters=place)
    assert "no message to replace" in refused["description"]


async def test_a_button_asks_for_no_more_than_the_person_has(api: Api, cast: Cast) -> None:
    rights = {"can_manage_chat": True, "can_post_messages": True}
    asked = {"request_id": 1, "chat_is_channel": True, "bot_administrator_rights": rights}
    keyboard = json.dumps({"keyboard": [[{"text": "Канал", "request_chat": asked}]]})
    refused = await api("sendMessage", chat_id=cast.anna, text="…", reply_markup=keyboard)
    assert "among the user's" in refused["description"]
