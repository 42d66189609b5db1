"""Adds the media beside a feed entry's body (enclosures, Media RSS) to its blocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from bot.model.story.content import Block, Blocks, Embed, Figure, Media, MediaKind, figures
from bot.model.story.content import with_media as enlarged
from bot.sources.formats.entry.media_rss import EntryMedia
from bot.sources.formats.entry.sizes import breadth, same
from bot.sources.text.links import absolute

_KINDS = {"image": MediaKind.PICTURE, "video": MediaKind.VIDEO, "audio": MediaKind.AUDIO}
# Engines write types such as `mp3` or `application/octet-stream`: then the file's name tells the kind.
_NAMED_KINDS = {
    ".jpg .jpeg .png .webp .gif .avif": MediaKind.PICTURE,
    ".mp3 .m4a .ogg .oga .opus .aac .wav .flac": MediaKind.AUDIO,
    ".mp4 .m4v .webm .mov": MediaKind.VIDEO,
    ".pdf .epub": MediaKind.FILE,
}
_BY_ENDING = {ending: kind for endings, kind in _NAMED_KINDS.items() for ending in endings.split()}
_FILES = ("application/pdf", "application/epub+zip", "application/msword", "application/zip")


def with_media(entry: Any, media: EntryMedia, blocks: Blocks, base: str) -> tuple[Media | None, Blocks]:
    """Return the picture that leads the story, and the blocks with the entry's other media.

    Of a picture in several sizes the largest stands once, with the caption and credit that it has in any of them.
    The leading picture stands in the blocks as well where it has a caption or credit.
    """
    offered: dict[str, Figure] = {}
    for each in (*_enclosed(entry, base), *media.figures):
        named = _named(each.media)
        offered[named] = _joined(offered[named], each) if named in offered else each
    shown = {_named(figure.media) for figure in figures(blocks)}
    blocks = tuple(_told(block, offered) for block in enlarged(blocks, lambda each: _larger(each, offered)))
    pictures = [each for each in offered.values() if each.media.kind is MediaKind.PICTURE]
    lead = next(iter(pictures), None)
    picture = lead.media if lead else _thumbnail(media, shown)
    before = [lead] if lead and (lead.caption or lead.credit) and _named(lead.media) not in shown else []
    after: list[Block] = [
        each for each in offered.values() if each is not lead and _named(each.media) not in shown
    ]
    linked = {block.url for block in blocks if isinstance(block, Embed)}
    after += [each for each in media.embeds if each.url not in linked]
    return picture, (*before, *blocks, *after)


def _named(media: Media) -> str:
    return same(media.url or "") if media.kind is MediaKind.PICTURE else media.url or ""


def _joined(one: Figure, other: Figure) -> Figure:
    """Return the larger of two sizes of a picture, with the words of both."""
    first, second = (one, other) if breadth(one.media) >= breadth(other.media) else (other, one)
    return replace(first, caption=first.caption or second.caption, credit=first.credit or second.credit)


def _larger(shown: Media, offered: dict[str, Figure]) -> Media:
    known = offered.get(_named(shown)) if shown.kind is MediaKind.PICTURE else None
    if known is None or known.media.url == shown.url or breadth(known.media) <= breadth(shown):
        return shown
    return replace(known.media, alt=known.media.alt or shown.alt)


def _thumbnail(media: EntryMedia, shown: set[str]) -> Media | None:
    # A body that has pictures of its own needs no smaller copy of one.
    return None if shown else media.thumbnail


def _told(block: Block, offered: dict[str, Figure]) -> Block:
    if not isinstance(block, Figure) or not (known := offered.get(_named(block.media))):
        return block
    return replace(block, caption=block.caption or known.caption, credit=block.credit or known.credit)


def _enclosed(entry: Any, base: str) -> Iterator[Figure]:
    for each in entry.get("enclosures") or ():
        url, mime = absolute(each.get("href"), base), str(each.get("type") or "").lower()
        kind = _KINDS.get(mime.partition("/")[0]) or (MediaKind.FILE if mime in _FILES else None)
        if url and kind is None:
            kind = _BY_ENDING.get(PurePosixPath(urlsplit(url).path).suffix.lower())
        if url and kind:
            yield Figure(Media(kind, url))
