"""The forms in which a story can be shown, and which of them a chat gets."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Form(StrEnum):
    """How much of a story is shown, and how it is set."""

    RICH = "rich"
    CLASSIC = "classic"
    BRIEF = "brief"
    HEADLINE = "headline"
    FLASH = "flash"


CHOOSABLE = (Form.RICH, Form.CLASSIC, Form.BRIEF, Form.HEADLINE)
"""What a chat or a newsroom may choose; the flash is kept for breaking news."""


@dataclass(frozen=True, slots=True)
class Style:
    """How stories are shown: their form, and whether with pictures. A newsroom has one for all its chats."""

    form: Form = Form.BRIEF
    pictures: bool = True

    def chosen(self, form: str | None, pictures: bool | None) -> Style:
        """Return what a chat gets that chose so; None, or a form that is none, is as the newsroom has it."""
        known = Form(form) if form in CHOOSABLE else self.form
        return Style(known, self.pictures if pictures is None else pictures)


USUAL = Style()
"""What a newsroom has that says nothing."""
