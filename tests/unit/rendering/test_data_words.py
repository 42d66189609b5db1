"""The words of the file of /mydata: each thing has a name of its own in each language, or one would hide another."""

from __future__ import annotations

import re

import pytest

from bot.rendering.check import checked_templates
from bot.rendering.talk import Talk
from tests.support.paths import ROOT

FILE = ROOT / "templates/talk/data_words.j2"


@pytest.mark.parametrize("language", ["ru", "en"])
def test_no_two_things_are_called_alike(language: str) -> None:
    talk = Talk(checked_templates())
    names = re.findall(r"{% macro (\w+)\(\) %}", FILE.read_text())
    words = [talk.data_word(name, language) for name in names]
    assert len(names) > 40
    assert len(set(words)) == len(words), sorted(word for word in words if words.count(word) > 1)
