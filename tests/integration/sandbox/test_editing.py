"""Edits and deletions."""

from __future__ import annotations

from bot.sandbox import Sandbox
from tests.integration.sandbox.conftest import BOT, Api, Cast

HOUR = 3600
NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly "
    "the same as a current content and reply markup of the message"
)
KEYBOARD = {"inline_keyboard": [[{"text": "b", "callback_data": "d"}]]}


async def sent(api: Api, chat: int, **params: object) -> int:
    answer = await api("sendMessage", chat_id=chat, **{"text": "x", **params})
    return int(answer["result"]["message_id"])


async def test_an_edit_changes_the_text_and_drops_the_keyboard(
    api: Api, cast: Cast, sandbox: Sandbox
) -> None:
    message = await sent(api, cast.anna, reply_markup=KEYBOARD)
    answer = await api("editMessageText", chat_id=cast.anna, message_id=message, text="y")
    assert answer["result"]["text"] == "y"
    assert "reply_markup" not in answer["result"]
    shown = sandbox.messages(cast.anna)[-1]
    assert (shown["edits"], [old["text"] for old in shown["history"]]) == (1, ["x"])


async def test_an_edit_that_changes_nothing_is_refused(api: Api, cast: Cast) -> None:
    message = await sent(api, cast.anna, reply_markup=KEYBOARD)
    again = await api(
        "editMessageText", chat_id=cast.anna, message_id=message, text=" x ", reply_markup=KEYBOARD
    )
    assert again["description"] == NOT_MODIFIED


async def test_only_the_keyboard_can_change(api: Api, cast: Cast) -> None:
    message = await sent(api, cast.anna)
    params = {"chat_id": cast.anna, "message_id": message, "reply_markup": KEYBOARD}
    assert (await api("editMessageReplyMarkup", **params))["result"]["reply_markup"] == KEYBOARD
    assert (await api("editMessageReplyMarkup", **params))["description"] == NOT_MODIFIED


async def test_others_and_absent_messages_cannot_be_edited(api: Api, cast: Cast, sandbox: Sandbox) -> None:
    theirs = sandbox.send(cast.anna, cast.anna, "моё")["message_id"]
    answer = await api("editMessageText", chat_id=cast.anna, message_id=theirs, text="y")
    assert answer["description"] == "Bad Request: message can't be edited"
    answer = await api("editMessageText", chat_id=cast.anna, message_id=999, text="y")
    assert answer["description"] == "Bad Request: message to edit not found"
    answer = await api(
        "editMessageCaption", chat_id=cast.anna, message_id=await sent(api, cast.anna), caption="y"
    )
    assert answer["description"] == "Bad Request: there is no caption in the message to edit"


async def test_an_edit_that_is_too_long_has_the_servers_own_code(api: Api, cast: Cast) -> None:
    message = await sent(api, cast.anna)
    answer = await api("editMessageText", chat_id=cast.anna, message_id=message, text="y" * 4097)
    assert answer["description"] == "Bad Request: MESSAGE_TOO_LONG"


async def test_a_message_can_be_deleted_for_two_days(api: Api, cast: Cast, sandbox: Sandbox) -> None:
    first, second = await sent(api, cast.anna), await sent(api, cast.anna)
    in_channel = await sent(api, cast.channel)
    assert (await api("deleteMessage", chat_id=cast.anna, message_id=first))["result"] is True
    gone = await api("deleteMessage", chat_id=cast.anna, message_id=first)
    assert gone["description"] == "Bad Request: message to delete not found"
    sandbox.advance(48 * HOUR)
    late = await api("deleteMessage", chat_id=cast.anna, message_id=second)
    assert late["description"] == "Bad Request: message can't be deleted for everyone"
    late = await api("deleteMessage", chat_id=cast.channel, message_id=in_channel)
    assert late["description"] == "Bad Request: message can't be deleted"
    assert (await api("editMessageText", chat_id=cast.anna, message_id=second, text="отозвано"))["ok"]


async def test_several_are_deleted_at_once_and_missing_ones_skipped(
    api: Api, cast: Cast, sandbox: Sandbox
) -> None:
    ids = [await sent(api, cast.group) for _ in range(3)]
    assert (await api("deleteMessages", chat_id=cast.group, message_ids=[*ids, 999]))["ok"]
    theirs = sandbox.send(cast.group, cast.anna, "моё")["message_id"]
    own = await sent(api, cast.group)
    answer = await api("deleteMessages", chat_id=cast.group, message_ids=[own, theirs])
    assert answer["error_code"] == 400
    assert own in [message["message_id"] for message in sandbox.messages(cast.group)]
    sandbox.set_member(cast.group, BOT, "administrator")
    assert (await api("deleteMessages", chat_id=cast.group, message_ids=[own, theirs]))["ok"]
    shown = sandbox.messages(cast.group, include_deleted=True)
    assert [message["deleted"] for message in shown if message["message_id"] in (own, theirs)] == [True, True]
