"""A story's headline beside its text: made where there is none, made whole where it was cut, never said twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from bot.model.story.content import (
    Blocks,
    Divider,
    Embed,
    Figure,
    Gallery,
    Heading,
    Paragraph,
    Run,
    plain,
    plain_text,
    texts,
    without_first,
)
from bot.sources.text.builder import trimmed
from bot.sources.text.plain import one_line
from bot.sources.text.repeats import is_cut, letters, opening, sentence

_MADE_UP, _LONGEST = 120, 200
_LEAST, _FEW = 20, 8
_END = re.compile(r"(?:(\w{0,20})\.|[!?…]|\.{2,3})[»”\"')]*(?=\s)")
# Words before a full stop that ends no sentence; a letter alone is an initial.
_SHORT = {
    *(
        "гг",
        "ул",
        "им",
        "пр",
        "пл",
        "стр",
        "тыс",
        "млн",
        "млрд",
        "руб",
        "коп",
        "см",
        "ст",
        "др",
        "св",
        "проф",
        "акад",
    ),
    *(
        "ген",
        "гл",
        "кв",
        "корп",
        "обл",
        "мин",
        "сек",
        "mr",
        "mrs",
        "ms",
        "dr",
        "st",
        "vs",
        "no",
        "inc",
        "jr",
        "sr",
    ),
    *("gen", "col", "sgt", "sen", "rep", "gov", "prof"),
}
_BEFORE_SITE = (" -", " –", " —", " |", " ·", " •")
_AROUND = " \n\u00a0"
_AFTER = _AROUND + ".!?…"


def made_headline(text: str) -> str:
    """Return the headline of a text without one: the text if it is short, else the first sentence, else a cut."""
    line = one_line(text)
    if len(line) <= _MADE_UP:
        return line
    end = next(_ends(line[: _MADE_UP + 1]), 0)
    return line[:end] if end else line[: line.rfind(" ", 40, _MADE_UP)].rstrip(",;:—– ") + "…"


def whole_headline(headline: str, text: str) -> str:
    """Return a headline that was cut off as the whole first sentence of its text, any other as it is."""
    if not is_cut(headline):
        return headline
    start = opening(text, headline)
    if start is None:
        return headline
    first = text.partition("\n")[0][: 2 * _LONGEST]
    end = next((end for end in _ends(first) if end >= start), len(first))
    said = one_line(first[:end])
    return said if len(said) <= _LONGEST else headline


def without_site(headline: str, name: str) -> str:
    """Return a headline without its site's name after a dash or a bar; the name alone is a headline."""
    line, name = one_line(headline), one_line(name)
    if not name or not line.casefold().endswith(name.casefold()):
        return headline
    before = line[: -len(name)].rstrip()
    return (
        before[:-1].rstrip() if before.endswith(_BEFORE_SITE) and len(letters(before)) >= _FEW else headline
    )


def unlinked(blocks: Blocks) -> str:
    """Return the words before the first tag, name or address of a post; all words where there are few before."""
    said: list[str] = []
    for text in texts(blocks):
        for run in text:
            if run.href and run.text.startswith(("#", "@", "http")):
                before = "".join(said)
                return before if len(letters(before)) >= _FEW else plain_text(blocks)
            said.append(run.text)
        said.append("\n")
    return plain_text(blocks)


def without_headline(blocks: Blocks, headline: str, url: str | None, *, made: bool = False) -> Blocks:
    """Return the blocks without the headline that they open with, as a sentence of its own.

    `made` says that the headline is the blocks' own beginning. Words that link elsewhere than to the story's
    `url` stay: the link must not be lost.
    """
    kept: list[Figure | Gallery | Embed | Divider] = []
    left = headline
    for at, block in enumerate(blocks):
        if isinstance(block, Figure | Gallery | Embed | Divider):
            kept.append(block)
            continue
        if not isinstance(block, Paragraph | Heading):
            return blocks
        text = plain(block.text)
        if end := opening(text, left) if made else sentence(text, left):
            end += len(text[end:]) - len(text[end:].lstrip(_AFTER))
            rest = trimmed(without_first(block.text, end), _AROUND)
            after = (replace(block, text=rest),) if rest else ()
            return blocks if _links(block.text, end, url) else (*kept, *after, *blocks[at + 1 :])
        end = opening(left, text)
        if end is None or _links(block.text, len(text), url):
            return blocks
        left = left[end:].lstrip(_AFTER + ":")
    return tuple(kept)


def _links(text: tuple[Run, ...], characters: int, url: str | None) -> bool:
    """Return whether the beginning of a text links to something else than the story."""
    own = (url or "").partition("?")[0].partition("#")[0].rstrip("/")
    for run in text:
        if characters <= 0:
            return False
        address = (run.href or "").partition("?")[0].partition("#")[0].rstrip("/")
        if address != own and run.href and not run.text.startswith(("#", "@")):
            return True
        characters -= len(run.text)
    return False


def _ends(line: str) -> Iterator[int]:
    """Yield where sentences end."""
    for found in _END.finditer(line):
        word = found[1]
        abbreviated = word is not None and (len(word) == 1 or word.lower() in _SHORT)
        if found.end() >= _LEAST and not abbreviated:
            yield found.end()
