"""The verbs of the sandbox: people and bots appear, write, press, block; calls go wrong; time passes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from bot.sandbox import inline, people, requests
from bot.sandbox.calls.answers import Impossible, Json
from bot.sandbox.calls.faults import Faults
from bot.sandbox.calls.limits import Gate, Limits
from bot.sandbox.calls.log import CallLog
from bot.sandbox.calls.updates import UpdateQueue
from bot.sandbox.world import groups
from bot.sandbox.world.files import Files
from bot.sandbox.world.state import Bot, Chat, Person, World
from bot.sandbox.world.views import chat_view

FIRST_USER = 100_000
_TOKEN = re.compile(r"\d{1,19}:[A-Za-z0-9_-]{30,}\Z")


class Verbs:
    """A world in memory, and the verbs that move it.

    Verbs return Bot API objects as dictionaries, and raise `Impossible` for what cannot be.
    """

    def __init__(self, limits: Limits, calls_kept: int) -> None:
        self.world = World(Files())
        self.call_log = CallLog(calls_kept)
        self.faults = Faults()
        self.gate = Gate(limits, self.world.now)

    def add_bot(self, token: str, username: str, first_name: str = "") -> Json:
        """Register a bot and return its User; its id is the number before the token's colon."""
        if not _TOKEN.match(token):
            raise Impossible("a token is digits, a colon and at least 30 letters, digits, _ or -")
        bot_id = int(token.partition(":")[0])
        user = {"id": bot_id, "is_bot": True, "first_name": first_name or username, "username": username}
        self.world.bots[bot_id] = Bot(token, user, UpdateQueue(self.world.now))
        self.world.changes.wake()
        return user

    def bot(self, bot_id: int | None = None) -> Bot:
        """Return a bot, the first one where none is named (its `privacy` may be changed)."""
        return self.world.bots[bot_id] if bot_id else next(iter(self.world.bots.values()))

    def set_stars(self, amount: int, bot_id: int | None = None) -> None:
        """Put so many Telegram Stars on a bot's balance; paid broadcasts are charged to it."""
        self.bot(bot_id).stars.tenths = amount * 10

    def add_user(
        self,
        first_name: str,
        *,
        id: int | None = None,
        last_name: str = "",
        username: str = "",
        language_code: str = "",
    ) -> Json:
        """Add a person, or change one who is there, and return their User."""
        user: Json = {"id": id or FIRST_USER + self.world.serial(), "is_bot": False, "first_name": first_name}
        given = {"last_name": last_name, "username": username, "language_code": language_code}
        user.update({name: value for name, value in given.items() if value})
        self.world.people[user["id"]] = Person(user)
        self.world.changes.tell("user", user=user)
        return user

    def add_chat(
        self,
        type: str,
        *,
        title: str,
        creator: int,
        username: str = "",
        is_forum: bool = False,
        members: Iterable[int] = (),
    ) -> Json:
        """Make a group, supergroup or channel and return its ChatInfo; bots among the members are told."""
        chat = groups.create(self.world, type, title, creator, username=username, is_forum=is_forum)
        for member in members:
            if member in self.world.bots:
                status = "administrator" if type == "channel" else "member"
                groups.set_member(self.world, chat, member, status, by=creator)
            elif member != creator:
                self.world.user(member)
                chat.members[member] = {"status": "member"}
        groups.tell(self.world, chat)
        return chat_view(self.world, chat)

    def chat(self, chat_id: int, bot_id: int | None = None) -> Chat:
        """Return a chat of the world; a private chat is the first bot's unless `bot_id` names another."""
        return self.world.chat(chat_id, bot_id)

    def set_member(
        self, chat_id: int, user_id: int, status: str, *, by: int | None = None, rights: Json | None = None
    ) -> Json:
        """Change somebody's status in a chat (a bot's too) and return the ChatInfo.

        An administrator for whom no rights are given has them all.
        """
        chat = self.chat(chat_id)
        actor = by if by is not None else next(iter(chat.members))
        groups.set_member(self.world, chat, user_id, status, by=actor, rights=rights)
        return chat_view(self.world, chat)

    def restrict(self, chat_id: int, **permissions: bool) -> None:
        """Set what members of a group may do, as `can_send_photos=False`; administrators are free."""
        self.chat(chat_id).permissions.update(permissions)

    def send(self, chat_id: int, user_id: int, text: str = "", **options: Any) -> Json:
        """Let a person write and return the message; the options are those of `people.write`."""
        return people.write(self.world, self.chat(chat_id), user_id, text, **options).view()

    def command(self, chat_id: int, user_id: int, text: str, **options: Any) -> Json:
        """Let a member send an ephemeral command, and return the message, which the bot alone sees."""
        return people.command(self.world, self.chat(chat_id), user_id, text, **options).view()

    def ephemeral(self, chat_id: int, user_id: int) -> list[Json]:
        """Return the bots' ephemeral messages to a member that stand in a group, oldest first."""
        stored = self.chat(chat_id).ephemeral.items()
        return [each.view() for (to, _), each in stored if to == user_id and each.bot_id and not each.deleted]

    def share_users(self, chat_id: int, user_id: int, request_id: int, chosen: list[int]) -> Json:
        """Let a person choose people for a bot that asked by a keyboard button, and return the message."""
        chat = self.chat(chat_id)
        return requests.share_users(self.world, chat, user_id, request_id, chosen=chosen).view()

    def share_chat(
        self, chat_id: int, user_id: int, request_id: int, chosen: int, *, forge: bool = False
    ) -> Json:
        """Let a person choose a chat for a bot that asked by a keyboard button, and return the message."""
        chat = self.chat(chat_id)
        return requests.share_chat(self.world, chat, user_id, request_id, chosen=chosen, forge=forge).view()

    def edit(self, chat_id: int, user_id: int, message_id: int, text: str) -> Json:
        """Let a person edit their message and return it."""
        return people.edit(self.world, self.chat(chat_id), user_id, message_id, text=text).view()

    def press(
        self,
        chat_id: int,
        user_id: int,
        message_id: int,
        data: str,
        *,
        forge: bool = False,
        ephemeral_id: int | None = None,
    ) -> str:
        """Let a person press a button, perhaps of an ephemeral message, and return the callback query's id."""
        pressed = people.press(
            self.world,
            self.chat(chat_id),
            user_id,
            message_id,
            data=data,
            forge=forge,
            ephemeral_id=ephemeral_id,
        )
        return pressed.id

    def set_topics(self, enabled: bool = True) -> None:
        """Turn on, or off, what the first bot's owner may at @BotFather: threads in private chats."""
        self.bot().topics = enabled
        for (bot_id, _), chat in self.world.private.items():
            if bot_id == self.bot().id:
                chat.threaded = enabled
                groups.tell(self.world, chat)

    def react(self, chat_id: int, user_id: int, message_id: int, emoji: str = "") -> None:
        """Let a person react to a message, or take the reaction back."""
        people.react(self.world, self.chat(chat_id), user_id, message_id, emoji=emoji)

    def set_inline(self, *, inline: bool = True, feedback: bool = True, guests: bool = True) -> None:
        """Turn on, or off, what the first bot's owner may at @BotFather: inline mode, its feedback, guest mode."""
        bot = self.bot()
        bot.inline, bot.inline_feedback, bot.guests = inline, feedback, guests

    def inline(self, user_id: int, text: str = "", *, offset: str = "", chat_type: str = "private") -> str:
        """Let a person type an inline query for the first bot, and return its id."""
        return inline.ask(self.world, self.bot(), user_id, text, offset=offset, chat_type=chat_type).id

    def shown(self, query_id: str) -> Json:
        """Return the answer to an inline query or to a guest's question: {"answered": …, "results"?, …}."""
        answer = self.world.queries[query_id].answer
        return {"answered": answer is not None, **(answer or {})}

    def choose(self, chat_id: int, user_id: int, query_id: str, result_id: str) -> Json:
        """Let a person put a result of their inline query into a chat, and return the message."""
        return inline.choose(
            self.world, self.chat(chat_id), user_id, query_id=query_id, result_id=result_id
        ).view()

    def summon(self, chat_id: int, user_id: int, text: str, *, reply_to: int | None = None) -> str:
        """Let a person ask the first bot in a group where it is no member, and return the question's id."""
        chat = self.chat(chat_id)
        return inline.summon(self.world, self.bot(), chat, user_id, text=text, reply_to=reply_to).id

    def callback(self, callback_id: str) -> Json:
        """Return the bot's answer to a press: {"answered": …, "text"?, "show_alert"?, "url"?}."""
        answer = self.world.callbacks[callback_id].answer
        return {"answered": answer is not None, **(answer or {})}

    def block(self, user_id: int, *, bot_id: int | None = None, blocked: bool = True) -> None:
        """Let a person stop the bot, or (`blocked=False`) start it again."""
        people.set_blocked(self.world, self.chat(user_id, bot_id), blocked)

    def deactivate(self, user_id: int) -> None:
        """Delete a person's account."""
        if user_id not in self.world.people:
            raise Impossible(f"there is no user {user_id}")
        self.world.people[user_id].deactivated = True
        self.world.changes.wake()

    def add_thread(self, chat_id: int, name: str) -> int:
        """Open a topic in a forum and return its id."""
        return groups.open_thread(self.world, self.chat(chat_id), name).id

    def change_thread(
        self, chat_id: int, thread_id: int, *, closed: bool | None = None, deleted: bool | None = None
    ) -> None:
        """Close, reopen or delete a topic."""
        groups.change_thread(self.world, self.chat(chat_id), thread_id, closed=closed, deleted=deleted)

    def upgrade(self, chat_id: int) -> int:
        """Make a supergroup of a basic group and return its new id."""
        return groups.upgrade(self.world, self.chat(chat_id)).id

    def delete_chat(self, chat_id: int) -> None:
        """Delete a group or channel for everybody."""
        groups.delete_chat(self.world, self.chat(chat_id))

    def messages(self, chat_id: int, *, include_deleted: bool = False) -> list[Json]:
        """Return a chat's messages, oldest first."""
        stored = self.chat(chat_id).messages.values()
        return [message.view() for message in stored if include_deleted or not message.deleted]

    def calls(self, since: int = 0, method: str = "") -> list[Json]:
        """Return the logged calls, those of one method where it is named."""
        wanted = method.lower()
        return [c.view() for c in self.call_log.since(since) if not wanted or c.method.lower() == wanted]

    def advance(self, seconds: float) -> None:
        """Move the clock forward."""
        self.world.offset += seconds
        self.world.changes.tell("clock", now=self.world.now())

    def set_clock(self, at: float) -> None:
        """Set the clock to a Unix time."""
        self.advance(at - self.world.now())

    def fault(self, kind: str | int, *, match: Json | None = None, **options: Any) -> Json:
        """Make calls go wrong; kinds and options are those of `faults.Fault`."""
        if str(kind) == "undecodable":
            for bot in self.world.bots.values():
                bot.updates.spoil_next(options.get("times", 1))
            return {"kind": "undecodable"}
        return self.faults.add(str(kind), match, **options).view()

    def clear_faults(self) -> None:
        """Drop every fault, let go on what one holds up, and lift the waits that a 429 began."""
        self.faults.clear()
        self.gate.open()

    def offer_picture(self, url: str, content: bytes) -> None:
        """Serve a picture under a URL to the sandbox's own fetches, without a network."""
        self.world.files.offered[url] = content

    async def wait_until(self, predicate: Callable[[], Any], timeout: float = 60) -> Any:
        """Return the predicate's first true value, asked again after each change and call.

        Raises:
            TimeoutError: `timeout` seconds went by without one.
        """
        return await self.world.changes.until(predicate, timeout)
