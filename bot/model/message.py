"""A message as it is to be shown, before any chat is chosen. Rendering makes it, telegram/ sends it."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.model.content import Media

TEXT = "text"
PHOTO = "photo"


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button: it opens `url`, or else sends `press` (callback data, 1 to 64 bytes) back."""

    text: str
    press: str | None = None
    url: str | None = None
    style: str | None = None


Keyboard = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """Text in Telegram's HTML (the caption, where there is a picture), with buttons by rows.

    `preview_url` is the link whose preview is shown; None shows none.
    """

    html: str
    picture: Media | None = None
    buttons: Keyboard = field(default=())
    preview_url: str | None = None
    silent: bool = False

    @property
    def form(self) -> str:
        """TEXT or PHOTO: an edit can't turn one into the other."""
        return PHOTO if self.picture else TEXT
