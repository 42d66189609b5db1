"""The engine of the outbox's tests: what a verb decides is carried to the chats."""

from tests.outbox.conftest import engine, still, still_sqlite

__all__ = ["engine", "still", "still_sqlite"]
