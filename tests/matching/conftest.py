"""The same newsroom as readers' verbs are tried in."""

from tests.readers.conftest import newsroom

__all__ = ["newsroom"]
