"""The message that every client sends: 600 characters with two buttons."""

from __future__ import annotations

TOKEN = "700700:" + "T" * 35
OWNER = 999
FIRST_CHAT = 1_000_001
FLASH = b"FLASH"
"""What tells a flash from other news in a request's body."""

HEADLINE = "Мост через Светлую открыт для движения"
LENGTH = 600
_SENTENCE = "Первые машины прошли по нему утром, пешеходная часть откроется к концу недели. "
BUTTONS = [
    [
        {"text": "Читать полностью", "callback_data": "full:42"},
        {"text": "Поделиться", "url": "https://example.org/news/42"},
    ]
]


def text(length: int = LENGTH) -> str:
    """Return a story of that many characters."""
    body = f"{HEADLINE}\n\n" + _SENTENCE * (length // len(_SENTENCE) + 1)
    return body[:length].rstrip().ljust(length, ".")


TEXT = text()
