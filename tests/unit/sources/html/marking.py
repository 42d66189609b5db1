"""What tests of markup ask of the reader of pages and feeds."""

from __future__ import annotations

from bot.model.story.content import Block, Blocks, Mark, Media, MediaKind, Run
from bot.sources.html.blocks import to_blocks

BASE = "https://example.org/news/1/"


def read(html: str) -> Blocks:
    return to_blocks(html, BASE)


def one(html: str) -> Block:
    (block,) = read(html)
    return block


def words(text: str, *marks: Mark, href: str | None = None) -> Run:
    return Run(text, frozenset(marks), href)


def picture(name: str) -> Media:
    return Media(MediaKind.PICTURE, BASE + name)
