"""The state of the sandbox: bots, people, chats and their messages, all in memory.

A message's `body` is the Bot API's Message object and is never changed in place: an edit puts a new
dictionary there, so that an update or an answer that still holds the old one stays as it was.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.sandbox.calls.answers import Json
from bot.sandbox.calls.updates import UpdateQueue
from bot.sandbox.calls.webhooks import Webhook
from bot.sandbox.world.changes import Changes
from bot.sandbox.world.files import Files

PRESENT = frozenset({"creator", "administrator", "member", "restricted"})
FREE_A_SECOND = 30


@dataclass(slots=True)
class Stars:
    """A bot's balance in tenths of a Star: a paid message costs one tenth above the free thirty of a second."""

    tenths: int = 0
    second: int = 0
    in_second: int = 0

    def charge(self, now: float) -> None:
        """Count a paid message that was accepted at `now` (seconds since 1970)."""
        if int(now) != self.second:
            self.second, self.in_second = int(now), 0
        self.in_second += 1
        if self.in_second > FREE_A_SECOND:
            self.tenths -= 1


@dataclass(slots=True)
class Bot:
    """A bot that may call the server."""

    token: str
    user: Json
    updates: UpdateQueue
    privacy: bool = True
    texts: dict[tuple[str, str], str] = field(default_factory=dict)  # ("name", "ru") -> text
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)  # (scope, language)
    menu_buttons: dict[int, Json] = field(default_factory=dict)  # chat id, 0 for the default
    admin_rights: dict[str, Json] = field(default_factory=dict)
    webhook: Webhook | None = None
    webhook_set_at: float = 0.0  # seconds since 1970
    stars: Stars = field(default_factory=Stars)
    # What @BotFather turns on: inline mode, word of what people chose, guest mode.
    inline: bool = False
    inline_feedback: bool = False
    guests: bool = False
    topics: bool = False  # threads in private chats

    @property
    def id(self) -> int:
        """The digits before the token's colon."""
        return int(self.user["id"])

    def __repr__(self) -> str:
        return f"Bot(@{self.user['username']})"


@dataclass(slots=True)
class Person:
    """A user of Telegram who is not a bot."""

    user: Json
    deactivated: bool = False

    @property
    def id(self) -> int:
        """The user's id, and that of the private chats with them."""
        return int(self.user["id"])


@dataclass(slots=True)
class Thread:
    """A topic of a forum."""

    id: int
    name: str
    closed: bool = False
    deleted: bool = False


@dataclass(slots=True)
class Stored:
    """A message, with the sandbox's own notes beside the Bot API's Message."""

    body: Json
    bot_id: int | None = None  # the bot that sent it
    fixed: bool = False  # never editable: forwarded, or sent with a reply keyboard
    service: bool = False
    reply_keyboard: Json | None = None  # which a Message does not tell
    deleted: bool = False
    edits: int = 0
    history: list[Json] = field(default_factory=list)

    def view(self) -> Json:
        """Return the message as the control API shows it."""
        view = {**self.body, "deleted": self.deleted, "edits": self.edits, "history": self.history}
        if self.reply_keyboard is not None:
            view["reply_markup"] = self.reply_keyboard
        return view


@dataclass(slots=True)
class Chat:
    """A private chat (of one bot), a group, a supergroup or a channel."""

    info: Json
    bot_id: int | None = None
    members: dict[int, Json] = field(default_factory=dict)  # user id -> status and rights
    messages: dict[int, Stored] = field(default_factory=dict)
    ephemeral: dict[tuple[int, int], Stored] = field(default_factory=dict)  # by person and ephemeral id
    threads: dict[int, Thread] = field(default_factory=dict)
    reactions: dict[int, dict[int, str]] = field(default_factory=dict)  # message id -> user id -> emoji
    pinned: list[int] = field(default_factory=list)
    last_message_id: int = 0
    last_ephemeral_id: int = 0
    threaded: bool = False  # a private chat with threads
    started: bool = False
    blocked: bool = False
    deleted: bool = False
    migrated_to: int | None = None
    permissions: Json = field(default_factory=dict)
    last_writer: int | None = None  # the bot that wrote last: bare commands go to it

    @property
    def id(self) -> int:
        """The chat's id; in a private chat the user's."""
        return int(self.info["id"])

    @property
    def kind(self) -> str:
        """One of private, group, supergroup, channel."""
        return str(self.info["type"])

    @property
    def is_forum(self) -> bool:
        """Whether messages belong to topics."""
        return self.threaded or bool(self.info.get("is_forum"))

    def status(self, user_id: int) -> str:
        """Return the status of a user in this chat; left, where they never were in it."""
        member = self.members.get(user_id)
        return str(member["status"]) if member else "left"

    def has_right(self, user_id: int, right: str) -> bool:
        """Tell whether a user is the creator or an administrator with this right."""
        member = self.members.get(user_id)
        if member is None:
            return False
        return member["status"] == "creator" or (
            member["status"] == "administrator" and bool(member.get(right))
        )

    def living(self, message_id: int) -> Stored | None:
        """Return a message that has not been deleted."""
        stored = self.messages.get(message_id)
        return None if stored is None or stored.deleted else stored

    def next_id(self) -> int:
        """Return the id of the next message; they count from 1 in each chat."""
        self.last_message_id += 1
        return self.last_message_id


