"""The deeds of people, on the other side of the Bot API: write, edit, press buttons, block."""

from __future__ import annotations

import base64
import binascii
from collections import Counter

from bot.sandbox.calls.answers import Impossible, Json, Refusal
from bot.sandbox.calls.updates import CALLBACK_LIFE
from bot.sandbox.rich import message
from bot.sandbox.text.stored import Formatted, parse, with_entities
from bot.sandbox.world.access import GROUPS
from bot.sandbox.world.content import caption_fields, copied_content, forward_origin, text_fields
from bot.sandbox.world.files import ANY, file_object, photo_sizes
from bot.sandbox.world.groups import tell
from bot.sandbox.world.members import member_object
from bot.sandbox.world.pictures import draw
from bot.sandbox.world.posts import bots_in, deliver, post, post_ephemeral, rewrite, without_nested
from bot.sandbox.world.state import PRESENT, Callback, Chat, Stored, World
from bot.sandbox.world.views import commands_in

ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}

Photo = bytes | str | bool  # a picture's bytes, a data URL, or True for one that is drawn


def write(
    world: World,
    chat: Chat,
    user_id: int,
    text: str = "",
    *,
    caption: str = "",
    entities: list[Json] | None = None,
    photo: Photo | None = None,
    document: Json | None = None,
    location: Json | None = None,
    reply_to: int | None = None,
    thread_id: int | None = None,
    forward_from: Json | None = None,
    media_group: str | None = None,
    anonymous: bool = False,
) -> Stored:
    """Let a person write a text, or send a photo or a place, and hand it to the bots that may see it.

    Args:
        location: `{"latitude", "longitude"}`, in degrees.
        forward_from: `{"chat_id", "message_id"}` of a message that is forwarded; `text` is left out then.
        document: `{"name", "mime", "content"}` of a file: its bytes, or a data URL. A `video/…` is sent as a video.
        media_group: the same value on several photos makes an album of them.
        anonymous: a group's administrator writes as the group itself.

    Raises:
        Impossible: the person is not in the chat, or there is nothing to send.
    """
    sender = may_write(world, chat, user_id)
    if forward_from is not None:
        content = _forwarded(world, user_id, forward_from)
    elif location:
        content = {"location": _place(location)}
    elif photo or document:
        formatted = _formatted(caption or text, entities)
        shown = {"photo": photo_sizes_of(world, photo)} if photo else _file(world, document or {})
        content = {**shown, **caption_fields(world, formatted)}
        if media_group:
            content["media_group_id"] = media_group
    else:
        content = text_fields(world, _formatted(text, entities))
        if not content["text"]:
            raise Impossible("a message needs a text or a photo")
    if thread_id is not None and (thread_id not in chat.threads or chat.threads[thread_id].deleted):
        raise Impossible(f"there is no topic {thread_id}")
    if anonymous:
        if chat.kind == "channel" or chat.status(user_id) not in ("creator", "administrator"):
            raise Impossible("only a group's administrators write anonymously")
        sender, content = ANONYMOUS, {**content, "sender_chat": chat.info}
    stored = post(world, chat, content, sender=sender, reply_to=reply_to, thread_id=thread_id)
    deliver(world, chat, stored)
    return stored


def _file(world: World, given: Json) -> Json:
    """Return the field of a Message that shows a file: a video, or a document."""
    content, name, mime = given.get("content", b""), str(given.get("name", "")), str(given.get("mime", ""))
    if isinstance(content, str):
        content = _data_url(content)
    if not isinstance(content, bytes) or not content:
        raise Impossible("a file must not be empty")
    shown = file_object(world.files.add_document(content, name, mime or ANY))
    if mime.startswith("video/"):
        return {"video": {**shown, "width": 640, "height": 360, "duration": 10}}
    return {"document": shown}


def command(world: World, chat: Chat, user_id: int, text: str, *, thread_id: int | None = None) -> Stored:
    """Let a member of a group send a command that the bot's menu there calls ephemeral: the bot alone sees it.

    Raises:
        Impossible: the person is not in the chat, or no bot there has such a command.
    """
    sender = may_write(world, chat, user_id)
    name = text.removeprefix("/").partition(" ")[0].partition("@")[0]
    for bot in bots_in(world, chat) if chat.kind in GROUPS else ():
        menus = commands_in(bot, chat)
        menu = menus.get(sender.get("language_code", "")) or menus.get("", [])
        if any(each["command"] == name and each.get("is_ephemeral") for each in menu):
            content = text_fields(world, _formatted(text, None))
            stored = post_ephemeral(
                world, chat, content, sender=sender, receiver=bot.user, thread_id=thread_id
            )
            bot.updates.put("message", stored.body)
            world.changes.wake()
            return stored
    raise Impossible(f"no bot in the chat calls /{name} ephemeral")


