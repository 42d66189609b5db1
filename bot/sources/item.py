"""An item: a story as a source has it, before it is an article."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from bot.log import phrase
from bot.model.errors import VestnikError
from bot.model.story.article import Content
from bot.model.story.content import Blocks, Figure, Gallery, Media, plain_text
from bot.model.story.language import language_of
from bot.sources.text.dateline import lift_dateline, split_dateline
from bot.sources.text.headline import made_headline, unlinked, whole_headline, without_headline
from bot.sources.text.plain import one_line
from bot.sources.text.repeats import is_cut, letters, opening, sentence

LONGEST_UID = 500
LONGEST_HEADLINE = 300


class SourceError(VestnikError):
    """A source's bytes can't be read. `reason` is a short slug, `detail` a phrase for people.

    A phrase may quote a stranger: it becomes a short line without control characters.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        detail = phrase(detail)
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Item:
    """A story as a source has it. `uid` is the source's identity of the story, through all changes.

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
        """Return the item as an article's content.

        `language` and `source_name` fill in where the source names none. What the words contradict, or what
        neither names, is detected.
        """
        return Content(
            headline=self.headline,
            lead=self.lead,
            dateline=self.dateline,
            blocks=self.blocks,
            picture=self.picture,
            language=language_of(self.words, self.language or language),
            url=self.url,
            source_name=self.source_name or source_name,
        )

    @property
    def words(self) -> str:
        """What tells the story's language: its headline, its lead and its body."""
        return f"{self.headline}\n{self.lead}\n{plain_text(self.blocks)}"


class Told(NamedTuple):
    """A source's items, and how many others were left out because their letters can't be read."""

    items: list[Item]
    lost: int = 0


def make_item(item: Item) -> Item | None:
    """Return the item in an agency's form, or None where it has no words.

    The dateline becomes a field; a picture without caption at the top of the body becomes the leading
    picture; a missing headline is made of the first words. Nothing is said twice: neither lead nor body begins
    with the headline, and a lead that repeats the body's first words is dropped.
    """
    dateline, lead, blocks = item.dateline, one_line(item.lead), item.blocks
    if not dateline:
        dateline, blocks = lift_dateline(blocks)
    if not dateline:
        dateline, lead = split_dateline(lead)
    headline, lead, blocks = _headed(replace(item, lead=lead), blocks)
    lead = "" if _repeats(lead, blocks, dateline) else lead
    picture, blocks = _leading_picture(item.picture, blocks)
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


def newest_first(items: Sequence[Item]) -> Sequence[Item]:
    """Return the items by date where all have one; else in the source's order, which is newest first."""
    dated = [(item.published, place, item) for place, item in enumerate(items) if item.published]
    if len(dated) < len(items):
        return items
    return [item for _, _, item in sorted(dated, key=lambda one: (one[0], -one[1]), reverse=True)]


def short_uid(uid: str) -> str:
    """Return the identity to keep: the uid itself, or a digest of a uid above 500 characters."""
    uid = one_line(uid)
    return uid if len(uid) <= LONGEST_UID else "sha256:" + hashlib.sha256(uid.encode()).hexdigest()


def digest(*words: str) -> str:
    """Return an identity made of the story's words, for a source without identities."""
    said = "\n".join(one_line(word).casefold() for word in words)
    return "sha256:" + hashlib.sha256(said.encode()).hexdigest()


def _headed(item: Item, blocks: Blocks) -> tuple[str, str, Blocks]:
    """Return the headline, and the lead and the blocks without the headline at their beginning."""
    given, lead = one_line(item.headline), item.lead
    headline = whole_headline(given, lead or plain_text(blocks)) or made_headline(lead or unlinked(blocks))
    if not given and is_cut(headline):
        return headline, lead, blocks
    said = sentence(lead, headline) if given else opening(lead, headline)
    lead = lead[said:].lstrip(" .!?…") if said else lead
    return headline, lead, without_headline(blocks, headline, item.url, made=not given)


def made_up(uid: str) -> bool:
    """Return whether an identity was made of the story's words: its source gave none."""
    return uid.startswith("sha256:")


def _repeats(lead: str, blocks: Blocks, dateline: str) -> bool:
    body = one_line(plain_text(block for block in blocks if not isinstance(block, Figure | Gallery)))
    return bool(letters(lead)) and any(
        opening(text, lead) is not None for text in (body, f"{dateline} {body}")
    )


def _leading_picture(picture: Media | None, blocks: Blocks) -> tuple[Media | None, Blocks]:
    first = blocks[0] if blocks else None
    if not isinstance(first, Figure) or first.media.kind != "picture":
        return picture, blocks
    if picture is not None and picture.url != first.media.url:
        return picture, blocks
    # With a caption it stays in its place too: its words must not be lost.
    return first.media, blocks if first.caption or first.credit else blocks[1:]
