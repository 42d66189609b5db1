"""Reads a lock: what is pinned, by which hashes, and who needs it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "requirements.lock"
_PIN = re.compile(r"([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==([^\s;\\]+)\s*(?:;\s*([^\\]*?))?\s*\\?")
_HASH = re.compile(r"\s+--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True)
class Pin:
    """A package at one version. `needed_by` holds packages, or for what stands in pyproject.toml nobody."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]
    needed_by: frozenset[str]

    @property
    def purl(self) -> str:
        """The package's address as SBOMs and advisories write it."""
        return f"pkg:pypi/{self.name}@{self.version}"


def pins(text: str) -> list[Pin]:
    """Return what a lock made by `uv pip compile` pins, by name."""
    found: list[Pin] = []
    for block in re.split(r"\n(?=[A-Za-z0-9])", text):
        pin = _PIN.match(block)
        if pin is None:
            continue
        name = re.sub(r"[-_.]+", "-", pin[1]).lower()
        comments = re.findall(r"^ +# +(?:via )?([\w.-]+)(?: \(.*\))?$", block, re.MULTILINE)
        parents = frozenset(comments) - {"via"}
        found.append(Pin(name, pin[2], (pin[3] or "").strip(), tuple(_HASH.findall(block)), parents))
    return sorted(found, key=lambda each: each.name)
