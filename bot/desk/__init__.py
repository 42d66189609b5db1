"""Editors' verbs and questions, a file each. They commit rows; the stages behind read them."""

from bot.store.database import Database

__all__ = ["Database"]
