"""What is tried after Telegram refused a message: less and less, down to text alone. Pure: it only decides."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.model.errors import DeliveryError, MediaForbidden, PictureRefused, RichRefused
from bot.model.story.article import Content, without_media
from bot.model.story.form import Form, Style

REFUSALS = (RichRefused, PictureRefused, MediaForbidden)
"""The refusals after which another attempt may be taken; `next_attempt` gives up after any other."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One way to show a story: in `style`, without the media that `refused` names by URL or Telegram's id."""

    style: Style
    refused: frozenset[str] = frozenset()

    def left(self, content: Content) -> Content:
        """Return the part of a story's content that the attempt shows."""
        return without_media(content, self.refused) if self.refused else content


def next_attempt(tried: Attempt, refusal: DeliveryError) -> Attempt | None:
    """Return the attempt that follows a refused one; None where nothing is left to try.

    From the fullest to the least: rich, rich without the pictures that the refusal names, rich without any
    picture, classic, classic without those pictures, text alone. A refusal of the rich form skips to classic
    and keeps the pictures. Pictures are left out by name once; refused again, all of them are.
    """
    style = tried.style
    match refusal:
        case RichRefused() if style.form is not Form.CLASSIC:
            return replace(tried, style=replace(style, form=Form.CLASSIC))
        case PictureRefused(pictures=names) if names and not tried.refused:
            return replace(tried, refused=frozenset(names))
        case PictureRefused() | MediaForbidden() if style.pictures:
            return replace(tried, style=replace(style, pictures=False))
        case PictureRefused() | MediaForbidden() if style.form is Form.RICH:
            # Other media than pictures: the classic form has none.
            return replace(tried, style=replace(style, form=Form.CLASSIC))
    return None
