"""The place of a story where the words stand that were looked for, with the words marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bot.model.search.query import Sought
from bot.model.story.article import Content
from bot.model.story.content import Mark, Run, Text, plain_text
from bot.stemming import Stemmed, composed, words_of

ROOM = 220
_BEFORE = 60
_LOOKED_THROUGH = 20_000
_MARKED = frozenset({Mark.BOLD})


class Hit(NamedTuple):
    """Where a word or phrase stands in a text, and which of the things looked for it is."""

    start: int
    end: int
    thing: int


def excerpt(content: Content, wanted: Sequence[Sought]) -> Text:
    """Return about two lines of the story: those with the most of what was looked for, else its beginning."""
    said = " ".join(f"{content.lead} {plain_text(content.blocks)[:_LOOKED_THROUGH]}".split())
    text = composed(said)
    found = hits(words_of(text), wanted)
    start = _start(text, found)
    end = _end(text, start)
    runs = [Run("…")] if start else []
    at = start
    for hit in found:
        if at <= hit.start and hit.end <= end:
            runs += [Run(text[at : hit.start]), Run(text[hit.start : hit.end], _MARKED)]
            at = hit.end
    runs.append(Run(text[at:end].rstrip(" ,;:—–-") if end < len(text) else text[at:end]))
    if end < len(text):
        runs.append(Run("…"))
    return tuple(run for run in runs if run.text)


def hits(words: Sequence[Stemmed], wanted: Sequence[Sought]) -> list[Hit]:
    """Return where in a text the things stand, in order; none lies within another."""
    begins: dict[str, list[tuple[tuple[str, ...], int]]] = {}
    for thing, sought in enumerate(wanted):
        for phrase in sought.phrases:
            begins.setdefault(phrase[0], []).append((phrase, thing))
    prefixes = [(sought.prefix, thing) for thing, sought in enumerate(wanted) if sought.prefix]
    found: list[Hit] = []
    for of_one in begins.values():
        of_one.sort(key=lambda each: -len(each[0]))
    end = 0
    for at, word in enumerate(words):
        if (word.stem in begins or prefixes) and word.start >= end:
            stood = _phrase_at(words, at, begins.get(word.stem, ()))
            stood = stood or next(
                (Hit(*word[1:], each) for prefix, each in prefixes if word.stem.startswith(prefix)), None
            )
            if stood:
                found.append(stood)
                end = stood.end
    return found


def _phrase_at(
    words: Sequence[Stemmed], at: int, phrases: Sequence[tuple[tuple[str, ...], int]]
) -> Hit | None:
    for phrase, thing in phrases:
        stood = words[at : at + len(phrase)]
        if tuple(each.stem for each in stood) == phrase:
            return Hit(words[at].start, stood[-1].end, thing)
    return None


def _start(text: str, found: Sequence[Hit]) -> int:
    """Return where the excerpt begins: at a word, some way before the first of the hits that it is about."""
    if not found:
        return 0
    best, most = found[0], 0
    for at, hit in enumerate(found):
        near = {each.thing for each in found[at : at + 20] if each.end <= hit.start + ROOM - _BEFORE}
        if len(near) > most:
            best, most = hit, len(near)
    if best.start <= _BEFORE:
        return 0
    sentence = max(text.rfind(f"{sign} ", best.start - _BEFORE, best.start) for sign in ".!?…")
    blank = text.find(" ", best.start - _BEFORE, best.start)
    return sentence + 2 if sentence >= 0 else blank + 1 if blank >= 0 else best.start


def _end(text: str, start: int) -> int:
    if len(text) - start <= ROOM:
        return len(text)
    blank = text.rfind(" ", start + ROOM // 2, start + ROOM)
    return blank if blank >= 0 else start + ROOM
