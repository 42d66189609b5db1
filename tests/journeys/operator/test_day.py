"""A day of the person who runs the bot: from an empty folder to a second machine, by commands alone."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.sandbox import Sandbox
from tests.support.paths import ROOT
from tests.support.people import People, as_seen_by
from tests.support.process import Process, started
from tests.support.processes.wheel import built, environment, install, next_version

OWNER, READER = 11, 1000
TOKEN = "700700:" + "T" * 35
WORLD_BOT = 800800
WORLD_TOKEN = f"{WORLD_BOT}:" + "W" * 35
STORY = (
    "{headline}\n\nПервые машины прошли по нему утром.\n\n"
    "ЛУГОРЕЧЕНСК (Вестник Долины). Новый мост через реку Светлую открыли для движения.\n",
    "{headline}\n\nОна продлится до вечера воскресенья.\n\n"
    "ЛУГОРЕЧЕНСК (Вестник Долины). На ярмарку приехали гончары, пасечники и пекари из семи сёл.\n",
    "{headline}\n\nПоезда пойдут по ней с понедельника.\n\n"
    "ЛУГОРЕЧЕНСК (Вестник Долины). Рабочие закончили менять рельсы на последнем участке ветки.\n",
)
READY = "Vestnik runs as @vestnik_bot"


@dataclass
class Server:
    """The operator's machine: a folder, an environment with `vestnik`, and what runs there."""

    folder: Path
    home: Path
    sandbox: Sandbox
    processes: list[Process] = field(default_factory=list)
    stories: int = 0

    def configure(self, **settings: str) -> None:
        """Write down settings, in place of those of the same name."""
        file = self.folder / ".env"
        file.touch(0o600)
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        kept = [line for line in lines if line.partition("=")[0] not in settings]
        file.write_text("\n".join([*kept, *(f"{name}={value}" for name, value in settings.items())]) + "\n")

    async def start(self, *words: str) -> Process:
        """Start a command."""
        self.processes.append(await started(str(self.home / "bin" / "vestnik"), *words, folder=self.folder))
        return self.processes[-1]

    async def run(self, *words: str) -> Process:
        """Start the bot, and wait until it runs."""
        bot = await self.start("run")
        await bot.said(READY)
        return bot

    async def ran(self, *words: str, code: int = 0) -> str:
        """Run a command to its end, and return what it said."""
        ended, said = await (await self.start(*words)).ended()
        assert ended == code, said
        assert "Traceback" not in said
        return said

    async def publish(self, headline: str) -> None:
        """Bring a story out, and wait until the reader has it."""
        self.stories += 1
        name = f"story-{self.stories}.txt"
        (self.folder / name).write_text(STORY[self.stories % 3].format(headline=headline), encoding="utf-8")
        await self.ran("import", name, "--topic", "world", "--publish")
        await self.sandbox.wait_until(lambda: self.has(headline))

    def has(self, headline: str) -> int:
        """Return how many of the reader's messages have the headline."""
        said = (each.get("text", "").replace("\xa0", " ") for each in self.sandbox.messages(READER))
        return sum(headline in text for text in said)

    async def stop(self, bot: Process) -> None:
        """End the bot as an operator does, and see that it ended well."""
        bot.stop()
        code, said = await bot.ended()
        assert (code, "Traceback" in said) == (0, False), said


@pytest.fixture
async def server(tmp_path: Path, sandbox: Sandbox) -> AsyncIterator[Server]:
    """A machine with an environment in which nothing of Vestnik is installed yet."""
    sandbox.add_bot(TOKEN, "vestnik_bot", "Вестник")
    sandbox.add_user("Ольга", id=OWNER)
    sandbox.add_user("Анна", id=READER)
    folder = tmp_path / "newsroom"
    folder.mkdir()
    made = Server(folder, tmp_path / "installed", sandbox)
    await asyncio.to_thread(environment, made.home)
    yield made
    for each in made.processes:
        if each.running:
            each.kill()
            await each.ended()


@pytest.mark.postgres
@pytest.mark.timeout(480)
async def test_a_day_of_an_operator(server: Server, tmp_path: Path, postgres_url: str) -> None:
    wheel = await install_and_configure(server, tmp_path)
    bot = await first_story(server)
    backup = await back_up(server)
    await server.stop(bot)
    await upgrade(server, wheel, tmp_path)
    bot = await crash(server)
    await restore(server, bot, backup)
    await mend(server)
    bot = await move(server, postgres_url)
    bot = await take_over(server, bot)
    await second_bot(server, bot)


async def install_and_configure(server: Server, folder: Path) -> Path:
    """Install the wheel, be told what is missing, and write it down; return the wheel."""
    wheel = await asyncio.to_thread(built, ROOT, folder / "wheel")
    await asyncio.to_thread(install, wheel, server.home)
    assert "BOT_TOKEN is not set" in await server.ran("run", code=2)
    server.configure(BOT_TOKEN=TOKEN, BOT_API_URL=server.sandbox.url, OWNER_IDS=str(OWNER), REPORT_AT="off")
    (server.folder / "newsroom.toml").write_text(
        'name = "Вестник Долины"\n[[topic]]\nslug = "world"\n[topic.names]\nru = "Мир"\nen = "World"\n'
    )
    assert "@vestnik_bot" in await server.ran("check")
    return wheel


