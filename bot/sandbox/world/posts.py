"""Puts messages into chats, shows them on the page and queues them as updates for bots."""

from __future__ import annotations

from bot.sandbox.calls.answers import Json
from bot.sandbox.world.keyboards import is_inline
from bot.sandbox.world.state import PRESENT, Bot, Chat, Stored, World

_NOT_NESTED = ("reply_to_message", "pinned_message")


def post(
    world: World,
    chat: Chat,
    content: Json,
    *,
    sender: Json | None = None,
    bot_id: int | None = None,
    thread_id: int | None = None,
    reply_to: int | None = None,
    markup: Json | None = None,
    fixed: bool = False,
    service: bool = False,
) -> Stored:
    """Store a new message and show it; `content` holds the fields that make its kind.

    In a channel the chat itself is the sender. Updates are another matter: see `deliver`.
    """
    body: Json = {"message_id": chat.next_id(), "date": int(world.now()), "chat": chat.info}
    if chat.kind == "channel":
        body["sender_chat"] = chat.info
    elif sender is not None:
        body["from"] = sender
    if thread_id is not None:
        body["message_thread_id"] = thread_id
        body["is_topic_message"] = True
    if reply_to is not None and (replied := chat.living(reply_to)) is not None:
        body["reply_to_message"] = without_nested(replied.body)
    body.update(content)
    reply_keyboard = None if is_inline(markup) else markup
    if markup is not None and reply_keyboard is None:
        body["reply_markup"] = markup
    stored = Stored(body, bot_id, fixed or reply_keyboard is not None, service, reply_keyboard)
    chat.messages[body["message_id"]] = stored
    if bot_id is not None:
        chat.last_writer = bot_id
    if world.changes.listeners:
        world.changes.tell("message", chat_id=chat.id, bot_id=chat.bot_id, message=stored.view())
    else:
        world.changes.wake()
    return stored


def post_ephemeral(
    world: World,
    chat: Chat,
    content: Json,
    *,
    sender: Json,
    receiver: Json,
    bot_id: int | None = None,
    thread_id: int | None = None,
    markup: Json | None = None,
) -> Stored:
    """Store an ephemeral message between a person and a bot, and show it on the person's phone."""
    person = receiver if bot_id is not None else sender
    chat.last_ephemeral_id += 1
    body: Json = {
        "message_id": 0,
        "ephemeral_message_id": chat.last_ephemeral_id,
        "date": int(world.now()),
        "chat": chat.info,
        "from": sender,
        "receiver_user": receiver,
        **content,
    }
    if thread_id is not None:
        body |= {"message_thread_id": thread_id, "is_topic_message": True}
    if markup is not None:
        body["reply_markup"] = markup
    stored = Stored(body, bot_id)
    chat.ephemeral[person["id"], chat.last_ephemeral_id] = stored
    world.changes.tell("ephemeral", chat_id=chat.id, bot_id=chat.bot_id, message=stored.view())
    return stored


def without_nested(body: Json) -> Json:
    """Return a message as it stands inside another one: without the messages inside itself."""
    return {name: value for name, value in body.items() if name not in _NOT_NESTED}


def rewrite(world: World, chat: Chat, stored: Stored, body: Json, *, mark: bool = True) -> None:
    """Replace a message's body; `mark` dates the edit and keeps the former body."""
    if mark:
        stored.history.append(stored.body)
        stored.edits += 1
        body["edit_date"] = int(world.now())
    stored.body = body
    if world.changes.listeners:
        world.changes.tell("edit", chat_id=chat.id, bot_id=chat.bot_id, message=stored.view())
    else:
        world.changes.wake()


def remove(world: World, chat: Chat, message_ids: list[int]) -> None:
    """Delete messages; they stay readable for the control API."""
    for message_id in message_ids:
        chat.messages[message_id].deleted = True
        if message_id in chat.pinned:
            chat.pinned.remove(message_id)
    world.changes.tell("delete", chat_id=chat.id, bot_id=chat.bot_id, message_ids=message_ids)


def deliver(world: World, chat: Chat, stored: Stored, *, edited: bool = False) -> None:
    """Queue a person's message, or a service message, for every bot that may see it."""
    kind = "channel_post" if chat.kind == "channel" else "message"
    if edited:
        kind = f"edited_{kind}"
    for bot in bots_in(world, chat):
        if stored.bot_id != bot.id and _sees(bot, chat, stored):
            world.files.show(stored.body, bot.id)
            bot.updates.put(kind, stored.body)
    world.changes.wake()


def bots_in(world: World, chat: Chat) -> list[Bot]:
    """Return the bots that are in a chat."""
    if chat.bot_id is not None:
        return [world.bots[chat.bot_id]]
    return [bot for bot in world.bots.values() if chat.status(bot.id) in PRESENT]


def _sees(bot: Bot, chat: Chat, stored: Stored) -> bool:
    """Tell whether privacy mode lets the bot see a message of a group."""
    if chat.kind in ("private", "channel") or not bot.privacy or stored.service:
        return True
    if chat.status(bot.id) in ("creator", "administrator"):
        return True
    body = stored.body
    replied = body.get("reply_to_message")
    if replied and replied.get("from", {}).get("id") == bot.id:
        return True
    if body.get("via_bot", {}).get("id") == bot.id:
        return True
    return _is_addressed(bot, chat, body)


def _is_addressed(bot: Bot, chat: Chat, body: Json) -> bool:
    text = body.get("text") or body.get("caption") or ""
    name = bot.user["username"].lower()
    for entity in body.get("entities") or body.get("caption_entities") or ():
        if entity["type"] not in ("bot_command", "mention"):
            continue
        piece = text.encode("utf-16-le")[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])]
        written, _, addressee = piece.decode("utf-16-le").lower().partition("@")
        if entity["type"] == "mention" and addressee == name:
            return True
        if entity["type"] == "bot_command" and (
            addressee == name or (not addressee and written and chat.last_writer in (None, bot.id))
        ):
            return True
    return False
