"""Reads reply markup by Telegram's rules: some mistakes are dropped silently, others refused."""

from __future__ import annotations

from bot.sandbox.calls.answers import Json, bad_request
from bot.sandbox.calls.parameters import Parameters
from bot.sandbox.text.links import checked_link, mentioned_user
from bot.sandbox.world.state import Chat

MAX_ROW = 8
MAX_BUTTONS = 100
MAX_MARKUP = 10_240  # bytes
MAX_CALLBACK_DATA = 64  # bytes
MAX_COPY_TEXT = 256
_REPLY_KINDS = ("keyboard", "remove_keyboard", "force_reply")
_ACTIONS = (
    "url",
    "callback_data",
    "callback_game",
    "pay",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "login_url",
    "web_app",
    "copy_text",
    "disabled",
)
_PEERS = {"request_users": "users", "request_chat": "chats"}
_STYLES = frozenset({"danger", "success", "primary"})
_KEPT = ("icon_custom_emoji_id", "style")
_TEXT_BUTTON = "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"


def read_markup(params: Parameters) -> Json | None:
    """Return the reply markup of a call, checked; None where there is none.

    Raises:
        Refusal: it is malformed.
    """
    markup = params.object("reply_markup", "reply markup")
    if not markup:
        return None
    if len(params.text("reply_markup")) > MAX_MARKUP:
        raise bad_request("reply markup is too long")
    if "inline_keyboard" in markup:
        return inline_keyboard(markup["inline_keyboard"])
    if any(kind in markup for kind in _REPLY_KINDS):
        return markup
    return None


def is_inline(markup: Json | None) -> bool:
    """Tell whether the markup is shown under the message (and so is part of it)."""
    return markup is None or "inline_keyboard" in markup


def check_markup_for(chat: Chat, markup: Json | None) -> None:
    """Refuse a keyboard that this kind of chat cannot have.

    Raises:
        Refusal: a reply keyboard in a channel, a web app outside of a private chat.
    """
    if markup is None:
        return
    if not is_inline(markup):
        if chat.kind == "channel":
            raise bad_request("inline keyboard expected")
        _check_requests(chat, markup)
        return
    for button in (button for row in markup["inline_keyboard"] for button in row):
        if "web_app" in button and chat.kind != "private":
            raise bad_request("BUTTON_TYPE_INVALID")


def _check_requests(chat: Chat, markup: Json) -> None:
    rows = markup.get("keyboard") or []
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "keyboard" of the ReplyKeyboardMarkup must be an Array of Arrays')
    for button in (button for row in rows for button in row if isinstance(button, dict)):
        if not str(button.get("text", "")).strip():
            raise bad_request("can't parse keyboard button: text must be non-empty")
        if button.get("request_location") and chat.kind != "private":
            raise bad_request("location can be requested in private chats only")
        for name, what in _PEERS.items():
            if name in button:
                _check_peer(chat, button[name], what)


def _check_peer(chat: Chat, request: object, what: str) -> None:
    if chat.kind != "private":
        raise bad_request(f"{what} can be requested in private chats only")
    if not isinstance(request, dict) or "request_id" not in request:
        raise bad_request("can't parse keyboard button: can't find field \"request_id\"")
    theirs: Json = request.get("user_administrator_rights") or {}
    bots: Json = request.get("bot_administrator_rights") or {}
    if any(value and not theirs.get(name) for name, value in bots.items()):
        raise bad_request("can't parse keyboard button: the bot's rights must be among the user's")


def inline_keyboard(rows: object) -> Json | None:
    """Return an inline keyboard without its empty buttons; None where nothing is left.

    Raises:
        Refusal: it is malformed or larger than Telegram allows.
    """
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    kept = [[button for item in row if (button := _button(item))] for row in rows]
    kept = [row for row in kept if row]
    if any(len(row) > MAX_ROW for row in kept) or sum(map(len, kept)) > MAX_BUTTONS:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    return {"inline_keyboard": kept} if kept else None


def _button(item: object) -> Json | None:
    if not isinstance(item, dict):
        raise bad_request("can't parse inline keyboard button: expected an Object")
    if "text" not in item:
        raise bad_request("can't parse inline keyboard button: can't find field \"text\"")
    text = str(item["text"])
    action = next((name for name in _ACTIONS if item.get(name) is not None), None)
    if action is None:
        raise bad_request(_TEXT_BUTTON)
    if not text.strip() and not item.get("icon_custom_emoji_id"):
        return None
    if item.get("style", "primary") not in _STYLES:
        raise bad_request("can't parse inline keyboard button: unsupported button style")
    value = _checked(action, item[action])
    extras = {name: item[name] for name in _KEPT if item.get(name) not in (None, False, "")}
    return {"text": text, action: value, **extras}


def _checked(action: str, value: object) -> object:
    if action == "callback_data":
        if not 1 <= len(str(value).encode()) <= MAX_CALLBACK_DATA:
            raise bad_request("BUTTON_DATA_INVALID")
        return str(value)
    if action == "url":
        return _checked_url(str(value))
    if action == "copy_text":
        text = value.get("text") if isinstance(value, dict) else None
        if not isinstance(text, str) or not 1 <= len(text) <= MAX_COPY_TEXT:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
    return value


def _checked_url(url: str) -> str:
    if mentioned_user(url.encode()):
        return url
    link = checked_link(url.encode())
    if not link:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    return link.decode()
