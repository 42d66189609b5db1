"""How far some chats have grown: the newest message of each, as far as this process has seen."""

from __future__ import annotations

from collections.abc import Collection

from aiogram import Bot


class ChatEnds:
    """The newest message that came or went in each watched chat.

    This is a hint, and kept in memory alone: after a restart a chat's end is unknown until something comes or goes.
    """

    def __init__(self) -> None:
        self._newest: dict[int, int] = {}

    def watch(self, chats: Collection[int]) -> None:
        """Watch these chats from now on, by Telegram's ids, and no others."""
        self._newest = {each: self._newest.get(each, 0) for each in chats}

    def begin(self, chat_id: int, message_id: int) -> None:
        """Watch one more chat, from that message on."""
        self._newest.setdefault(chat_id, 0)
        self.note(chat_id, message_id)

    def note(self, chat_id: int | None, message_id: object) -> None:
        """Note a message that came or went."""
        if chat_id in self._newest and isinstance(message_id, int):
            self._newest[chat_id] = max(self._newest[chat_id], message_id)

    def newest(self, chat_id: int) -> int:
        """Return the newest message that was seen in a chat, 0 where none was."""
        return self._newest.get(chat_id, 0)


def ends_of(client: Bot) -> ChatEnds:
    """Return how far the chats of a client have grown."""
    found = getattr(client.session, "ends", None)
    assert isinstance(found, ChatEnds)
    return found
