"""A Telegram text with its entities as blocks. Offsets and lengths count UTF-16 units."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import replace

from aiogram.types import MessageEntity

from bot.model.story.content import Block, Mark, Paragraph, Preformatted, Quote, Run, Text, plain

MARKS = {
    "bold": Mark.BOLD,
    "italic": Mark.ITALIC,
    "underline": Mark.UNDERLINE,
    "strikethrough": Mark.STRIKE,
    "code": Mark.CODE,
    "spoiler": Mark.SPOILER,
}
_QUOTES = ("blockquote", "expandable_blockquote")
_LINKS = ("text_link", "url", "email", "phone_number")


def blocks_in(text: str, entities: Iterable[MessageEntity], skip: int = 0) -> Iterator[Block]:
    """Yield what a text says from its `skip`-th character (code point) on: a paragraph a line.

    A quotation and what is preformatted are blocks of their own. A mention stays the words that it is.
    """
    units = text.encode("utf-16-le")
    end = len(units) // 2
    at = len(text[:skip].encode("utf-16-le")) // 2
    known = [each for each in entities if each.offset + each.length > at and each.offset < end]
    boxes = [each for each in known if each.type in (*_QUOTES, "pre")]
    for box in sorted(boxes, key=lambda each: each.offset):
        # A box inside another is a part of that one.
        if box.offset + box.length <= at:
            continue
        yield from _paragraphs(units, known, at, max(box.offset, at))
        start, at = max(box.offset, at), min(box.offset + box.length, end)
        yield from _boxed(box, units, known, start=start, end=at)
    yield from _paragraphs(units, known, at, end)


def _boxed(
    box: MessageEntity, units: bytes, known: list[MessageEntity], *, start: int, end: int
) -> Iterator[Block]:
    if box.type == "pre":
        words = _words(units, start, end).strip("\n")
        yield from [Preformatted((Run(words),), box.language or "")] if words.strip() else []
    elif inner := tuple(_paragraphs(units, known, start, end)):
        yield Quote(inner)


def _paragraphs(units: bytes, known: list[MessageEntity], start: int, end: int) -> Iterator[Block]:
    lines: list[list[Run]] = [[]]
    for run in _runs(units, known, start, end):
        first, *others = run.text.split("\n")
        lines[-1].append(replace(run, text=first))
        lines.extend([replace(run, text=other)] for other in others)
    for line in lines:
        if text := _stripped(line):
            yield Paragraph(text)


def _runs(units: bytes, known: list[MessageEntity], start: int, end: int) -> Iterator[Run]:
    """Yield the text cut wherever an entity begins or ends."""
    edges = {start, end} | {at for each in known for at in (each.offset, each.offset + each.length)}
    for left, right in itertools.pairwise(sorted(at for at in edges if start <= at <= end)):
        over = [each for each in known if each.offset <= left and right <= each.offset + each.length]
        marks = frozenset(MARKS[each.type] for each in over if each.type in MARKS)
        hrefs = (_target(each, units) for each in over if each.type in _LINKS)
        unix = next((each.unix_time for each in over if each.type == "date_time"), None)
        yield Run(_words(units, left, right), marks, next(filter(None, hrefs), None), unix)


def _target(entity: MessageEntity, units: bytes) -> str | None:
    """Return where an entity leads; Telegram writes an address without its scheme as people do."""
    words = _words(units, entity.offset, entity.offset + entity.length)
    match entity.type:
        case "text_link":
            return entity.url
        case "email":
            return f"mailto:{words}"
        case "phone_number":
            return "tel:" + "".join(each for each in words if each.isdigit() or each == "+")
        case _:
            return words if "://" in words else f"https://{words}"


def _words(units: bytes, start: int, end: int) -> str:
    return units[start * 2 : end * 2].decode("utf-16-le", errors="replace")


def _stripped(line: list[Run]) -> Text:
    kept = [run for run in line if run.text]
    if not plain(tuple(kept)).strip():
        return ()
    kept[0] = replace(kept[0], text=kept[0].text.lstrip())
    kept[-1] = replace(kept[-1], text=kept[-1].text.rstrip())
    return tuple(run for run in kept if run.text)
