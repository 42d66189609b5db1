"""What this process says of itself: where it runs, since when, how much memory it takes."""

from __future__ import annotations

import os
import platform
import socket
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

_STATM = Path("/proc/self/statm")


@dataclass(frozen=True, slots=True)
class ProcessFacts:
    """A process: its number, host and Python, since when it runs. `memory` is in bytes, None where nobody says."""

    number: int
    host: str
    python: str
    started_at: datetime
    memory: int | None


def this_process(started_at: datetime) -> ProcessFacts:
    """Return the facts of the process that asks."""
    return ProcessFacts(os.getpid(), socket.gethostname(), platform.python_version(), started_at, _memory())


def _memory() -> int | None:
    try:
        return int(_STATM.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError, AttributeError):
        return None
