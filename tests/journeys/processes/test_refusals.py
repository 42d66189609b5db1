"""What keeps the bot from starting is one clear sentence, never a traceback."""

from __future__ import annotations

import socket

import pytest

from tests.journeys.processes.conftest import Machine
from tests.support.servers.ports import free_port


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
        ("SENTRY_DSN", "somewhere"),
    ],
)
async def test_a_wrong_setting_is_named(machine: Machine, setting: str, value: str) -> None:
    one_sentence(*await machine.ran("run", **{setting: value}), setting)


async def test_a_token_that_telegram_refuses_is_said_and_not_shown(machine: Machine) -> None:
    wrong = "700701:" + "W" * 35
    code, said = await machine.ran("run", BOT_TOKEN=wrong)
    one_sentence(code, said, "BOT_TOKEN", "refused")
    assert "W" * 35 not in said


async def test_a_file_that_holds_no_token_is_named_and_not_shown(machine: Machine) -> None:
    file = machine.folder / "token"
    one_sentence(
        *await machine.ran("run", BOT_TOKEN="", BOT_TOKEN_FILE=str(file)), "BOT_TOKEN_FILE", "No such file"
    )
    file.write_text("nonsense of a secret kind")
    code, said = await machine.ran("run", BOT_TOKEN="", BOT_TOKEN_FILE=str(file))
    one_sentence(code, said, "BOT_TOKEN", "not a token")
    assert "nonsense" not in said


async def test_a_broken_newsroom_file_is_named_with_its_line(machine: Machine) -> None:
    (machine.folder / "newsroom.toml").write_text('name = "A"\n[[topic]]\nslug = 5\n')
    one_sentence(*await machine.ran("run"), "newsroom.toml", "line")


async def test_a_database_of_a_newer_version_is_left_alone(machine: Machine) -> None:
    assert (await machine.ran("migrate"))[0] == 0
    import sqlite3

    with sqlite3.connect(machine.folder / "vestnik.db") as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
    db.close()
    one_sentence(*await machine.ran("run"), "newer")


@pytest.mark.parametrize(
    "words", [("articles",), ("desk",), ("audit",), ("held",), ("doubts",), ("kill", "1")], ids=" ".join
)
async def test_a_command_at_the_desk_makes_no_database(machine: Machine, words: tuple[str, ...]) -> None:
    file = machine.folder / "data" / "vestnik.db"
    code, said = await machine.ran(*words, DATABASE_URL=f"sqlite:///{file}")
    one_sentence(code, said, "DATABASE_URL", "no database", "yet")
    assert not file.parent.exists()


async def test_a_file_that_is_no_database_is_left_alone(machine: Machine) -> None:
    (machine.folder / "vestnik.db").write_text("These are minutes of a meeting." * 100)
    one_sentence(*await machine.ran("run"), "DATABASE_URL")
    assert (machine.folder / "vestnik.db").read_text().startswith("These are minutes")


async def test_a_folder_that_cannot_be_made_is_named(machine: Machine) -> None:
    (machine.folder / "file").write_text("")
    url = f"sqlite:///{machine.folder}/file/vestnik.db"
    one_sentence(*await machine.ran("run", DATABASE_URL=url), "DATABASE_URL")


async def test_a_busy_port_is_named(machine: Machine) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        one_sentence(*await machine.ran("run", WEB_PORT=port), "WEB_PORT", port)


async def test_check_names_everything_that_is_wrong(machine: Machine) -> None:
    (machine.folder / "newsroom.toml").write_text("name = 5\n")
    code, said = await machine.ran("check", BOT_TOKEN="700701:" + "W" * 35)
    assert code != 0
    assert "BOT_TOKEN" in said
    assert "newsroom.toml" in said
    assert "W" * 35 not in said


async def test_check_is_content_with_a_good_newsroom(machine: Machine) -> None:
    code, said = await machine.ran("check")
    assert code == 0, said


async def test_check_names_every_fault_of_the_newsroom_and_a_busy_port_once(machine: Machine) -> None:
    wrong = 'name = "A"\n[[feed]]\nurl = "x"\nlanguage = 5\ntopics = ["none", "neither"]\n'
    (machine.folder / "newsroom.toml").write_text(wrong)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        code, said = await machine.ran("check", "--offline", WEB_PORT=port)
        assert not (machine.folder / "vestnik.db").exists(), "a first start alone makes a database"
        _, started = await machine.ran("run", WEB_PORT=port)
    assert code == 1
    lines = [line.removeprefix("WRONG  newsroom: ") for line in said.splitlines() if "newsroom: " in line]
    assert len(lines) == 4
    assert all(line in started for line in lines), "a start says the same words"
    assert said.count("WEB_PORT") == 1
    assert "the port is busy" in said


async def test_the_port_of_a_bot_that_runs_is_no_fault(machine: Machine) -> None:
    port = str(free_port())
    bot = await machine.start("run", WEB_PORT=port)
    await bot.said("bot.ready")
    code, said = await machine.ran("check", WEB_PORT=port)
    bot.stop()
    await bot.ended()
    assert code == 0, said
    assert "a Vestnik that runs already, @vestnik_bot" in said


@pytest.mark.parametrize(
    ("where", "says"),
    [
        ("file/data/vestnik.db", "is a file, and a folder is wanted there"),
        ("folder", "is a folder, and the database is a file"),
    ],
)
@pytest.mark.parametrize("command", ["run", "check"])
async def test_what_stands_in_the_databases_way_is_named(
    machine: Machine, command: str, where: str, says: str
) -> None:
    (machine.folder / "file").write_text("")
    (machine.folder / "folder").mkdir()
    url = f"sqlite:///{machine.folder}/{where}"
    code, said = await machine.ran(command, DATABASE_URL=url)
    assert code
    assert says in said
    assert "Traceback" not in said


async def test_check_shows_a_servers_address_as_written_without_its_password(machine: Machine) -> None:
    url = "postgres://news:p%40ss:secret@127.0.0.1:1/vestnik"
    _, said = await machine.ran("check", "--offline", DATABASE_URL=url)
    assert "postgres://news:…@127.0.0.1:1/vestnik" in said
    assert "secret" not in said


async def test_an_address_that_cannot_be_read_is_a_sentence_without_its_password(machine: Machine) -> None:
    code, said = await machine.ran("run", DATABASE_URL="postgres://news:p@ss:w/rd@127.0.0.1:1/vestnik")
    one_sentence(code, said, "DATABASE_URL", "%40")
    assert "w/rd" not in said
