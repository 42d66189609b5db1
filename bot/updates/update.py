"""An update before it is decoded: enough of it to know whose turn it is, and cheap for the ten-thousandth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.model.press import is_look, is_urgent

WORDED = ("message", "callback_query")
"""The kinds of update that a person may be answered."""

FLEETING = ("inline_query", "guest_message")
"""The kinds of update that nobody waits for a moment later."""

_MOVES = ("migrate_to_chat_id", "migrate_from_chat_id")

LARGEST = 2**63 - 1
"""The largest number of a database's column: Telegram's own have 52 bits at most."""

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Incoming:
    """One update.

    `chat` is the chat whose turn it takes: where there is none (an inline query), the person's private chat, which
    has the same number; 0 where nobody is named. `album` names the album to which a message belongs, empty for none.
    """

    id: int
    kind: str
    body: Json
    chat: int
    person: int | None
    album: str

    @property
    def event(self) -> Json:
        """What happened: the message, the press, the change."""
        event: Json = self.body.get(self.kind) or {}
        return event

    @property
    def membership(self) -> bool:
        """Whether it tells where the bot may write, or that a group has moved: such an update is never dropped."""
        return self.kind.endswith("chat_member") or any(move in self.event for move in _MOVES)

    @property
    def fleeting(self) -> bool:
        """Whether it is not kept: a key press of anybody in the world, or a question where the bot is no member."""
        return self.kind in FLEETING

    @property
    def urgent(self) -> bool:
        """Whether it does not wait for what its chat said before: an editor's press that stops or pauses a push."""
        data = self.event.get("data") if self.kind == "callback_query" else None
        return isinstance(data, str) and is_urgent(data)

    @property
    def of_card(self) -> bool:
        """Whether it is an editor's press of a card."""
        data = self.event.get("data") if self.kind == "callback_query" else None
        return isinstance(data, str) and data.startswith("flash:")

    @property
    def looks(self) -> bool:
        """Whether it only asks to be shown something of the desk: handled twice it does no harm."""
        if self.kind == "callback_query":
            return is_look(str(self.event.get("data")))
        command = str(self.event.get("text")).partition(" ")[0].partition("@")[0]
        return self.kind == "message" and command == "/desk"

    @property
    def is_press(self) -> bool:
        """Whether it is a press of a button."""
        return self.kind == "callback_query"

    @property
    def asks(self) -> bool:
        """Whether somebody waits for an answer: a press, a command, whatever is said in private."""
        if self.kind not in WORDED:
            return False
        text = self.event.get("text")
        return self.is_press or self.chat > 0 or str(text).startswith("/")


def read(body: Any) -> Incoming | None:
    """Return the update that Telegram sent as JSON; None for what is no update."""
    number = _number(body, "update_id")
    if number is None:
        return None
    kind = next((key for key in body if key != "update_id" and isinstance(body[key], dict)), "")
    event = body.get(kind) or {}
    person = _number(event.get("from") or event.get("user"), "id")
    chat = _number(event.get("chat"), "id") or _number(_chat_of_press(event), "id") or person or 0
    album = event.get("media_group_id") if kind == "message" else None
    return Incoming(number, kind, body, chat, person, str(album or ""))


def _chat_of_press(event: Json) -> Any:
    message = event.get("message")
    return message.get("chat") if isinstance(message, dict) else None


def _number(value: Any, key: str) -> int | None:
    found = value.get(key) if isinstance(value, dict) else None
    return found if type(found) is int and -LARGEST <= found <= LARGEST else None
