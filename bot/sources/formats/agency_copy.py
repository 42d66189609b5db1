"""Reads plain agency copy: headline, lead, dateline, paragraphs; leaves out a page's own lines around them."""

from __future__ import annotations

import re

from bot.model.story.content import Paragraph, Run
from bot.sources.fetch.encodings import decode_text
from bot.sources.item import Item, SourceError, digest
from bot.sources.text.dateline import split_dateline
from bot.sources.text.plain import paragraphs

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
    """Return the story of a plain text file. Raises SourceError where the file has no story or no headline."""
    story = _without_furniture(paragraphs(decode_text(data)))
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


def _without_furniture(paragraphs: list[str]) -> list[str]:
    """Return the story's paragraphs, without those from a page's own heading on."""
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
