"""A call of a method, as its handler gets it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from bot.sandbox.calls.answers import Json, Refusal, bad_request
from bot.sandbox.calls.parameters import Parameters
from bot.sandbox.world.access import check_may_write, check_member, check_thread, find_chat
from bot.sandbox.world.photos import find_photo
from bot.sandbox.world.posts import post
from bot.sandbox.world.state import Bot, Chat, World


class Target(NamedTuple):
    """Where a send goes: the chat, the thread in it, and the id of the message that it replies to."""

    chat: Chat
    thread_id: int | None
    reply_to: int | None


@dataclass(slots=True)
class Call:
    """A bot's call with its parameters. `note` becomes the `description` of a successful answer.

    `invoker` carries out another call: bot, method, values.
    """

    world: World
    bot: Bot
    params: Parameters
    invoker: Callable[[Bot, str, Json], Awaitable[None]]
    note: str = ""

    async def invoke(self, method: str, values: Json) -> None:
        """Carry out another call of the same bot; its result is dropped."""
        await self.invoker(self.bot, method, values)

    def chat(self, name: str = "chat_id", *, reading: bool = False) -> Chat:
        """Return the chat that the parameter `name` names.

        Raises:
            Refusal: there is no such chat, or the bot is not in it.
        """
        chat = find_chat(self.world, self.bot, self.params, name)
        check_member(self.world, self.bot, chat, reading=reading)
        return chat

    def target(self, what: str = "text messages") -> Target:
        """Return where the call's message goes.

        Raises:
            Refusal: the bot may not send `what` there, or `what` is to be ephemeral, which texts alone are here.
        """
        if self.ephemeral:
            raise Refusal(501, "Not Implemented: the sandbox sends nothing but texts as ephemeral messages")
        return self.place(what)

    @property
    def ephemeral(self) -> Json | None:
        """The call's EphemeralMessageParameters: what it sends is for one member alone."""
        return self.params.object("ephemeral_message_parameters", "ephemeral message parameters")

    def place(self, what: str = "text messages") -> Target:
        """Return where the call's message goes, ephemeral or not.

        Raises:
            Refusal: the bot may not send `what` there.
        """
        chat = self.chat()
        thread_id = check_thread(chat, self.params.integer("message_thread_id"), self.bot)
        check_may_write(self.bot, chat, what)
        return Target(chat, thread_id, self._reply_to(chat))

    def post(self, target: Target, content: Json, *, markup: Json | None = None, fixed: bool = False) -> Json:
        """Send something as the bot, with what the call's common options add; return the message.

        What is `fixed` can't be edited.
        """
        return post(
            self.world,
            target.chat,
            {**content, **extra_fields(self.params)},
            sender=self.bot.user,
            bot_id=self.bot.id,
            thread_id=target.thread_id,
            reply_to=target.reply_to,
            markup=markup,
            fixed=fixed,
        ).body

    async def photo(self, value: str) -> list[Json]:
        """Return the sizes of the photo that `value` stands for; see `find_photo`.

        Raises:
            Refusal: there is no such photo, or Telegram would not take it.
        """
        return await find_photo(self.world.files, self.params, self.bot.id, value)

    def _reply_to(self, chat: Chat) -> int | None:
        given = self.params.object("reply_parameters", "reply parameters")
        if not given or self.ephemeral:
            return None
        if "ephemeral_message_id" in given:
            raise bad_request("a reply to an ephemeral message must be an ephemeral message")
        try:
            message_id = int(given["message_id"])
        except (KeyError, TypeError, ValueError):
            raise bad_request("can't parse reply parameters: can't find field \"message_id\"") from None
        if chat.living(message_id) is not None:
            return message_id
        if given.get("allow_sending_without_reply"):
            return None
        raise bad_request("message to be replied not found")


Handler = Callable[[Call], Any]


def extra_fields(params: Parameters) -> Json:
    """Return the fields of a Message that a send's common options make."""
    fields: Json = {}
    if params.flag("protect_content"):
        fields["has_protected_content"] = True
    if params.text("message_effect_id"):
        fields["effect_id"] = params.text("message_effect_id")
    return fields
