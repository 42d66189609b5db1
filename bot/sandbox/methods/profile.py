"""How the bot presents itself: name, descriptions, menu button, rights; and its stars."""

from __future__ import annotations

import re

from bot.sandbox.calls.answers import Json, bad_request
from bot.sandbox.methods.call import Call, Handler

_LANGUAGE = re.compile(r"(?:[a-z]{2})?\Z")
_LIMITS = {"name": 64, "description": 512, "short_description": 120}
_BUTTONS = frozenset({"default", "commands", "web_app"})


def _language(call: Call) -> str:
    language = call.params.text("language_code")
    if not _LANGUAGE.match(language):
        raise bad_request("invalid language code specified")
    return language


def _setter(field: str) -> Handler:
    def set_text(call: Call) -> bool:
        text = call.params.text(field)
        if len(text) > _LIMITS[field]:
            raise bad_request(f"bot {field.replace('_', ' ')} is too long")
        call.bot.texts[field, _language(call)] = text
        call.world.changes.tell("commands")
        return True

    return set_text


def _getter(field: str) -> Handler:
    def get_text(call: Call) -> Json:
        language = _language(call)
        default = call.bot.user["first_name"] if field == "name" else ""
        texts = call.bot.texts
        return {field: texts.get((field, language)) or texts.get((field, "")) or default}

    return get_text


def set_menu_button(call: Call) -> bool:
    """Set the button beside the text field."""
    button = call.params.object("menu_button", "MenuButton") or {"type": "default"}
    if button.get("type") not in _BUTTONS:
        raise bad_request("can't parse menu button: unsupported type specified")
    call.bot.menu_buttons[call.params.integer("chat_id")] = button
    return True


def get_menu_button(call: Call) -> Json:
    """Return the button beside the text field."""
    buttons = call.bot.menu_buttons
    chat_id = call.params.integer("chat_id")
    return buttons.get(chat_id) or buttons.get(0) or {"type": "commands" if not chat_id else "default"}


def _rights_key(call: Call) -> str:
    return "channels" if call.params.flag("for_channels") else "groups"


def set_admin_rights(call: Call) -> bool:
    """Set which rights the bot asks for when it is made administrator."""
    call.bot.admin_rights[_rights_key(call)] = call.params.object("rights", "ChatAdministratorRights") or {}
    return True


def get_star_balance(call: Call) -> Json:
    """Return how many Telegram Stars the bot has."""
    return {"amount": call.bot.stars.tenths // 10}


METHODS: dict[str, Handler] = {
    "setMyName": _setter("name"),
    "getMyName": _getter("name"),
    "setMyDescription": _setter("description"),
    "getMyDescription": _getter("description"),
    "setMyShortDescription": _setter("short_description"),
    "getMyShortDescription": _getter("short_description"),
    "setChatMenuButton": set_menu_button,
    "getChatMenuButton": get_menu_button,
    "setMyDefaultAdministratorRights": set_admin_rights,
    "getMyStarBalance": get_star_balance,
}
