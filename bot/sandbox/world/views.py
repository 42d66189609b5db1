"""The views of chats and of the whole state for the control API and the page."""

from __future__ import annotations

from bot.sandbox.calls.answers import Json
from bot.sandbox.world.access import GENERAL
from bot.sandbox.world.state import PRESENT, Bot, Chat, World


def chat_view(world: World, chat: Chat) -> Json:
    """Return a ChatInfo: the Bot API's Chat with members, threads and the bot's command menus."""
    bot = _bot_of(world, chat)
    return {
        **chat.info,
        "bot_id": bot.id if bot else None,
        "members": [
            {"user_id": user_id, "status": member["status"]} for user_id, member in chat.members.items()
        ],
        "threads": [
            {"id": thread.id, "name": thread.name, "closed": thread.closed}
            for thread in chat.threads.values()
            if not thread.deleted and thread.id != GENERAL
        ],
        **({"is_forum": True} if chat.is_forum else {}),
        "bot_rights": _rights(bot, chat),
        "blocked": chat.blocked,
        "started": chat.started,
        "deleted": chat.deleted,
        "migrated_to": chat.migrated_to,
        "pinned": list(chat.pinned),
        "commands": commands_in(bot, chat) if bot else {},
    }


def _rights(bot: Bot | None, chat: Chat) -> list[str]:
    """Return what the bot may do as an administrator."""
    member = chat.members.get(bot.id, {}) if bot else {}
    return [name for name, value in member.items() if name.startswith("can_") and value]


def _bot_of(world: World, chat: Chat) -> Bot | None:
    if chat.bot_id is not None:
        return world.bots.get(chat.bot_id)
    present = (bot for bot in world.bots.values() if chat.status(bot.id) in PRESENT)
    return next(present, next(iter(world.bots.values()), None))


def commands_in(bot: Bot, chat: Chat) -> dict[str, list[Json]]:
    """Return the menu of a chat by language, "" for every language that has none of its own.

    The order of scopes is the Bot API's; menus for administrators or single members are left out.
    """
    if chat.kind == "channel":
        return {}
    kind = "all_private_chats" if chat.kind == "private" else "all_group_chats"
    scopes = (f"chat:{chat.id}", kind, "default")
    languages = {language for scope, language in bot.commands if scope in scopes} | {""}
    return {language: menu for language in sorted(languages) if (menu := _menu(bot, scopes, language))}


def _menu(bot: Bot, scopes: tuple[str, ...], language: str) -> list[Json]:
    keys = ((scope, spoken) for scope in scopes for spoken in (language, ""))
    return next((bot.commands[key] for key in keys if bot.commands.get(key)), [])


def _bot_view(bot: Bot) -> Json:
    """Return the bot's User with its name and what it can do, as it says that itself, by language."""
    said: dict[str, Json] = {"name": {}, "description": {}}
    for (field, language), text in bot.texts.items():
        if field in said:
            said[field][language] = text
    return {**bot.user, "names": said["name"], "descriptions": said["description"]}


def is_shown(world: World, bot_id: int | None) -> bool:
    """Return whether the page shows this bot's things: the first bot's, and those of no bot."""
    return bot_id is None or bot_id == next(iter(world.bots), None)


def state_view(world: World) -> Json:
    """Return everything but the messages; of private chats, those with the first bot."""
    return {
        "now": world.now(),
        "bots": [_bot_view(bot) for bot in world.bots.values()],
        "users": [person.user for person in world.people.values()],
        "chats": [chat_view(world, chat) for chat in world.chats() if is_shown(world, chat.bot_id)],
    }
