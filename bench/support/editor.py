"""The owner as an editor: updates of what they write and press."""

from __future__ import annotations

import itertools
import time
from typing import Any

from bench.support.news import OWNER

_numbers = itertools.count(1)


def text(words: str) -> dict[str, Any]:
    """Return the update of a command that the owner sends."""
    entity = {"type": "bot_command", "offset": 0, "length": len(words.split(maxsplit=1)[0])}
    message = {"message_id": next(_numbers), **_where(), "from": _who(), "text": words, "entities": [entity]}
    return {"update_id": next(_numbers), "message": message}


def press(data: str) -> dict[str, Any]:
    """Return the update of a button that the owner presses."""
    under = {"message_id": next(_numbers), **_where(), "text": "…"}
    query = {"id": str(next(_numbers)), "from": _who(), "chat_instance": "1", "data": data, "message": under}
    return {"update_id": next(_numbers), "callback_query": query}


def _where() -> dict[str, Any]:
    return {"date": int(time.time()), "chat": {"id": OWNER, "type": "private", "first_name": "A"}}


def _who() -> dict[str, Any]:
    return {"id": OWNER, "is_bot": False, "first_name": "A", "language_code": "en"}
