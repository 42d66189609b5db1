"""What stands before a feed's first element: left out, but for the harmless entities that it declares."""

from __future__ import annotations

import re
from html import unescape

from bot.sources.item import SourceError

_LONGEST_SUBSET, _LONGEST_VALUE = 20_000, 64
_SUBSET_ENDS = re.compile(r"\]\s*+>")
_GAP = re.compile("[\ufeff \t\r\n]*+")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_DECLARATION = re.compile(r"<!ENTITY\b", re.IGNORECASE)
_ENTITY = re.compile(
    r"""<!ENTITY\s++([A-Za-z_][\w.-]{0,63})\s++(?:"([^"%]*+)"|'([^'%]*+)')\s*+>""", re.IGNORECASE
)
_NESTED = re.compile(r"&(?!#\d{1,7};|#x[0-9a-f]{1,6};|(?:amp|lt|gt|quot|apos);)", re.IGNORECASE)


def without_prolog(text: str) -> tuple[str, dict[str, str]]:
    """Return an XML document from its first element on, and the text that each declared entity stands for.

    Raises SourceError where an entity stands for more than a few letters: by others, or by a file or an address,
    a few bytes grow to gigabytes, or read what is not theirs. What lies outside the document is never fetched.
    """
    entities: dict[str, str] = {}
    at = _past_gap(text, 0)
    while text.startswith(("<?", "<!"), at) and not text.startswith("<![CDATA[", at):
        if text.startswith("<!", at) and not text.startswith("<!--", at):
            ends = _doctype_end(text, at)
            entities |= _entities(text[at:ends])
        else:
            closing = "?>" if text.startswith("<?", at) else "-->"
            found = text.find(closing, at)
            ends = found + len(closing) if found >= 0 else 0
        if not ends:
            raise SourceError("not-a-feed", "it breaks off before it begins")
        at = _past_gap(text, ends)
    return text[at:], entities


def _past_gap(text: str, at: int) -> int:
    gap = _GAP.match(text, at)
    return gap.end() if gap else at


def _doctype_end(text: str, at: int) -> int:
    """Return where the document type ends that begins at `at`, 0 where it does not end."""
    ends = text.find(">", at) + 1
    opens = text.find("[", at, ends or None)
    if opens >= 0:
        closes = _SUBSET_ENDS.search(text, opens)
        ends = closes.end() if closes else 0
    return ends


def _entities(declared: str) -> dict[str, str]:
    if not _DECLARATION.search(declared):
        return {}
    bare = _COMMENT.sub("", declared[:_LONGEST_SUBSET])
    found = {match[1]: match[2] or match[3] or "" for match in _ENTITY.finditer(bare)}
    if (
        len(declared) > _LONGEST_SUBSET
        or len(_DECLARATION.findall(bare)) != len(_ENTITY.findall(bare))
        or any(len(value) > _LONGEST_VALUE or _NESTED.search(value) for value in found.values())
    ):
        raise SourceError("entities", "it declares entities that stand for more than a few letters")
    return {name: unescape(value) for name, value in found.items()}
