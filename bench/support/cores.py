"""Which core a process runs on: the server and the client that is measured never share one."""

from __future__ import annotations

import os


def pin(*, last: bool = False) -> bool:
    """Keep this process on the first core, or on the last; return whether the system can do that."""
    if not hasattr(os, "sched_setaffinity"):
        return False
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[-1 if last else 0]})
    return len(cores) > 1


def unpin() -> None:
    """Let this process, and those that it starts, use all cores."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, range(os.cpu_count() or 1))


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
