"""Finds the chat that a call names, and checks the bot's rights there.

The texts are those of the Bot API server's `check_chat_access` and of TDLib's `DialogManager`.
"""

from __future__ import annotations

from bot.sandbox.calls.answers import Json, Refusal, bad_request, forbidden
from bot.sandbox.calls.parameters import Parameters
from bot.sandbox.world.state import PRESENT, Bot, Chat, Stored, World

GROUPS = ("group", "supergroup")
EPHEMERAL_ANSWER = 15  # seconds
GENERAL = 1  # the number of the General topic, which a call must leave out


def find_chat(world: World, bot: Bot, params: Parameters, name: str = "chat_id") -> Chat:
    """Return the chat that a call names by number or by public @name, whatever the bot may do there.

    Raises:
        Refusal: nothing was named, or there is no such chat.
    """
    given = params.text(name).strip()
    if not given:
        raise bad_request(f"{name} is empty")
    if given.startswith("@"):
        return _named(world, given[1:])
    try:
        chat_id = int(given)
    except ValueError:
        raise bad_request("chat not found") from None
    if chat_id in world.bots:
        raise forbidden("the bot can't send messages to the bot")
    try:
        return world.chat(chat_id, bot.id)
    except KeyError:
        raise bad_request("chat not found") from None


def _named(world: World, name: str) -> Chat:
    for chat in world.groups.values():
        if chat.info.get("username", "").lower() == name.lower():
            return chat
    raise bad_request("chat not found")


def check_member(world: World, bot: Bot, chat: Chat, *, reading: bool = False) -> None:
    """Refuse a chat that the bot cannot reach; merely reading, it reaches who has blocked it too.

    Raises:
        Refusal: 403, or 400 with `migrate_to_chat_id` for a group that became a supergroup.
    """
    if chat.kind == "private":
        _check_private(world, chat, reading)
        return
    if chat.migrated_to is not None:
        description = "Bad Request: group chat was upgraded to a supergroup chat"
        raise Refusal(400, description, {"migrate_to_chat_id": chat.migrated_to})
    if chat.deleted:
        raise forbidden(f"the {chat.kind} chat was deleted")
    status = chat.status(bot.id)
    if status == "kicked":
        raise forbidden(f"bot was kicked from the {chat.kind} chat")
    if status not in PRESENT:
        raise forbidden(f"bot is not a member of the {chat.kind} chat")


def _check_private(world: World, chat: Chat, reading: bool) -> None:
    if reading:
        if not chat.started:
            raise bad_request("chat not found")
        return
    if world.people[chat.id].deactivated:
        raise forbidden("user is deactivated")
    if not chat.started:
        raise forbidden("bot can't initiate conversation with a user")
    if chat.blocked:
        raise forbidden("bot was blocked by the user")


def check_may_write(bot: Bot, chat: Chat, what: str = "text messages") -> None:
    """Refuse a message that the bot has no right to send.

    Raises:
        Refusal: 400, naming `what` where the chat restricts its kind.
    """
    if chat.kind == "channel":
        if not chat.has_right(bot.id, "can_post_messages"):
            raise bad_request("need administrator rights in the channel chat")
        return
    if chat.kind == "private" or chat.status(bot.id) in ("creator", "administrator"):
        return
    rights = chat.permissions
    if chat.status(bot.id) == "restricted":
        rights = {**chat.permissions, **chat.members[bot.id]}
    right = "can_send_messages" if what == "text messages" else f"can_send_{what}"
    if not rights.get(right, True):
        raise bad_request(f"not enough rights to send {what} to the chat")


def check_thread(chat: Chat, thread_id: int, bot: Bot) -> int | None:
    """Return the thread in which a message goes, None for the General topic or a chat without topics.

    Who may manage topics writes in closed ones too.

    Raises:
        Refusal: the topic is not there, is closed, or is General named by its number.
    """
    if not chat.is_forum:
        return None
    if thread_id == GENERAL:
        raise bad_request("message thread not found")
    thread = chat.threads.get(thread_id or GENERAL)
    if thread is None:
        if not thread_id:
            return None
        raise bad_request("message thread not found")
    if thread.deleted:
        raise bad_request("TOPIC_DELETED")
    if thread.closed and not chat.has_right(bot.id, "can_manage_topics"):
        raise bad_request("TOPIC_CLOSED")
    return thread_id or None


def receiver(world: World, bot: Bot, chat: Chat, given: Json, *, command: int | None) -> Json:
    """Return the User who alone sees an ephemeral message.

    A bot that is an administrator may send one to any member. Any other bot answers a press, or an ephemeral
    command, of the member within 15 seconds (core.telegram.org/bots/api#ephemeral-messages-and-commands). `given` are
    the call's EphemeralMessageParameters, `command` the id of the ephemeral message that it replies to.

    Raises:
        Refusal: the bot may not send that person one now.
    """
    if chat.kind not in GROUPS:
        raise bad_request("ephemeral messages can be sent in groups and supergroups only")
    try:
        user_id = int(given["receiver_user_id"])
    except (KeyError, TypeError, ValueError):
        raise bad_request("can't parse ephemeral message parameters: receiver_user_id is needed") from None
    if user_id not in world.people or chat.status(user_id) not in PRESENT:
        raise bad_request("USER_NOT_PARTICIPANT")
    if command is not None and _incoming(world, chat, user_id, command) is None:
        raise bad_request("message to be replied not found")
    if chat.status(bot.id) != "administrator" and command is None:
        pressed = str(given.get("callback_query_id") or "")
        if not pressed:
            raise bad_request("MESSAGE_NOT_COMMAND")
        if not _is_fresh_press(world, pressed, (bot.id, user_id, chat.id)):
            raise bad_request("QUERY_ID_INVALID")
    _check_place(world, given)
    return world.user(user_id)


def _check_place(world: World, given: Json) -> None:
    """Refuse to put an ephemeral message in the place of another by anything but that one's own edit."""
    if given.get("replace_callback_query_message"):
        pressed = world.callbacks.get(str(given.get("callback_query_id") or ""))
        if pressed is None or pressed.ephemeral:
            raise bad_request("can't parse ephemeral message parameters: there is no message to replace")


def _incoming(world: World, chat: Chat, user_id: int, message_id: int) -> Stored | None:
    stored = chat.ephemeral.get((user_id, message_id))
    fresh = stored is not None and world.now() - stored.body["date"] <= EPHEMERAL_ANSWER
    return stored if fresh and stored is not None and stored.bot_id is None else None


def _is_fresh_press(world: World, callback_id: str, place: tuple[int, int, int]) -> bool:
    """Tell whether there was such a press of that bot's button, by that person, in that chat, a moment ago."""
    found = world.callbacks.get(callback_id)
    if found is None or (found.bot_id, found.user_id, found.chat_id) != place:
        return False
    return world.now() - found.at <= EPHEMERAL_ANSWER


def find_ephemeral(chat: Chat, bot: Bot, params: Parameters) -> Stored:
    """Return the bot's ephemeral message that a call names.

    Raises:
        Refusal: there is none, or it is gone.
    """
    stored = chat.ephemeral.get((params.integer("receiver_user_id"), params.integer("ephemeral_message_id")))
    if stored is None or stored.deleted or stored.bot_id != bot.id:
        raise bad_request("message not found")
    return stored
