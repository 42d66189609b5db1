"""Ephemeral messages: who may send them to whom, who sees them, and for how long they can be an answer."""

from __future__ import annotations

from bot.sandbox import Sandbox
from tests.integration.sandbox.conftest import BOT, Api, Cast


def only(user: int, **more: str) -> dict[str, object]:
    return {"ephemeral_message_parameters": {"receiver_user_id": user, **more}}


async def test_an_administrator_sends_one_that_its_receiver_alone_sees(
    api: Api, cast: Cast, sandbox: Sandbox
) -> None:
    sandbox.set_member(cast.forum, cast.boris, "member")
    before = sandbox.messages(cast.forum)
    sent = (await api("sendMessage", chat_id=cast.forum, text="<b>Только вам</b>", **only(cast.boris)))[
        "result"
    ]
    assert (sent["message_id"], sent["receiver_user"]["id"]) == (0, cast.boris)
    number = sent["ephemeral_message_id"]
    assert [each["text"] for each in sandbox.ephemeral(cast.forum, cast.boris)] == ["<b>Только вам</b>"]
    assert sandbox.ephemeral(cast.forum, cast.anna) == []
    assert sandbox.messages(cast.forum) == before
    named = {"chat_id": cast.forum, "receiver_user_id": cast.boris, "ephemeral_message_id": number}
    assert (await api("editEphemeralMessageText", text="Иначе", **named))["result"] is True
    assert "not modified" in (await api("editEphemeralMessageText", text="Иначе", **named))["description"]
    assert (await api("deleteEphemeralMessage", **named))["result"] is True
    assert "not found" in (await api("deleteEphemeralMessage", **named))["description"]
    assert sandbox.ephemeral(cast.forum, cast.boris) == []


async def test_a_member_bot_only_answers_a_press_or_an_ephemeral_command_in_time(
    api: Api, cast: Cast, sandbox: Sandbox
) -> None:
    async def refused(**more: object) -> str:
        return (await api("sendMessage", chat_id=cast.supergroup, text="…", **more))["description"]

    assert "MESSAGE_NOT_COMMAND" in await refused(**only(cast.boris))
    menu = {"inline_keyboard": [[{"text": "?", "callback_data": "ask"}]]}
    asked = (await api("sendMessage", chat_id=cast.supergroup, text="Меню", reply_markup=menu))["result"]
    pressed = sandbox.press(cast.supergroup, cast.boris, asked["message_id"], "ask")
    answer = only(cast.boris, callback_query_id=pressed)
    assert (await api("sendMessage", chat_id=cast.supergroup, text="Ответ", **answer))["ok"]
    others = only(cast.anna, callback_query_id=pressed)
    assert "QUERY_ID_INVALID" in await refused(**others)
    sandbox.advance(16)
    assert "QUERY_ID_INVALID" in await refused(**answer)

    commands = [{"command": "help", "description": "Help", "is_ephemeral": True}]
    await api("setMyCommands", commands=commands)
    said = sandbox.command(cast.supergroup, cast.boris, "/help")
    reply = {"reply_parameters": {"ephemeral_message_id": said["ephemeral_message_id"]}}
    assert "must be an ephemeral message" in await refused(**reply)
    assert (await api("sendMessage", chat_id=cast.supergroup, text="Ответ", **only(cast.boris), **reply))[
        "ok"
    ]
    assert "not found" in await refused(**only(cast.anna), **reply)
    sandbox.advance(16)
    assert "not found" in await refused(**only(cast.boris), **reply)


async def test_they_are_for_people_in_groups(api: Api, cast: Cast, sandbox: Sandbox) -> None:
    for chat, user, words in (
        (cast.anna, cast.anna, "groups and supergroups only"),
        (cast.channel, cast.anna, "groups and supergroups only"),
        (cast.forum, cast.boris, "USER_NOT_PARTICIPANT"),
        (cast.forum, BOT, "USER_NOT_PARTICIPANT"),
    ):
        assert words in (await api("sendMessage", chat_id=chat, text="…", **only(user)))["description"]
    sent = await api(
        "sendRichMessage", chat_id=cast.forum, rich_message={"html": "<p>…</p>"}, **only(cast.anna)
    )
    assert sent["error_code"] == 501
    keyboard = {"keyboard": [[{"text": "Да"}]]}
    given = {"chat_id": cast.forum, "text": "…", "reply_markup": keyboard}
    assert "inline keyboard" in (await api("sendMessage", **given, **only(cast.anna)))["description"]