def _formatted(text: str, entities: list[Json] | None) -> Formatted:
    try:
        return with_entities(text, entities) if entities else parse(text, "none")
    except Refusal as refused:
        raise Impossible(refused.description) from None


def _place(location: Json) -> Json:
    try:
        latitude, longitude = float(location["latitude"]), float(location["longitude"])
    except (KeyError, TypeError, ValueError):
        raise Impossible("a location needs its latitude and longitude") from None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise Impossible("that place is not on Earth")
    return {"latitude": latitude, "longitude": longitude}


def photo_sizes_of(world: World, photo: Photo) -> list[Json]:
    """Return the sizes of a person's photo.

    Raises:
        Impossible: it is no picture.
    """
    if photo is True:
        content = draw(world.serial())
    elif isinstance(photo, str):
        content = _data_url(photo) if photo.startswith("data:") else world.files.offered.get(photo, b"")
    else:
        content = photo or b""
    stored = world.files.add_picture(content, ())
    if stored is None:
        raise Impossible("the photo is no PNG, JPEG or GIF")
    return photo_sizes(stored)


def _data_url(url: str) -> bytes:
    try:
        return base64.b64decode(url.partition(",")[2], validate=True)
    except binascii.Error:
        raise Impossible("the data URL is no base64") from None


def _forwarded(world: World, user_id: int, source: Json) -> Json:
    try:
        chat_id = int(source["chat_id"])
        stored = world.chat(chat_id).living(int(source["message_id"]))
    except (KeyError, TypeError, ValueError):
        stored = None
    if stored is None or (chat_id > 0 and chat_id != user_id):
        raise Impossible("there is no message to forward")
    if stored.body.get("has_protected_content"):
        raise Impossible("the message is protected and cannot be forwarded")
    return {**copied_content(stored), "forward_origin": forward_origin(world.chat(chat_id), stored)}


def may_write(world: World, chat: Chat, user_id: int) -> Json:
    """Return the user who writes; a private chat counts as started and not blocked from then on.

    Raises:
        Impossible: the person is not in the chat, or may not write there.
    """
    person = world.people.get(user_id)
    if person is None or person.deactivated:
        raise Impossible(f"there is no user {user_id}")
    if chat.status(user_id) not in PRESENT or chat.migrated_to is not None or chat.deleted:
        raise Impossible(f"user {user_id} is not in the chat")
    if chat.kind == "channel" and chat.status(user_id) not in ("creator", "administrator"):
        raise Impossible("only administrators write in a channel")
    if chat.kind == "private":
        set_blocked(world, chat, False)
        if not chat.started:
            chat.started = True
            tell(world, chat)
    return person.user


def edit(world: World, chat: Chat, user_id: int, message_id: int, *, text: str) -> Stored:
    """Let a person edit the text or caption of their own message.

    Raises:
        Impossible: it is not theirs, or the text is empty.
    """
    stored = chat.living(message_id)
    is_post = chat.kind == "channel" and chat.status(user_id) in ("creator", "administrator")
    if stored is None or not (is_post or stored.body.get("from", {}).get("id") == user_id):
        raise Impossible("there is no such message of theirs")
    formatted = _formatted(text, None)
    captioned = any(kind in stored.body for kind in ("photo", "video", "document"))
    fields = caption_fields(world, formatted) if captioned else text_fields(world, formatted)
    dropped = ("text", "entities", "caption", "caption_entities")
    body = {name: value for name, value in stored.body.items() if name not in dropped}
    rewrite(world, chat, stored, {**body, **fields})
    deliver(world, chat, stored, edited=True)
    return stored


