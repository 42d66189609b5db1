"""The files that the pages bring along: how they look, and what keeps their figures current."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

KINDS = {"operator.css": "text/css", "live.js": "text/javascript", "icon.svg": "image/svg+xml"}


def contents() -> Mapping[str, bytes]:
    """Return what each file holds, by its name."""
    folder = Path(__file__).with_name("static")
    return {name: (folder / name).read_bytes() for name in KINDS}


def mark(files: Mapping[str, bytes]) -> str:
    """Return what stands in the files' addresses, so that a browser that kept others asks anew."""
    return hashlib.sha256(b"".join(files.values())).hexdigest()[:12]