@dataclass(slots=True)
class Callback:
    """A press of a button, and the bot's answer."""

    id: str
    bot_id: int
    user_id: int
    at: float
    chat_id: int
    answer: Json | None = None
    ephemeral: bool = False


@dataclass(slots=True)
class Query:
    """What a person asked a bot from a chat where the bot need not be, and the bot's answer.

    An inline query shows results to choose from; a guest's question (`asked` is its message) gets one message.
    """

    id: str
    bot_id: int
    user_id: int
    at: float
    text: str = ""
    offset: str = ""
    answer: Json | None = None
    chat_id: int = 0
    asked: int | None = None


class World:
    """All bots, people, chats and files, and the clock that tests move."""

    def __init__(self, files: Files) -> None:
        self.bots: dict[int, Bot] = {}
        self.people: dict[int, Person] = {}
        self.groups: dict[int, Chat] = {}
        self.private: dict[tuple[int, int], Chat] = {}  # (bot id, user id)
        self.callbacks: dict[str, Callback] = {}
        self.queries: dict[str, Query] = {}
        # What Telegram shows without asking the bot, and until when: by bot, query, offset, and person where personal.
        self.inline_cache: dict[tuple[int, str, str, int | None], tuple[float, Json]] = {}
        self.inline_messages: dict[str, tuple[int, int, int]] = {}  # id -> bot, chat, message
        self.files = files
        self.changes = Changes()
        self.offset = 0.0
        self._serial = 0

    def now(self) -> float:
        """Return the sandbox's time as seconds since 1970."""
        return time.time() + self.offset

    def serial(self) -> int:
        """Return a number that was never returned before."""
        self._serial += 1
        return self._serial

    def remember_inline(self, bot_id: int, chat_id: int, message_id: int) -> str:
        """Return the id by which a bot may edit its words in a chat where it need not be."""
        inline_id = f"inline-{self.serial()}"
        self.inline_messages[inline_id] = (bot_id, chat_id, message_id)
        return inline_id

    def chats(self) -> Iterator[Chat]:
        """Yield every chat of every kind."""
        yield from self.private.values()
        yield from self.groups.values()

    def user(self, user_id: int) -> Json:
        """Return the User object of a person or a bot.

        Raises:
            KeyError: nobody has this id.
        """
        person = self.people.get(user_id)
        return person.user if person else self.bots[user_id].user

    def chat(self, chat_id: int, bot_id: int | None = None) -> Chat:
        """Return a chat; a private chat is the first bot's unless `bot_id` names another.

        Raises:
            KeyError: there is no such chat.
        """
        if chat_id < 0:
            return self.groups[chat_id]
        if bot_id is None:
            bot_id = next(iter(self.bots), 0)
        known = self.private.get((bot_id, chat_id))
        return known or self._open_private(bot_id, chat_id)

    def _open_private(self, bot_id: int, user_id: int) -> Chat:
        user = self.people[user_id].user
        if bot_id not in self.bots:
            raise KeyError(bot_id)
        info: Json = {"id": user_id, "type": "private"}
        info.update({name: user[name] for name in ("first_name", "last_name", "username") if name in user})
        chat = Chat(info, bot_id, threaded=self.bots[bot_id].topics)
        chat.members = {user_id: {"status": "member"}, bot_id: {"status": "member"}}
        self.private[bot_id, user_id] = chat
        return chat
