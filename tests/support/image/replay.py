"""Replays the Dockerfile on this machine: each stage is this machine's files with a folder laid over them.

Started in a mount namespace of its own (`unshare --mount`), it builds, makes the last stage read-only, prints where
that stands, and keeps it until its standard input ends. What it can't try: Debian's image of Python, other processors.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.support.image.dockerfile import DOCKERFILE, Instruction, Stage, context, read
from tests.support.paths import ROOT

PYTHON = Path(sys.base_prefix)
"""Stands in for the Python of the image's base."""

NEEDED = ("PIP_", "SSL_", "REQUESTS_", "HTTP", "http", "NO_PROXY", "no_proxy")
"""What this machine's own programs must know to reach a registry."""

HIDDEN = ("/work", "/tmp", "/home", "/mnt")
"""What no image has: nothing of it may be needed."""


@dataclass
class Replay:
    """The stages that were built so far, below a folder in memory."""

    folder: Path
    sources: Path
    """What stands in for the archive of SQLite's sources."""

    def root(self, name: str) -> Path:
        """Where a stage's files stand."""
        return self.folder / name / "root"

    def build(self, stage: Stage) -> None:
        """Do all that a stage says."""
        assert stage.base.startswith("python:"), stage.base
        top, work, root = (self.folder / stage.name / part for part in ("top", "work", "root"))
        for each in (top, work, root):
            each.mkdir(parents=True)
        mount("-t", "overlay", "-o", f"lowerdir=/,upperdir={top},workdir={work}", "overlay", str(root))
        for parent in (PYTHON, *PYTHON.parents):
            here = root / parent.relative_to("/")
            here.chmod(here.stat().st_mode | 0o055)
        for name in HIDDEN:
            if (root / name[1:]).is_dir():
                mount("-t", "tmpfs", "-o", "mode=1777", "tmpfs", str(root / name[1:]))
        for name in ("proc", "dev", "sys"):
            mount("--rbind", f"/{name}", str(root / name))
        here = "/"
        for each in stage.instructions:
            if each.word == "WORKDIR":
                here = each.rest
                (root / here[1:]).mkdir(parents=True, exist_ok=True)
            elif each.word == "RUN":
                self._run(stage, here, each.rest)
            elif each.word in ("COPY", "ADD"):
                self._copy(root, here, each)

    def _run(self, stage: Stage, here: str, script: str) -> None:
        kept = {name: value for name, value in os.environ.items() if name.startswith(NEEDED)}
        # As a builder does: the stage's arguments are in the environment of its commands.
        values = kept | stage.values | environment(stage)
        print(f"[{stage.name}] {script}", file=sys.stderr, flush=True)
        where = f"cd {here} && {script}"
        command = ("chroot", str(self.root(stage.name)), "/bin/sh", "-c", where)
        subprocess.run(command, env=values, check=True, stdin=subprocess.DEVNULL, stdout=sys.stderr)

    def _copy(self, root: Path, here: str, instruction: Instruction) -> None:
        *asked, target = instruction.words
        into = root / os.path.join(here, target)[1:]
        if asked[0].startswith("--from="):
            source = self.root(asked[0].removeprefix("--from=")) / asked[1][1:]
            shutil.copytree(source, into, symlinks=True, dirs_exist_ok=True)
        elif instruction.word == "ADD":
            assert asked[0].startswith("https://sqlite.org/"), asked
            shutil.copy(self.sources, into)
        else:
            sent = context(ROOT)
            for each in asked:
                found = {
                    name: path for name, path in sent.items() if name == each or name.startswith(f"{each}/")
                }
                assert found, f"{each} is not sent to the builder"
                for name, path in found.items():
                    below = Path(name).relative_to(each) if name != each else None
                    to = into / below if below else (into / Path(name).name if into.is_dir() else into)
                    to.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy(path, to)


def environment(stage: Stage) -> dict[str, str]:
    """Return the environment of the stage's processes, with a PATH that finds the Python that stands in."""
    found = {"HOME": "/root"} | stage.environment
    own = f"{PYTHON}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    return found | {"PATH": found.get("PATH", "${PATH}").replace("${PATH}", own)}


def mount(*words: str) -> None:
    """Call mount."""
    subprocess.run(("mount", *words), check=True)


def main() -> None:
    """Build all stages and keep the last; the words are the sources of SQLite and their SHA3-256."""
    sources, digest = sys.argv[1:]
    # Below none of the folders that are hidden.
    folder = Path(tempfile.mkdtemp(prefix="vestnik-image-", dir="/run"))
    held = folder / "sources.zip"
    mount("-t", "tmpfs", "-o", "mode=0755", "tmpfs", str(folder))
    shutil.copy(sources, held)
    replay = Replay(folder, held)
    stages = read(DOCKERFILE.read_text(encoding="utf-8"), {"SQLITE_SHA3_256": digest})
    for stage in stages:
        replay.build(stage)
    root = replay.root(stages[-1].name)
    volume = stages[-1].last("VOLUME").rest[1:]
    mode = (root / volume).stat().st_mode & 0o7777
    mount("-o", "remount,ro", str(root))
    # A volume is made from the folder, and has its mode.
    mount("-t", "tmpfs", "-o", f"mode={mode:o}", "tmpfs", str(root / volume))
    print(f"built {root}", flush=True)
    sys.stdin.read()
    subprocess.run(("umount", "--recursive", "--lazy", str(folder)), check=True)
    folder.rmdir()


if __name__ == "__main__":
    main()
