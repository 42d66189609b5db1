"""What keeps the bot from starting is one clear sentence, never a traceback."""

from __future__ import annotations

import socket
from typing import Any

import pytest


def one_sentence(code: int | None, said: str, *words: str) -> None:
    """Hold that the command failed in one line that holds those words."""
    assert code == 2, said
    assert "Traceback" not in said
    last = said.strip().splitlines()[-1]
    assert all(word in last for word in words), said


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("BOT_TOKEN", "nonsense"),
        ("GLOBAL_RATE", "-1"),
        ("TIME_ZONE", "Europe/Nowhere"),
        ("OWNER_IDS", "olga"),
        ("LANGUAGE", "xx"),
        ("BOT_API_URL", "telegram"),
        ("DATABASE_URL", "mysql://localhost/x"),
    ],
)
async def test_a_wrong_setting_is_named(machine: Any, setting: str, value: str) -> None:
    one_sentence(*await machine.ran("run", **{setting: value}), setting)


async def test_a_token_that_telegram_refuses_is_said_and_not_shown(machine: Any) -> None:
    wrong = "700701:" + "W" * 35
    code, said = await machine.ran("run", BOT_TOKEN=wrong)
    one_sentence(code, said, "BOT_TOKEN", "refused")
    assert "W" * 35 not in said


async def test_a_broken_newsroom_file_is_named_with_its_line(machine: Any) -> None:
    (machine.folder / "newsroom.toml").write_text('name = "A"\n[[topic]]\nslug = 5\n')
    one_sentence(*await machine.ran("run"), "newsroom.toml", "line")


async def test_a_database_of_a_newer_version_is_left_alone(machine: Any) -> None:
    assert (await machine.ran("migrate"))[0] == 0
    import sqlite3

    with sqlite3.connect(machine.folder / "vestnik.db") as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
    db.close()
    one_sentence(*await machine.ran("run"), "newer")


async def test_a_file_that_is_no_database_is_left_alone(machine: Any) -> None:
    (machine.folder / "vestnik.db").write_text("These are minutes of a meeting." * 100)
    one_sentence(*await machine.ran("run"), "DATABASE_URL")
    assert (machine.folder / "vestnik.db").read_text().startswith("These are minutes")


async def test_a_folder_that_cannot_be_made_is_named(machine: Any) -> None:
    (machine.folder / "file").write_text("")
    url = f"sqlite:///{machine.folder}/file/vestnik.db"
    one_sentence(*await machine.ran("run", DATABASE_URL=url), "DATABASE_URL")


async def test_a_busy_port_is_named(machine: Any) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        one_sentence(*await machine.ran("run", WEB_PORT=port), "WEB_PORT", port)


async def test_check_names_everything_that_is_wrong(machine: Any) -> None:
    (machine.folder / "newsroom.toml").write_text("name = 5\n")
    code, said = await machine.ran("check", BOT_TOKEN="700701:" + "W" * 35)
    assert code != 0
    assert "BOT_TOKEN" in said
    assert "newsroom.toml" in said
    assert "W" * 35 not in said


async def test_check_is_content_with_a_good_newsroom(machine: Any) -> None:
    code, said = await machine.ran("check")
    assert code == 0, said
