"""What an entry of a feed says: its headline, and of its descriptions and full texts the lead and the body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.model.story.content import Blocks, Figure, Paragraph, Run, figures, plain, plain_text
from bot.sources.html.blocks import plain_line, to_blocks, to_text
from bot.sources.html.escapes import escaped, said_plainly
from bot.sources.text.links import absolute
from bot.sources.text.plain import one_line, paragraphs
from bot.sources.text.repeats import letters, opening

_LONGEST_LEAD = 600
# By so much a text must be longer to be the fuller one: the same text has furniture here and none there.
_FULLER = 1.2
_MOST_TEXTS = 10
# What engines write where they have no text.
_NOTHING = ("null", "undefined", "none", "nan", "[object object]", "(null)")


@dataclass(frozen=True, slots=True)
class Base:
    """The start of a story's relative addresses: the document's xml:base, else the story's own page."""

    page: str
    document: str

    def of(self, detail: Mapping[str, Any]) -> str:
        """Return the address that the addresses of one text start from."""
        declared = str(detail.get("base") or "")
        return absolute(declared, self.document) or self.page


def entry_headline(entry: Any) -> str:
    """Return the headline of an entry as feedparser gives it."""
    title = entry.get("title_detail") or {}
    value = title.get("value", "")
    return plain_line(value) if title.get("type") == "text/plain" else to_text(said_plainly(value))


def entry_story(entry: Any, full: tuple[str, ...], base: Base) -> tuple[str, Blocks]:
    """Return lead and body of an entry. The fullest text is the body; `full` are texts that feedparser can't read."""
    summary = entry.get("summary_detail") or {}
    told = _blocks(summary, base)
    bodies = [
        _blocks(each, base)
        for each in entry.get("content", ())[:_MOST_TEXTS]
        if each.get("value", "").strip() and each.get("value") != summary.get("value")
    ]
    body = _fullest([*bodies, *(_full(text, base) for text in full[:_MOST_TEXTS])])
    if not body:
        return _lead_of(told)
    if _size(told) <= _FULLER * _size(body):
        words = " ".join(plain(block.text) for block in told if isinstance(block, Paragraph))
        return one_line(words), body
    lead, blocks = _lead_of(told)
    shown = {figure.media.url for figure in figures(blocks)}
    others = tuple(each for each in body if isinstance(each, Figure) and each.media.url not in shown)
    first = one_line(plain_text(body))
    if lead and opening(lead, first) is None:
        return lead, body
    return lead or ("" if opening(plain_text(told), first) else first), (*blocks, *others)


def _fullest(bodies: list[Blocks]) -> Blocks:
    best: Blocks = ()
    for each in bodies:
        if not best or _size(each) > _FULLER * _size(best):
            best = each
    return best


def _size(blocks: Blocks) -> int:
    return len(letters(plain_text(blocks)))


def _lead_of(blocks: Blocks) -> tuple[str, Blocks]:
    """Take a description that is a single short paragraph for the lead, a longer one for the body."""
    words = [block for block in blocks if not isinstance(block, Figure)]
    match words:
        case [Paragraph(text)] if len(plain(text)) <= _LONGEST_LEAD and not any(run.href for run in text):
            return one_line(plain(text)), tuple(block for block in blocks if isinstance(block, Figure))
        case _:
            return "", blocks


def _blocks(detail: Mapping[str, Any], base: Base) -> Blocks:
    value = detail.get("value", "")
    if value.strip().lower() in _NOTHING:
        return ()
    if detail.get("type") == "text/plain":
        value = said_plainly(escaped(value))
        if "<" not in value:
            value = "<p>" + value.replace("\n\n", "<p>").replace("\n", "<br>")
    return to_blocks(said_plainly(value), base.of(detail))


def _full(text: str, base: Base) -> Blocks:
    """Return a full text that is HTML or, as many engines write it, mere lines."""
    html = said_plainly(text if "<" in text else escaped(text))
    if "<" in html:
        return to_blocks(html, base.page)
    return tuple(Paragraph((Run(each),)) for each in paragraphs(text))
