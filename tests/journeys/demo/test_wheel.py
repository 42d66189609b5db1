"""The wheel, built from this tree and installed where nothing of it is: all that a start needs is in it."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import aiohttp
import pytest

from bot.demo.words import ENGLISH
from tests.support.paths import ROOT
from tests.support.process import started, until_done
from tests.support.processes.wheel import built, environment, install


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree."""
    return built(ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of an environment with the wheel."""
    home = tmp_path_factory.mktemp("installed")
    commands = environment(home)
    install(wheel, home)
    return commands


def test_it_holds_everything_that_is_read_from_files(wheel: Path) -> None:
    packed = set(zipfile.ZipFile(wheel).namelist())
    assert {f"bot/_{name}" for name in files("templates")} <= packed
    for folder in ("bot/store/migrations", "bot/sandbox/page", "bot/demo/sample"):
        assert set(files(folder)) <= packed
    assert not [name for name in packed if name.startswith(("tests/", "bench/")) or "__pycache__" in name]


def files(folder: str) -> list[str]:
    """Return the files below a folder of the project, by their paths from its root."""
    found = sorted((ROOT / folder).rglob("*"))
    assert found
    return [
        each.relative_to(ROOT).as_posix()
        for each in found
        if each.is_file() and "__pycache__" not in each.parts
    ]


async def test_the_demo_starts_from_it_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    command = (str(installed / "vestnik"), "demo", "--port", "0", "--language", "en")
    async with until_done(await started(*command, folder=tmp_path)) as process:
        address = re.search(r"http://127\.0\.0\.1:\d+/", await process.said("Vestnik: "))
        assert address
        async with aiohttp.ClientSession() as web, web.get(address[0]) as page:
            assert page.status == 200
        await process.said(ENGLISH.works)
        process.interrupt()
        code, said = await process.ended()
    assert code == 0, said
    assert (tmp_path / "data" / "demo" / "vestnik.db").exists()


async def test_its_command_is_vestnik(installed: Path, tmp_path: Path) -> None:
    code, said = await (await started(str(installed / "vestnik"), "--help", folder=tmp_path)).ended()
    assert (code, said.split()[:2]) == (0, ["usage:", "vestnik"])


async def test_it_makes_a_database_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    code, said = await (await started(str(installed / "vestnik"), "migrate", folder=tmp_path)).ended()
    assert code == 0, said
    assert (tmp_path / "data" / "vestnik.db").stat().st_size > 0
    code, said = await (
        await started(str(installed / "vestnik"), "check", "--offline", folder=tmp_path)
    ).ended()
    assert "ok     database: sqlite:///data/vestnik.db is up to date" in said
    assert "ok     templates: each of them works" in said


def test_it_brings_sentry_only_to_who_asks_for_it(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        name = next(each for each in packed.namelist() if each.endswith(".dist-info/METADATA"))
        about = packed.read(name).decode()
    asked = [line for line in about.splitlines() if line.startswith("Requires-Dist: sentry-sdk")]
    assert asked
    assert all("extra == " in line for line in asked)


async def test_what_runs_from_it_is_not_this_tree(installed: Path, tmp_path: Path) -> None:
    command = (str(installed / "python"), "-c", "import bot; print(bot.__file__)")
    code, said = await (await started(*command, folder=tmp_path)).ended()
    assert code == 0
    assert Path(said.strip()).is_relative_to(installed.parent)
