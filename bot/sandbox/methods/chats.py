"""Chats and their members, pins, topics, chat actions."""

from __future__ import annotations

from bot.sandbox.calls.answers import Json, bad_request
from bot.sandbox.methods.call import Call, Handler
from bot.sandbox.world import groups
from bot.sandbox.world.members import PERMISSIONS, member_object
from bot.sandbox.world.posts import deliver, post, without_nested
from bot.sandbox.world.state import PRESENT, Chat, Stored

_ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)
_GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")


def send_chat_action(call: Call) -> bool:
    """Show that the bot is doing something."""
    chat = call.chat()
    action = call.params.text("action")
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    call.world.changes.tell("action", chat_id=chat.id, bot_id=chat.bot_id, action=action)
    return True


def get_chat(call: Call) -> Json:
    """Return a ChatFullInfo."""
    chat = call.chat(reading=True)
    full = {
        **chat.info,
        "accent_color_id": abs(chat.id) % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(_GIFTS, False),
    }
    if chat.kind in ("group", "supergroup"):
        full["permissions"] = {name: chat.permissions.get(name, True) for name in PERMISSIONS}
    if chat.pinned:
        full["pinned_message"] = without_nested(chat.messages[chat.pinned[-1]].body)
    return full


def _member(call: Call, chat: Chat, user_id: int) -> Json:
    try:
        user = call.world.user(user_id)
    except KeyError:
        raise bad_request("invalid user_id specified" if user_id <= 0 else "PARTICIPANT_ID_INVALID") from None
    return member_object(user, chat.members.get(user_id, {"status": "left"}))


def get_chat_member(call: Call) -> Json:
    """Return one member."""
    return _member(call, call.chat(reading=True), call.params.integer("user_id"))


def get_chat_administrators(call: Call) -> list[Json]:
    """Return the creator and the administrators, other bots left out."""
    chat = call.chat(reading=True)
    if chat.kind == "private":
        raise bad_request("there are no administrators in the private chat")
    ruling = (i for i, member in chat.members.items() if member["status"] in ("creator", "administrator"))
    return [_member(call, chat, i) for i in ruling if i == call.bot.id or i not in call.world.bots]


def get_chat_member_count(call: Call) -> int:
    """Return how many are in the chat, the bot included."""
    return sum(member["status"] in PRESENT for member in call.chat(reading=True).members.values())


def leave_chat(call: Call) -> bool:
    """Leave a group or channel."""
    chat = call.chat()
    if chat.kind == "private":
        raise bad_request("chat member status can't be changed in private chats")
    groups.set_member(call.world, chat, call.bot.id, "left", by=call.bot.id)
    return True


def _pinnable(call: Call) -> Chat:
    chat = call.chat()
    right = "can_edit_messages" if chat.kind == "channel" else "can_pin_messages"
    if chat.kind != "private" and not chat.has_right(call.bot.id, right):
        raise bad_request("not enough rights to manage pinned messages in the chat")
    return chat


def pin_message(call: Call) -> bool:
    """Pin a message; in groups a service message tells of it, the bot that pinned too."""
    chat = _pinnable(call)
    stored = chat.living(call.params.integer("message_id"))
    if stored is None:
        raise bad_request("message to pin not found")
    if stored.service:
        raise bad_request("service messages can't be pinned")
    message_id = stored.body["message_id"]
    if message_id in chat.pinned:
        chat.pinned.remove(message_id)
    chat.pinned.append(message_id)
    if chat.kind in ("group", "supergroup"):
        _tell_of_pin(call, chat, stored)
    return True


def _tell_of_pin(call: Call, chat: Chat, stored: Stored) -> None:
    content = {"pinned_message": without_nested(stored.body)}
    told = post(call.world, chat, content, sender=call.bot.user, bot_id=call.bot.id, service=True)
    deliver(call.world, chat, told)
    # The Bot API server leaves out what a bot itself sent, but not the notice of a pin.
    if call.bot.updates.put("message", told.body):
        call.world.changes.wake()


def unpin_message(call: Call) -> bool:
    """Unpin a message, the newest pinned one where none is named."""
    chat = _pinnable(call)
    message_id = call.params.integer("message_id")
    if not message_id and chat.pinned:
        message_id = chat.pinned[-1]
    if message_id not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(message_id)
    return True


def unpin_all(call: Call) -> bool:
    """Unpin every message."""
    _pinnable(call).pinned.clear()
    return True


def create_forum_topic(call: Call) -> Json:
    """Open a topic in a forum, or in a private chat where the bot has topics there."""
    chat = call.chat()
    if not chat.is_forum:
        raise bad_request("the chat is not a forum")
    if chat.kind != "private" and not chat.has_right(call.bot.id, "can_manage_topics"):
        raise bad_request("not enough rights to create a topic")
    name = call.params.text("name").strip()
    if not 1 <= len(name) <= 128:
        raise bad_request("TOPIC_TITLE_EMPTY" if not name else "topic name is too long")
    thread = groups.open_thread(call.world, chat, name, by=call.bot.user, bot_id=call.bot.id)
    return {"message_thread_id": thread.id, "name": name, "icon_color": groups.THREAD_COLOUR}


def _thread(call: Call) -> tuple[Chat, int]:
    chat = call.chat()
    if chat.kind != "private" and not chat.has_right(call.bot.id, "can_manage_topics"):
        raise bad_request("not enough rights to manage topics")
    thread_id = call.params.integer("message_thread_id")
    if thread_id not in chat.threads or chat.threads[thread_id].deleted:
        raise bad_request("message thread not found")
    return chat, thread_id


def close_forum_topic(call: Call) -> bool:
    """Close a topic."""
    groups.change_thread(call.world, *_thread(call), closed=True)
    return True


def reopen_forum_topic(call: Call) -> bool:
    """Open a closed topic again."""
    groups.change_thread(call.world, *_thread(call), closed=False)
    return True


def delete_forum_topic(call: Call) -> bool:
    """Delete a topic with its messages."""
    groups.change_thread(call.world, *_thread(call), deleted=True)
    return True


METHODS: dict[str, Handler] = {
    "sendChatAction": send_chat_action,
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "getChatMemberCount": get_chat_member_count,
    "leaveChat": leave_chat,
    "pinChatMessage": pin_message,
    "unpinChatMessage": unpin_message,
    "unpinAllChatMessages": unpin_all,
    "createForumTopic": create_forum_topic,
    "closeForumTopic": close_forum_topic,
    "reopenForumTopic": reopen_forum_topic,
    "deleteForumTopic": delete_forum_topic,
}
