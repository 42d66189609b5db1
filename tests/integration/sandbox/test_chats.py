"""Where a bot may write, and what it is told where it may not."""

from __future__ import annotations

import pytest

from bot.sandbox import Impossible, Sandbox
from tests.integration.sandbox.conftest import BOT, Api, Cast


async def refused(api: Api, chat: int | str, **params: object) -> tuple[int, str]:
    answer = await api("sendMessage", chat_id=chat, text="x", **params)
    return answer.get("error_code", 200), answer.get("description", "")


async def test_people_who_cannot_be_written_to(api: Api, cast: Cast, sandbox: Sandbox) -> None:
    assert await refused(api, cast.boris) == (
        403,
        "Forbidden: bot can't initiate conversation with a user",
    )
    sandbox.block(cast.anna)
    assert await refused(api, cast.anna) == (403, "Forbidden: bot was blocked by the user")
    assert (await api("getChat", chat_id=cast.anna))["result"]["first_name"] == "Анна"
    assert (await api("getChat", chat_id=cast.boris))["description"] == "Bad Request: chat not found"
    sandbox.send(cast.anna, cast.anna, "/start")
    assert await refused(api, cast.anna) == (200, "")
    sandbox.deactivate(cast.anna)
    assert await refused(api, cast.anna) == (403, "Forbidden: user is deactivated")
    assert (await refused(api, BOT))[0] == 403


@pytest.mark.parametrize(
    ("kind", "status", "description"),
    [
        ("group", "kicked", "Forbidden: bot was kicked from the group chat"),
        ("supergroup", "left", "Forbidden: bot is not a member of the supergroup chat"),
        ("channel", "kicked", "Forbidden: bot was kicked from the channel chat"),
    ],
)
async def test_a_bot_that_is_not_there_cannot_write(
    api: Api, cast: Cast, sandbox: Sandbox, kind: str, status: str, description: str
) -> None:
    chat = getattr(cast, kind)
    sandbox.set_member(chat, BOT, status)
    assert await refused(api, chat) == (403, description)


async def test_a_channel_wants_an_administrator_who_may_post(api: Api, cast: Cast, sandbox: Sandbox) -> None:
    sent = await api("sendMessage", chat_id=cast.channel, text="x")
    assert sent["result"]["sender_chat"]["id"] == cast.channel
    assert "from" not in sent["result"]
    sandbox.set_member(cast.channel, BOT, "administrator", rights={"can_post_messages": False})
    expected = (400, "Bad Request: need administrator rights in the channel chat")
    assert await refused(api, cast.channel) == expected


async def test_a_group_can_forbid_a_kind_of_message(api: Api, cast: Cast, sandbox: Sandbox) -> None:
    sandbox.restrict(cast.supergroup, can_send_messages=False, can_send_photos=False)
    expected = (400, "Bad Request: not enough rights to send text messages to the chat")
    assert await refused(api, cast.supergroup) == expected
    photo = await api("sendPhoto", chat_id=cast.supergroup, photo="x")
    assert photo["description"] == "Bad Request: not enough rights to send photos to the chat"


async def test_an_upgraded_group_names_its_successor(api: Api, cast: Cast, sandbox: Sandbox) -> None:
    new = sandbox.upgrade(cast.group)
    answer = await api("sendMessage", chat_id=cast.group, text="x")
    assert answer["parameters"] == {"migrate_to_chat_id": new}
    assert answer["description"] == "Bad Request: group chat was upgraded to a supergroup chat"
    updates = [u["message"] for u in (await api("getUpdates"))["result"]]
    assert updates[-2]["migrate_to_chat_id"] == new
    assert (updates[-1]["chat"]["id"], updates[-1]["migrate_from_chat_id"]) == (new, cast.group)
    assert await refused(api, new) == (200, "")


async def test_a_deleted_group_says_so(api: Api, cast: Cast, sandbox: Sandbox) -> None:
    sandbox.delete_chat(cast.supergroup)
    assert await refused(api, cast.supergroup) == (403, "Forbidden: the supergroup chat was deleted")


