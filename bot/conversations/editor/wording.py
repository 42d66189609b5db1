"""An editor's Telegram message as a story: the first line is the headline, the rest the lead and body."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from aiogram.types import Message

from bot.conversations.editor.entities import blocks_in
from bot.model.article import Content
from bot.model.content import Block, Blocks, Figure, Gallery, Media, MediaKind, Paragraph, Text, plain
from bot.model.topic import Topics

HEADLINE = 250
_TOPIC = re.compile(r"(?<!\S)#([\w-]+)")


def content_of(message: Message, language: str, *, skip: int = 0) -> Content:
    """Return what the message says from its `skip`-th character (code point) on.

    Its photo is the picture; any other medium stands at the body's end.
    """
    text = message.text or message.caption or ""
    blocks = list(blocks_in(text, message.entities or message.caption_entities or (), skip))
    headline, body = _headline(blocks)
    shown = figure_of(message)
    picture = shown.media if shown and shown.media.kind is MediaKind.PICTURE else None
    after = (shown,) if shown and picture is None else ()
    match body:
        case [Paragraph(words)] if not after and all(_bare(words)):
            return Content(headline, plain(words), picture=picture, language=language)
        case _:
            return Content(headline, blocks=(*body, *after), picture=picture, language=language)


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


def topics_in(text: str, known: Topics) -> tuple[int, ...]:
    """Return the topics that a text names as #slug or #name."""
    found = (known.find(word) for word in _TOPIC.findall(text))
    return tuple(sorted({topic.id for topic in found if topic}))


def without_topics(content: Content, known: Topics) -> Content:
    """Return the content without the lines that only name topics."""
    kept = tuple(
        block for block in content.blocks if not (isinstance(block, Paragraph) and _only_topics(block, known))
    )
    lead = "" if content.lead and _only_tags(content.lead, known) else content.lead
    return replace(content, lead=lead, blocks=kept)


def _headline(blocks: list[Block]) -> tuple[str, Blocks]:
    """Return the first line, and what stands below it: what is too long for a headline goes on there."""
    first = blocks[0] if blocks else None
    if not isinstance(first, Paragraph):
        return "", tuple(blocks)
    words = " ".join(plain(first.text).split())
    overflow = _after(first.text, HEADLINE) if len(words) > HEADLINE else ()
    return words[:HEADLINE], (*((Paragraph(overflow),) if overflow else ()), *blocks[1:])


def _after(text: Text, characters: int) -> Text:
    kept = []
    for run in text:
        if characters < len(run.text):
            kept.append(replace(run, text=run.text[characters:]))
        characters = max(characters - len(run.text), 0)
    return tuple(kept)


def _bare(text: Text) -> list[bool]:
    return [not (run.marks or run.href or run.unix) for run in text]


def _figure(kind: MediaKind, file_id: str, width: int | None = None, height: int | None = None) -> Figure:
    return Figure(Media(kind, file_id=file_id, width=width, height=height))


def _only_topics(block: Paragraph, known: Topics) -> bool:
    return _only_tags(plain(block.text), known)


def _only_tags(text: str, known: Topics) -> bool:
    words = text.split()
    return bool(words) and all(word.startswith("#") and known.find(word) for word in words)
