"""Editing the bot's messages."""

from __future__ import annotations

from typing import Any

from bot.sandbox.calls.answers import Json, bad_request
from bot.sandbox.methods.call import Call, Handler
from bot.sandbox.text.previews import preview_fields
from bot.sandbox.text.stored import check_caption, check_text, read_caption, read_text
from bot.sandbox.world.access import find_ephemeral
from bot.sandbox.world.content import caption_fields, text_fields
from bot.sandbox.world.keyboards import check_markup_for, is_inline, read_markup
from bot.sandbox.world.posts import rewrite
from bot.sandbox.world.state import Chat, Stored

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
TEXT_FIELDS = ("text", "entities", "link_preview_options", "rich_message")
_CAPTION = ("caption", "caption_entities", "show_caption_above_media")
CAPTIONED = ("photo", "video", "document", "audio", "animation", "voice")


def find_editable(call: Call) -> tuple[Chat, Stored]:
    """Return the message that a call wants to edit.

    Raises:
        Refusal: it is not there, or is not one that this bot may edit.
    """
    if inline_id := call.params.text("inline_message_id"):
        return _inline(call, inline_id)
    chat = call.chat()
    stored = chat.living(call.params.integer("message_id"))
    if stored is None:
        raise bad_request("message to edit not found")
    if chat.kind == "channel":
        may = chat.has_right(call.bot.id, "can_edit_messages") or (
            stored.bot_id == call.bot.id and chat.has_right(call.bot.id, "can_post_messages")
        )
    else:
        may = stored.bot_id == call.bot.id
    if not may or stored.fixed or stored.service:
        raise bad_request("message can't be edited")
    return chat, stored


def _inline(call: Call, inline_id: str) -> tuple[Chat, Stored]:
    """Return a message that was put into a chat by the bot's results: whatever the bot may do in that chat."""
    bot_id, chat_id, message_id = call.world.inline_messages.get(inline_id, (0, 0, 0))
    if bot_id != call.bot.id:
        raise bad_request("MESSAGE_ID_INVALID")
    chat = call.world.chat(chat_id, bot_id)
    stored = chat.living(message_id)
    if stored is None:
        raise bad_request("MESSAGE_ID_INVALID")
    return chat, stored


def apply(call: Call, chat: Chat, stored: Stored, content: Json, *, replaced: tuple[str, ...]) -> Any:
    """Replace some of a message's fields and its keyboard, and return the message; of an inline one, True.

    Raises:
        Refusal: nothing would change, or the keyboard is wrong.
    """
    markup = read_markup(call.params)
    if not is_inline(markup):
        raise bad_request("inline keyboard expected")
    check_markup_for(chat, markup)
    dropped = {*replaced, "reply_markup"}
    body = {name: value for name, value in stored.body.items() if name not in dropped}
    body.update(content)
    if markup is not None:
        body["reply_markup"] = markup
    if body == stored.body:
        raise bad_request(NOT_MODIFIED)
    rewrite(call.world, chat, stored, body)
    return True if call.params.text("inline_message_id") else stored.body


def edit_text(call: Call) -> Any:
    """Edit a text."""
    formatted = read_text(call.params)
    chat, stored = find_editable(call)
    if "text" not in stored.body and "rich_message" not in stored.body:
        raise bad_request("there is no text in the message to edit")
    check_text(formatted, edit=True)
    content = text_fields(call.world, formatted)
    content.update(preview_fields(call.params))
    return apply(call, chat, stored, content, replaced=TEXT_FIELDS)


def edit_caption(call: Call) -> Any:
    """Edit a caption."""
    formatted = read_caption(call.params)
    chat, stored = find_editable(call)
    if not any(kind in stored.body for kind in CAPTIONED):
        raise bad_request("there is no caption in the message to edit")
    check_caption(formatted, edit=True)
    content = caption_fields(call.world, formatted)
    if call.params.flag("show_caption_above_media"):
        content["show_caption_above_media"] = True
    return apply(call, chat, stored, content, replaced=_CAPTION)


def edit_markup(call: Call) -> Any:
    """Edit the keyboard alone. Such an edit leaves no mark on the message."""
    chat, stored = find_editable(call)
    return apply(call, chat, stored, {}, replaced=())


def edit_ephemeral_text(call: Call) -> bool:
    """Edit the text of an ephemeral message."""
    formatted = read_text(call.params)
    chat = call.chat()
    stored = find_ephemeral(chat, call.bot, call.params)
    check_text(formatted, edit=True)
    markup = read_markup(call.params)
    if not is_inline(markup):
        raise bad_request("inline keyboard expected")
    kept = {name: each for name, each in stored.body.items() if name not in (*TEXT_FIELDS, "reply_markup")}
    body = {**kept, **text_fields(call.world, formatted), **preview_fields(call.params)}
    if markup is not None:
        body["reply_markup"] = markup
    if body == stored.body:
        raise bad_request(NOT_MODIFIED)
    stored.body = body
    call.world.changes.tell("ephemeral", chat_id=chat.id, bot_id=chat.bot_id, message=stored.view())
    return True


def edit_ephemeral_markup(call: Call) -> bool:
    """Edit the keyboard alone of an ephemeral message."""
    chat = call.chat()
    stored = find_ephemeral(chat, call.bot, call.params)
    markup = read_markup(call.params)
    if not is_inline(markup):
        raise bad_request("inline keyboard expected")
    body = {name: each for name, each in stored.body.items() if name != "reply_markup"}
    if markup is not None:
        body["reply_markup"] = markup
    if body == stored.body:
        raise bad_request(NOT_MODIFIED)
    stored.body = body
    call.world.changes.tell("ephemeral", chat_id=chat.id, bot_id=chat.bot_id, message=stored.view())
    return True


METHODS: dict[str, Handler] = {
    "editEphemeralMessageReplyMarkup": edit_ephemeral_markup,
    "editEphemeralMessageText": edit_ephemeral_text,
    "editMessageCaption": edit_caption,
    "editMessageReplyMarkup": edit_markup,
}
