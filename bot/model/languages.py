"""Languages of stories, and the news languages that a chat chose, as lower-case codes: `ru`, `en`."""

from __future__ import annotations

from collections.abc import Collection

Codes = tuple[str, ...]

ANY: Codes = ()
"""A choice of no language in particular: news of every language."""


def primary(tag: str) -> str:
    """Return the language of a tag (IETF) without its country: `en` for `en-GB`."""
    return tag.replace("_", "-").partition("-")[0].lower()


def meet(chosen: Collection[str], told: Collection[str]) -> bool:
    """Return whether what is told in these languages is for a chat that chose those; none of them stands for all."""
    return not chosen or not told or not set(chosen).isdisjoint(told)
