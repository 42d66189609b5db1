"""A document that an editor sends: brought within bounds, read in a parser, refused in words."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import PurePath

from aiogram.types import Document

from bot.conversations.visit import Visit
from bot.log import Event
from bot.model.errors import MediaError, Refusal
from bot.model.story.article import Content
from bot.model.story.content import plain_text
from bot.sources.item import Item, SourceError, Told
from bot.sources.parser_pool import ParserPool
from bot.sources.text.head import without_stop
from bot.telegram.transport.download import TOO_LARGE, download

log = logging.getLogger(__name__)

MEGABYTE = 1024 * 1024
TEXT, WORD = 2 * MEGABYTE, 10 * MEGABYTE
"""How many bytes a text may have, and how many a .docx, whose pictures count though they are left out."""

LONGEST_STORY = 100_000
"""How many characters a story may have: more is a book, which no chat should get."""

_MOST = {".txt": TEXT, ".md": TEXT, ".html": TEXT, ".htm": TEXT, ".docx": WORD}
_TYPES = {
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/html": ".html",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}
_REASONS = {
    "empty": "document-empty",
    "no-headline": "document-no-headline",
    "too-slow": "document-too-much",
    "too-much": "document-too-much",
}


def readable(document: Document) -> bool:
    """Return whether a document is of a kind that is read: by its name's ending, else by its type."""
    return _ending(document) in _MOST


async def read(visit: Visit, document: Document, parsers: ParserPool) -> Told:
    """Return the stories of a document; `lost` are the pictures that were left out of it.

    Refused in words: too large, of no kind that is read, broken, empty, or not to be had from Telegram.
    """
    ending, name = _ending(document), document.file_name or ""
    if ending not in _MOST:
        raise Refusal("unknown-document", name=name)
    most = _MOST[ending]
    too_large = Refusal("document-too-large", name=name, most=most // MEGABYTE)
    if (document.file_size or 0) > most:
        raise too_large
    try:
        body = await download(visit.client, document.file_id, most)
        told = await parsers.document(f"document{ending}", body)
    except MediaError as error:
        if error.reason == TOO_LARGE:
            raise too_large from None
        log.warning(Event("document.unavailable", reason=error.reason))
        raise Refusal("document-unavailable", name=name) from None
    except SourceError as error:
        log.info(Event("document.unreadable", reason=error.reason, detail=error.detail))
        raise Refusal(_REASONS.get(error.reason, "document-unreadable"), name=name) from None
    if not told.items:
        raise Refusal("document-empty", name=name)
    if any(_length(each) > LONGEST_STORY for each in told.items):
        raise Refusal("document-too-much", name=name)
    return told


def content_of(item: Item, language: str) -> Content:
    """Return one of a document's stories; `language` is that of a story whose language can't be told."""
    content = item.content("", "")
    return replace(content, headline=without_stop(content.headline), language=content.language or language)


def _ending(document: Document) -> str:
    ending = PurePath(document.file_name or "").suffix.lower()
    return ending if ending in _MOST else "" if ending else _TYPES.get(document.mime_type or "", "")


def _length(item: Item) -> int:
    return len(item.headline) + len(item.lead) + len(plain_text(item.blocks))
