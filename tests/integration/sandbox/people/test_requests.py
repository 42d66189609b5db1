"""Buttons below a chat that ask for people or for a chat, by Python, over HTTP and on the page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from bot.sandbox import Impossible, Sandbox
from tests.integration.sandbox.conftest import Api, Cast

if TYPE_CHECKING:
    from playwright.async_api import Browser

POSTING = {"can_manage_chat": True, "can_post_messages": True}


def keyboard(**request: Any) -> str:
    asked = {"request_id": 2, "chat_is_channel": True, "request_title": True, **request}
    return json.dumps({"keyboard": [[{"text": "Канал", "request_chat": asked}]], "one_time_keyboard": True})


async def asked(api: Api, cast: Cast, **request: Any) -> None:
    said = await api("sendMessage", chat_id=cast.anna, text="Выберите", reply_markup=keyboard(**request))
    assert said["ok"]


async def test_a_chosen_channel_comes_with_the_rights_that_the_button_asks_for(
    sandbox: Sandbox, cast: Cast, api: Api
) -> None:
    channel = sandbox.add_chat("channel", title="Проба", creator=cast.anna)["id"]
    await asked(api, cast, bot_administrator_rights=POSTING, user_administrator_rights=POSTING)
    message = sandbox.share_chat(cast.anna, cast.anna, 2, channel)
    assert message["chat_shared"] == {"request_id": 2, "chat_id": channel, "title": "Проба"}
    bot = (await api("getMe"))["result"]["id"]
    member = (await api("getChatMember", chat_id=channel, user_id=bot))["result"]
    assert (member["status"], member["can_post_messages"]) == ("administrator", True)
    assert not member["can_promote_members"]
    kinds = [next(k for k in each if k != "update_id") for each in (await api("getUpdates"))["result"]]
    assert kinds[-2:] == ["my_chat_member", "message"]


async def test_what_the_button_does_not_ask_for_can_not_be_chosen(
    sandbox: Sandbox, cast: Cast, api: Api
) -> None:
    channel = sandbox.add_chat("channel", title="Проба", creator=cast.anna)["id"]
    with pytest.raises(Impossible, match="no button"):
        sandbox.share_chat(cast.anna, cast.anna, 2, channel)
    await asked(api, cast, user_administrator_rights=POSTING)
    group = sandbox.add_chat("supergroup", title="Соседи", creator=cast.anna)["id"]
    other = sandbox.add_chat("channel", title="Чужой", creator=cast.boris, members=[cast.anna])["id"]
    for wrong in (group, cast.anna):
        with pytest.raises(Impossible, match="another kind"):
            sandbox.share_chat(cast.anna, cast.anna, 2, wrong)
    with pytest.raises(Impossible, match="lacks rights"):
        sandbox.share_chat(cast.anna, cast.anna, 2, other)
    forged = sandbox.share_chat(cast.anna, cast.anna, 2, other, forge=True)
    assert forged["chat_shared"] == {"request_id": 2, "chat_id": other}


async def test_such_buttons_stand_in_private_chats_alone(sandbox: Sandbox, cast: Cast, api: Api) -> None:
    bot = (await api("getMe"))["result"]["id"]
    group = sandbox.add_chat("supergroup", title="Соседи", creator=cast.anna, members=[bot])["id"]
    refused = await api("sendMessage", chat_id=group, text="Выберите", reply_markup=keyboard())
    assert refused["description"] == "Bad Request: chats can be requested in private chats only"
    people = json.dumps({"keyboard": [[{"text": "Кто", "request_users": {}}]]})
    refused = await api("sendMessage", chat_id=cast.anna, text="Выберите", reply_markup=people)
    assert 'can\'t find field "request_id"' in refused["description"]


async def test_a_person_at_the_page_chooses_a_person_and_a_new_channel(
    browser: Browser, sandbox: Sandbox, cast: Cast, api: Api
) -> None:
    page = await browser.new_page(viewport={"width": 390, "height": 844})
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    people = json.dumps({"keyboard": [[{"text": "Кто", "request_users": {"request_id": 1}}]]})
    await api("sendMessage", chat_id=cast.anna, text="Кто это?", reply_markup=people)
    await page.goto(f"{sandbox.url}/#user={cast.anna}&chat={cast.anna}")
    await page.get_by_test_id("reply-key").click()
    await page.get_by_test_id("choice").first.click()
    await sandbox.wait_until(lambda: "users_shared" in sandbox.messages(cast.anna)[-1])
    await asked(api, cast, bot_administrator_rights=POSTING, user_administrator_rights=POSTING)
    await page.get_by_test_id("reply-key").filter(has_text="Канал").click()
    await page.get_by_test_id("choice").last.click()
    await sandbox.wait_until(lambda: "chat_shared" in sandbox.messages(cast.anna)[-1])
    await page.close()
    assert wrong == []


async def test_a_person_at_the_page_takes_a_right_and_closes_and_deletes_a_thread(
    browser: Browser, sandbox: Sandbox, cast: Cast
) -> None:
    page = await browser.new_page(viewport={"width": 390, "height": 844})
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    await page.goto(f"{sandbox.url}/#user={cast.anna}&chat={cast.forum}")
    forum = sandbox.chat(cast.forum)

    async def choose(item: str) -> None:
        await page.get_by_test_id("chat-menu").click()
        await page.get_by_test_id(item).click()

    await choose("can_pin_messages")
    await sandbox.wait_until(lambda: not forum.has_right(sandbox.bot().id, "can_pin_messages"))
    assert forum.has_right(sandbox.bot().id, "can_manage_topics")
    await choose("new-thread")
    await sandbox.wait_until(lambda: forum.threads)
    thread = next(iter(forum.threads.values()))
    await page.get_by_test_id(f"thread-{thread.id}").click()
    await choose("close-thread")
    await sandbox.wait_until(lambda: thread.closed)
    await choose("delete-thread")
    await sandbox.wait_until(lambda: thread.deleted)
    await page.close()
    assert wrong == []
