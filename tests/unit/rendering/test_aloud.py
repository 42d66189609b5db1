"""What a screen reader reads aloud: each button says in words what it does, in every language."""

from __future__ import annotations

import ast
import re

import pytest
from jinja2 import Environment, nodes

from bot.rendering.check import checked_templates
from bot.rendering.templates.environment import Templates
from bot.tongues import codes
from tests.support.code import sources

FILES = ("talk/buttons.j2", "talk/notices.j2", "talk/commands.j2")
ASKED = {"languages": ["Русский"], "verb": "publish"}
NO_LABELS = {"figure", "length"}
"""Numbers and spans in a sentence or a chart."""

_WORD = re.compile(r"[^\W\d_]{2,}")


@pytest.fixture(scope="module")
def templates() -> Templates:
    return checked_templates()


def macros(templates: Templates, file: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return the macros of a file, with what they ask for."""
    tree = Environment(extensions=["jinja2.ext.i18n"]).parse((templates.folder / file).read_text("utf-8"))
    return [(each.name, tuple(arg.name for arg in each.args)) for each in tree.find_all(nodes.Macro)]


@pytest.mark.parametrize("language", codes())
@pytest.mark.parametrize("file", FILES)
def test_every_label_has_a_word(templates: Templates, file: str, language: str) -> None:
    """An arrow, a star or a picture alone is read aloud as its name, or not at all."""
    wordless = []
    for name, asked in macros(templates, file):
        said = templates.macro(file, name, language, **dict.fromkeys(asked, 2) | ASKED)
        if name not in NO_LABELS and not _WORD.search(said):
            wordless.append((name, said))
    assert wordless == []


def test_no_button_bears_a_sign_alone() -> None:
    """A label made in the code is a name beside its sign, or a number that stands in the text above."""
    bare = [
        f"{source.name}:{call.lineno}: {call.args[0].value}"
        for source in sources("bot")
        for call in ast.walk(source.tree)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Button" and call.args
        if isinstance(call.args[0], ast.Constant) and not _WORD.search(str(call.args[0].value))
    ]
    assert bare == []
