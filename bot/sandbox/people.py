"""What people do: write, press buttons, block. The other side of the Bot API."""

from __future__ import annotations

from bot.sandbox.answers import Json
from bot.sandbox.members import member_object
from bot.sandbox.posting import bots_in, deliver, post
from bot.sandbox.state import PRESENT, Callback, Chat, Stored, World
from bot.sandbox.texts import parse, text_fields, with_entities
from bot.sandbox.updates import CALLBACK_LIFE


class Impossible(ValueError):
    """The control API was asked for something that cannot be; the text says what."""


def write(
    world: World,
    chat: Chat,
    user_id: int,
    text: str,
    *,
    entities: list[Json] | None = None,
    reply_to: int | None = None,
    thread_id: int | None = None,
) -> Stored:
    """Let a person write a text, and hand it to the bots that may see it.

    Raises:
        Impossible: the person is not in the chat, or may not write there.
    """
    sender = may_write(world, chat, user_id)
    formatted = with_entities(text, entities) if entities else parse(text, "none")
    if not formatted["text"]:
        raise Impossible("a message needs a text")
    content = text_fields(formatted)
    stored = post(world, chat, content, sender=sender, reply_to=reply_to, thread_id=thread_id)
    deliver(world, chat, stored)
    return stored


def may_write(world: World, chat: Chat, user_id: int) -> Json:
    """Return the user who writes, for whom a private chat counts as started (and unblocked).

    Raises:
        Impossible: the person is not in the chat, or may not write there.
    """
    person = world.people.get(user_id)
    if person is None or person.deactivated:
        raise Impossible(f"there is no user {user_id}")
    if chat.status(user_id) not in PRESENT:
        raise Impossible(f"user {user_id} is not in the chat")
    if chat.kind == "channel" and chat.status(user_id) not in ("creator", "administrator"):
        raise Impossible("only administrators write in a channel")
    if chat.kind == "private":
        set_blocked(world, chat, False)
        chat.started = True
    return person.user


def press(
    world: World, chat: Chat, user_id: int, message_id: int, data: str, *, forge: bool = False
) -> Callback:
    """Let a person press a callback button, or (`forge`) claim to have pressed it.

    Raises:
        Impossible: there is no such person, message, button, or no bot behind it.
    """
    person = world.people.get(user_id)
    stored = chat.living(message_id)
    if person is None or (stored is None and not forge):
        raise Impossible("there is no such person or message")
    if not forge and (stored is None or data not in _callback_data(stored.body)):
        raise Impossible(f"the message has no button with the data {data!r}")
    bot_id = stored.bot_id if stored else None
    if bot_id is None:
        bot_id = next((bot.id for bot in bots_in(world, chat)), None)
    if bot_id is None:
        raise Impossible("no bot is behind this message")
    callback = Callback(str(world.serial() + 4_000_000_000), bot_id, user_id, world.now())
    world.callbacks[callback.id] = callback
    message = stored.body if stored else {"chat": chat.info, "message_id": message_id, "date": 0}
    query = {
        "id": callback.id,
        "from": person.user,
        "message": message,
        "chat_instance": str(hash(chat.id) & 0x7FFFFFFFFFFFFFFF),
        "data": data,
    }
    world.bots[bot_id].updates.put("callback_query", query, CALLBACK_LIFE)
    world.changes.wake()
    return callback


def _callback_data(body: Json) -> set[str]:
    rows = body.get("reply_markup", {}).get("inline_keyboard", ())
    return {
        button["callback_data"]
        for row in rows
        for button in row
        if "callback_data" in button and not button.get("disabled")
    }


def set_blocked(world: World, chat: Chat, blocked: bool) -> None:
    """Let a person stop the bot of a private chat, or start it again."""
    if chat.blocked == blocked or chat.bot_id is None:
        return
    chat.blocked = blocked
    bot = world.bots[chat.bot_id]
    statuses = ("member", "kicked") if blocked else ("kicked", "member")
    old, new = (member_object(bot.user, {"status": status}) for status in statuses)
    change = {
        "chat": chat.info,
        "from": world.user(chat.id),
        "date": int(world.now()),
        "old_chat_member": old,
        "new_chat_member": new,
    }
    bot.updates.put("my_chat_member", change)
    world.changes.tell("chat", chat=chat.info)
