"""Deleting messages."""

from __future__ import annotations

from bot.sandbox.calls.answers import bad_request
from bot.sandbox.methods.call import Call, Handler
from bot.sandbox.world.access import find_ephemeral
from bot.sandbox.world.posts import remove
from bot.sandbox.world.state import Bot, Chat, Stored

MAX_AGE = 48 * 3600  # seconds
MAX_IDS = 100


def _check(bot: Bot, chat: Chat, stored: Stored, now: float) -> None:
    everyone = " for everyone" if chat.kind in ("private", "group") else ""
    refused = bad_request(f"message can't be deleted{everyone}")
    if now - stored.body["date"] >= MAX_AGE:
        raise refused
    if chat.kind == "private":
        return
    if chat.kind == "channel" and stored.bot_id == bot.id:
        if chat.has_right(bot.id, "can_post_messages") or chat.has_right(bot.id, "can_delete_messages"):
            return
    elif stored.bot_id == bot.id or chat.has_right(bot.id, "can_delete_messages"):
        return
    raise refused


def delete_message(call: Call) -> bool:
    """Delete one message."""
    chat = call.chat()
    stored = chat.living(call.params.integer("message_id"))
    if stored is None:
        raise bad_request("message to delete not found")
    _check(call.bot, chat, stored, call.world.now())
    remove(call.world, chat, [stored.body["message_id"]])
    return True


def delete_messages(call: Call) -> bool:
    """Delete up to 100 messages; missing ones are skipped, one undeletable fails them all."""
    ids = call.params.integers("message_ids", "message identifiers")
    chat = call.chat()
    if not 1 <= len(ids) <= MAX_IDS:
        raise bad_request("there are no messages to delete" if not ids else "too many messages to delete")
    found = [stored for i in dict.fromkeys(ids) if (stored := chat.living(i)) is not None]
    for stored in found:
        _check(call.bot, chat, stored, call.world.now())
    remove(call.world, chat, [stored.body["message_id"] for stored in found])
    return True


def delete_ephemeral(call: Call) -> bool:
    """Delete an ephemeral message."""
    chat = call.chat()
    stored = find_ephemeral(chat, call.bot, call.params)
    stored.deleted = True
    call.world.changes.tell("ephemeral", chat_id=chat.id, bot_id=chat.bot_id, message=stored.view())
    return True


METHODS: dict[str, Handler] = {
    "deleteEphemeralMessage": delete_ephemeral,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
}
