"""Whether a text opens with what was said before; quotes, dashes, dots and case make no difference."""

from __future__ import annotations

# What may stand between a sentence and the next, and what of it ends a sentence.
_BETWEEN = " \n\t\u00a0.!?…:;,»”“\"')]}*—–-"
_ENDS = ".!?…:\n"
# A text cut by a machine, and not between words, is longer than these letters.
_LEAST_CUT = 40


def letters(text: str) -> str:
    """Return the letters and digits of a text, as they are compared."""
    return "".join(letter for letter in text.casefold().replace("ё", "е") if letter.isalnum())


def opening(text: str, said: str) -> int | None:
    """Return how many characters at the beginning of a text say what was said; None where it begins otherwise.

    Of a word only a part may be said where that was cut off: by an ellipsis, or in a long text.
    """
    wanted = letters(said)
    found = 0
    for at, character in enumerate(text if wanted else ""):
        for letter in letters(character):
            if letter != wanted[found : found + 1]:
                return None
            found += 1
        if found >= len(wanted):
            whole = not text[at + 1 : at + 2].isalnum()
            return at + 1 if whole or is_cut(said) or found > _LEAST_CUT else None
    return None


def sentence(text: str, said: str) -> int | None:
    """Return, as `opening` does, how long the beginning is with all that ends its sentence; None within a sentence."""
    end = opening(text, said)
    if end is None:
        return None
    rest = text[end:]
    after = rest.lstrip(_BETWEEN)
    between = rest[: len(rest) - len(after)]
    ended = not after or "\u00a0\u00a0" in between or any(mark in _ENDS for mark in between)
    return len(text) - len(after) if ended else None


def is_cut(text: str) -> bool:
    """Return whether a text breaks off with an ellipsis."""
    return text.rstrip(' \u00a0]»”"').endswith(("…", "..."))
