"""Builds the model's texts: white space as a browser shows it, neighbouring runs with the same look joined."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.model.story.content import Mark, Run, Text
from bot.sources.text.plain import without_hints

# HTML's own white space; a non-breaking space is a letter.
_SPACES = re.compile(r"[ \t\n\r\f\v]+")
_AROUND = " \n\u00a0"


@dataclass(frozen=True, slots=True)
class Look:
    """The look of words: all that a `Run` holds beside its text."""

    marks: frozenset[Mark] = frozenset()
    href: str | None = None
    unix: int | None = None
    note: str | None = None

    def run(self, text: str) -> Run:
        """Return a run of the text with this look."""
        return Run(text, self.marks, self.href, self.unix, self.note)


PLAIN = Look()


class TextBuilder:
    """Collects the runs of one text; a line break is a newline inside a run."""

    def __init__(self) -> None:
        # A look with its words in pieces: a text that grows by joining is copied again with each word.
        self._runs: list[tuple[Look, list[str]]] = []

    def add(self, text: str, look: Look = PLAIN) -> None:
        """Add words; white space becomes one space, also across runs."""
        text = _SPACES.sub(" ", without_hints(text))
        if self._end() in ("", " ", "\n"):
            text = text.removeprefix(" ")
        if text:
            self._append(text, look)

    def add_break(self, look: Look = PLAIN) -> None:
        """Add a line break and drop the spaces before it; at the beginning of the text add nothing."""
        self._rstrip(" ")
        if self._runs:
            self._append("\n", look)

    def at_break(self) -> bool:
        """Return whether the current line has no words and a line break before it."""
        self._rstrip(" ")
        return self._end() == "\n"

    def said(self) -> bool:
        """Return whether the current line has words."""
        return self._end() not in ("", "\n")

    def take(self) -> Text:
        """Return the text without white space around it, and begin a new one; empty where there are no words."""
        taken, self._runs = trimmed(tuple(look.run("".join(said)) for look, said in self._runs), _AROUND), []
        return taken

    def _end(self) -> str:
        return self._runs[-1][1][-1][-1] if self._runs else ""

    def _append(self, text: str, look: Look) -> None:
        if self._runs and self._runs[-1][0] == look:
            self._runs[-1][1].append(text)
        else:
            self._runs.append((look, [text]))

    def _rstrip(self, what: str) -> None:
        while self._runs:
            look, said = self._runs.pop()
            while said and not (bare := said[-1].rstrip(what)):
                said.pop()
            if said:
                said[-1] = bare
                self._runs.append((look, said))
                return


def trimmed(text: Text, what: str) -> Text:
    """Return the text without the characters of `what` at its ends."""
    said = [at for at, run in enumerate(text) if run.text.strip(what)]
    if not said:
        return ()
    kept = list(text[said[0] : said[-1] + 1])
    kept[0] = replace(kept[0], text=kept[0].text.lstrip(what))
    kept[-1] = replace(kept[-1], text=kept[-1].text.rstrip(what))
    return tuple(kept)


def join(texts: Iterable[Text], between: str = " ") -> Text:
    """Return the texts as one text, `between` set plainly between two of them."""
    joined: list[Run] = []
    for text in texts:
        if text and joined:
            joined.append(Run(between))
        joined += text
    return tuple(joined)
