"""What an edit would take from readers: the picture, most of the text, or that the text can be read."""

from __future__ import annotations

from enum import StrEnum

from bot.model.story.article import Content, pictures_of
from bot.model.story.content import plain_text

_WORDS, _LETTERS = 8, 20


class Loss(StrEnum):
    """Why an edit is held."""

    UNREADABLE = "unreadable"
    TEXT = "text"
    PICTURE = "picture"


def loss(before: Content, after: Content) -> Loss | None:
    """Return what the edit would lose, the worst first; None for an edit towards as much or more."""
    if unreadable(after) and not unreadable(before):
        return Loss.UNREADABLE
    had, has = _words(before), _words(after)
    if (had >= _WORDS and has * 2 < had) or (had > 2 and not has):
        return Loss.TEXT
    if any(pictures_of(before)) and not any(pictures_of(after)):
        return Loss.PICTURE
    return None


def unreadable(content: Content) -> bool:
    """Return whether a tenth of the headline's letters, or of the text's, could not be decoded."""
    text = f"{content.lead}\n{plain_text(content.blocks)}"
    return any(words.count("\ufffd") * 10 >= max(len(words), _LETTERS) for words in (content.headline, text))


def _words(content: Content) -> int:
    return len(content.lead.split()) + len(plain_text(content.blocks).split())
