"""The project's own code, each file read and parsed once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from tests.support.paths import ROOT

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """A file of Python code."""

    path: Path

    @property
    def name(self) -> str:
        return str(self.path.relative_to(ROOT))

    @property
    def module(self) -> str:
        """The name by which the file is imported."""
        return self.name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def functions(self) -> tuple[Function, ...]:
        return tuple(node for node in ast.walk(self.tree) if isinstance(node, Function))

    @cached_property
    def methods(self) -> frozenset[Function]:
        classes = (node for node in ast.walk(self.tree) if isinstance(node, ast.ClassDef))
        return frozenset(node for each in classes for node in each.body if isinstance(node, Function))

    @cached_property
    def classes(self) -> frozenset[str]:
        """The names of the classes that the file defines for others, and of its unions of classes."""
        defined = {node.name for node in self.tree.body if isinstance(node, ast.ClassDef)}
        for node in self.tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp):
                defined |= {ast.unparse(at) for at in node.targets if isinstance(node.value.op, ast.BitOr)}
        return frozenset(name for name in defined if not name.startswith("_"))

    @cached_property
    def imports(self) -> frozenset[tuple[str, str]]:
        """Each import as module and name; the name is empty where a module itself is imported."""
        return frozenset(self._imports())

    def _imports(self) -> Iterator[tuple[str, str]]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((alias.name, "") for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert not node.level, f"{self.name}: imports name their module in full"
                yield from ((node.module or "", alias.name) for alias in node.names)


def sources(*folders: str) -> tuple[Source, ...]:
    """Return the files below those folders of the project, without what stands in hidden ones."""
    found = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return tuple(_source(path) for path in found if "/." not in str(path.relative_to(ROOT)))


@cache
def _source(path: Path) -> Source:
    return Source(path)
