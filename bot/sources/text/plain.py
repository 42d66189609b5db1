"""Plain text as sources write it, without the characters that no reader sees."""

from __future__ import annotations

import re

# Where a browser may break a word: no letters, and Telegram would draw or count them.
_HINTS = re.compile("[\u00ad\u200b\u2060\ufeff]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


def clean(text: str) -> str:
    """Return the text without characters that databases and parsers refuse: nulls, controls, lone surrogates."""
    return _CONTROLS.sub("", text)


def without_hints(text: str) -> str:
    """Return the text without the invisible places where a browser may break a word (soft hyphens)."""
    return _HINTS.sub("", text)


def one_line(text: str) -> str:
    """Return the text on one line, cleaned, with single spaces inside and none around."""
    return " ".join(without_hints(clean(text)).split())


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs: parted by empty lines, or, where there are none, a line each."""
    lines = [line.strip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    if "" not in lines[: max(len(lines) - 1, 0)]:
        return [one_line(line) for line in lines if line]
    parts = re.split(r"\n{2,}", "\n".join(lines).strip())
    return [found for part in parts if part for found in _joined(part)]


def _joined(part: str) -> list[str]:
    """Return a part as one paragraph where it was wrapped by hand, else its lines as paragraphs."""
    lines = part.split("\n")
    wrapped = all(
        40 <= len(line) <= 90 and not line.endswith((".", "!", "?", "»", ":")) for line in lines[:-1]
    )
    return [one_line(" ".join(lines))] if wrapped else [text for line in lines if (text := one_line(line))]
