"""Building a text: white space as a browser shows it, neighbours set alike joined."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.model.content import Mark, Run, Text

# HTML's own white space; a non-breaking space is a letter.
_SPACES = re.compile(r"[ \t\n\r\f\v]+")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


class Runs:
    """Collects the runs of one text. A line break is a newline inside a run."""

    def __init__(self) -> None:
        self._runs: list[Run] = []

    def add(self, text: str, marks: frozenset[Mark] = frozenset(), href: str | None = None) -> None:
        """Add words, their white space collapsed across the runs."""
        text = _SPACES.sub(" ", text)
        if not self._runs or self._runs[-1].text.endswith((" ", "\n")):
            text = text.removeprefix(" ")
        if text:
            self._append(Run(text, marks, href))

    def add_break(self, marks: frozenset[Mark] = frozenset(), href: str | None = None) -> None:
        """Add a line break; the spaces before it go, and none stands at the beginning."""
        self._rstrip(" ")
        if self._runs:
            self._append(Run("\n", marks, href))

    def at_break(self) -> bool:
        """Return whether nothing but spaces has come since a line break."""
        self._rstrip(" ")
        return bool(self._runs) and self._runs[-1].text.endswith("\n")

    def take(self) -> Text:
        """Return the text without white space around it, and start anew."""
        self._rstrip(" \n")
        if self._runs and (first := self._runs[0]).text[0] in " \n":
            self._runs[0] = Run(first.text.lstrip(" \n"), first.marks, first.href)
        taken, self._runs = tuple(self._runs), []
        return taken

    def _append(self, run: Run) -> None:
        last = self._runs[-1] if self._runs else None
        if last is not None and (last.marks, last.href) == (run.marks, run.href):
            self._runs[-1] = Run(last.text + run.text, run.marks, run.href)
        else:
            self._runs.append(run)

    def _rstrip(self, what: str) -> None:
        while self._runs:
            last = self._runs.pop()
            if text := last.text.rstrip(what):
                self._runs.append(Run(text, last.marks, last.href))
                return


def clean(text: str) -> str:
    """Return the text without what no reader sees and no database takes: nulls, controls, lone halves."""
    return _CONTROLS.sub("", text)


def one_line(text: str) -> str:
    """Return the text on one line, single spaces inside, none around."""
    return " ".join(clean(text).replace("\u00ad", "").split())


def join(texts: Iterable[Text], between: str = " ") -> Text:
    """Return the texts as one."""
    joined: list[Run] = []
    for text in texts:
        if text and joined:
            joined.append(Run(between))
        joined += text
    return tuple(joined)