def press(
    world: World,
    chat: Chat,
    user_id: int,
    message_id: int,
    *,
    data: str,
    forge: bool = False,
    ephemeral_id: int | None = None,
) -> Callback:
    """Let a person press a callback button, or (`forge`) claim to have pressed it.

    `ephemeral_id` names an ephemeral message, which the person alone sees.

    Raises:
        Impossible: there is no such person, message, button, or no bot behind it.
    """
    person = world.people.get(user_id)
    stored = chat.living(message_id)
    if ephemeral_id is not None:
        found = chat.ephemeral.get((user_id, ephemeral_id))
        stored = found if found is not None and not found.deleted else None
    if person is None:
        raise Impossible(f"there is no user {user_id}")
    if not forge and (stored is None or data not in _callback_data(stored.body)):
        raise Impossible(f"the message has no button with the data {data!r}")
    if not forge and chat.status(user_id) not in PRESENT:
        raise Impossible(f"user {user_id} is not in the chat")
    bot_id = stored.bot_id if stored else None
    if bot_id is None:
        bot_id = next((bot.id for bot in bots_in(world, chat)), None)
    if bot_id is None:
        raise Impossible("no bot is behind this message")
    callback = Callback(str(4_000_000_000 + world.serial()), bot_id, user_id, world.now(), chat.id)
    callback.ephemeral = ephemeral_id is not None
    world.callbacks[callback.id] = callback
    query = {
        "id": callback.id,
        "from": person.user,
        "message": _as_it_stands(chat, stored.body) if stored else _gone(chat, message_id),
        "chat_instance": str(abs(chat.id) * 7919),
        "data": data,
    }
    world.bots[bot_id].updates.put("callback_query", query, CALLBACK_LIFE)
    world.changes.wake()
    return callback


def _as_it_stands(chat: Chat, body: Json) -> Json:
    """Return a message with what it answers as that stands now; without it, where it is deleted."""
    answered = body.get("reply_to_message")
    if answered is None:
        return body
    kept = {name: value for name, value in body.items() if name != "reply_to_message"}
    now = chat.living(answered["message_id"])
    return {**kept, "reply_to_message": without_nested(now.body)} if now else kept


def _gone(chat: Chat, message_id: int) -> Json:
    return {"chat": chat.info, "message_id": message_id, "date": 0}


def _callback_data(body: Json) -> set[str]:
    rows = body.get("reply_markup", {}).get("inline_keyboard", ())
    buttons = (button for row in rows for button in row if not button.get("disabled"))
    inside = message.callback_data(body.get("rich_message", {}))
    return {button["callback_data"] for button in buttons if "callback_data" in button} | inside


def set_blocked(world: World, chat: Chat, blocked: bool) -> None:
    """Let a person stop the bot of a private chat, or start it again.

    Raises:
        Impossible: it is no private chat.
    """
    if chat.bot_id is None:
        raise Impossible("only a private chat can be blocked")
    if chat.blocked == blocked:
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
    tell(world, chat)


def react(world: World, chat: Chat, user_id: int, message_id: int, *, emoji: str = "") -> None:
    """Let a person react to a message, with another emoji than before, or with none any more.

    In a channel nobody is named: bots hear how many there are of each. Bots of groups and channels hear it as
    administrators alone.

    Raises:
        Impossible: there is no such message, or the person is not in the chat.
    """
    if chat.living(message_id) is None:
        raise Impossible(f"there is no message {message_id}")
    if chat.status(user_id) not in PRESENT:
        raise Impossible(f"user {user_id} is not in the chat")
    given = chat.reactions.setdefault(message_id, {})
    old = given.pop(user_id, "")
    if emoji:
        given[user_id] = emoji
    event: Json = {"chat": chat.info, "message_id": message_id, "date": int(world.now())}
    if chat.kind == "channel":
        kind = "message_reaction_count"
        counts = Counter(given.values()).most_common()
        event["reactions"] = [{"type": _emoji(sign), "total_count": total} for sign, total in counts]
    else:
        kind = "message_reaction"
        event["user"] = world.people[user_id].user
        event["old_reaction"] = [_emoji(old)] if old else []
        event["new_reaction"] = [_emoji(emoji)] if emoji else []
    for bot in bots_in(world, chat):
        if chat.kind == "private" or chat.status(bot.id) in ("creator", "administrator"):
            bot.updates.put(kind, event)
    world.changes.wake()


def _emoji(sign: str) -> Json:
    return {"type": "emoji", "emoji": sign}
