"""A Dockerfile as its stages and their instructions, as far as ours needs it: anything else is an error."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath

from tests.support.paths import ROOT

DOCKERFILE = ROOT / "packaging" / "image" / "Dockerfile"
KNOWN = {"FROM", "ARG", "ENV", "RUN", "COPY", "ADD", "WORKDIR", "USER", "VOLUME", "EXPOSE", "HEALTHCHECK"} | {
    "LABEL",
    "STOPSIGNAL",
    "ENTRYPOINT",
    "CMD",
}


@dataclass(frozen=True)
class Instruction:
    """A word such as RUN and what stands behind it, with the values of its stage put in."""

    word: str
    rest: str

    @property
    def words(self) -> list[str]:
        """What stands behind it: a JSON list, or words as a shell parts them."""
        return list(json.loads(self.rest)) if self.rest.startswith("[") else shlex.split(self.rest)


@dataclass
class Stage:
    """What is done on top of an image, or of a stage before."""

    base: str
    name: str
    instructions: list[Instruction] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)

    def last(self, word: str) -> Instruction:
        """The instruction of this word that counts."""
        return next(each for each in reversed(self.instructions) if each.word == word)

    @property
    def environment(self) -> dict[str, str]:
        """What a container's processes find in their environment; PATH without the image's own."""
        found: dict[str, str] = {}
        for each in self.instructions:
            if each.word == "ENV":
                found |= dict(pair.split("=", 1) for pair in each.words)
        return found


def read(text: str, given: Mapping[str, str] | None = None) -> list[Stage]:
    """Return the stages; `given` are build arguments in place of the defaults."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n", " ", "\n".join(lines))
    shared: dict[str, str] = {}
    stages: list[Stage] = []
    for line in filter(str.strip, joined.splitlines()):
        word, _, rest = line.strip().partition(" ")
        assert word in KNOWN, f"{word} is not known here"
        values = stages[-1].values if stages else shared
        rest = _filled(rest.strip(), values)
        if word == "ARG":
            name, _, default = rest.partition("=")
            values[name] = (given or {}).get(name, default)
        elif word == "FROM":
            base, _, name = rest.partition(" AS ")
            stages.append(Stage(_filled(base, shared), name or "final"))
        else:
            stages[-1].instructions.append(Instruction(word, rest))
    return stages


def _filled(text: str, values: Mapping[str, str]) -> str:
    return re.sub(r"\$\{(\w+)\}", lambda found: values.get(found[1], found[0]), text)


def sent_to_the_builder(ignored: str, path: str) -> bool:
    """Return whether a file of the folder gets past a .dockerignore: its last line that fits decides."""
    sent = True
    whole = PurePosixPath(path)
    names = [str(each) for each in (whole, *whole.parents)][:-1]
    for line in ignored.splitlines():
        pattern = line.strip()
        if not pattern or pattern.startswith("#"):
            continue
        wanted = pattern.removeprefix("!")
        deep = wanted.removeprefix("**/")
        if any(
            fnmatch(name, wanted) or (deep != wanted and fnmatch(PurePosixPath(name).name, deep))
            for name in names
            if "/" not in wanted or deep != wanted or name.count("/") == wanted.count("/")
        ):
            sent = pattern.startswith("!")
    return sent


def context(folder: Path) -> dict[str, Path]:
    """Return what a builder is sent of a folder, by its path there."""
    ignored = (folder / ".dockerignore").read_text(encoding="utf-8")
    tops = [each for each in folder.iterdir() if each.name not in {".git", ".venv"}]
    files = [each for top in tops for each in ([top] if top.is_file() else top.rglob("*")) if each.is_file()]
    named = {each.relative_to(folder).as_posix(): each for each in files}
    return {name: each for name, each in named.items() if sent_to_the_builder(ignored, name)}
