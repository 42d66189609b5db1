"""Lines of the log: each is an event with a name that can be searched for, and fields that JSON can hold."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.support.code import sources

BOT = sources("bot")
METHODS = {"debug", "info", "warning", "error", "exception", "critical", "log"}
OURS = {"time", "level", "logger", "event", "message", "traceback"}
"""Keys of a JSON line that the formatter writes itself."""


def test_whatever_is_logged_is_an_event() -> None:
    assert not [f"{name}:{call.lineno}" for name, call in calls() if is_text(call)]


def test_an_event_is_named_by_a_subject_and_what_happened() -> None:
    names = [(file, call.args[0]) for file, call in calls("Event") if call.args]
    literal = [(file, name.value) for file, name in names if isinstance(name, ast.Constant)]
    assert literal
    assert not [(file, name) for file, name in literal if not re.fullmatch(r"[a-z_]+\.[a-z_]+", str(name))]


def test_a_field_has_a_name_of_its_own() -> None:
    fields = [(file, each.arg) for file, call in calls("Event") for each in call.keywords]
    assert not [(file, name) for file, name in fields if name in OURS]


def calls(function: str = "") -> Iterator[tuple[str, ast.Call]]:
    """Yield the calls of that function, or those that write a line of the log."""
    for source in BOT:
        for node in ast.walk(source.tree):
            if not isinstance(node, ast.Call):
                continue
            if function:
                if isinstance(node.func, ast.Name) and node.func.id == function:
                    yield source.name, node
            elif (
                isinstance(node.func, ast.Attribute)
                and node.func.attr in METHODS
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "log"
            ):
                yield source.name, node


def is_text(call: ast.Call) -> bool:
    """Return whether the line is a format string with its values."""
    assert isinstance(call.func, ast.Attribute)
    said = call.args[1:] if call.func.attr == "log" else call.args
    return len(said) != 1 or isinstance(said[0], ast.Constant | ast.JoinedStr)
