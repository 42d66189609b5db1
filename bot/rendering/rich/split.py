"""Splits a story that is too long for one message: at a block's end, else inside the block that doesn't fit."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import pairwise

from bot.model.story.content import (
    Block,
    Blocks,
    Details,
    Embed,
    Figure,
    Footnotes,
    Gallery,
    Heading,
    ListBlock,
    Mark,
    Paragraph,
    Preformatted,
    Quote,
    Run,
    Table,
    Text,
    plain,
)
from bot.rendering.rich.tree import Cost
from bot.rendering.text.breaks import best_cut

Measure = Callable[[Block], Cost]
_MORE = (Run("…"),)


def pages(blocks: Blocks, first: Cost, others: Cost, measure: Measure) -> list[Blocks]:
    """Return the blocks in pages, the first within `first`, each later one within `others`.

    There is always a page; a block that can't be made smaller may be larger than its room.
    """
    made: list[Blocks] = []
    rest = blocks
    while rest:
        page, rest = _take(rest, others if made else first, measure)
        made.append(page)
    return made or [()]


def _take(blocks: Blocks, room: Cost, measure: Measure) -> tuple[Blocks, Blocks]:
    """Return the blocks that fit, and the rest. A page ends at a block's end where it is half full by then."""
    taken: list[Block] = []
    queue = list(reversed(blocks))
    left = room
    while queue:
        block = queue.pop()
        cost = measure(block)
        if cost.within(left):
            taken.append(block)
            left = left.less(cost)
            continue
        if taken and _half_used(room, left):
            queue.append(block)
            break
        pieces = divided(block, left)
        if pieces is None:
            if not taken:
                # It can't be made smaller and fits nowhere: better cut by the writer than lost whole.
                taken.append(block)
            else:
                queue.append(block)
            break
        queue.extend(reversed(pieces))
    return tuple(taken), tuple(reversed(queue))


def _half_used(room: Cost, left: Cost) -> bool:
    return left.chars * 2 < room.chars or left.blocks * 2 < room.blocks or left.media < room.media


def divided(block: Block, room: Cost) -> Blocks | None:  # noqa: PLR0912
    """Return smaller blocks with the same content, None where the block can't be divided. Only texts are cut."""
    chars = max(1, room.chars)
    match block:
        case Paragraph(text):
            return tuple(map(Paragraph, _cut(text, chars))) if len(plain(text)) > chars else None
        case Heading(text):
            return (Paragraph(_bold(text)),)
        case Preformatted(text, language):
            cut = _cut(text, chars)
            return tuple(Preformatted(each, language) for each in cut) if len(cut) > 1 else None
        case Quote():
            return _quotes(block, room)
        case Details():
            return _details(block, room)
        case ListBlock(items):
            if len(items) < 2:
                return tuple(inner for item in items for inner in item) or None
            half = len(items) // 2
            start = block.start - half if block.reversed else block.start + half
            return replace(block, items=items[:half]), replace(block, items=items[half:], start=start)
        case Figure(media, caption, credit, href):
            told = tuple(Paragraph(each) for each in (caption, credit) if plain(each).strip())
            return (Figure(media, href=href), *told) if told else None
        case Gallery(figures, caption):
            if plain(caption).strip():
                return Gallery(figures), Paragraph(caption)
            half = len(figures) // 2
            return (Gallery(figures[:half]), Gallery(figures[half:])) if half > 1 else figures or None
        case Table():
            return _rows(block)
        case Embed(url, title, provider, caption):
            if plain(caption).strip():
                return replace(block, caption=()), Paragraph(caption)
            said = title or provider or url
            return (Paragraph((Run(said, href=url),)),) if len(said) > chars else None
        case Footnotes(notes):
            half = len(notes) // 2
            if half:
                return Footnotes(notes[:half]), Footnotes(notes[half:])
            return tuple(Paragraph((Run(f"{label} "), *text)) for label, text in notes) or None
    return None


def _quotes(quote: Quote, room: Cost) -> Blocks | None:
    said = len(plain(quote.credit))
    if said * 4 > room.chars or not quote.blocks:
        credit = (Paragraph((Run("— "), *quote.credit)),) if said else ()
        return (Quote(quote.blocks), *credit) if quote.blocks and credit else credit or None
    halves = _halves(quote.blocks, room.less(Cost(said, 1)))
    if halves is None:
        return None if not said else (Quote(quote.blocks), Paragraph((Run("— "), *quote.credit)))
    return Quote(halves[0]), Quote(halves[1], quote.credit)


def _details(details: Details, room: Cost) -> Blocks | None:
    said = len(plain(details.summary))
    if said * 4 > room.chars:
        return Paragraph(_bold(details.summary)), replace(details, summary=_MORE)
    halves = _halves(details.blocks, room.less(Cost(said, 1)))
    if halves is None:
        return None
    return replace(details, blocks=halves[0]), Details(_MORE, halves[1], details.open)


def _halves(inner: Blocks, room: Cost) -> tuple[Blocks, Blocks] | None:
    pieces = inner if len(inner) != 1 else divided(inner[0], room)
    if not pieces:
        return None
    if len(pieces) == 1:
        return _halves(pieces, room) if pieces != inner else None
    half = len(pieces) // 2
    return pieces[:half], pieces[half:]


def _rows(table: Table) -> Blocks | None:
    if len(table.rows) > 1:
        half = len(table.rows) // 2
        return Table(table.rows[:half], table.caption), Table(table.rows[half:])
    cells = [cell.text for row in table.rows for cell in row if plain(cell.text).strip()]
    told = [table.caption, *cells] if plain(table.caption).strip() else cells
    return tuple(map(Paragraph, told)) or None


def _bold(text: Text) -> Text:
    return tuple(replace(run, marks=run.marks | {Mark.BOLD}) for run in text)


def _cut(text: Text, chars: int) -> list[Text]:
    """Return the text in pieces of at most so many characters: ended by sentences, words, else signs."""
    whole = plain(text)
    edges = [0]
    while len(whole) - edges[-1] > chars:
        seen = whole[edges[-1] : edges[-1] + chars + 1]
        edges.append(edges[-1] + max(1, best_cut(seen, chars)))
    edges.append(len(whole))
    return [_part(text, start, end) for start, end in pairwise(edges)]


def _part(text: Iterable[Run], start: int, end: int) -> Text:
    found: list[Run] = []
    at = 0
    for run in text:
        words = run.text[max(0, start - at) : max(0, end - at)]
        if words:
            found.append(replace(run, text=words))
        at += len(run.text)
    return tuple(found)
