"""What holds readers' data or secrets is the owner's, and at most the group's, whatever the umask lets through."""

from __future__ import annotations

import stat
from pathlib import Path

from bot.store.engine.database_file import OTHERS
from tests.journeys.processes.conftest import Machine
from tests.support.paths import ROOT
from tests.support.process import OURS, started

ANYBODY = 'umask 0000; exec "$@"'
LETS_ALL = ("sh", "-c", ANYBODY, "sh", *OURS)


def open_to_others(folder: Path) -> list[str]:
    """The files and folders that others may read or write, with their modes."""
    modes = {each: stat.S_IMODE(each.stat().st_mode) for each in (folder, *folder.rglob("*"))}
    # What only says that a database was made names nobody.
    return [
        f"{each.name} {mode:o}" for each, mode in modes.items() if mode & OTHERS and each.suffix != ".made"
    ]


async def test_nothing_that_is_written_is_open_to_others(machine: Machine) -> None:
    data = machine.folder / "var" / "vestnik"
    settings = machine.settings | {
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": f"sqlite:///{data}/vestnik.db",
        "LOG_FILE": str(data / "log" / "vestnik.log"),
        "BACKUP_DIR": str(data / "backups" / "daily"),
    }

    async def ran(*words: str) -> None:
        process = await started(*LETS_ALL, *words, folder=machine.folder, environment=settings)
        code, said = await process.ended()
        assert code == 0, said

    bot = await started(*LETS_ALL, "run", folder=machine.folder, environment=settings)
    machine.processes.append(bot)
    await bot.said("Vestnik runs as")
    await machine.sandbox.wait_until(lambda: any((data / "backups" / "daily").glob("*.backup")))
    await ran("backup", str(data / "asked" / "now.backup"))
    await ran("newsroom", "export", str(data / "newsroom.toml"))
    assert (data / "vestnik.db-wal").exists()
    assert open_to_others(data.parent) == []
    bot.stop()
    await bot.ended()
    await ran("restore", str(data / "asked" / "now.backup"))
    assert open_to_others(data.parent) == []
    assert {each.suffix for each in data.iterdir()} >= {".db", ".replaced", ".toml"}
