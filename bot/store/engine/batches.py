"""Deliveries that get the same values, taken together: one statement for them instead of one each."""

from __future__ import annotations

from collections import defaultdict
from typing import Any


class Groups:
    """Rows of parameters, one for each subject and set of values, with the chats' ids as `b_chats`."""

    def __init__(self, *names: str) -> None:
        """Take the names of the parameters beside those of the subject."""
        self._names = ("b_bot", "b_kind", "b_subject", *names)
        self._chats: defaultdict[tuple[Any, ...], list[int]] = defaultdict(list)

    def add(self, bot_id: int, kind: int, subject_id: int, chat_id: int, *values: Any) -> None:
        """Take a delivery and the values for it."""
        self._chats[bot_id, kind, subject_id, *values].append(chat_id)

    def __bool__(self) -> bool:
        return bool(self._chats)

    def rows(self) -> list[dict[str, Any]]:
        """Return a row for each group."""
        return [
            {**dict(zip(self._names, values, strict=True)), "b_chats": chats}
            for values, chats in self._chats.items()
        ]
