"""What the bot's own form adds to a story, taken off a post of the bot's that an editor forwards or copies.

The words are those of templates/article: the mark of breaking news above the headline, the age and the source below
the story, a page's number, the label of a button.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.model.story.content import Block, Paragraph, plain, without_first

_FLASH = r"⚡\ufe0f?"
_WORD = r"(?:СРОЧНО|BREAKING|ШАШЫЛЫШ)"
_BEFORE_HEADLINE = r"(?:Срочно|Breaking|Шашылыш):"
_MARK_ALONE = re.compile(rf"(?:{_FLASH}\s*)?{_WORD}[\s!.:]*|{_FLASH}\s*")
_MARK = re.compile(rf"{_FLASH}\s*(?:{_WORD}(?!\w)[\s!.:—–-]*|{_BEFORE_HEADLINE}\s*)?")
_OWN_MARK = re.compile(rf"{_FLASH}\s*(?:{_WORD}(?!\w)|{_BEFORE_HEADLINE}).*", re.DOTALL)
_TIME = re.compile(r"🕘|✏\ufe0f?\s*(?:Исправлено|Corrected|Оңдолду)\s")
_AGE = re.compile(r"\s(?:назад|ago|мурун)(?!\w)")
_ADDED = re.compile(r"🔗\s.*|\d{1,3}/\d{1,3}|Читать полностью|Read in full|Толук окуу", re.DOTALL)
_NAME = re.compile(r".{0,59}[^.!?…]")


def without_own_form(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks without what the bot's form adds: the mark in any text, the rest in a post of the bot's alone.

    A post of the bot's is known by the mark's sign and word together, or by the line with its age.
    """
    own = any(_is_age(each) for each in blocks) or bool(blocks and _matches(blocks[0], _OWN_MARK))
    kept = _without_mark(blocks)
    if own:
        kept = [each for each in kept if not _matches(each, _ADDED)]
        # A source without a link is the last line, below the age.
        if len(kept) > 1 and _is_age(kept[-2]) and _matches(kept[-1], _NAME):
            kept.pop()
    return [each for each in kept if not _is_age(each)] if own else kept


def _without_mark(blocks: Sequence[Block]) -> list[Block]:
    first, *others = blocks or (None,)
    if not isinstance(first, Paragraph):
        return list(blocks)
    # A forwarded flash of a flash may bear the mark twice.
    if _matches(first, _MARK_ALONE):
        return _without_mark(others)
    mark = _MARK.match(plain(first.text))
    if mark is None:
        return list(blocks)
    return _without_mark([replace(first, text=without_first(first.text, mark.end())), *others])


def _is_age(block: Block) -> bool:
    if not isinstance(block, Paragraph) or not _TIME.match(words := plain(block.text)):
        return False
    return any(run.unix for run in block.text) or _AGE.search(words) is not None


def _matches(block: Block, pattern: re.Pattern[str]) -> bool:
    return isinstance(block, Paragraph) and pattern.fullmatch(plain(block.text).strip()) is not None
