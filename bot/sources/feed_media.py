"""What a feed's entry shows beside its body: enclosures and Media RSS, put where a reader expects them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bot.model.content import Block, Blocks, Embed, Figure, Media, MediaKind, figures
from bot.sources.markup_media import absolute, is_picture
from bot.sources.media_rss import EntryMedia

_KINDS = {"image": MediaKind.PICTURE, "video": MediaKind.VIDEO, "audio": MediaKind.AUDIO}
_FILES = ("application/pdf", "application/epub+zip", "application/msword", "application/zip")


def with_media(entry: Any, media: EntryMedia, blocks: Blocks, base: str) -> tuple[Media | None, Blocks]:
    """Return the picture that leads the story, and the blocks with what else the entry shows.

    What the body shows already is not shown twice: it only gets the caption and credit that it lacks.
    The leading picture stands in the blocks as well where it has words of its own.
    """
    offered = {figure.media.url: figure for figure in (*_enclosed(entry, base), *media.figures)}
    shown = {figure.media.url for figure in figures(blocks)}
    blocks = tuple(_told(block, offered) for block in blocks)
    pictures = [each for each in offered.values() if each.media.kind is MediaKind.PICTURE]
    lead = next(iter(pictures), None)
    picture = lead.media if lead else _thumbnail(media, shown)
    before = [lead] if lead and (lead.caption or lead.credit) and lead.media.url not in shown else []
    after: list[Block] = [
        each for each in offered.values() if each is not lead and each.media.url not in shown
    ]
    linked = {block.url for block in blocks if isinstance(block, Embed)}
    after += [each for each in media.embeds if each.url not in linked]
    return picture, (*before, *blocks, *after)


def _thumbnail(media: EntryMedia, shown: set[str | None]) -> Media | None:
    # A body that has pictures of its own needs no smaller copy of one.
    return Media(MediaKind.PICTURE, media.thumbnail) if media.thumbnail and not shown else None


def _told(block: Block, offered: dict[str | None, Figure]) -> Block:
    if not isinstance(block, Figure) or not (known := offered.get(block.media.url)):
        return block
    return replace(block, caption=block.caption or known.caption, credit=block.credit or known.credit)


def _enclosed(entry: Any, base: str) -> Iterator[Figure]:
    for each in entry.get("enclosures") or ():
        url, mime = absolute(each.get("href"), base), str(each.get("type") or "").lower()
        kind = _KINDS.get(mime.partition("/")[0]) or (MediaKind.FILE if mime in _FILES else None)
        if url and not mime and is_picture(url):
            kind = MediaKind.PICTURE
        if url and kind:
            yield Figure(Media(kind, url))
