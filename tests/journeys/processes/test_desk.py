"""An editor's verbs on the command line, beside a bot that runs; and how it stops."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from tests.journeys.processes.conftest import Machine

ANNA = 21


def story(machine: Machine, name: str, headline: str) -> str:
    """Write a story's file, and return its name."""
    item = {"id": "desk-1", "headline": headline, "text": "Движение пущено утром.", "topics": ["world"]}
    (machine.folder / name).write_text(json.dumps(item, ensure_ascii=False), encoding="utf-8")
    return name


def shown(machine: Machine, words: str) -> list[dict[str, Any]]:
    """Return the bot's messages before Anna that hold the words."""
    return [each for each in machine.sandbox.messages(ANNA) if words in each.get("text", "")]


def button(machine: Machine, label: str) -> tuple[int, str] | None:
    """Return the message and the data of a button before Anna."""
    for message in machine.sandbox.messages(ANNA):
        for row in message.get("reply_markup", {}).get("inline_keyboard", []):
            for each in row:
                if label in each["text"]:
                    return message["message_id"], each["callback_data"]
    return None


@pytest.fixture
async def running(machine: Machine) -> Any:
    """A machine whose bot runs, with a reader who follows the topic."""
    machine.sandbox.add_user("Анна", id=ANNA, language_code="ru")
    bot = await machine.start("run")
    await bot.said("Vestnik runs as @vestnik_bot")
    machine.sandbox.send(ANNA, ANNA, "/start")
    message_id, data = await machine.sandbox.wait_until(lambda: button(machine, "Мир"))
    pressed = machine.sandbox.press(ANNA, ANNA, message_id, data)
    await machine.sandbox.wait_until(lambda: machine.sandbox.callback(pressed)["answered"])
    machine.bot = bot
    return machine


async def test_a_story_is_corrected_and_killed_beside_the_running_bot(running: Any) -> None:
    code, said = await running.ran(
        "import", story(running, "a.json", "Мост открыт"), "--topic", "world", "--publish"
    )
    assert code == 0, said
    await running.sandbox.wait_until(lambda: shown(running, "Мост открыт"))
    code, said = await running.ran("articles", "мост")
    assert (code, "published" in said, "[desk-1]" in said) == (0, True, True)
    code, said = await running.ran("correct", "desk-1", story(running, "b.json", "Мост закрыт"))
    assert (code, "revision 2" in said, "chats that have it: 1" in said) == (0, True, True), said
    await running.sandbox.wait_until(lambda: shown(running, "Мост закрыт"))
    assert not shown(running, "Мост открыт")
    code, said = await running.ran("correct", "1", story(running, "c.json", "Мост цел"), "--quiet")
    assert (code, "revision 3" in said) == (0, True), said
    await running.sandbox.wait_until(lambda: shown(running, "Мост цел"))
    late = story(running, "d.json", "Мост закроют")
    code, said = await running.ran("correct", "1", late, "--loud", "Закрыли другой мост")
    assert code == 0, said
    await running.sandbox.wait_until(lambda: shown(running, "другой мост"))
    code, said = await running.ran("kill", "1")
    assert (code, "chats that have it: 1" in said, "no chat has the story any more" in said) == (
        0,
        True,
        True,
    ), said
    assert not shown(running, "Мост")
    code, said = await running.ran("audit", "--story", "desk-1", "--json")
    deeds = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    assert (code, [(each["verb"], each["hand"]) for each in deeds]) == (
        0,
        [(verb, "command") for verb in ("publish", "correct", "correct", "correct", "kill")],
    ), said
    assert deeds[1]["difference"] == [{"field": "headline", "old": "Мост открыт", "new": "Мост закрыт"}]
    code, said = await running.ran("audit", "--since", "2026-01-01")
    assert (code, "command  correct  article 1  revision 2" in said) == (0, True), said


async def test_a_kill_names_the_chats_where_it_could_not_take_the_story_back(running: Any) -> None:
    await running.ran("import", story(running, "a.json", "Мост открыт"), "--topic", "world", "--publish")
    await running.sandbox.wait_until(lambda: shown(running, "Мост открыт"))
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


async def test_without_a_bot_it_is_said_that_it_waits_for_one(machine: Machine) -> None:
    await machine.ran("import", story(machine, "a.json", "Мост открыт"), "--publish")
    code, said = await machine.ran("kill", "1")
    assert code == 0
    assert "no bot runs" in said


