"""What an element's `style` says: whether the element is seen, its emphasis, the picture behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.model.story.content import Mark

_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BOLD = re.compile(r"\s*(?:bold|[6-9]00)")


def hides(style: str) -> bool:
    """Return whether an element of this style is not seen."""
    return bool(style) and bool(_HIDDEN.search(style))


def drawn(style: str) -> set[Mark]:
    """Return the emphasis that a style gives to words."""
    found = set()
    for name, value in _declarations(style):
        if name == "font-weight" and _BOLD.match(value):
            found.add(Mark.BOLD)
        elif name == "font-style" and value.strip().startswith(("italic", "oblique")):
            found.add(Mark.ITALIC)
        elif name.startswith("text-decoration"):
            found |= {Mark.UNDERLINE} if "underline" in value else set()
            found |= {Mark.STRIKE} if "line-through" in value else set()
    return found


def said(style: str, name: str) -> str:
    """Return the value that a style gives to `name`, empty without one."""
    return next((value for each, value in _declarations(style) if each == name), "")


def behind(style: str) -> str | None:
    """Return the address, as written, of the picture that a style sets behind an element."""
    for name, value in _declarations(style):
        if name not in ("background", "background-image"):
            continue
        _, found, rest = value.partition("url(")
        address = rest.partition(")")[0].strip().strip("'\"").strip()
        if found and address:
            return address
    return None


def _declarations(style: str) -> Iterator[tuple[str, str]]:
    # Split, not searched for: a pattern with a gap in it takes time by the square of a stranger's style.
    for part in style.split(";") if style else ():
        name, _, value = part.partition(":")
        yield name.strip().lower(), value
