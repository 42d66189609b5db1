"""An editor's Telegram message as a story: the first line is the headline, the rest the lead and body."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable

from aiogram.types import Message, MessageEntity

from bot.model.article import Content
from bot.model.content import Mark, Media, MediaKind, Paragraph, Run, Text, plain
from bot.model.topic import Topics

MARKS = {
    "bold": Mark.BOLD,
    "italic": Mark.ITALIC,
    "underline": Mark.UNDERLINE,
    "strikethrough": Mark.STRIKE,
    "code": Mark.CODE,
    "spoiler": Mark.SPOILER,
}
HEADLINE = 250
_TOPIC = re.compile(r"(?<!\S)#([\w-]+)")


def content_of(message: Message, language: str, *, skip: int = 0) -> Content:
    """Return what the message says from its `skip`-th character (code point) on; its photo is the picture."""
    text = message.text or message.caption or ""
    lines = _lines(_runs(text, message.entities or message.caption_entities or (), skip))
    headline = plain(lines[0])[:HEADLINE] if lines else ""
    rest = lines[1:]
    overflow = plain(lines[0])[HEADLINE:] if lines else ""
    body = tuple(Paragraph(line) for line in ([(Run(overflow),)] if overflow else []) + rest)
    picture = Media(MediaKind.PICTURE, file_id=message.photo[-1].file_id) if message.photo else None
    marked = any(run.marks or run.href for line in rest for run in line)
    if len(body) == 1 and not marked and not overflow:
        return Content(headline, plain(rest[0]), picture=picture, language=language)
    return Content(headline, "", blocks=body, picture=picture, language=language)


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
    return Content(
        content.headline, lead, content.dateline, kept, content.picture, content.language, content.url
    )


def _only_topics(block: Paragraph, known: Topics) -> bool:
    return _only_tags(plain(block.text), known)


def _only_tags(text: str, known: Topics) -> bool:
    words = text.split()
    return bool(words) and all(word.startswith("#") and known.find(word) for word in words)


def _runs(text: str, entities: Iterable[MessageEntity], skip: int) -> list[Run]:
    """Return the text cut wherever an entity begins or ends. Offsets count UTF-16 units."""
    units = text.encode("utf-16-le")
    start = len(text[:skip].encode("utf-16-le")) // 2
    kept = [each for each in entities if each.type in MARKS or each.type == "text_link"]
    end = len(units) // 2
    edges = {start, end} | {at for each in kept for at in (each.offset, each.offset + each.length)}
    cuts = sorted(at for at in edges if start <= at <= end)
    runs = []
    for left, right in itertools.pairwise(cuts):
        over = [each for each in kept if each.offset <= left and right <= each.offset + each.length]
        marks = frozenset(MARKS[each.type] for each in over if each.type in MARKS)
        href = next((each.url for each in over if each.type == "text_link"), None)
        runs.append(Run(units[left * 2 : right * 2].decode("utf-16-le", errors="replace"), marks, href))
    return runs


def _lines(runs: Iterable[Run]) -> list[Text]:
    lines: list[list[Run]] = [[]]
    for run in runs:
        first, *others = run.text.split("\n")
        lines[-1].append(Run(first, run.marks, run.href))
        lines.extend([Run(other, run.marks, run.href)] for other in others)
    return [stripped for line in lines if (stripped := _stripped(line))]


def _stripped(line: list[Run]) -> Text:
    kept = [run for run in line if run.text]
    if kept:
        kept[0] = Run(kept[0].text.lstrip(), kept[0].marks, kept[0].href)
        kept[-1] = Run(kept[-1].text.rstrip(), kept[-1].marks, kept[-1].href)
    return tuple(run for run in kept if run.text)