async def test_who_else_tells_a_story_is_listed_and_parted(machine: Machine) -> None:
    text = "Движение по новому мосту через Светлую открыли утром, сообщила мэрия в понедельник."
    for uid in ("a", "b"):
        told = {
            "id": uid,
            "headline": "Новый мост открыли",
            "text": text,
            "url": "https://news.example/bridge",
        }
        (machine.folder / f"{uid}.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        await machine.ran("import", f"{uid}.json")
    code, said = await machine.ran("part", "1")
    assert (code, "[import b]" in said) == (0, True), said
    code, said = await machine.ran("part", "1", "2")
    assert (code, "2 is none of them" in said) == (2, True), said
    code, said = await machine.ran("part", "1", "1", "--publish")
    assert (code, "article 2 is a story of its own" in said) == (0, True), said
    code, said = await machine.ran("part", "1")
    assert (code, "nobody else tells this story" in said) == (0, True), said


async def test_a_draft_is_edited_field_by_field(machine: Machine) -> None:
    code, said = await machine.ran("draft", story(machine, "a.json", "Мост открыт"))
    assert code == 0, said
    words = ("--headline", "Мост закрыт", "--dateline", "Бишкек", "--for", "ru", "--for", "en")
    code, said = await machine.ran("edit", "1", *words, "--language", "ru")
    assert (code, "article 1 is draft: Мост закрыт" in said) == (0, True), said
    for same, why in (((), "Nothing has changed"), (("--headline", " "), "not taken away")):
        code, said = await machine.ran("edit", "1", *same)
        assert (code, why in said) == (2, True), said
    code, said = await machine.ran("audit", "--story", "1", "--json")
    deeds = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    assert [each["verb"] for each in deeds] == ["draft", "edit"]
    assert {each["field"] for each in deeds[1]["difference"]} >= {"headline", "dateline"}


async def test_a_held_edit_is_refused(machine: Machine) -> None:
    text = "Движение по новому мосту через Светлую открыли утром, сообщила мэрия в понедельник."
    for words in (text, "Движение открыли."):
        told = {"id": "a", "headline": "Новый мост открыли", "text": words}
        (machine.folder / "a.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        await machine.ran("import", "a.json", "--publish")
    code, said = await machine.ran("refuse", "1")
    assert (code, "article 1 stays at revision 1" in said) == (0, True), said
    code, said = await machine.ran("refuse", "1")
    assert (code, "No edit of that story is held" in said) == (2, True), said
    # The source says the same again: it is no news.
    await machine.ran("import", "a.json", "--publish")
    code, said = await machine.ran("held")
    assert (code, "Новый мост" in said) == (0, False), said


async def test_a_held_edit_is_listed_shown_and_accepted(machine: Machine) -> None:
    text = "Движение по новому мосту через Светлую открыли утром, сообщила мэрия в понедельник."
    for words in (text, "Движение открыли."):
        told = {"id": "a", "headline": "Новый мост открыли", "text": words}
        (machine.folder / "a.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        await machine.ran("import", "a.json", "--publish")
    code, said = await machine.ran("held")
    assert (code, "text" in said, "Новый мост открыли" in said) == (0, True, True), said
    code, said = await machine.ran("held", "1")
    assert (code, "Движение открыли." in said) == (0, True), said
    code, said = await machine.ran("accept", "1")
    assert (code, "article 1 is at revision 2" in said) == (0, True), said
    code, said = await machine.ran("accept", "1")
    assert (code, "No edit of that story is held." in said) == (2, True), said
    code, said = await machine.ran("held", "1")
    assert (code, "No edit of that story is held." in said) == (2, True), said


async def test_what_cannot_be_is_one_sentence(machine: Machine) -> None:
    await machine.ran("import", story(machine, "a.json", "Мост открыт"))
    story(machine, "b.json", "Мост закрыт")
    for words, said in (
        ("kill 404", "There is no story 404"),
        ("pause 1", "This story was not published"),
        ("correct 1 none.json", "none.json: can't be read"),
        ("correct 1 b.json --topic nowhere", "there is no topic 'nowhere'"),
        ("correct 1 a.json b.json", "the files hold 2 stories"),
        ("correct 1 a.json", "Nothing has changed"),
        ("doubts send", "name the story"),
        ("audit --since yesterday", "write a day or a time as 2026-12-01"),
        ("audit --story 404", "There is no story 404"),
    ):
        code, heard = await machine.ran(*words.split())
        assert (code, said in heard, "Traceback" in heard) == (2, True, False), heard


async def test_sigterm_ends_it_also_while_telegram_hangs(running: Any) -> None:
    running.sandbox.fault("hang", match={"method": "sendMessage"}, times=None, seconds=3_600)
    (hang,) = running.sandbox.faults.waiting()
    await running.ran("import", story(running, "a.json", "Мост открыт"), "--topic", "world", "--publish")
    async with asyncio.timeout(60):
        while not hang.hits:
            await asyncio.sleep(0.05)
    running.bot.stop()
    # A call that nobody answers is given up after a minute: the bot does not wait for that.
    async with asyncio.timeout(45):
        code, said = await running.bot.ended()
    assert (code, "Traceback" in said) == (0, False), said
    assert running.settings["BOT_TOKEN"].split(":")[1] not in said


async def test_the_figures_of_the_day_and_of_a_story_are_printed_beside_the_running_bot(
    running: Any,
) -> None:
    code, said = await running.ran(
        "import", story(running, "a.json", "Мост открыт"), "--topic", "world", "--publish"
    )
    assert code == 0, said
    await running.sandbox.wait_until(lambda: shown(running, "Мост открыт"))
    async with asyncio.timeout(60):
        while '"reach": 1' not in said:
            code, said = await running.ran("stats", "--story", "desk-1", "--json")
    assert (code, json.loads(said)["accepted"], json.loads(said)["failed"]) == (0, 1, {})
    code, said = await running.ran("stats", "--days", "7")
    for words in ("stories: 1", "gained: 1", "chats: private 1", "topics: world 1"):
        assert words in said, words
