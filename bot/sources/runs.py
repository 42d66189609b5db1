"""Building a text: white space as a browser shows it, neighbours set alike joined."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.model.content import Mark, Run, Text

# HTML's own white space; a non-breaking space is a letter.
_SPACES = re.compile(r"[ \t\n\r\f\v]+")
_AROUND = " \n\u00a0"
# Where a browser may break a word: no letters, and Telegram would draw or count them.
_HINTS = re.compile("[\u00ad\u200b\u2060\ufeff]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Look:
    """How words are set: what a `Run` holds beside its text."""

    marks: frozenset[Mark] = frozenset()
    href: str | None = None
    unix: int | None = None
    note: str | None = None

    def run(self, text: str) -> Run:
        """Return the text set so."""
        return Run(text, self.marks, self.href, self.unix, self.note)


PLAIN = Look()


class Runs:
    """Collects the runs of one text. A line break is a newline inside a run."""

    def __init__(self) -> None:
        self._runs: list[Run] = []

    def add(self, text: str, look: Look = PLAIN) -> None:
        """Add words, their white space collapsed across the runs."""
        text = _SPACES.sub(" ", _HINTS.sub("", text))
        if not self._runs or self._runs[-1].text.endswith((" ", "\n")):
            text = text.removeprefix(" ")
        if text:
            self._append(look.run(text))

    def add_break(self, look: Look = PLAIN) -> None:
        """Add a line break; the spaces before it go, and none stands at the beginning."""
        self._rstrip(" ")
        if self._runs:
            self._append(look.run("\n"))

    def at_break(self) -> bool:
        """Return whether nothing but spaces has come since a line break."""
        self._rstrip(" ")
        return bool(self._runs) and self._runs[-1].text.endswith("\n")

    def said(self) -> bool:
        """Return whether there are words on the line that has begun."""
        return bool(self._runs) and not self._runs[-1].text.endswith("\n")

    def take(self) -> Text:
        """Return the text without white space around it, and start anew; nothing where it is only that."""
        taken, self._runs = trimmed(tuple(self._runs), _AROUND), []
        return taken

    def _append(self, run: Run) -> None:
        last = self._runs[-1] if self._runs else None
        if last is not None and replace(last, text=run.text) == run:
            self._runs[-1] = replace(last, text=last.text + run.text)
        else:
            self._runs.append(run)

    def _rstrip(self, what: str) -> None:
        while self._runs:
            last = self._runs.pop()
            if text := last.text.rstrip(what):
                self._runs.append(replace(last, text=text))
                return


def trimmed(text: Text, what: str) -> Text:
    """Return the text without those characters at its ends."""
    kept = list(text)
    while kept and not kept[0].text.strip(what):
        kept.pop(0)
    while kept and not kept[-1].text.strip(what):
        kept.pop()
    if kept:
        kept[0] = replace(kept[0], text=kept[0].text.lstrip(what))
        kept[-1] = replace(kept[-1], text=kept[-1].text.rstrip(what))
    return tuple(kept)


def clean(text: str) -> str:
    """Return the text without what no reader sees and no database takes: nulls, controls, lone halves."""
    return _CONTROLS.sub("", text)


def one_line(text: str) -> str:
    """Return the text on one line, single spaces inside, none around."""
    return " ".join(_HINTS.sub("", clean(text)).split())


def join(texts: Iterable[Text], between: str = " ") -> Text:
    """Return the texts as one."""
    joined: list[Run] = []
    for text in texts:
        if text and joined:
            joined.append(Run(between))
        joined += text
    return tuple(joined)
