"""Names: every module says what it is for, is named by a noun, and what packages share stands in the glossary."""

from __future__ import annotations

import ast
import re
from collections import Counter

from tests.support.code import sources
from tests.support.paths import ROOT

BOT = sources("bot")
NOUNS = {
    "breaking",
    "following",
    "housekeeping",
    "matching",
    "polling",
    "pruning",
    "publishing",
    "rendering",
    "stemming",
    "wording",
    "writing",
}
"""Names of modules that end in -ing and are nouns in the trade's own language."""

GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
EXPLAINED = set(re.findall(r"`([A-Z]\w*[a-z]\w*)`", GLOSSARY))


def test_every_module_says_what_it_is_for() -> None:
    assert not [
        each.name for each in sources("bot", "bench", "tests/support") if not ast.get_docstring(each.tree)
    ]


def test_modules_are_named_by_nouns() -> None:
    last = {each.name: each.module.rpartition(".")[2] for each in BOT}
    assert not [name for name, word in last.items() if word.endswith("ing") and word not in NOUNS]


def test_every_class_that_packages_share_stands_in_the_glossary() -> None:
    assert not sorted(shared() - EXPLAINED)


def test_every_class_that_the_glossary_explains_is_there() -> None:
    assert not sorted(EXPLAINED - {name for source in BOT for name in source.classes})


def test_every_word_of_the_glossary_stands_there_once() -> None:
    words = re.findall(r"^\| ([^|:]+?)(?::[^|]*)? \|", GLOSSARY, re.M)
    assert not [word for word, times in Counter(words).items() if times > 1 and word not in ("word", "---")]


def shared() -> set[str]:
    """Return the names of classes that stand in one package of the bot and are imported by another."""
    homes = {source.module: source.classes for source in BOT}
    return {
        name
        for source in BOT
        for module, name in source.imports
        if name in homes.get(module, ()) and package(module) != package(source.module)
    }


def package(module: str) -> str:
    return ".".join(module.split(".")[:2])
