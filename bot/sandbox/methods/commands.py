"""Command menus, per scope and language."""

from __future__ import annotations

import re

from bot.sandbox.calls.answers import Json, bad_request
from bot.sandbox.calls.parameters import Parameters
from bot.sandbox.methods.call import Call, Handler
from bot.sandbox.world.access import find_chat

MAX_COMMANDS = 100
_NAME = re.compile(r"[a-z0-9_]+\Z")
_LANGUAGE = re.compile(r"(?:[a-z]{2})?\Z")
_GENERAL = frozenset({"default", "all_private_chats", "all_group_chats", "all_chat_administrators"})
_OF_A_CHAT = frozenset({"chat", "chat_administrators", "chat_member"})


def _key(call: Call) -> tuple[str, str]:
    language = call.params.text("language_code")
    if not _LANGUAGE.match(language):
        raise bad_request("invalid language code specified")
    scope = call.params.object("scope", "BotCommandScope") or {"type": "default"}
    kind = scope.get("type")
    if kind in _GENERAL:
        return str(kind), language
    if kind not in _OF_A_CHAT:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    chat = find_chat(call.world, call.bot, Parameters(scope))
    if chat.kind == "channel":
        raise bad_request("can't change commands in channel chats")
    user = f":{scope.get('user_id')}" if kind == "chat_member" else ""
    return f"{kind}:{chat.id}{user}", language


def _command(item: object) -> Json:
    if not isinstance(item, dict) or not {"command", "description"} <= item.keys():
        raise bad_request("can't parse BotCommand: expected an Object")
    command = str(item["command"]).strip().removeprefix("/")
    description = str(item["description"]).strip()
    if not command:
        raise bad_request("command must be non-empty")
    if len(command) > 32:
        raise bad_request("command length must not exceed 32")
    if not description:
        raise bad_request("command description must be non-empty")
    if len(description) > 256:
        raise bad_request("command description length must not exceed 256")
    if not _NAME.match(command):
        raise bad_request("BOT_COMMAND_INVALID")
    ephemeral = {"is_ephemeral": True} if item.get("is_ephemeral") else {}
    return {"command": command, "description": description, **ephemeral}


def set_commands(call: Call) -> bool:
    """Set the menu of a scope and language."""
    given = call.params.json("commands", "commands")
    if not isinstance(given, list):
        raise bad_request("expected an Array of BotCommand")
    if len(given) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    key = _key(call)
    call.bot.commands[key] = [_command(item) for item in given]
    call.world.changes.tell("commands")
    return True


def get_commands(call: Call) -> list[Json]:
    """Return the menu of exactly this scope and language."""
    return call.bot.commands.get(_key(call), [])


def delete_commands(call: Call) -> bool:
    """Forget the menu of a scope and language."""
    call.bot.commands.pop(_key(call), None)
    call.world.changes.tell("commands")
    return True


METHODS: dict[str, Handler] = {
    "setMyCommands": set_commands,
    "getMyCommands": get_commands,
    "deleteMyCommands": delete_commands,
}
