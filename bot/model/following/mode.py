"""Modes: when a chat gets the stories of a topic. The nearest choice on the way up from the topic decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import IntEnum

WIRE = 0
"""Stands above every topic in what a chat chose: the whole wire, stories without a topic included."""


class Mode(IntEnum):
    """When stories come. Each mode includes those before it; USUAL is as the chat has it for all its topics."""

    OFF = 0
    FLASH = 1
    DIGEST = 2
    AT_ONCE = 3
    USUAL = 4


def nearest(chain: Sequence[int], choices: Mapping[int, Mode]) -> Mode:
    """Return what a chat chose for a topic: the nearest choice on the way up decides, the whole wire last.

    `chain` is the topic and those above it, nearest first; none for a story without a topic.
    """
    return next((choices[step] for step in (*chain, WIRE) if step in choices), Mode.OFF)


def resolved(mode: Mode, *, instant: bool) -> Mode:
    """Return what a mode means in a chat; `instant` is the chat's own switch, by which USUAL is told."""
    if mode is not Mode.USUAL:
        return mode
    return Mode.AT_ONCE if instant else Mode.DIGEST
