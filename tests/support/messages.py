"""What a message in a chat says, and the buttons below it."""

from __future__ import annotations

from typing import Any

Message = dict[str, Any]
"""A message as the Bot API writes it."""


def text_of(message: Message) -> str:
    """Return a message's text or caption."""
    return str(message.get("text") or message.get("caption") or "")


def plain(message: Message) -> str:
    """Return a message's text or caption, its unbreakable spaces as plain ones."""
    return text_of(message).replace("\u00a0", " ")


def buttons(message: Message) -> list[dict[str, Any]]:
    """Return a message's buttons in reading order."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button for row in rows for button in row]


def labels(message: Message) -> list[str]:
    """Return the labels of a message's buttons."""
    return [button["text"] for button in buttons(message)]


def active(message: Message) -> list[str]:
    """Return the labels of the buttons that can be pressed."""
    return [button["text"] for button in buttons(message) if "disabled" not in button]


def data_of(message: Message, label: str) -> str | None:
    """Return the data of the first button whose label holds the words."""
    found = (button.get("callback_data") for button in buttons(message) if label in button["text"])
    return next(found, None)
