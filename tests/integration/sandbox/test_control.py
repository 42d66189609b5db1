"""The control API over HTTP, the live feed, webhooks, and the server as such."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.sandbox import PortBusy, Sandbox
from bot.sandbox.world.views import chat_view
from tests.integration.sandbox.conftest import BOT, TOKEN, Api, Cast

KEYBOARD = {"inline_keyboard": [[{"text": "b", "callback_data": "d"}]]}


async def post(http: aiohttp.ClientSession, sandbox: Sandbox, path: str, **body: Any) -> Any:
    async with http.post(f"{sandbox.url}/sandbox/{path}", json=body) as response:
        answer = await response.json()
        assert response.status == (400 if isinstance(answer, dict) and "error" in answer else 200)
        return answer


async def get(http: aiohttp.ClientSession, sandbox: Sandbox, path: str) -> Any:
    async with http.get(f"{sandbox.url}/sandbox/{path}") as response:
        assert response.status == 200
        return await response.json()


async def test_a_whole_newsroom_is_made_over_http(sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
    bot = await post(http, sandbox, "bots", token=TOKEN, username="vestnik_bot", first_name="Вестник")
    user = await post(http, sandbox, "users", first_name="Анна", language_code="ru")
    chat = await post(
        http,
        sandbox,
        "chats",
        type="supergroup",
        title="Форум",
        creator=user["id"],
        is_forum=True,
        members=[],
    )
    body = {"user_id": bot["id"], "status": "administrator", "by": user["id"]}
    await post(http, sandbox, f"chats/{chat['id']}/members", **body)
    thread = await post(http, sandbox, f"chats/{chat['id']}/threads", name="Мир")
    await post(http, sandbox, f"chats/{chat['id']}/threads/{thread['id']}", closed=True)
    state = await get(http, sandbox, "state")
    (found,) = [c for c in state["chats"] if c["id"] == chat["id"]]
    assert found["members"][1] == {"user_id": bot["id"], "status": "administrator"}
    assert found["threads"] == [{"id": thread["id"], "name": "Мир", "closed": True}]
    assert state["users"] == [user]


async def test_writing_pressing_and_reading_over_http(
    api: Api, cast: Cast, sandbox: Sandbox, http: aiohttp.ClientSession
) -> None:
    path = f"chats/{cast.anna}"
    written = await post(http, sandbox, f"{path}/send", user_id=cast.anna, text="/start story_1")
    assert written["entities"][0]["type"] == "bot_command"
    photo = await post(http, sandbox, f"{path}/send", user_id=cast.anna, photo=True, caption="x")
    file = photo["photo"][-1]["file_id"]
    async with http.get(f"{sandbox.url}/sandbox/files/{file}") as response:
        assert response.content_type == "image/png"
    await post(http, sandbox, f"{path}/messages/{written['message_id']}", user_id=cast.anna, text="y")
    sent = await api("sendMessage", chat_id=cast.anna, text="x", reply_markup=KEYBOARD)
    message = sent["result"]["message_id"]
    pressed = await post(http, sandbox, f"{path}/press", user_id=cast.anna, message_id=message, data="d")
    query = pressed["callback_query_id"]
    assert await get(http, sandbox, f"callbacks/{query}") == {"answered": False}
    await api("answerCallbackQuery", callback_query_id=query, text="да")
    assert (await get(http, sandbox, f"callbacks/{query}"))["text"] == "да"
    await api("deleteMessage", chat_id=cast.anna, message_id=message)
    assert message not in [m["message_id"] for m in await get(http, sandbox, f"{path}/messages")]
    everything = await get(http, sandbox, f"{path}/messages?include_deleted=1")
    assert everything[-1]["deleted"] is True
    calls = await get(http, sandbox, "calls?since=0")
    assert (calls["next"], calls["calls"][-1]["method"]) == (len(calls["calls"]), "deleteMessage")


async def test_clock_faults_blocks_and_upgrades_over_http(
    api: Api, cast: Cast, sandbox: Sandbox, http: aiohttp.ClientSession
) -> None:
    before = (await get(http, sandbox, "state"))["now"]
    assert (await post(http, sandbox, "clock", advance=3600))["now"] >= before + 3600
    assert abs((await post(http, sandbox, "clock", set=5_000))["now"] - 5_000) < 60
    await post(http, sandbox, "faults", match={"method": "getMe"}, kind="500")
    assert len(await get(http, sandbox, "faults")) == 1
    async with http.delete(f"{sandbox.url}/sandbox/faults") as response:
        assert response.status == 200
    assert await get(http, sandbox, "faults") == []
    await post(http, sandbox, f"users/{cast.anna}/block", bot_id=BOT)
    assert (await api("sendMessage", chat_id=cast.anna, text="x"))["error_code"] == 403
    await post(http, sandbox, f"users/{cast.anna}/unblock")
    await post(http, sandbox, f"users/{cast.boris}/deactivate")
    new = (await post(http, sandbox, f"chats/{cast.group}/upgrade"))["id"]
    assert sandbox.chat(new).kind == "supergroup"


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("chats/-5/send", {"user_id": 1, "text": "x"}, "there is no -5"),
        ("chats", {"type": "club", "title": "x", "creator": 1}, "a chat is one of"),
        ("bots", {"token": "x", "username": "y"}, "a token is"),
        ("users", {"colour": "red"}, "does not fit"),
        ("faults", {"kind": "meteor"}, "a fault is one of"),
    ],
)
async def test_what_cannot_be_is_a_400_with_a_sentence(
    sandbox: Sandbox, http: aiohttp.ClientSession, path: str, body: dict[str, Any], words: str
) -> None:
    assert words in (await post(http, sandbox, path, **body))["error"]


async def test_another_sites_form_cannot_control(sandbox: Sandbox, http: aiohttp.ClientSession) -> None:
    async with http.post(f"{sandbox.url}/sandbox/clock", data='{"advance": 5}') as response:
        assert response.status == 400


async def test_the_page_hears_of_everything_live(
    api: Api, cast: Cast, sandbox: Sandbox, http: aiohttp.ClientSession
) -> None:
    async with http.ws_connect(f"{sandbox.url}/sandbox/live") as socket:
        snapshot = await socket.receive_json()
        assert snapshot["type"] == "snapshot"
        assert snapshot["messages"][str(cast.anna)][0]["text"] == "/start"
        sent = await api("sendMessage", chat_id=cast.anna, text="x", reply_markup=KEYBOARD)
        message = sent["result"]["message_id"]
        pressed = sandbox.press(cast.anna, cast.anna, message, "d")
        await api("answerCallbackQuery", callback_query_id=pressed, text="да")
        await api("editMessageText", chat_id=cast.anna, message_id=message, text="y")
        await api("deleteMessage", chat_id=cast.anna, message_id=message)
        await api("sendChatAction", chat_id=cast.anna, action="typing")
        await api("setMyCommands", commands=[{"command": "latest", "description": "d"}])
        sandbox.add_user("Carl")
        sandbox.block(cast.anna)
        sandbox.advance(5)
        events = [await socket.receive_json(timeout=30) for _ in range(9)]
    assert [event["type"] for event in events] == [
        "message",
        "answer",
        "edit",
        "delete",
        "action",
        "commands",
        "user",
        "chat",
        "clock",
    ]
    assert events[1]["callback_query_id"] == pressed
    assert events[2]["message"]["history"][0]["text"] == "x"
    assert events[7]["chat"]["blocked"] is True


async def test_a_chats_menu_is_told_by_language(api: Api, cast: Cast, sandbox: Sandbox) -> None:
    menu = [{"command": "latest", "description": "d"}]
    russian = [{"command": "latest", "description": "Последнее"}]
    await api("setMyCommands", commands=menu)
    await api("setMyCommands", commands=russian, language_code="ru", scope={"type": "all_private_chats"})
    assert chat_view(sandbox.world, sandbox.chat(cast.anna))["commands"] == {"": menu, "ru": russian}


async def test_a_webhook_is_posted_to_until_it_answers(api: Api, cast: Cast, sandbox: Sandbox) -> None:
    heard: list[tuple[str, str]] = []

    async def hook(request: web.Request) -> web.Response:
        update = await request.json()
        heard.append((request.headers["X-Telegram-Bot-Api-Secret-Token"], update["message"]["text"]))
        if len(heard) == 1:
            return web.Response(status=500)
        return web.json_response({"method": "sendMessage", "chat_id": cast.anna, "text": "в ответ"})

    app = web.Application()
    app.router.add_post("/hook", hook)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
        answer = await api("setWebhook", url=url, secret_token="s3cret")
        assert answer["description"] == "Webhook was set"
        sandbox.send(cast.anna, cast.anna, "привет")
        await sandbox.wait_until(lambda: sandbox.messages(cast.anna)[-1].get("text") == "в ответ")
        assert heard == [("s3cret", "привет")] * 2
        assert (await api("getUpdates"))["error_code"] == 409
        assert (await api("getWebhookInfo"))["result"]["last_error_message"].endswith(
            "500 Internal Server Error"
        )
        assert (await api("deleteWebhook"))["description"] == "Webhook was deleted"
        assert (await api("getUpdates"))["ok"]
    finally:
        await runner.cleanup()


async def test_a_busy_port_is_explained(sandbox: Sandbox) -> None:
    port = int(sandbox.url.rpartition(":")[2])
    with pytest.raises(PortBusy, match=f"Port {port} on 127.0.0.1 is busy"):
        await Sandbox().start(port)


async def test_waiting_for_a_condition_ends_with_a_timeout(sandbox: Sandbox) -> None:
    with pytest.raises(TimeoutError):
        await sandbox.wait_until(lambda: False, timeout=0.05)
    waiting = asyncio.create_task(sandbox.wait_until(lambda: sandbox.world.people))
    await asyncio.sleep(0)
    sandbox.add_user("Анна")
    assert await waiting


def test_the_sandbox_loads_neither_the_bot_nor_aiogram() -> None:
    program = (
        "import sys, bot.sandbox; print([m for m in sys.modules if m.split('.')[0] in ('aiogram', 'tdjson')"
        " or (m.startswith('bot.') and not m.startswith('bot.sandbox'))])"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
