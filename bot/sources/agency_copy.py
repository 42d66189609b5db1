"""Plain agency copy: headline, lead, dateline, paragraphs; and around it, at times, a page's furniture."""

from __future__ import annotations

import re

from bot.model.content import Paragraph, Run
from bot.sources.dateline import split_dateline
from bot.sources.encodings import decode_text
from bot.sources.item import Item, SourceError, digest
from bot.sources.runs import one_line

# What sites set under a story. A line that is nothing but one of these ends it.
_FURNITURE = re.compile(
    r"(?:recent posts?|related (?:posts?|stories|articles)|read (?:also|more|next)|you may also like|"
    r"most (?:read|popular)|latest news|more news|share(?: this)?|tags?|comments?|leave a (?:reply|comment)|"
    r"последние (?:новости|записи|материалы)|свежие записи|недавние (?:записи|публикации)|"
    r"читайте (?:также|ещ[её])|похожие (?:записи|новости|материалы)|по теме|ещ[её] по теме|"
    r"другие новости|популярное|самое читаемое|поделиться(?: в соцсетях)?|метки|теги|комментарии|"
    r"оставить комментарий|добавить комментарий|подпи(?:шитесь|саться)\b.{0,80})\s*[:.…!]*"
    r"|(?:метки|теги|tags|поделиться|share)\s*:\s.{1,200}",
    re.IGNORECASE,
)
_AGE = re.compile(
    r"\d{1,3}\s+(?:мин\w*|час\w*|д(?:ень|ня|ней)|недел\w*|месяц\w*|лет|год\w*|min\w*|hours?|days?|weeks?|months?|years?)"
    r"\.?\s+(?:назад|ago)",
    re.IGNORECASE,
)
LONGEST_HEADLINE, LONGEST_LEAD = 300, 700


def read_copy(data: bytes) -> Item:
    """Return the story of a plain text file. Raises SourceError where there is none."""
    paragraphs = _paragraphs(decode_text(data))
    story = _without_furniture(paragraphs)
    if not story:
        raise SourceError("empty", "there is no story in it")
    headline, *rest = story
    if len(headline) > LONGEST_HEADLINE:
        raise SourceError("no-headline", "its first line is too long for a headline")
    lead, dateline = "", ""
    if rest and not split_dateline(rest[0])[0] and len(rest[0]) <= LONGEST_LEAD:
        opens_later = len(rest) > 1 and split_dateline(rest[1])[0]
        if opens_later or len(rest) > 1:
            lead, *rest = rest
    if rest:
        dateline, rest[0] = split_dateline(rest[0])
    blocks = tuple(Paragraph((Run(text),)) for text in rest if text)
    return Item(
        uid=digest(headline, dateline), headline=headline, lead=lead, dateline=dateline, blocks=blocks
    )


def _paragraphs(text: str) -> list[str]:
    """Return the paragraphs: parted by empty lines, or, where there are none, a line each."""
    lines = [line.strip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    if "" not in lines[: max(len(lines) - 1, 0)]:
        return [one_line(line) for line in lines if line]
    parts = re.split(r"\n{2,}", "\n".join(lines).strip())
    return [found for part in parts if part for found in _joined(part)]


def _joined(part: str) -> list[str]:
    """Return a part as one paragraph where it was wrapped by hand, else its lines as paragraphs."""
    lines = part.split("\n")
    wrapped = all(
        40 <= len(line) <= 90 and not line.endswith((".", "!", "?", "»", ":")) for line in lines[:-1]
    )
    return [one_line(" ".join(lines))] if wrapped else [text for line in lines if (text := one_line(line))]


def _without_furniture(paragraphs: list[str]) -> list[str]:
    """Return the story's paragraphs: what follows a heading of the page's own is not its."""
    story: list[str] = []
    for paragraph in paragraphs:
        if story and _FURNITURE.fullmatch(paragraph):
            break
        if _AGE.fullmatch(paragraph):
            # An age under an excerpt under a headline: a list of other stories has begun.
            if len(story) > 3:
                del story[-2:]
                break
            continue
        story.append(paragraph)
    return story