async def test_a_forums_topics_open_close_and_go(api: Api, cast: Cast, sandbox: Sandbox) -> None:
    thread = sandbox.add_thread(cast.forum, "Мир")
    sent = await api("sendMessage", chat_id=cast.forum, text="x", message_thread_id=thread)
    assert (sent["result"]["message_thread_id"], sent["result"]["is_topic_message"]) == (thread, True)
    assert "message_thread_id" not in (await api("sendMessage", chat_id=cast.forum, text="x"))["result"]
    not_found = (400, "Bad Request: message thread not found")
    assert await refused(api, cast.forum, message_thread_id=1) == not_found
    sandbox.change_thread(cast.forum, thread, closed=True)
    assert await refused(api, cast.forum, message_thread_id=thread) == (200, ""), "it may manage topics"
    sandbox.set_member(cast.forum, BOT, "member")
    assert await refused(api, cast.forum, message_thread_id=thread) == (400, "Bad Request: TOPIC_CLOSED")
    sandbox.change_thread(cast.forum, thread, deleted=True)
    assert await refused(api, cast.forum, message_thread_id=thread) == (400, "Bad Request: TOPIC_DELETED")
    assert await refused(api, cast.supergroup, message_thread_id=thread) == (200, "")


async def test_the_bot_opens_topics_where_it_may(api: Api, cast: Cast, sandbox: Sandbox) -> None:
    made = await api("createForumTopic", chat_id=cast.forum, name="Спорт")
    thread = made["result"]["message_thread_id"]
    assert await refused(api, cast.forum, message_thread_id=thread) == (200, "")
    sandbox.set_member(cast.forum, BOT, "member")
    assert (await api("createForumTopic", chat_id=cast.forum, name="x"))["error_code"] == 400


async def test_a_public_chat_has_a_name(api: Api, cast: Cast, sandbox: Sandbox) -> None:
    sandbox.add_chat("channel", title="Лента", username="lenta", creator=cast.anna, members=[BOT])
    assert await refused(api, "@Lenta") == (200, "")


async def test_leaving_and_asking_who_is_there(api: Api, cast: Cast, sandbox: Sandbox) -> None:
    administrators = (await api("getChatAdministrators", chat_id=cast.forum))["result"]
    assert [member["status"] for member in administrators] == ["creator", "administrator"]
    assert (await api("getChatMemberCount", chat_id=cast.group))["result"] == 3
    member = await api("getChatMember", chat_id=cast.group, user_id=cast.boris)
    assert member["result"]["status"] == "member"
    assert (await api("leaveChat", chat_id=cast.group))["result"] is True
    assert sandbox.chat(cast.group).status(BOT) == "left"


async def test_pins_need_rights_and_leave_a_trace_in_groups(api: Api, cast: Cast, sandbox: Sandbox) -> None:
    message = (await api("sendMessage", chat_id=cast.forum, text="x"))["result"]["message_id"]
    assert (await api("pinChatMessage", chat_id=cast.forum, message_id=message))["ok"]
    trace = sandbox.messages(cast.forum)[-1]
    assert trace["pinned_message"]["message_id"] == message
    again = await api("pinChatMessage", chat_id=cast.forum, message_id=trace["message_id"])
    assert again["description"] == "Bad Request: service messages can't be pinned"
    plain = await api("pinChatMessage", chat_id=cast.group, message_id=1)
    assert plain["description"] == "Bad Request: not enough rights to manage pinned messages in the chat"


def test_what_cannot_be_is_said_in_a_sentence(cast: Cast, sandbox: Sandbox) -> None:
    with pytest.raises(Impossible, match="only administrators write in a channel"):
        sandbox.send(cast.channel, cast.boris, "x")
    with pytest.raises(Impossible, match="no button with the data"):
        sandbox.press(cast.anna, cast.anna, 1, "x")
    with pytest.raises(Impossible, match="only a basic group"):
        sandbox.upgrade(cast.supergroup)
