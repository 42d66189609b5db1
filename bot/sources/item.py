"""One piece of news as a source tells it, before it is an article."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from bot.model.article import Content
from bot.model.content import Blocks, Figure, Media, plain_text
from bot.model.errors import VestnikError
from bot.sources.dateline import lift_dateline, split_dateline
from bot.sources.runs import one_line

LONGEST_UID = 500
LONGEST_HEADLINE = 300
_MADE_UP = 120


class SourceError(VestnikError):
    """What a source sent can't be read. `reason` is a short slug, `detail` words for people."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Item:
    """What a source says of one story. `uid` is its identity there, whatever else changes.

    `published` is None where the source names no time; `language` and `source_name` are empty where the
    source names none; `categories` are the source's own words.
    """

    uid: str
    headline: str
    lead: str = ""
    dateline: str = ""
    blocks: Blocks = ()
    picture: Media | None = None
    url: str | None = None
    categories: tuple[str, ...] = ()
    published: datetime | None = None
    language: str = ""
    source_name: str = ""

    def content(self, language: str, source_name: str) -> Content:
        """Return what an article is to say; the source's own language and name go first."""
        return Content(
            headline=self.headline,
            lead=self.lead,
            dateline=self.dateline,
            blocks=self.blocks,
            picture=self.picture,
            language=self.language or language,
            url=self.url,
            source_name=self.source_name or source_name,
        )


def make_item(item: Item) -> Item | None:
    """Return the item in an agency's form, or None where it says nothing.

    The dateline is set apart; a picture without a caption that opens the body leads the brief instead;
    a lead that only repeats the body's first words goes; a headline that is missing is the first words.
    """
    dateline, blocks = item.dateline, item.blocks
    if not dateline:
        dateline, blocks = lift_dateline(blocks)
    lead = "" if _repeats(item.lead, blocks, dateline) else item.lead
    if not dateline and lead:
        dateline, lead = split_dateline(lead)
    picture, blocks = _leading_picture(item.picture, blocks)
    headline = one_line(item.headline) or _first_words(lead or plain_text(blocks))
    if not headline:
        return None
    return replace(
        item,
        uid=short_uid(item.uid),
        headline=headline,
        lead=lead,
        dateline=dateline,
        blocks=blocks,
        picture=picture,
    )


def short_uid(uid: str) -> str:
    """Return the identity as it is kept: a digest stands for one that is too long."""
    uid = one_line(uid)
    return uid if len(uid) <= LONGEST_UID else "sha256:" + hashlib.sha256(uid.encode()).hexdigest()


def digest(*words: str) -> str:
    """Return an identity made of what the story says, for a source that gives none."""
    said = "\n".join(one_line(word).casefold() for word in words)
    return "sha256:" + hashlib.sha256(said.encode()).hexdigest()


def _repeats(lead: str, blocks: Blocks, dateline: str) -> bool:
    bare = one_line(lead).rstrip("….[] ")
    body = one_line(plain_text(blocks))
    return bool(bare) and any(text.startswith(bare) for text in (body, one_line(f"{dateline} {body}")))


def _leading_picture(picture: Media | None, blocks: Blocks) -> tuple[Media | None, Blocks]:
    first = blocks[0] if blocks else None
    if not isinstance(first, Figure) or first.media.kind != "picture":
        return picture, blocks
    if picture is not None and picture.url != first.media.url:
        return picture, blocks
    # With a caption it stays in its place too: its words must not be lost.
    return first.media, blocks if first.caption or first.credit else blocks[1:]


def _first_words(text: str) -> str:
    line = one_line(text)
    if len(line) <= _MADE_UP:
        return line
    ends = [at + 1 for at in range(20, _MADE_UP) if line[at] in ".!?…" and line[at + 1] == " "]
    return line[: ends[0]] if ends else line[: line.rfind(" ", 40, _MADE_UP)].rstrip(",;:—– ") + "…"
