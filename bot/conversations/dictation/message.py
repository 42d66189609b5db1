"""An editor's Telegram message as a story: the first line is the headline, the rest the lead and body."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from aiogram.types import Message

from bot.conversations.dictation.entities import blocks_in
from bot.conversations.dictation.own_form import without_own_form
from bot.conversations.dictation.tags import only_tags, topics_in, without_topics
from bot.desk.story.message import key_of
from bot.model.story.article import Content
from bot.model.story.content import (
    Block,
    Blocks,
    Figure,
    Gallery,
    Media,
    MediaKind,
    Paragraph,
    Text,
    plain,
    without_first,
)
from bot.model.story.language import detected
from bot.model.story.topic import Topics

HEADLINE = 250


@dataclass(frozen=True, slots=True)
class Draft:
    """A story that an editor dictates, and the ids of the topics that the message names."""

    content: Content
    topic_ids: tuple[int, ...]


def dictated(
    message: Message, album: Sequence[Message] | None, known: Topics, language: str, *, skip: int = 0
) -> Draft:
    """Return what a message and its album dictate, from the message's `skip`-th character (code point) on."""
    content = story_of(message, album, language, skip=skip)
    return Draft(without_topics(content, known), topics_in(text_of(message), known))


def commanded(
    message: Message, album: Sequence[Message] | None, words: str, *, known: Topics, language: str
) -> Draft | None:
    """Return the story that a command brings; `words` are what stands after the command.

    The words are the story, else the message that the command answers, else the photo that the command is the
    caption of. None where none of them has a headline.
    """
    own = dictated(message, album, known, language, skip=after_command(text_of(message)))
    if own.content.headline and words.strip() and not only_tags(words, known):
        return own
    draft = own if message.photo else None
    if message.reply_to_message is not None:
        content = content_of(message.reply_to_message, language)
        draft = replace(own, content=without_topics(content, known))
    return draft if draft and draft.content.headline else None


def content_of(message: Message, language: str, *, skip: int = 0) -> Content:
    """Return what the message says from its `skip`-th character (code point) on, without what the bot's form adds.

    Its photo is the picture; any other medium stands at the body's end. `language` is that of a message without
    words: any other's is detected.
    """
    headline, body = _headline(blocks_of(message, skip=skip))
    shown = figure_of(message)
    picture = shown.media if shown and shown.media.kind is MediaKind.PICTURE else None
    after = (shown,) if shown and picture is None else ()
    match body:
        case [Paragraph(words)] if not after and all(_bare(words)):
            content = Content(headline, plain(words), picture=picture)
        case _:
            content = Content(headline, blocks=(*body, *after), picture=picture)
    return replace(content, language=detected(text_of(message)[skip:]) or language)


def blocks_of(message: Message, *, skip: int = 0) -> list[Block]:
    """Return the message's words from its `skip`-th character (code point) on, without what the bot's form adds."""
    entities = message.entities or message.caption_entities or ()
    return without_own_form([*blocks_in(text_of(message), entities, skip)])


def text_of(message: Message) -> str:
    """Return the message's text or caption; empty where it has neither."""
    return message.text or message.caption or ""


def key_in(message: Message, bot_id: int, place: int = 1) -> str:
    """Return the key of the story that a message becomes; the pictures of an album share one.

    `place` counts the stories of a message that becomes several.
    """
    album = "" if message.document else message.media_group_id
    return key_of(bot_id, message.chat.id, album or message.message_id, place)


def story_of(message: Message, album: Sequence[Message] | None, language: str, *, skip: int = 0) -> Content:
    """Return what a message says, with all that the album shows to which it belongs."""
    content = content_of(message, language, skip=skip)
    for figure in map(figure_of, album or ()):
        if figure is not None:
            content = with_figure(content, figure)
    return content


def figure_of(message: Message) -> Figure | None:
    """Return what a message shows: a photo, a video, a sound or a file."""
    if message.photo:
        largest = message.photo[-1]
        return _figure(MediaKind.PICTURE, largest.file_id, largest.width, largest.height)
    if film := message.video or message.animation:
        return _figure(MediaKind.VIDEO, film.file_id, film.width, film.height)
    if sound := message.audio or message.voice:
        return _figure(MediaKind.AUDIO, sound.file_id)
    if message.document:
        name = message.document.file_name or ""
        return Figure(Media(MediaKind.FILE, file_id=message.document.file_id, alt=name))
    return None


def with_figure(content: Content, figure: Figure) -> Content:
    """Return the content with one more thing to show: an album's pictures stand together after the words."""
    if content.picture == figure.media or figure in content.blocks:
        return content
    if content.picture is None and figure.media.kind is MediaKind.PICTURE:
        return replace(content, picture=figure.media)
    *before, last = content.blocks or (None,)
    kept: list[Block] = [each for each in before if each is not None]
    match last:
        case Gallery(figures):
            return replace(content, blocks=(*kept, replace(last, figures=(*figures, figure))))
        case Figure(media) if media.file_id:
            return replace(content, blocks=(*kept, Gallery((last, figure))))
        case _:
            return replace(content, blocks=(*content.blocks, figure))


def after_command(text: str) -> int:
    """Return where a text goes on after the command that it begins with."""
    return len(text.split(maxsplit=1)[0]) if text.startswith("/") else 0


def _headline(blocks: list[Block]) -> tuple[str, Blocks]:
    """Return the first line, and what stands below it: what is too long for a headline goes on there."""
    first = blocks[0] if blocks else None
    if not isinstance(first, Paragraph):
        return "", tuple(blocks)
    words = " ".join(plain(first.text).split())
    overflow = without_first(first.text, HEADLINE) if len(words) > HEADLINE else ()
    return words[:HEADLINE], (*((Paragraph(overflow),) if overflow else ()), *blocks[1:])


def _bare(text: Text) -> list[bool]:
    return [not (run.marks or run.href or run.unix) for run in text]


def _figure(kind: MediaKind, file_id: str, width: int | None = None, height: int | None = None) -> Figure:
    return Figure(Media(kind, file_id=file_id, width=width, height=height))
