"""What bots learn of, and how they fetch it."""

from __future__ import annotations

import asyncio

import pytest

from bot.sandbox import Sandbox
from bot.sandbox.calls.answers import Impossible
from tests.integration.sandbox.conftest import BOT, Api, Cast


async def texts(api: Api, **params: object) -> list[str]:
    return [u["message"]["text"] for u in (await api("getUpdates", **params))["result"]]


async def test_updates_stay_until_they_are_confirmed(api: Api, cast: Cast, sandbox: Sandbox) -> None:
    for word in ("а", "б", "в"):
        sandbox.send(cast.anna, cast.anna, word)
    assert await texts(api) == ["а", "б", "в"]
    first = (await api("getUpdates", limit=1))["result"]
    assert len(first) == 1
    assert await texts(api, offset=first[0]["update_id"] + 1) == ["б", "в"]
    assert await texts(api, offset=-1) == ["в"]
    assert await texts(api) == ["в"]


async def test_a_long_poll_ends_as_soon_as_something_comes(api: Api, cast: Cast, sandbox: Sandbox) -> None:
    poll = asyncio.create_task(texts(api, timeout=30))
    await sandbox.wait_until(lambda: sandbox.bot().updates.polling)
    sandbox.send(cast.anna, cast.anna, "привет")
    assert await asyncio.wait_for(poll, 25) == ["привет"]


async def test_of_two_pollers_the_older_is_sent_away(api: Api, cast: Cast, sandbox: Sandbox) -> None:
    older = asyncio.create_task(api("getUpdates", timeout=30))
    await sandbox.wait_until(lambda: sandbox.bot().updates.polling)
    sandbox.bot().updates.polls = 0
    newer = asyncio.create_task(api("getUpdates", timeout=30))
    answer = await asyncio.wait_for(older, 25)
    assert (answer["error_code"], answer["description"][:41]) == (
        409,
        "Conflict: terminated by other getUpdates ",
    )
    sandbox.send(cast.anna, cast.anna, "x")
    assert len((await newer)["result"]) == 1


async def test_updates_expire(api: Api, cast: Cast, sandbox: Sandbox) -> None:
    sent = await api(
        "sendMessage",
        chat_id=cast.anna,
        text="x",
        reply_markup={"inline_keyboard": [[{"text": "b", "callback_data": "d"}]]},
    )
    sandbox.press(cast.anna, cast.anna, sent["result"]["message_id"], "d")
    sandbox.send(cast.anna, cast.anna, "y")
    sandbox.advance(150)
    assert await texts(api) == ["y"]
    sandbox.advance(24 * 3600)
    assert await texts(api) == []


async def test_only_the_kinds_that_were_asked_for_come(api: Api, cast: Cast, sandbox: Sandbox) -> None:
    await api("getUpdates", allowed_updates=["callback_query"])
    sandbox.send(cast.anna, cast.anna, "x")
    assert await texts(api) == []
    await api("getUpdates", allowed_updates=[])
    sandbox.send(cast.anna, cast.anna, "y")
    assert await texts(api) == ["y"]


async def test_reactions_come_where_they_are_asked_for_and_name_nobody_in_a_channel(
    api: Api, cast: Cast, sandbox: Sandbox
) -> None:
    kinds = ["message_reaction", "message_reaction_count"]
    group = sandbox.add_chat("supergroup", title="Г", creator=cast.anna, members=[BOT])["id"]
    channel = sandbox.add_chat("channel", title="К", creator=cast.anna, members=[BOT])["id"]
    private = (await api("sendMessage", chat_id=cast.anna, text="x"))["result"]["message_id"]
    post = (await api("sendMessage", chat_id=channel, text="x"))["result"]["message_id"]
    said = (await api("sendMessage", chat_id=group, text="x"))["result"]["message_id"]
    sandbox.react(cast.anna, cast.anna, private, "👍")
    await api("getUpdates", allowed_updates=kinds)
    sandbox.react(cast.anna, cast.anna, private, "🔥")
    # Of a group hears an administrator alone.
    sandbox.react(group, cast.anna, said, "🔥")
    sandbox.react(channel, cast.anna, post, "👍")
    heard = [each for each in (await api("getUpdates"))["result"] if set(each) & set(kinds)]
    one, counts = heard
    reacted, counted = one["message_reaction"], counts["message_reaction_count"]
    fire, thumb = ({"type": "emoji", "emoji": sign} for sign in "🔥👍")
    assert (reacted["old_reaction"], reacted["new_reaction"]) == ([thumb], [fire])
    assert reacted["user"]["id"] == cast.anna
    assert counted["reactions"] == [{"type": thumb, "total_count": 1}]
    assert "user" not in counted
    with pytest.raises(Impossible):
        sandbox.react(channel, cast.boris, post, "👍")


