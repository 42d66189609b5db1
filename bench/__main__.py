"""`python -m bench [NAME…] [--write]`: run measurements, all or those named, and print their figures.

`python -m bench conservation FOLDER` measures reading on a corpus instead (docs/conservation.md),
`python -m bench duplicates` how well the same story is known again (docs/duplicates.md).

Each runs in a process of its own on the first core; what it sends to runs on the last. `--write` puts the
figures into docs/performance.md.
"""

from __future__ import annotations

import argparse
import importlib
import json
import logging
import platform
import subprocess
import sys
import time
from pathlib import Path

from bench.corpora import conservation, duplicates
from bench.support.cores import cores, pin
from bench.support.figures import Figure, as_markdown, as_text

MEASUREMENTS = (
    "throughput",
    "cost",
    "planning",
    "flash",
    "memory",
    "strict",
    "rendering",
    "killing",
    "desk",
    "correction",
    "requests",
    "digests",
    "alerts",
    "demo",
)
"""Modules of `bench/measurements` with `async def measure() -> list[Figure]`, in the order in which they run."""

LONG = ("growth", "soak")
"""Those that run only where they are named: each takes a quarter of an hour and more."""

PROCESSES = ("takeover", "brands")
"""Those that start processes of the bot, which share the cores with the server; they, too, run where they are named."""

FOLDERS = {
    **dict.fromkeys(("requests", "digests", "alerts"), "readers"),
    **dict.fromkeys(LONG, "long"),
    **dict.fromkeys(PROCESSES, "processes"),
}
"""Where a measurement stands that has a folder of its own."""

DOCUMENT = Path(__file__).parent.parent / "docs" / "performance.md"
BEGIN, END = "<!-- figures -->", "<!-- /figures -->"


def main() -> int:
    """Run what was asked for; return 1 where a measurement could not be made."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure Vestnik.")
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=", ".join((*MEASUREMENTS, *LONG, *PROCESSES))
    )
    parser.add_argument("--write", action="store_true", help=f"put the figures into {DOCUMENT.name}")
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    if sys.argv[1:2] == ["conservation"]:
        return conservation.main(sys.argv[2:])
    if sys.argv[1:2] == ["duplicates"]:
        return duplicates.main(sys.argv[2:])
    asked = parser.parse_args()
    if unknown := set(asked.names) - {*MEASUREMENTS, *LONG, *PROCESSES}:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    if asked.alone:
        return _alone(asked.names[0])
    names = asked.names or MEASUREMENTS
    done = {name: found for name in names if (found := _in_a_process(name)) is not None}
    if asked.write:
        _write(done)
    return len(done) < len(names)


def _alone(name: str) -> int:
    """Make one measurement in this process and print its figures as JSON."""
    import uvloop

    pin()
    logging.basicConfig(level=logging.ERROR)
    measure = importlib.import_module(
        ".".join(filter(None, ("bench.measurements", FOLDERS.get(name), name)))
    ).measure
    print(json.dumps([each.plain() for each in uvloop.run(measure())]))
    return 0


def _in_a_process(name: str) -> list[Figure] | None:
    started = time.monotonic()
    print(f"\n{name} …", flush=True)
    command = [sys.executable, "-m", "bench", name, "--alone"]
    ended = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if ended.returncode:
        print(f"{name} could not be measured", flush=True)
        return None
    figures = [Figure(**each) for each in json.loads(ended.stdout.splitlines()[-1])]
    print(as_text(figures))
    print(f"({time.monotonic() - started:.0f} s)", flush=True)
    return figures


def _write(done: dict[str, list[Figure]]) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    figures = [each for found in done.values() for each in found]
    where = (
        f"{cores()} cores, Python {platform.python_version()}, {platform.system()} on {platform.machine()}"
    )
    new = f"{before}{BEGIN}\n{where}.\n\n{as_markdown(figures)}\n{END}{after}"
    DOCUMENT.write_text(new, encoding="utf-8")
    print(f"\nwritten to {DOCUMENT.name}")


if __name__ == "__main__":
    sys.exit(main())
