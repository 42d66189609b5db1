"""Change some words of a story wherever they stand; what stands around them, and how it is set, stays."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from bot.model.story.article import Content
from bot.model.story.content import (
    Block,
    Blocks,
    Cell,
    Details,
    Embed,
    Figure,
    Footnotes,
    Gallery,
    Heading,
    ListBlock,
    Paragraph,
    Preformatted,
    Quote,
    Run,
    Table,
    Text,
    plain,
)


def reworded(content: Content, old: str, new: str) -> Content:
    """Return the content with `new` for `old` in headline, lead, dateline and body; spaces match whatever spaces.

    The same content where the words stand nowhere, or are none.
    """
    if not old.split():
        return content
    # An agency's copy has non-breaking spaces where an editor types plain ones.
    sought = re.compile(r"\s+".join(map(re.escape, old.split())))

    def words(said: str) -> str:
        return sought.sub(lambda _found: new, said)

    def text(runs: Text) -> Text:
        for found in reversed(list(sought.finditer(plain(runs)))):
            runs = _spliced(runs, *found.span(), new)
        return runs

    return replace(
        content,
        headline=words(content.headline),
        lead=words(content.lead),
        dateline=words(content.dateline),
        blocks=_blocks(content.blocks, text),
    )


def _spliced(runs: Text, start: int, end: int, new: str) -> Text:
    """Return the runs with `new` from `start` to `end`, set as the run in which `start` stands."""
    made: list[Run] = []
    at, put = 0, False
    for run in runs:
        first, last = max(start - at, 0), min(end - at, len(run.text))
        at += len(run.text)
        if first >= len(run.text) or last <= 0:
            made.append(run)
            continue
        said = run.text[:first] + ("" if put else new) + run.text[last:]
        put = True
        if said:
            made.append(replace(run, text=said))
    return tuple(made)


def _blocks(blocks: Blocks, text: Callable[[Text], Text]) -> Blocks:
    return tuple(_block(each, text) for each in blocks)


def _block(block: Block, text: Callable[[Text], Text]) -> Block:
    match block:
        case Paragraph() | Heading() | Preformatted():
            return replace(block, text=text(block.text))
        case Quote():
            return replace(block, blocks=_blocks(block.blocks, text), credit=text(block.credit))
        case ListBlock():
            return replace(block, items=tuple(_blocks(each, text) for each in block.items))
        case Figure():
            return _figure(block, text)
        case Gallery():
            shown = tuple(_figure(each, text) for each in block.figures)
            return replace(block, figures=shown, caption=text(block.caption))
        case Table():
            rows = tuple(tuple(_cell(each, text) for each in row) for row in block.rows)
            return replace(block, rows=rows, caption=text(block.caption))
        case Details():
            return replace(block, summary=text(block.summary), blocks=_blocks(block.blocks, text))
        case Embed():
            return replace(block, caption=text(block.caption))
        case Footnotes():
            return replace(block, notes=tuple((label, text(note)) for label, note in block.notes))
        case _:
            return block


def _figure(figure: Figure, text: Callable[[Text], Text]) -> Figure:
    return replace(figure, caption=text(figure.caption), credit=text(figure.credit))


def _cell(cell: Cell, text: Callable[[Text], Text]) -> Cell:
    return replace(cell, text=text(cell.text))
