"""Whatever the code refuses, warns of or notes in the audit has words of its own in the shipped templates."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from bot.model.story.article import Status
from bot.publishing.kill import DEEDS
from tests.support.code import sources
from tests.support.paths import ROOT

TALK = ROOT / "templates" / "talk"
NOT_SHOWN = {"leave"}
"""Deeds that the record in a chat leaves out."""


def first_words(of: str, place: int) -> set[str]:
    """Return the literal words that the bot's code gives to a call by that name, at that place."""
    calls = (node for each in sources("bot") for node in ast.walk(each.tree) if isinstance(node, ast.Call))
    return set(_words(calls, of, place))


def _words(calls: Iterable[ast.Call], of: str, place: int) -> Iterable[str]:
    for call in calls:
        if ast.unparse(call.func) == of and len(call.args) > place:
            said = call.args[place]
            if isinstance(said, ast.Constant) and isinstance(said.value, str):
                yield said.value


def macros(path: Path) -> list[str]:
    return re.findall(r"{% macro (\w+)\(", path.read_text(encoding="utf-8"))


def test_every_refusal_and_every_check_has_words() -> None:
    codes = first_words("Refusal", 0) | first_words("Check", 0) | {f"already-{each}" for each in Status}
    assert len(codes) > 50
    assert not {code for code in codes if code.replace("-", "_") not in macros(TALK / "refusals.j2")}


def test_every_deed_has_words() -> None:
    deeds = first_words("audit.add", 3) | set(DEEDS.values())
    assert len(deeds) > 20
    words = (TALK / "deeds.j2").read_text(encoding="utf-8")
    assert not {deed for deed in deeds - NOT_SHOWN if f'"{deed}"' not in words}


@pytest.mark.parametrize("path", sorted(TALK.glob("*.j2")), ids=lambda path: path.name)
def test_no_words_are_written_twice_under_one_name(path: Path) -> None:
    assert not [name for name, times in Counter(macros(path)).items() if times > 1]
