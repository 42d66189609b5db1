"""The links inside a story's body."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.model.story.content import (
    Block,
    Details,
    Embed,
    Figure,
    Gallery,
    ListBlock,
    Quote,
    texts,
)

_OWN = re.compile(r"https?://(?:t\.me|telegram\.me)/\w+\?start=a-([0-9]{1,18})")


def links_in(blocks: Iterable[Block]) -> list[str]:
    """Return where the words, pictures and embeds of the blocks lead on the web, each address once, in order."""
    blocks = tuple(blocks)
    found = [run.href for text in texts(blocks) for run in text if run.href]
    found += _others(blocks)
    return [each for each in dict.fromkeys(found) if each.startswith(("http://", "https://"))]


def story_linked(link: str) -> int | None:
    """Return the number of the story that a link to the bot opens, or None."""
    found = _OWN.fullmatch(link)
    return int(found[1]) if found else None


def _others(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Figure(href=href) if href:
                yield href
            case Gallery(figures):
                yield from _others(figures)
            case Embed(url):
                yield url
            case Quote(inner) | Details(_, inner):
                yield from _others(inner)
            case ListBlock(items):
                for item in items:
                    yield from _others(item)
            case _:
                pass
