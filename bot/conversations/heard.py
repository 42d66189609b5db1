"""What counts as something that a person said, beside what Telegram itself tells of a chat."""

from __future__ import annotations

from aiogram.enums import ContentType

SAID = {
    *(ContentType.TEXT, ContentType.PHOTO, ContentType.VIDEO, ContentType.ANIMATION, ContentType.AUDIO),
    *(ContentType.VOICE, ContentType.VIDEO_NOTE, ContentType.DOCUMENT, ContentType.STICKER),
    *(ContentType.CONTACT, ContentType.LOCATION, ContentType.VENUE, ContentType.POLL, ContentType.DICE),
}
