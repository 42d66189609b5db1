"""What a refusal means for the messages that were refused: which of their media, or the rich form itself."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model.errors import DeliveryError, OurFault, PictureRefused, RichRefused
from bot.model.message import OutgoingMessage
from bot.telegram.pictures.names import fetched, pictures_in


def meaning(error: DeliveryError, messages: Sequence[OutgoingMessage]) -> DeliveryError:
    """Return PictureRefused with the media that are meant, RichRefused for a rich message, else the error."""
    if not isinstance(error, OurFault):
        return error
    if isinstance(error, PictureRefused):
        error.pictures = error.pictures or _named(error, messages)
        if error.pictures:
            return error
    return RichRefused(error.reason, error.detail) if messages[0].rich else error


def _named(error: PictureRefused, messages: Sequence[OutgoingMessage]) -> tuple[str, ...]:
    named = [name for message in messages for name in pictures_in(message)]
    if error.by_address and (others := fetched(messages[0])):
        return tuple(others)
    if error.place is not None and error.place < len(named):
        return (named[error.place],)
    return tuple(named)
