"""Looks for secrets in what git keeps: `scan.py [--history]`. Never prints one.

It knows the secrets that this project handles. gitleaks knows more; where it is installed, `make secrets` asks it too.
Ends with 0 where none was found, 1 where one was, 3 where there is nothing to look through.
"""

from __future__ import annotations

import argparse
import math
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from locked import ROOT

CLEAN, FOUND, NOT_SCANNED = 0, 1, 3
LARGEST = 2_000_000
KINDS = {
    "a bot's token": re.compile(r"\b\d{8,12}:[A-Za-z0-9_-]{35}\b"),
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s*[A-Za-z0-9+/]{40}"),
    # A server on this machine alone is a test's.
    "a database's password": re.compile(
        r"\b(?:postgres(?:ql)?|mysql|redis|amqp)(?:\+\w+)?://[^\s:/@]+:([^\s@/]{8,})@(?!127\.0\.0\.1|localhost)"
    ),
    "a key of Sentry": re.compile(r"https://([0-9a-f]{32})@[\w.-]+/\d+"),
    "a key of a cloud": re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bAIza[\w-]{35}\b"),
    "a token of a forge or registry": re.compile(
        r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|glpat-[\w-]{20,}|pypi-[\w-]{60,})"
    ),
}
LEAST_BITS = 2.8
"""Bits of a letter below which a text is invented, as in AAAA… or hidden-hidden; random ones have more than four."""


def main(words: list[str]) -> int:
    """Look, and print the place of each finding."""
    options = argparse.ArgumentParser(description="Looks for secrets in what git keeps.")
    options.add_argument("--history", action="store_true", help="in all that was ever committed")
    history = options.parse_args(words).history
    try:
        found = list(in_history() if history else in_files(tracked()))
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"NOT SCANNED: git could not be asked ({error})", file=sys.stderr)
        return NOT_SCANNED
    for line in found:
        print(line)
    where = "the history" if history else "the files"
    print(f"{len(found)} secrets found in {where} that git keeps")
    return FOUND if found else CLEAN


def tracked() -> list[Path]:
    """Return the files that git keeps, or would if they were added."""
    listed = _git("ls-files", "-z", "--cached", "--others", "--exclude-standard")
    return [ROOT / name for name in listed.split("\0") if name]


def in_files(files: list[Path]) -> Iterator[str]:
    """Yield the place and the kind of each secret."""
    for path in files:
        if not path.is_file() or path.stat().st_size > LARGEST:
            continue
        text = path.read_bytes().decode("utf-8", "replace")
        for at, kind in secrets(text):
            yield f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, at) + 1}: {kind}"


def in_history() -> Iterator[str]:
    """Yield the commit, the file and the kind of each secret that was ever added."""
    commit = name = ""
    for line in _git("log", "--all", "-p", "--no-color", "--unified=0", "--format=commit %h").splitlines():
        if line.startswith("commit "):
            commit = line.removeprefix("commit ")
        elif line.startswith("+++ b/"):
            name = line.removeprefix("+++ b/")
        elif line.startswith("+"):
            for _, kind in secrets(line):
                yield f"{commit} {name}: {kind}"


def secrets(text: str) -> Iterator[tuple[int, str]]:
    """Yield where secrets begin, and what they are."""
    for kind, pattern in KINDS.items():
        for found in pattern.finditer(text):
            if _bits(found[1] if pattern.groups else found[0].partition(":")[2] or found[0]) >= LEAST_BITS:
                yield found.start(), kind


def _bits(text: str) -> float:
    counts = Counter(text)
    return -sum(each / len(text) * math.log2(each / len(text)) for each in counts.values())


def _git(*words: str) -> str:
    done = subprocess.run(("git", *words), cwd=ROOT, capture_output=True, check=True)
    return done.stdout.decode("utf-8", "replace")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
