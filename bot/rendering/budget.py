"""A limit on what one rendering may do, so that a template's endless loop ends with an error."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from jinja2 import nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment

STEPS = 20_000
OUTPUT = 200_000
_RANGE = 1_000
_GROWING = frozenset({"ljust", "rjust", "center", "zfill", "expandtabs", "format", "format_map"})


class TooMuch(SecurityError):
    """A template loops or writes without end."""


@dataclass(slots=True)
class Rendering:
    """What one rendering knows of its reader, and the steps it has left."""

    language: str
    zone: str
    now: datetime
    translations: Any
    steps: int = field(default=STEPS)


current: ContextVar[Rendering] = ContextVar("rendering")


def tick() -> str:
    """Count one step of the rendering: each turn of a loop, each call of a macro, each inclusion."""
    rendering = current.get()
    rendering.steps -= 1
    if rendering.steps < 0:
        raise TooMuch(f"more than {STEPS} steps: a loop without end?")
    return ""


def short_range(*bounds: int) -> range:
    """Return a range of at most 1,000 numbers."""
    numbers = range(*bounds)
    if len(numbers) > _RANGE:
        raise TooMuch(f"a range of more than {_RANGE} numbers")
    return numbers


class BudgetedEnvironment(SandboxedEnvironment):
    """Jinja2's sandbox, with a step counted in every loop, macro and file."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for kind in (nodes.For, nodes.Macro, nodes.Template):
            for node in [tree] if kind is nodes.Template else tree.find_all(kind):
                call = nodes.Call(nodes.Name("_tick", "load"), [], [], None, None)
                body: list[nodes.Node] = getattr(node, "body")  # noqa: B009
                body.insert(0, nodes.Output([call]).set_lineno(node.lineno))
        return tree

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Refuse what can make a long text of a short one, on top of what the sandbox refuses."""
        return attr not in _GROWING and super().is_safe_attribute(obj, attr, value)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Calculate with numbers of a sane size only: text times a million is a mistake."""
        if not (_small(left) and _small(right)):
            raise TooMuch(f"'{operator}' takes numbers below a million here")
        return super().call_binop(context, operator, left, right)


def _small(value: Any) -> bool:
    return isinstance(value, int | float) and abs(value) < 1_000_000
