"""The image, as far as no container engine is needed: its Dockerfile replayed, and the bot run in what it made."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.sandbox import Sandbox
from tests.support.image.dockerfile import DOCKERFILE, Stage, read
from tests.support.image.replay import environment
from tests.support.paths import ROOT
from tests.support.process import Process, started, until_done
from tests.support.servers.ports import free_port

SOURCES = "better-sqlite3@12.11.1"
"""A package that holds SQLite's own sources (3.53.2), for machines that don't reach sqlite.org."""

ANYBODY = "54321"
"""A user that no machine knows."""

PNG = b"\x89PNG"
TOKEN = "700700:" + "T" * 35
UNSHARED = ("unshare", "--mount", "--propagation", "private")

pytestmark = pytest.mark.timeout(1200)


@dataclass
class Image:
    """What was built: where it stands, and in whose namespace."""

    root: str
    keeper: int
    stage: Stage

    def inside(self, *words: str, **settings: str) -> tuple[str, ...]:
        """Return a command that runs in the image as a user whom nobody knows, with no rights at all."""
        values = environment(self.stage) | settings
        return (
            *("nsenter", "--target", str(self.keeper), "--mount", "chroot", self.root),
            *("setpriv", "--reuid", ANYBODY, "--regid", ANYBODY, "--clear-groups", "--no-new-privs"),
            *("--bounding-set=-all", "--inh-caps=-all", "env", "--ignore-environment", "--chdir=/data"),
            *(f"{name}={value}" for name, value in values.items()),
            *words,
        )


def sources(folder: Path) -> Path:
    """Return an archive like that of sqlite.org, made of what a package brings along."""
    if not shutil.which("npm"):
        pytest.skip("no npm here, and so no sources of SQLite")
    packed = subprocess.run(
        ("npm", "pack", "--silent", SOURCES), cwd=folder, capture_output=True, text=True, check=False
    )
    if packed.returncode:
        pytest.skip(f"no sources of SQLite can be had here: {packed.stderr[-300:]}")
    shutil.unpack_archive(folder / packed.stdout.split()[-1], folder / "unpacked")
    with zipfile.ZipFile(folder / "sources.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(folder / "unpacked/package/deps/sqlite3/sqlite3.c", "sqlite-amalgamation/sqlite3.c")
    return folder / "sources.zip"


@pytest.fixture
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Image]:
    """The last stage of the Dockerfile, read-only."""
    if not os.environ.get("IMAGE"):
        pytest.skip("a minute of two processors: make image-check")
    if os.geteuid() or not all(map(shutil.which, ("unshare", "nsenter", "setpriv", "gcc"))):
        pytest.skip("to replay the Dockerfile needs root, unshare, nsenter, setpriv and gcc")
    if subprocess.run((*UNSHARED, "true"), check=False, capture_output=True).returncode:
        pytest.skip("no mount namespaces here")
    archive = sources(tmp_path_factory.mktemp("sqlite"))
    digest = hashlib.sha3_256(archive.read_bytes()).hexdigest()
    log = tmp_path_factory.mktemp("image") / "log"
    command = (*UNSHARED, sys.executable, "-m", "tests.support.image.replay", str(archive), digest)
    with log.open("w") as heard:
        keeper = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=heard, text=True
        )
    assert keeper.stdout is not None
    said = keeper.stdout.readline().split()
    try:
        assert said[:1] == ["built"], log.read_text()[-5000:]
        yield Image(said[1], keeper.pid, read(DOCKERFILE.read_text(encoding="utf-8"))[-1])
    finally:
        keeper.communicate()


async def ran(image: Image, folder: Path, *words: str, **settings: str) -> tuple[int | None, str]:
    return await (await started(*image.inside(*words, **settings), folder=folder)).ended()


async def its_sqlite_is_mended(image: Image, tmp_path: Path) -> None:
    asked = "from bot.store.engine.sqlite import may_lose_commits; print(may_lose_commits())"
    assert await ran(image, tmp_path, "python", "-c", asked) == (0, "False\n")


async def its_command_is_vestnik_and_nothing_of_it_can_be_written(image: Image, tmp_path: Path) -> None:
    code, said = await ran(image, tmp_path, "vestnik", "--version")
    assert (code, said.split()[0]) == (0, "Vestnik")
    for place in ("/opt/vestnik/x", "/usr/x", "/etc/x"):
        code, said = await ran(image, tmp_path, "touch", place)
        assert code, place
    assert await ran(image, tmp_path, "touch", "/data/x", "/tmp/x") == (0, "")


async def anybody_can_run_the_bot_from_it(image: Image, tmp_path: Path, sandbox: Sandbox) -> None:
    """With a token in a file, on a tree that is read-only; its health check says what the bot says."""
    sandbox.add_bot(TOKEN, "vestnik_bot", "Vestnik")
    port = str(free_port())
    settings = {"BOT_API_URL": sandbox.url, "WEB_PORT": port, "WEB_HOST": "127.0.0.1"}
    code, _ = await ran(image, tmp_path, "sh", "-c", f"printf '{TOKEN}\\n' > /data/token")
    assert code == 0
    check = image.stage.last("HEALTHCHECK").rest.partition("CMD ")[2]
    code, said = await ran(image, tmp_path, *json.loads(check), **settings)
    assert (code, said.startswith("no answer")) == (1, True)
    start = [*image.stage.last("ENTRYPOINT").words, *image.stage.last("CMD").words]
    command = image.inside(*start, **settings, BOT_TOKEN_FILE="/data/token")
    async with until_done(await started(*command, folder=tmp_path)) as process:
        await process.said("bot.ready")
        code, said = await ran(image, tmp_path, *json.loads(check), **settings)
        assert (code, json.loads(said)["ok"]) == (0, True)
        await stopped(process)
    assert "sqlite.affected" not in "".join(process.lines)
    assert TOKEN not in "".join(process.lines)
    code, said = await ran(image, tmp_path, "stat", "--format=%a %u", "/data/vestnik.db")
    assert said.split() == ["600", ANYBODY]
    code, said = await ran(image, tmp_path, "vestnik", "check", "--offline", **settings)
    assert "WAL-reset" not in said
    assert "database: sqlite:////data/vestnik.db is up to date; SQLite 3.53." in said


async def stopped(process: Process) -> None:
    """Ask it to end as an engine does, and see that it ends by itself."""
    process.stop()
    async with asyncio.timeout(30):
        code, said = await process.ended()
    assert code == 0, said


DRAWS = """
import asyncio
from bot.media.charts.worker import ChartWorker
from bot.model.figures.chart import Chart, ChartKind, Series
chart = Chart(ChartKind.COLUMNS, "Readers", ("a", "b"), (Series("came", (1, 2), ("1", "2")),))
print(asyncio.run(ChartWorker().draw([chart]))[0][:4])
"""


async def charts_are_drawn_in_it(image: Image, tmp_path: Path) -> None:
    """What draws wants a home for its list of fonts: there is one, and it is found."""
    assert await ran(image, tmp_path, "python", "-c", DRAWS) == (0, f"{PNG!r}\n")
    code, said = await ran(image, tmp_path, "ls", "/tmp/matplotlib")
    assert (code, "fontlist" in said) == (0, True)


async def test_what_the_dockerfile_makes_runs_as_anybody_on_a_tree_that_is_read_only(
    image: Image, tmp_path: Path, sandbox: Sandbox
) -> None:
    """One test, because it is built for a minute: each worker would build an image of its own."""
    await its_sqlite_is_mended(image, tmp_path)
    await its_command_is_vestnik_and_nothing_of_it_can_be_written(image, tmp_path)
    await anybody_can_run_the_bot_from_it(image, tmp_path, sandbox)
    await charts_are_drawn_in_it(image, tmp_path)
