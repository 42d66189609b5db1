"""The top of a text without fields: its first line is the headline, a bare paragraph below it the lead."""

from __future__ import annotations

from bot.model.story.content import Blocks, Heading, Paragraph, Text, plain
from bot.sources.text.dateline import split_dateline
from bot.sources.text.plain import one_line

LONGEST_HEADLINE, LONGEST_LEAD = 200, 700


def headline_apart(blocks: Blocks) -> tuple[str, Blocks]:
    """Return the first line and the blocks below it; no headline where a text begins without one.

    A line that stands alone, or is too long, is the text itself: a headline can be made of its first sentence.
    """
    first, *rest = blocks or (None,)
    if not isinstance(first, Paragraph | Heading) or (not rest and isinstance(first, Paragraph)):
        return "", blocks
    words = one_line(plain(first.text))
    if len(words) > LONGEST_HEADLINE or split_dateline(words)[0]:
        return "", blocks
    return words, tuple(rest)


def lead_apart(blocks: Blocks) -> tuple[str, Blocks]:
    """Return the first paragraph and the blocks below it; no lead where the paragraph is none.

    A lead is plain words: with emphasis or a link it stays in the body, as does a paragraph that opens with the
    dateline while others follow.
    """
    first, *rest = blocks or (None,)
    if not isinstance(first, Paragraph) or not _bare(first.text):
        return "", blocks
    words = one_line(plain(first.text))
    if len(words) > LONGEST_LEAD or (rest and split_dateline(words)[0]):
        return "", blocks
    return words, tuple(rest)


def without_stop(headline: str) -> str:
    """Return a headline without the full stop of the sentence that it was made of."""
    return headline if headline.endswith("..") else headline.removesuffix(".")


def _bare(text: Text) -> bool:
    return not any(run.marks or run.href or run.unix for run in text)
