"""Groups, supergroups, forums and channels: their making, members, topics and end."""

from __future__ import annotations

from bot.sandbox.calls.answers import Impossible, Json
from bot.sandbox.world.access import GENERAL
from bot.sandbox.world.members import ADMIN_RIGHTS, CHANNEL_RIGHTS, GROUP_RIGHTS, STATUSES, member_object
from bot.sandbox.world.posts import deliver, post, remove
from bot.sandbox.world.state import PRESENT, Chat, Stored, Thread, World
from bot.sandbox.world.views import chat_view

FIRST_CHANNEL = 1_001_000_000_000
FIRST_GROUP = 5_000_000
THREAD_COLOUR = 7_322_096
KINDS = frozenset({"group", "supergroup", "channel"})


def create(
    world: World, kind: str, title: str, creator: int, *, username: str = "", is_forum: bool = False
) -> Chat:
    """Make a group, supergroup or channel with one member, its creator.

    Raises:
        Impossible: there is no such kind of chat, or no such person.
    """
    if kind not in KINDS:
        raise Impossible(f"a chat is one of {', '.join(sorted(KINDS))}")
    if creator not in world.people:
        raise Impossible(f"there is no user {creator}")
    serial = world.serial()
    chat_id = -(FIRST_GROUP + serial) if kind == "group" else -(FIRST_CHANNEL + serial)
    info: Json = {"id": chat_id, "type": kind, "title": title}
    if username:
        info["username"] = username
    if is_forum and kind == "supergroup":
        info["is_forum"] = True
    chat = Chat(info, members={creator: {"status": "creator"}})
    world.groups[chat_id] = chat
    tell(world, chat)
    return chat


def tell(world: World, chat: Chat) -> None:
    """Show a changed chat on the page."""
    if world.changes.listeners:
        world.changes.tell("chat", chat=chat_view(world, chat))
    else:
        world.changes.wake()


def set_member(
    world: World, chat: Chat, user_id: int, status: str, *, by: int, rights: Json | None = None
) -> None:
    """Change somebody's status in a chat, with the updates and service messages that follow.

    An administrator for whom no rights are given has them all.

    Raises:
        Impossible: there is no such person or status.
    """
    if status not in STATUSES:
        raise Impossible(f"a status is one of {', '.join(sorted(STATUSES))}")
    if chat.kind == "private":
        raise Impossible("a private chat has no members to change")
    if user_id not in world.people and user_id not in world.bots:
        raise Impossible(f"there is no user {user_id}")
    old = chat.members.get(user_id, {"status": "left"})
    new = {"status": status, **(_all_rights(chat) if rights is None and status == "administrator" else {})}
    new.update(rights or {})
    chat.members[user_id] = new
    user, actor = world.user(user_id), world.user(by)
    _tell_bots(
        world,
        chat,
        {
            "chat": chat.info,
            "from": actor,
            "date": int(world.now()),
            "old_chat_member": member_object(user, old),
            "new_chat_member": member_object(user, new),
        },
    )
    if chat.kind != "channel" and (old["status"] in PRESENT) != (status in PRESENT):
        content: Json = {"new_chat_members": [user]} if status in PRESENT else {"left_chat_member": user}
        bot_id = by if by in world.bots else None
        deliver(world, chat, post(world, chat, content, sender=actor, bot_id=bot_id, service=True))
    tell(world, chat)


def _all_rights(chat: Chat) -> Json:
    return dict.fromkeys(ADMIN_RIGHTS + (CHANNEL_RIGHTS if chat.kind == "channel" else GROUP_RIGHTS), True)


def _tell_bots(world: World, chat: Chat, change: Json) -> None:
    user_id = change["new_chat_member"]["user"]["id"]
    for bot in world.bots.values():
        if bot.id == user_id:
            bot.updates.put("my_chat_member", change)
        elif chat.status(bot.id) in ("creator", "administrator"):
            bot.updates.put("chat_member", change)


def upgrade(world: World, chat: Chat) -> Chat:
    """Make a supergroup of a basic group and return it; both tell of it in a service message.

    Raises:
        Impossible: it is no basic group, or has been upgraded before.
    """
    if chat.kind != "group" or chat.migrated_to is not None:
        raise Impossible("only a basic group can become a supergroup, once")
    new_id = -(FIRST_CHANNEL + world.serial())
    info = {**chat.info, "id": new_id, "type": "supergroup"}
    successor = Chat(info, members={i: dict(member) for i, member in chat.members.items()})
    world.groups[new_id] = successor
    sender = world.user(next(iter(chat.members)))
    _announce(world, chat, {"migrate_to_chat_id": new_id}, sender)
    chat.migrated_to = new_id
    tell(world, chat)
    tell(world, successor)
    _announce(world, successor, {"migrate_from_chat_id": chat.id}, sender)
    return successor


def _announce(world: World, chat: Chat, content: Json, sender: Json) -> Stored:
    stored = post(world, chat, content, sender=sender, service=True)
    deliver(world, chat, stored)
    return stored


def delete_chat(world: World, chat: Chat) -> None:
    """Delete a group for everybody.

    Raises:
        Impossible: it is a private chat.
    """
    if chat.kind == "private":
        raise Impossible("a private chat cannot be deleted")
    chat.deleted = True
    tell(world, chat)


def open_thread(
    world: World, chat: Chat, name: str, *, by: Json | None = None, bot_id: int | None = None
) -> Thread:
    """Open a topic; its id is that of the service message which tells of it.

    Raises:
        Impossible: the chat is no forum.
    """
    if not chat.is_forum:
        raise Impossible("only a forum has topics")
    thread = Thread(chat.last_message_id + 1, name)
    chat.threads[thread.id] = thread
    content = {"forum_topic_created": {"name": name, "icon_color": THREAD_COLOUR}}
    sender = by or world.user(next(iter(chat.members)))
    stored = post(world, chat, content, sender=sender, bot_id=bot_id, thread_id=thread.id, service=True)
    deliver(world, chat, stored)
    tell(world, chat)
    return thread


def change_thread(
    world: World, chat: Chat, thread_id: int, *, closed: bool | None = None, deleted: bool | None = None
) -> None:
    """Close, reopen or delete a topic; its messages go with it.

    Raises:
        Impossible: there is no such topic.
    """
    if thread_id == GENERAL and chat.is_forum and chat.kind != "private":
        chat.threads.setdefault(GENERAL, Thread(GENERAL, "General"))
    thread = chat.threads.get(thread_id)
    if thread is None or (deleted and thread_id == GENERAL) or (closed and chat.kind == "private"):
        raise Impossible(f"there is no topic {thread_id}")
    if closed is not None and closed != thread.closed:
        thread.closed = closed
        content: Json = {"forum_topic_closed" if closed else "forum_topic_reopened": {}}
        sender = world.user(next(iter(chat.members)))
        inside_of = None if thread_id == GENERAL else thread_id
        deliver(world, chat, post(world, chat, content, sender=sender, thread_id=inside_of, service=True))
    if deleted:
        thread.deleted = True
        inside = [
            message_id
            for message_id, stored in chat.messages.items()
            if stored.body.get("message_thread_id") == thread_id and not stored.deleted
        ]
        remove(world, chat, inside)
    tell(world, chat)
