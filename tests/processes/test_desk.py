"""An editor's verbs on the command line, beside a bot that runs; and how it stops."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import pytest

ANNA = 21


def story(machine: Any, name: str, headline: str) -> str:
    """Write a story's file, and return its name."""
    item = {"id": "desk-1", "headline": headline, "text": "Движение пущено утром.", "topics": ["world"]}
    (machine.folder / name).write_text(json.dumps(item, ensure_ascii=False), encoding="utf-8")
    return name


def shown(machine: Any, words: str) -> list[dict[str, Any]]:
    """Return the bot's messages before Anna that hold the words."""
    return [each for each in machine.sandbox.messages(ANNA) if words in each.get("text", "")]


def button(machine: Any, label: str) -> tuple[int, str] | None:
    """Return the message and the data of a button before Anna."""
    for message in machine.sandbox.messages(ANNA):
        for row in message.get("reply_markup", {}).get("inline_keyboard", []):
            for each in row:
                if label in each["text"]:
                    return message["message_id"], each["callback_data"]
    return None


@pytest.fixture
async def running(machine: Any) -> Any:
    """A machine whose bot runs, with a reader who follows the topic."""
    machine.sandbox.add_user("Анна", id=ANNA, language_code="ru")
    bot = await machine.start("run")
    await bot.said("Vestnik runs as @vestnik_bot")
    machine.sandbox.send(ANNA, ANNA, "/start")
    message_id, data = await machine.sandbox.wait_until(lambda: button(machine, "Мир"), timeout=20)
    pressed = machine.sandbox.press(ANNA, ANNA, message_id, data)
    await machine.sandbox.wait_until(lambda: machine.sandbox.callback(pressed)["answered"], timeout=20)
    machine.bot = bot
    return machine


async def test_a_story_is_corrected_and_killed_beside_the_running_bot(running: Any) -> None:
    code, said = await running.ran(
        "import", story(running, "a.json", "Мост открыт"), "--topic", "world", "--publish"
    )
    assert code == 0, said
    await running.sandbox.wait_until(lambda: shown(running, "Мост открыт"), timeout=20)
    code, said = await running.ran("articles", "мост")
    assert (code, "published" in said, "[desk-1]" in said) == (0, True, True)
    code, said = await running.ran("correct", "desk-1", story(running, "b.json", "Мост закрыт"))
    assert (code, "revision 2" in said, "chats that have it: 1" in said) == (0, True, True), said
    await running.sandbox.wait_until(lambda: shown(running, "Мост закрыт"), timeout=20)
    assert not shown(running, "Мост открыт")
    code, said = await running.ran("kill", "1")
    assert (code, "chats that have it: 1" in said, "it stands in no chat" in said) == (0, True, True), said
    assert not shown(running, "Мост")


async def test_a_kill_names_the_chats_where_it_could_not_take_the_story_back(running: Any) -> None:
    await running.ran("import", story(running, "a.json", "Мост открыт"), "--topic", "world", "--publish")
    await running.sandbox.wait_until(lambda: shown(running, "Мост открыт"), timeout=20)
    running.sandbox.fault(
        "error",
        match={"method": "deleteMessage"},
        times=None,
        code=403,
        description="Forbidden: bot was blocked by the user",
    )
    for _ in range(2):
        code, said = await running.ran("kill", "desk-1")
        assert code == 1, said
        assert f"NOT taken back from {ANNA}" in said
        assert "blocked" in said


async def test_without_a_bot_it_is_said_that_it_waits_for_one(machine: Any) -> None:
    await machine.ran("import", story(machine, "a.json", "Мост открыт"), "--publish")
    code, said = await machine.ran("kill", "1")
    assert code == 0
    assert "no bot runs" in said


async def test_what_cannot_be_is_one_sentence(machine: Any) -> None:
    await machine.ran("import", story(machine, "a.json", "Мост открыт"))
    story(machine, "b.json", "Мост закрыт")
    for words, said in (
        ("kill 404", "There is no story 404"),
        ("pause 1", "This story was not published"),
        ("correct 1 none.json", "none.json: can't be read"),
        ("correct 1 b.json --topic nowhere", "there is no topic 'nowhere'"),
        ("correct 1 a.json b.json", "one story is wanted, not 2"),
        ("correct 1 a.json", "Nothing has changed"),
        ("doubts send", "which story?"),
    ):
        code, heard = await machine.ran(*words.split())
        assert (code, said in heard, "Traceback" in heard) == (2, True, False), heard


async def test_sigterm_ends_it_within_ten_seconds_also_while_telegram_hangs(running: Any) -> None:
    running.sandbox.fault("hang", match={"method": "sendMessage"}, times=None, seconds=60)
    (hang,) = running.sandbox.faults.waiting()
    await running.ran("import", story(running, "a.json", "Мост открыт"), "--topic", "world", "--publish")
    async with asyncio.timeout(20):
        while not hang.hits:
            await asyncio.sleep(0.05)
    began = time.monotonic()
    running.bot.stop()
    code, said = await running.bot.ended()
    assert time.monotonic() - began < 10
    assert (code, "Traceback" in said) == (0, False), said
    assert running.settings["BOT_TOKEN"].split(":")[1] not in said
