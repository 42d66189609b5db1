"""What is asked before anybody relies on the bot, and how one such question was answered."""

from __future__ import annotations

from typing import NamedTuple


class ReadinessCheck(NamedTuple):
    """One condition: `word` names the condition and never changes; `trouble` is a sentence, empty where all is well."""

    word: str
    trouble: str
