"""How a story is named where there is room for a line: on a button, in a list."""

from __future__ import annotations

from bot.model.story.content import is_blank

LONGEST_LABEL, LONGEST_HEAD = 60, 300
"""So many characters of a label a phone shows in two lines; so much of a headline stands above a page."""


def title(number: int, headline: str, most: int = LONGEST_LABEL) -> str:
    """Return a story's headline within so many characters, or its number where the headline shows nothing."""
    return cut(headline, most) or f"№ {number}"


def cut(text: str, most: int = LONGEST_LABEL) -> str:
    """Return as much of a text as so many characters hold; nothing of a text that shows nothing."""
    if is_blank(text):
        return ""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def head(number: int, headline: str) -> str:
    """Return a story's headline as it stands above a page, or its number where the headline shows nothing."""
    return title(number, headline, LONGEST_HEAD)
