"""What people hand to a bot by a button that asks for it below the chat: other people, or a chat of theirs."""

from __future__ import annotations

from bot.sandbox.calls.answers import Impossible, Json
from bot.sandbox.people import may_write
from bot.sandbox.world.groups import set_member
from bot.sandbox.world.posts import deliver, post
from bot.sandbox.world.state import Chat, Stored, World

_NAMED = ("first_name", "last_name", "username")


def share_users(world: World, chat: Chat, user_id: int, request_id: int, *, chosen: list[int]) -> Stored:
    """Let a person choose people by a button that asks for users (`request_users`), and hand them to the bot.

    Raises:
        Impossible: the person is not in the chat, or somebody chosen is unknown.
    """
    users = [world.user(each) for each in chosen]
    shared = [{"user_id": user["id"], **{key: user[key] for key in _NAMED if key in user}} for user in users]
    return _hand(world, chat, user_id, {"users_shared": {"request_id": request_id, "users": shared}})


def share_chat(
    world: World, chat: Chat, user_id: int, request_id: int, *, chosen: int, forge: bool = False
) -> Stored:
    """Let a person choose a chat by a button that asks for one (`request_chat`), and hand it to the bot.

    The bot becomes an administrator there where the button asks for that. With `forge` nothing is looked at.

    Raises:
        Impossible: no such button stands in the chat, or the person may not choose that chat by it.
    """
    given: Json = {"request_id": request_id, "chat_id": chosen}
    if not forge:
        request = _button(chat, request_id)
        there = world.chat(chosen)
        _check(there, user_id, request)
        if rights := request.get("bot_administrator_rights"):
            bot_id = chat.bot_id or 0
            if there.status(bot_id) != "creator":
                had = there.members.get(bot_id, {})
                merged = {name: bool(value or had.get(name)) for name, value in rights.items()}
                set_member(world, there, bot_id, "administrator", by=user_id, rights=merged)
        named = {"request_title": "title", "request_username": "username"}
        asked = (name for flag, name in named.items() if request.get(flag))
        given |= {name: there.info[name] for name in asked if name in there.info}
    return _hand(world, chat, user_id, {"chat_shared": given})


def _hand(world: World, chat: Chat, user_id: int, content: Json) -> Stored:
    stored = post(world, chat, content, sender=may_write(world, chat, user_id), service=True)
    deliver(world, chat, stored)
    return stored


def _button(chat: Chat, request_id: int) -> Json:
    """Return what the newest keyboard's button asks for."""
    standing = [
        each.reply_keyboard for each in chat.messages.values() if each.reply_keyboard and not each.deleted
    ]
    rows = standing[-1].get("keyboard", []) if standing else []
    for button in (button for row in rows for button in row if isinstance(button, dict)):
        request: Json = button.get("request_chat") or {}
        if request.get("request_id") == request_id:
            return request
    raise Impossible(f"no button in the chat makes the request {request_id}")


def _check(there: Chat, user_id: int, request: Json) -> None:
    if there.kind == "private" or (there.kind == "channel") is not bool(request.get("chat_is_channel")):
        raise Impossible("the button asks for another kind of chat")
    status = there.status(user_id)
    if request.get("chat_is_created") and status != "creator":
        raise Impossible("the button asks for a chat of the person's own")
    for name, value in (("chat_is_forum", there.is_forum), ("chat_has_username", "username" in there.info)):
        if request.get(name) is not None and bool(request[name]) is not value:
            raise Impossible("the button asks for another kind of chat")
    wanted: Json = request.get("user_administrator_rights") or {}
    theirs = there.members.get(user_id, {})
    lacking = [name for name, value in wanted.items() if value and not theirs.get(name)]
    if wanted and status != "creator" and (status != "administrator" or lacking):
        raise Impossible("the person lacks rights in that chat that the button asks for")
