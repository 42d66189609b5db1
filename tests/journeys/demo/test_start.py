"""The demo from outside: `python -m bot demo` as a process of its own."""

import asyncio
import os
import re
import signal
import socket
from pathlib import Path

import aiohttp
import psutil

from bot.demo.words import ENGLISH, RUSSIAN
from tests.support.process import SECONDS, Process, demo


async def living_child(process: Process) -> psutil.Process:
    async with asyncio.timeout(SECONDS):
        while not (children := psutil.Process(process.pid).children()):
            await asyncio.sleep(0.02)
    return children[0]


async def test_it_shows_its_address_works_and_ends_without_a_child_left(tmp_path: Path) -> None:
    async with demo("--port", "0", "--folder", str(tmp_path)) as process:
        address = re.search(r"http://127\.0\.0\.1:\d+/", await process.said("Vestnik: "))
        assert address
        link = re.search(
            r"(http://127\.0\.0\.1:\d+/operator)#(\S+)", await process.said("The operator's page: ")
        )
        assert link
        async with aiohttp.ClientSession() as web:
            async with web.get(address[0]) as page:
                assert page.status == 200
            await process.said(ENGLISH.works)
            async with web.post(
                f"{link[1]}/login", data={"token": link[2]}, allow_redirects=False
            ) as entered:
                assert entered.status == 303
            async with web.get(address[0] + "sandbox/state") as state:
                names = {user["first_name"] for user in (await state.json())["users"]}
        assert names == {"Анна", "Maria", "Olga", "Бакыт", "James", "Timur", "Nina", "Askar"}
        child = await living_child(process)
        process.interrupt()
        code, rest = await process.ended()
    assert code == 0
    assert "Traceback" not in rest
    assert not child.is_running()
    assert (tmp_path / "vestnik.log").exists()


async def test_a_bot_that_is_killed_is_started_again_and_its_death_told(tmp_path: Path) -> None:
    async with demo("--port", "0", "--folder", str(tmp_path)) as process:
        await process.said(ENGLISH.works)
        first = await living_child(process)
        os.kill(first.pid, signal.SIGKILL)
        await process.said(ENGLISH.died.format(code=-9))
        second = await living_child(process)
        assert second.pid != first.pid
        process.stop()
        code, rest = await process.ended()
    assert code == 0
    assert "Traceback" not in rest
    assert not second.is_running()


async def test_a_busy_port_is_passed_over_and_said(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        async with demo("--port", str(port), "--folder", str(tmp_path)) as process:
            await process.said("served on port")
        heading = "".join(process.lines)
    assert f"Port {port} is taken" in heading
    assert f":{port}/" not in heading


async def test_a_folder_that_cannot_be_used_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    async with demo("--port", "0", "--folder", str(tmp_path / "file")) as process:
        code, text = await process.ended()
    assert code == 2
    assert text.count("\n") == 1
    assert "can't be written to" in text


async def test_two_demos_do_not_share_a_folder(tmp_path: Path) -> None:
    async with demo("--port", "0", "--folder", str(tmp_path)) as first:
        await first.said("Vestnik: ")
        async with demo("--port", "0", "--folder", str(tmp_path)) as second:
            code, text = await second.ended()
    assert code == 2
    assert text == ENGLISH.folder_in_use.format(folder=tmp_path) + "\n"


async def test_a_new_start_removes_its_own_files_alone(tmp_path: Path) -> None:
    for name in ("vestnik.db", "vestnik.db-wal", "vestnik.log.1", "mine.txt"):
        (tmp_path / name).write_text("old")
    async with demo("--port", "0", "--folder", str(tmp_path)) as process:
        await process.said("Vestnik: ")
        assert not (tmp_path / "vestnik.db-wal").exists() or (tmp_path / "vestnik.db").read_bytes() != b"old"
        assert not (tmp_path / "vestnik.log.1").exists()
    assert (tmp_path / "mine.txt").read_text() == "old"


async def test_a_port_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    async with demo("--port", "70000", "--folder", str(tmp_path)) as process:
        code, text = await process.ended()
    assert code == 2
    assert "70000" in text
    assert text.count("\n") == 1


def test_both_languages_say_the_same_things() -> None:
    for name in RUSSIAN.__slots__:
        fields = [set(re.findall(r"\{(\w+)", getattr(words, name))) for words in (RUSSIAN, ENGLISH)]
        assert fields[0] == fields[1], name