async def test_a_press_can_be_answered_once_and_in_time(api: Api, cast: Cast, sandbox: Sandbox) -> None:
    keyboard = {"inline_keyboard": [[{"text": "b", "callback_data": "d"}]]}
    sent = await api("sendMessage", chat_id=cast.anna, text="x", reply_markup=keyboard)
    message = sent["result"]["message_id"]
    pressed = sandbox.press(cast.anna, cast.anna, message, "d")
    query = (await api("getUpdates"))["result"][-1]["callback_query"]
    assert (query["id"], query["data"], query["message"]["message_id"]) == (pressed, "d", message)
    assert (await api("answerCallbackQuery", callback_query_id=pressed, text="да", show_alert=True))["ok"]
    assert sandbox.callback(pressed) == {"answered": True, "text": "да", "show_alert": True}
    again = await api("answerCallbackQuery", callback_query_id=pressed)
    late = sandbox.press(cast.anna, cast.anna, message, "d")
    sandbox.advance(151)
    for answer in (again, await api("answerCallbackQuery", callback_query_id=late)):
        assert answer["description"].startswith("Bad Request: query is too old")


async def test_a_forged_press_reaches_the_bot(api: Api, cast: Cast, sandbox: Sandbox) -> None:
    sandbox.press(cast.anna, cast.boris, 999, "admin", forge=True)
    query = (await api("getUpdates"))["result"][-1]["callback_query"]
    assert (query["from"]["id"], query["data"], query["message"]["date"]) == (cast.boris, "admin", 0)


async def test_in_groups_privacy_hides_what_is_not_for_the_bot(
    api: Api, cast: Cast, sandbox: Sandbox
) -> None:
    own = (await api("sendMessage", chat_id=cast.group, text="x"))["result"]["message_id"]
    sandbox.send(cast.group, cast.boris, "между собой")
    sandbox.send(cast.group, cast.boris, "/latest")
    sandbox.send(cast.group, cast.boris, "/latest@other_bot")
    sandbox.send(cast.group, cast.boris, "эй @vestnik_bot")
    sandbox.send(cast.group, cast.boris, "ответ", reply_to=own)
    assert await texts(api, offset=-10) == ["/latest", "эй @vestnik_bot", "ответ"]
    sandbox.set_member(cast.group, BOT, "administrator")
    sandbox.send(cast.group, cast.boris, "слышно всем")
    assert await texts(api, offset=-1) == ["слышно всем"]


async def test_membership_is_told_to_the_bot_and_on_request_of_others(
    api: Api, cast: Cast, sandbox: Sandbox
) -> None:
    await api("getUpdates", allowed_updates=["my_chat_member", "chat_member"])
    sandbox.set_member(cast.supergroup, BOT, "administrator", by=cast.anna)
    sandbox.set_member(cast.supergroup, cast.boris, "kicked")
    sandbox.block(cast.anna)
    own, other, blocked = (await api("getUpdates"))["result"]
    assert own["my_chat_member"]["new_chat_member"]["can_send_welcome_messages"] is True
    assert other["chat_member"]["new_chat_member"]["status"] == "kicked"
    assert blocked["my_chat_member"]["chat"]["type"] == "private"


async def test_joining_and_editing_are_told(api: Api, cast: Cast, sandbox: Sandbox) -> None:
    carl = sandbox.add_user("Carl")["id"]
    sandbox.set_member(cast.group, carl, "member", by=cast.anna)
    message = sandbox.send(cast.anna, cast.anna, "x")["message_id"]
    sandbox.edit(cast.anna, cast.anna, message, "y")
    sandbox.send(cast.channel, cast.anna, "пост")
    kinds = (await api("getUpdates"))["result"]
    assert kinds[0]["message"]["new_chat_members"][0]["id"] == carl
    assert kinds[2]["edited_message"]["text"] == "y"
    assert kinds[3]["channel_post"]["sender_chat"]["id"] == cast.channel


async def test_stopping_does_not_wait_for_a_long_poll(api: Api, cast: Cast, sandbox: Sandbox) -> None:
    poll = asyncio.create_task(api("getUpdates", timeout=50))
    await sandbox.wait_until(lambda: sandbox.bot().updates.polling)
    async with asyncio.timeout(45):
        await sandbox.stop()
    assert (await poll)["result"] == []
