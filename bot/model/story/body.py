"""A body that an editor types anew: what words can't say stays where it stood."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.model.story.content import (
    Block,
    Blocks,
    Divider,
    Heading,
    ListBlock,
    Paragraph,
    Preformatted,
    Quote,
    plain,
    plain_text,
)

WORDS = (Paragraph, Heading, Quote, ListBlock, Preformatted, Divider)
"""Blocks that a person types in Telegram. Pictures, tables, notes and the like are not among them."""

_DIVIDER = "* * *"
_BULLET = re.compile(r"^\s*(?:[•◦▪]|\w{1,5}\.)\s+")


def spoken(blocks: Sequence[Block]) -> Blocks:
    """Return the blocks that can be typed in Telegram."""
    return tuple(block for block in blocks if isinstance(block, WORDS))


def retyped(former: Sequence[Block], typed: Sequence[Block]) -> Blocks:
    """Return the body with the words that were typed in place of its own.

    Pictures, tables and the like stay behind as many blocks of text as before. A heading, a list or a break that
    was left as it was is still one: typed, it comes back as plain lines.
    """
    words = _recognized(former, list(typed))
    found: list[Block] = []
    for block in former:
        if isinstance(block, WORDS):
            found.extend(words[:1])
            words = words[1:]
        else:
            found.append(block)
    return (*found, *words)


def _recognized(former: Sequence[Block], typed: list[Block]) -> list[Block]:
    forms = {
        lines: block
        for block in former
        if isinstance(block, Heading | ListBlock | Divider) and (lines := _lines(block))
    }
    found: list[Block] = []
    while typed:
        fitting = (
            (lines, block) for lines, block in forms.items() if _typed_lines(typed[: len(lines)]) == lines
        )
        lines, block = next(fitting, (("",), typed[0]))
        found.append(block)
        typed = typed[len(lines) :]
    return found


def _lines(block: Block) -> tuple[str, ...]:
    if isinstance(block, Divider):
        return (_DIVIDER,)
    return tuple(" ".join(line.split()) for line in plain_text((block,)).splitlines() if line.strip())


def _typed_lines(typed: Sequence[Block]) -> tuple[str, ...]:
    said = (plain(each.text) if isinstance(each, Paragraph) else "" for each in typed)
    lines = (" ".join(line.split()) for line in said)
    return tuple(line if line == _DIVIDER else _BULLET.sub("", line) for line in lines)
