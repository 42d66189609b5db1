"""What a reader takes in at one sitting: the sizes of folders, files and functions, and of what functions take."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from tests.support.code import Function, Source, sources
from tests.support.paths import ROOT

MOST_MODULES, LONGEST_FILE, LONGEST_FUNCTION, MOST_POSITIONAL = 12, 350, 60, 4
CODE = [each for each in sources("bot", "bench", "tests") if "/migrations/versions/" not in each.name]
BOT = [each for each in CODE if each.name.startswith("bot/")]
FOLDERS = sorted({each.path.parent for each in CODE})


def test_a_folder_holds_a_dozen_modules_at_most() -> None:
    assert not {
        str(each.relative_to(ROOT)): len(modules(each))
        for each in FOLDERS
        if len(modules(each)) > MOST_MODULES
    }


def test_three_modules_that_begin_alike_are_a_folder() -> None:
    begun = {each: Counter(name.split("_")[0] for name in modules(each)) for each in FOLDERS}
    assert not [
        f"{at.relative_to(ROOT)}/{word}_*" for at, words in begun.items() for word in words if words[word] > 2
    ]


def modules(folder: Path) -> list[str]:
    """Return the names of a folder's modules; of a test's, what it is a test of."""
    names = {each.path.stem for each in CODE if each.path.parent == folder}
    return sorted(name.removeprefix("test_") for name in names - {"__init__", "__main__", "conftest"})


def test_a_file_is_short() -> None:
    assert not {each.name: lines for each in CODE if (lines := len(each.text.splitlines())) > LONGEST_FILE}


def test_a_function_is_short() -> None:
    assert not found(CODE, lambda _, each: (each.end_lineno or 0) - each.lineno >= LONGEST_FUNCTION)


def test_a_function_takes_four_values_by_position_at_most() -> None:
    assert not found(BOT, lambda source, each: positional(source, each) > MOST_POSITIONAL)


def positional(source: Source, function: Function) -> int:
    bound = function in source.methods and "staticmethod" not in map(ast.unparse, function.decorator_list)
    return len(function.args.posonlyargs) + len(function.args.args) - bound


def test_a_public_function_returns_no_tuple_of_three_different_things() -> None:
    """A class of its own would name them."""
    assert not found(BOT, lambda _, each: not each.name.startswith("_") and any(wide_tuples(each.returns)))


def wide_tuples(annotation: ast.expr | None) -> Iterator[str]:
    for node in ast.walk(annotation) if annotation else ():
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "tuple":
            kinds = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            if len({ast.unparse(kind) for kind in kinds}) > 2:
                yield ast.unparse(node)


def found(code: Iterable[Source], wrong: Callable[[Source, Function], bool]) -> list[str]:
    return [
        f"{source.name}: {each.name}" for source in code for each in source.functions if wrong(source, each)
    ]
