"""The fields of a draft that are changed in words or by a photo. A new field is a line in the table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from aiogram.types import Message

from bot.conversations.dictation.entities import blocks_in
from bot.conversations.dictation.message import HEADLINE, figure_of
from bot.model.errors import Refusal
from bot.model.story.article import Content
from bot.model.story.body import retyped
from bot.model.story.content import MediaKind, is_blank

REMOVE = ("-", "–", "—")
"""What empties a field, as an answer: a dash, also one that the phone has made longer."""

LEAD, DATELINE = 1000, 100
"""The most characters that an editor may give them."""

Change = Callable[[Content], Content]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a story's text: its name in `Content`, what it says now, and what an answer makes of it.

    `read` is refused for an answer that can't be the field. What the field says may be long, and is "" for the
    body, which is shown as it is set, and for the picture.
    """

    name: str
    words: Callable[[Content], str]
    read: Callable[[Message], Change]


def _line(message: Message, most: int) -> str:
    words = " ".join(_text(message).split())
    if len(words) > most:
        raise Refusal("too-long", most=most, many=len(words))
    return "" if words in REMOVE else words


def _text(message: Message) -> str:
    if message.text is None:
        raise Refusal("text-wanted")
    return message.text


def _headline(message: Message) -> Change:
    words = _line(message, HEADLINE)
    if is_blank(words):
        raise Refusal("headline-stays")
    return lambda content: replace(content, headline=words)


def _lead(message: Message) -> Change:
    words = _line(message, LEAD)
    return lambda content: replace(content, lead=words)


def _dateline(message: Message) -> Change:
    words = _line(message, DATELINE)
    return lambda content: replace(content, dateline=words)


def _body(message: Message) -> Change:
    said = _text(message)
    typed = [] if said.strip() in REMOVE else [*blocks_in(said, message.entities or ())]
    return lambda content: replace(content, blocks=retyped(content.blocks, typed))


def _picture(message: Message) -> Change:
    if (message.text or "").strip() in REMOVE:
        return without_picture
    shown = figure_of(message)
    if shown is None or shown.media.kind is not MediaKind.PICTURE:
        raise Refusal("photo-wanted")
    return lambda content: replace(content, picture=shown.media)


def without_picture(content: Content) -> Content:
    """Return the content without its leading picture."""
    return replace(content, picture=None)


FIELDS = {
    "headline": Field("headline", lambda content: content.headline, _headline),
    "lead": Field("lead", lambda content: content.lead, _lead),
    "dateline": Field("dateline", lambda content: content.dateline, _dateline),
    "text": Field("blocks", lambda _: "", _body),
    "picture": Field("picture", lambda _: "", _picture),
}
