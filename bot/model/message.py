"""A message as it is to be shown, before any chat is chosen. Rendering makes it, telegram/ sends it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

from bot.model.story.content import Media

MessageForm = Literal["text", "photo", "rich"]
"""What a message is to Telegram: the form decides which method sends it, and into what it can be edited."""

TEXT: Final = "text"
PHOTO: Final = "photo"
RICH: Final = "rich"
MOST_IN_ALBUM = 10


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button: it opens `url`, or else sends `press` (callback data, 1 to 64 bytes) back.

    A `disabled` one is shown and does nothing: who reads it may not do that.
    """

    text: str
    press: str | None = None
    url: str | None = None
    style: str | None = None
    disabled: bool = False


Keyboard = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """Text in Telegram's HTML (the caption, where there is a picture), with buttons by rows.

    `preview_url` is the link whose preview is shown; None shows none. `rich` says that `html` is a rich
    message's; `media` are what it calls `tg://photo?id=NAME`, by name. `grouped` lets a picture go out with
    the message before it, as one album (which has no buttons). `card` is the number of the story whose card at the
    desk the message is.
    """

    html: str
    picture: Media | None = None
    buttons: Keyboard = field(default=())
    preview_url: str | None = None
    rich: bool = False
    media: tuple[tuple[str, Media], ...] = ()
    grouped: bool = False
    card: int | None = None

    @property
    def form(self) -> MessageForm:
        """The message's form: an edit can't turn a photo into one of the others."""
        if self.rich:
            return RICH
        return PHOTO if self.picture else TEXT


def can_become(standing: MessageForm, wanted: MessageForm) -> bool:
    """Return whether Telegram edits a message of one form into one of the other.

    A text or rich message can become either (`editMessageText` takes both); a photo's caption or picture
    can change, and a text can get its first picture (`editMessageMedia`).
    """
    return standing in (wanted, TEXT) or (standing, wanted) == (RICH, TEXT)


@dataclass(frozen=True, slots=True)
class SharedMessage:
    """A message with a story in a chat that nobody knows, by Telegram's name of it.

    `language` and `zone` are those for which it was rendered; `attempts` counts how often it could not be changed.
    """

    inline_message_id: str
    article_id: int
    revision: int
    language: str
    zone: str
    attempts: int = 0
