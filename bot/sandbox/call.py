"""One call of a method, as its handler sees it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox.access import check_may_write, check_member, check_thread, find_chat
from bot.sandbox.answers import Json, bad_request
from bot.sandbox.parameters import Parameters
from bot.sandbox.state import Bot, Chat, World


@dataclass(slots=True)
class Call:
    """Who calls with which parameters. `note` becomes the envelope's `description`."""

    world: World
    bot: Bot
    params: Parameters
    invoker: Callable[[Bot, str, Json], Awaitable[None]]
    note: str = ""

    async def invoke(self, method: str, values: Json) -> None:
        """Carry out another call of the same bot; nobody is told its result."""
        await self.invoker(self.bot, method, values)

    def chat(self, name: str = "chat_id", *, reading: bool = False) -> Chat:
        """Return the chat that the call names, which the bot must be in.

        Raises:
            Refusal: it is not there or cannot be reached.
        """
        chat = find_chat(self.world, self.bot, self.params, name)
        check_member(self.world, self.bot, chat, reading=reading)
        return chat

    def target(self, what: str = "text messages") -> tuple[Chat, int | None, int | None]:
        """Return where a send goes: the chat, the thread in it and the message it replies to.

        Raises:
            Refusal: the bot may not send `what` there.
        """
        chat = self.chat()
        thread_id = check_thread(chat, self.params.integer("message_thread_id"))
        check_may_write(self.bot, chat, what)
        return chat, thread_id, self._reply_to(chat)

    def _reply_to(self, chat: Chat) -> int | None:
        given = self.params.object("reply_parameters", "reply parameters")
        if not given:
            return None
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
