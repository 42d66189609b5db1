"""What a test leaves behind is its own: it fails no test that comes later."""

from __future__ import annotations

import gc
import sys
import warnings
from collections.abc import Generator

import pytest

_failed = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note whether a part of the test failed."""
    report = yield
    if report.failed:
        item.stash[_failed] = True
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Collect what a failed test left open: a warning of that would fail the test after it."""
    ended = yield
    if item.stash.get(_failed, False):
        # The exception holds the frames of the test, and is itself held for a debugger.
        for name in ("last_type", "last_value", "last_traceback", "last_exc"):
            vars(sys).pop(name, None)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            gc.collect()
    return ended
