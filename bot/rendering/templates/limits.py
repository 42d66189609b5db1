"""Limits on one rendering, so that a loop without end in a newsroom's template ends with an error.

docs/decisions.md has what the limits cost.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from jinja2 import Template, nodes, pass_context
from jinja2.environment import TemplateModule
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment

STEP = "_step"
"""The name of the filter `step`, of which templates know nothing."""

STEPS = 20_000
OUTPUT = 200_000
_RANGE = 1_000
_GROWING = frozenset({"ljust", "rjust", "center", "zfill", "expandtabs", "format", "format_map"})


class TooMuch(SecurityError):
    """A template passed one of its limits: it loops or writes without end."""


@dataclass(slots=True)
class Rendering:
    """One rendering: its reader's language and IANA zone, the time that counts as now, and the steps left."""

    language: str
    zone: str
    now: datetime
    translations: Any
    steps: int = field(default=STEPS)


current: ContextVar[Rendering] = ContextVar("rendering")
"""The rendering under way, for filters and for translations, which Jinja2 calls with their text alone."""


@pass_context
def step(_context: object, _value: str) -> str:
    """Count one step of the current rendering. Raises TooMuch after the last.

    It is a filter, which compiles to a plain call; a function would be checked by the sandbox each time. One
    that takes the context is not worked out when the template is compiled.
    """
    rendering = current.get()
    rendering.steps -= 1
    if rendering.steps < 0:
        raise TooMuch(f"more than {STEPS} steps: a loop without end?")
    return ""


def short_range(*bounds: int) -> range:
    """Return the range, as `range` would. Raises TooMuch where it has more than 1,000 numbers."""
    numbers = range(*bounds)
    if len(numbers) > _RANGE:
        raise TooMuch(f"a range of more than {_RANGE} numbers")
    return numbers


class LimitedEnvironment(SandboxedEnvironment):
    """Jinja2's sandbox, which counts a step in every turn of a loop, call of a macro and inclusion of a file."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._macros: dict[tuple[str, ...], tuple[Template, TemplateModule]] = {}

    def macros(self, file: str, common: Mapping[str, str]) -> TemplateModule:
        """Return a file's macros, which know the `common` variables; made anew where the file has changed.

        Made once, as Jinja2 does for imports: the file of buttons has two hundred, of which a label needs one.
        """
        template, key = self.get_template(file), (file, *common.values())
        known = self._macros.get(key)
        if known is None or known[0] is not template:
            known = self._macros[key] = template, template.make_module(dict(common))
        return known[1]

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for kind in (nodes.For, nodes.Macro, nodes.Template):
            for node in [tree] if kind is nodes.Template else tree.find_all(kind):
                counted = nodes.Filter(nodes.Const(""), STEP, [], [], None, None)
                body: list[nodes.Node] = getattr(node, "body")  # noqa: B009
                body.insert(0, nodes.ExprStmt(counted).set_lineno(node.lineno))
        return tree

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Return whether a template may use the attribute: none that makes a long text of a short one."""
        return attr not in _GROWING and super().is_safe_attribute(obj, attr, value)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Return the result of `*`, `**` or `%`. Raises TooMuch for texts and for numbers from a million on."""
        if not (_small(left) and _small(right)):
            raise TooMuch(f"'{operator}' takes numbers below a million here")
        return super().call_binop(context, operator, left, right)


def _small(value: Any) -> bool:
    return isinstance(value, int | float) and abs(value) < 1_000_000