async def first_story(server: Server) -> Process:
    """Start the bot, let somebody follow a topic, and bring a story out."""
    sandbox = server.sandbox
    bot = await server.run()
    sandbox.send(READER, READER, "/start")
    await sandbox.wait_until(lambda: sandbox.messages(READER))
    sandbox.send(READER, READER, "/follow мир")
    await sandbox.wait_until(lambda: len(sandbox.messages(READER)) >= 4)
    await server.publish("В городе открылась ярмарка")
    return bot


async def back_up(server: Server) -> str:
    """Make a backup while the bot runs; return where it is."""
    said = await server.ran("backup")
    backup = re.search(r"\S+\.backup", said)
    assert backup, said
    return backup[0]


async def upgrade(server: Server, wheel: Path, folder: Path) -> None:
    """Install a later version, which finds the older one's database; the older one refuses the later one's."""
    later = await asyncio.to_thread(built, next_version(folder), folder / "later-wheel")
    await asyncio.to_thread(install, later, server.home)
    bot = await server.run()
    await server.publish("Железную дорогу починили")
    await server.stop(bot)
    await asyncio.to_thread(install, wheel, server.home)
    assert "newer than this version" in await server.ran("run", code=2)
    await asyncio.to_thread(install, later, server.home)


async def crash(server: Server) -> Process:
    """Kill the bot: what was said meanwhile is answered at the next start."""
    sandbox = server.sandbox
    bot = await server.run()
    bot.kill()
    await bot.ended()
    sandbox.send(READER, READER, "/settings")
    before = len(sandbox.messages(READER))
    bot = await server.run()
    await sandbox.wait_until(lambda: len(sandbox.messages(READER)) > before)
    return bot


async def restore(server: Server, bot: Process, backup: str) -> None:
    """Restore, which takes a stopped bot. What the backup knows is not sent again."""
    assert "the bot is running" in await server.ran("restore", backup, code=2)
    await server.stop(bot)
    await server.ran("restore", backup)
    bot = await server.run()
    await server.publish("Мост через Светлую открыт")
    assert server.has("В городе открылась ярмарка") == 1
    await server.stop(bot)


async def mend(server: Server) -> None:
    """See what a crash may leave behind named, and mended where that is asked for."""
    left = server.folder / "data" / "vestnik-1.backup.part"
    left.touch()
    os.utime(left, (0, 0))
    assert left.name in await server.ran("check", "--offline")
    await server.ran("check", "--offline", "--fix")
    assert not left.exists()


async def move(server: Server, postgres_url: str) -> Process:
    """Move to PostgreSQL, where what readers have and chose is there."""
    assert "moved; set DATABASE_URL" in await server.ran("move", postgres_url)
    server.configure(DATABASE_URL=postgres_url)
    bot = await server.run()
    number = re.search(r"(\d+)\s.*Мост через Светлую открыт", await server.ran("articles"))
    assert number
    (server.folder / "mended.txt").write_text(
        STORY[0].format(headline="Мост через Светлую открыт для всех"), encoding="utf-8"
    )
    await server.ran("correct", number[1], "mended.txt")
    await server.sandbox.wait_until(lambda: server.has("Мост через Светлую открыт для всех"))
    assert server.has("Мост через Светлую открыт") == 1
    return bot


async def take_over(server: Server, bot: Process) -> Process:
    """Start a second process, which stands by, and takes over when the first one dies."""
    second = await server.start("run")
    await second.said("already running")
    bot.kill()
    await second.said(READY)
    await server.publish("На набережной посадили липы")
    return second


async def second_bot(server: Server, bot: Process) -> None:
    """Give the newsroom a second bot, with readers of its own: the next story goes to those of both."""
    await server.stop(bot)
    sandbox = server.sandbox
    sandbox.add_bot(WORLD_TOKEN, "world_bot", "Мир")
    with (server.folder / "newsroom.toml").open("a", encoding="utf-8") as file:
        file.write('[[bot]]\ntoken = "WORLD_TOKEN"\nname = "Мир Долины"\ntopics = ["world"]\n')
    assert "WORLD_TOKEN: no token is set" in await server.ran("check", code=1)
    server.configure(WORLD_TOKEN=WORLD_TOKEN)
    assert "@world_bot" in await server.ran("check")
    bot = await server.start("run")
    await bot.said("Vestnik runs as @vestnik_bot, @world_bot")
    theirs = People(as_seen_by(sandbox, WORLD_BOT))
    await theirs.say(READER, "/start")
    await theirs.say(READER, "/follow мир")
    await server.publish("Оркестр открыл сезон")
    await theirs.answer(READER, "Оркестр открыл сезон")
    await server.stop(bot)
