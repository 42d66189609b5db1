"""What became different from one revision of a story to another, in few words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from bot.model.story.article import Content
from bot.model.story.content import plain_text

MOST_WORDS = 400
"""Longer stretches that differ are not compared word by word: that takes time in the square of their length."""

MOST_CHANGES, LONGEST, AROUND = 8, 160, 3
"""How many changes are kept, how many characters of each, and how many words around it."""

FIELDS = ("headline", "lead", "dateline", "language", "url", "source_name")


@dataclass(frozen=True, slots=True)
class Change:
    """What was and what is: words of a field (`body` and `topics` too); empty where there was, or is, nothing."""

    field: str
    old: str
    new: str


def difference(before: Content, after: Content) -> list[Change]:
    """Return what became different: whole short fields, and of the body the words that changed."""
    made = [
        Change(name, _cut(getattr(before, name) or ""), _cut(getattr(after, name) or ""))
        for name in FIELDS
        if (getattr(before, name) or "") != (getattr(after, name) or "")
    ]
    made += _of_words("body", plain_text(before.blocks).split(), plain_text(after.blocks).split())
    if before.picture != after.picture:
        made.append(Change("picture", _address(before), _address(after)))
    if not made and before.fingerprint() != after.fingerprint():
        made.append(Change("form", "", ""))
    return made[:MOST_CHANGES]


def _of_words(field: str, old: list[str], new: list[str]) -> Iterator[Change]:
    """Yield the stretches that differ, with some words around each."""
    start = _same(old, new)
    end = _same(old[start:][::-1], new[start:][::-1])
    was, now = old[start : len(old) - end], new[start : len(new) - end]
    if not was and not now:
        return
    if max(len(was), len(now)) > MOST_WORDS:
        yield Change(field, _cut(" ".join(was[:60])), _cut(" ".join(now[:60])))
        return
    for tag, i, j, k, m in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if tag != "equal":
            left, right = old[max(0, start + i - AROUND) : start + i], old[start + j : start + j + AROUND]
            yield Change(
                field,
                _cut(" ".join((*left, *was[i:j], *right))) if i != j else "",
                _cut(" ".join((*left, *now[k:m], *right))) if k != m else "",
            )


def _same(old: list[str], new: list[str]) -> int:
    """Return how many words both begin with."""
    return next(
        (at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other),
        min(len(old), len(new)),
    )


def _cut(text: str) -> str:
    plain = re.sub(r"\s+", " ", text).strip()
    return plain if len(plain) <= LONGEST else plain[: LONGEST - 1].rstrip() + "…"


def _address(content: Content) -> str:
    picture = content.picture
    return _cut(picture.url or picture.file_id or "") if picture else ""
