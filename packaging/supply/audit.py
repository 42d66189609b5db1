"""Asks OSV, the open database of vulnerabilities, about every version that the lock pins: `audit.py [--at URL]`.

Ends with 0 where nothing is known against them, 1 where something is, 3 where OSV could not be asked.
"""

from __future__ import annotations

import argparse
import json
import sys
import urllib.error
import urllib.request
from collections.abc import Sequence
from typing import Any

from locked import LOCK, Pin, pins

OSV = "https://api.osv.dev"
SECONDS = 30
MOST_BYTES = 10_000_000
CLEAN, FOUND, NOT_ASKED = 0, 1, 3


def main(words: list[str]) -> int:
    """Ask, and print a line for each finding."""
    options = argparse.ArgumentParser(description="Asks OSV about every version that the lock pins.")
    options.add_argument("--at", default=OSV, help="another server that answers as OSV does")
    at = options.parse_args(words).at.rstrip("/")
    asked = pins(LOCK.read_text(encoding="utf-8"))
    try:
        known = vulnerabilities(asked, at)
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"NOT AUDITED: {at} could not be asked ({type(error).__name__}: {error})", file=sys.stderr)
        print(
            "This says nothing about the dependencies: ask again where the network allows it.",
            file=sys.stderr,
        )
        return NOT_ASKED
    for pin, names in known:
        for name in names:
            print(f"{pin.name} {pin.version}: {name}{about(name, at)}")
    print(f"{len(asked)} packages asked about, {sum(len(names) for _, names in known)} vulnerabilities known")
    return FOUND if known else CLEAN


def vulnerabilities(asked: Sequence[Pin], at: str) -> list[tuple[Pin, list[str]]]:
    """Return the packages that something is known against, with its names. Raises OSError, ValueError or KeyError."""
    queries = [{"package": {"purl": f"pkg:pypi/{pin.name}"}, "version": pin.version} for pin in asked]
    answered = _json(f"{at}/v1/querybatch", {"queries": queries})["results"]
    if len(answered) != len(asked):
        raise ValueError("it answered about fewer packages than it was asked about")
    found = [[each["id"] for each in one.get("vulns", ())] for one in answered]
    return [(pin, names) for pin, names in zip(asked, found, strict=True) if names]


def about(name: str, at: str) -> str:
    """Return what a vulnerability is and where it is mended, or nothing where that can't be had."""
    try:
        told = _json(f"{at}/v1/vulns/{name}")
        ranges = [each for one in told.get("affected", ()) for each in one.get("ranges", ())]
        mended = sorted(
            {event["fixed"] for each in ranges for event in each.get("events", ()) if "fixed" in event}
        )
        summary = " ".join(str(told.get("summary", "")).split())[:200]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return ""
    return f" {summary}" + (f" (mended in {', '.join(mended)})" if mended else "")


def _json(url: str, sent: object = None) -> Any:
    data = json.dumps(sent).encode() if sent is not None else None
    if not url.startswith(("https://", "http://127.0.0.1")):
        raise ValueError("only https is asked")
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:
        return json.loads(answer.read(MOST_BYTES))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
