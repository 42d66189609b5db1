"""How a correction shows."""

from __future__ import annotations

from enum import StrEnum


class Loudness(StrEnum):
    """How a correction shows: edited without a word, with the line that dates it, or as a message of its own too."""

    QUIET = "quiet"
    DATED = "dated"
    LOUD = "loud"
