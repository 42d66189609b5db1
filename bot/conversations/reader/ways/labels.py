"""What a button's label says without its signs, as it is typed."""

from __future__ import annotations

import re
import unicodedata

_SIGNS = re.compile(r"[^\w\s:/+'-]")


def plain(text: str) -> str:
    """Return the words in small letters, without arrows, check marks, quotes and full stops; an apostrophe is '."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е").replace("’", "'")
    return " ".join(_SIGNS.sub(" ", folded).split())
