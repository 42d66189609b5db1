"""A private name is its class's or module's own: tests and benchmarks use what everybody may use."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

import pytest

from tests.support.code import sources

DOCUMENTED = {"_replace", "_Element"}
"""What libraries document under such a name: a named tuple's method, the class of lxml's elements."""


def test_tests_touch_no_private_name_of_another() -> None:
    found = {each.name: sorted(touched(each.tree)) for each in sources("tests", "bench", "docs")}
    assert not {name: names for name, names in found.items() if names}


@pytest.mark.parametrize(
    "code",
    [
        "courier._claim()",
        "super()._claim()",
        "from bot.outbox.courier import _claim",
        "import bot.outbox._courier",
        "monkeypatch.setattr(courier, '_claim', None)",
        "monkeypatch.setattr('bot.outbox.courier._claim', None)",
        "class Mine(Pace):\n    def f(self):\n        self._free_at(0)",
    ],
)
def test_each_way_to_touch_a_private_name_is_seen(code: str) -> None:
    assert list(touched(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        "courier.claim()",
        "value.__class__",
        "due._replace(now=1)",
        "class Mine:\n    def f(self):\n        self._free_at = 0\n        self._free_at += 1",
        "from bot.store.newsroom import feeds as _feeds",
    ],
)
def test_what_is_public_or_ones_own_is_let_be(code: str) -> None:
    assert not list(touched(ast.parse(code)))


def touched(tree: ast.Module) -> Iterator[str]:
    """Yield the private names that a file's code takes from elsewhere."""
    own = set(defined(tree))
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name, value=ast.Name(id="self" | "cls")) if name in own:
                pass
            case ast.Attribute(attr=name, value=ast.Name(id="self" | "cls")):
                yield from filter(of_the_bot().__contains__, [name])
            case ast.Attribute(attr=name):
                yield from filter(private, [name])
            case ast.ImportFrom(module=module, names=names):
                parts = [*(module or "").split("."), *(each.name for each in names)]
                yield from filter(private, parts)
            case ast.Import(names=names):
                yield from filter(private, (part for each in names for part in each.name.split(".")))
            case ast.Call(func=ast.Name(id=call) | ast.Attribute(attr=call), args=args) if "attr" in call:
                named = [each.value for each in args if isinstance(each, ast.Constant)]
                yield from (one for one in named if isinstance(one, str) and private(one.split(".")[-1]))


def defined(tree: ast.Module) -> Iterator[str]:
    """Yield the private names that a file's code defines."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield from filter(private, [name])
            case ast.Attribute(attr=name, ctx=ast.Store()) | ast.Name(id=name, ctx=ast.Store()):
                yield from filter(private, [name])


def private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name not in DOCUMENTED


@cache
def of_the_bot() -> frozenset[str]:
    """Return the private names of the bot's code: to read that takes seconds, and every worker collects tests."""
    return frozenset(name for source in sources("bot") for name in defined(source.tree))
