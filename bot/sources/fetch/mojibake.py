"""Undoes what a wrong reading did before the document came here: UTF-8 read as windows-1252 or windows-1251."""

from __future__ import annotations

import re


def _bytes_of(name: str) -> dict[str, int]:
    """Return each letter of an encoding with its byte; a byte without a letter stands for itself, as on the web."""
    return {bytes([at]).decode(name, "ignore") or chr(at): at for at in range(0x80, 0x100)}


def _following(table: dict[str, int]) -> str:
    """Return the letters for bytes that follow a first byte in UTF-8, as a class of a pattern."""
    return "[" + re.escape("".join(letter for letter, at in table.items() if at < 0xC0)) + "\x80-\x9f]"


_WESTERN, _CYRILLIC = _bytes_of("cp1252"), _bytes_of("cp1251")
_LETTERS = {at: letter for letter, at in _WESTERN.items() if at < 0xA0}
_WEST, _CYR = _following(_WESTERN), _following(_CYRILLIC)
# What no language writes: a document that holds this was read wrongly, in part or as a whole.
_WESTERN_SIGN = re.compile(rf"â€{_WEST}|(?<=[a-z])Ã{_WEST}|Ã{_WEST}(?=[a-z])|(?:[ÐÑ]{_WEST}){{3}}")
_CYRILLIC_SIGN = re.compile(rf"вЂ{_CYR}|(?:[РС]{_CYR}){{4}}")
# UTF-8's first bytes as the encoding shows them, each with as many letters as it asks for.
_AS_WESTERN = re.compile(rf"[ÂÃÐÑ]{_WEST}|[âï]{_WEST}{{2}}|ð{_WEST}{{3}}")
_AS_CYRILLIC = re.compile(rf"[РСВГ]{_CYR}|в{_CYR}{{2}}|р{_CYR}{{3}}")
_CONTROLS = re.compile("[\x80-\x9f]")


def undone(text: str) -> str:
    """Return the text with its letters as they were written; a text that was read rightly comes back as it is."""
    if text.isascii():
        return text
    if _WESTERN_SIGN.search(text):
        text = _AS_WESTERN.sub(lambda found: _written(found[0], _WESTERN), text)
    if _CYRILLIC_SIGN.search(text):
        text = _AS_CYRILLIC.sub(lambda found: _written(found[0], _CYRILLIC), text)
    # Windows-1252 that was read as latin-1: a quotation mark, not a control character.
    return _CONTROLS.sub(lambda found: _LETTERS[ord(found[0])], text)


def _written(shown: str, table: dict[str, int]) -> str:
    try:
        return bytes(table.get(letter, ord(letter)) for letter in shown).decode()
    except ValueError:
        return shown
