"""Slips of engines that a parser can't see: escaped or doubled CDATA, letters written in two halves."""

from __future__ import annotations

import re

_ESCAPED_OPENING = re.compile(r"(>\s{0,20})(?:&lt;|<!\[CDATA\[\s{0,20}<)!\[CDATA\[")
_ESCAPED_CLOSING = re.compile(r"\]\](?:&gt;|\]\]><!\[CDATA\[>\]\]>|>\s{0,20}\]\]>)(?=\s{0,20}</)")
# Java and JavaScript count in halves of a letter (UTF-16), and some engines write each half as a number.
_HALVES = re.compile(
    r"&#(5[56]\d{3}|[xX][dD][89abAB][0-9a-fA-F]{2});&#(5[67]\d{3}|[xX][dD][c-fC-F][0-9a-fA-F]{2});"
)


def without_slips(document: str) -> str:
    """Return an XML document without such slips; one without them comes back as it is."""
    if "&#" in document:
        document = _HALVES.sub(_letter, document)
    if "![CDATA[" in document and _ESCAPED_OPENING.search(document):
        document = _ESCAPED_OPENING.sub(_opening, document)
        document = _ESCAPED_CLOSING.sub(_closing, document)
    return document


def _letter(found: re.Match[str]) -> str:
    high, low = (int(each[1:], 16) if each[0] in "xX" else int(each) for each in found.groups())
    if not (0xD800 <= high < 0xDC00 <= low < 0xE000):
        return found[0]
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))


def _opening(found: re.Match[str]) -> str:
    return found[1] + ("" if found[0].endswith("&lt;![CDATA[") else "<![CDATA[")


def _closing(found: re.Match[str]) -> str:
    return "" if found[0] == "]]&gt;" else "]]>"
