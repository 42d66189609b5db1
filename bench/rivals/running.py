"""Runs a rival in a process of its own and returns what it measured, or None where it can't be had."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent / ".environment"
WANTED = ("tgcast==0.1.1", "python-telegram-bot[rate-limiter]==22.6")
TOO_LONG = 240


def run(module: str, *arguments: object, apart: bool = True) -> dict[str, float] | None:
    """Run `bench.rivals.MODULE`; `apart` in the environment of the rivals, which is made when first needed."""
    python = _environment() if apart else Path(sys.executable)
    if python is None:
        return None
    command = [str(python), "-m", f"bench.rivals.{module}", *map(str, arguments)]
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=TOO_LONG, check=True)
    except subprocess.SubprocessError as error:
        said = getattr(error, "stderr", "") or str(error)
        print(f"{module}: {str(said).strip().splitlines()[-1:]}", file=sys.stderr)
        return None
    return dict(json.loads(ended.stdout.splitlines()[-1]))


def _environment() -> Path | None:
    """Return the Python of the rivals' environment. It is no part of the project's locks."""
    python = FOLDER / "bin" / "python"
    stamp = FOLDER / "made"
    if stamp.exists() and stamp.read_text() == repr(WANTED):
        return python
    try:
        subprocess.run([sys.executable, "-m", "venv", FOLDER], check=True, capture_output=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *WANTED], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        print("the rivals can't be installed here: the run goes on without them", file=sys.stderr)
        return None
    stamp.write_text(repr(WANTED))
    return python
