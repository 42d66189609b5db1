"""Copying and forwarding messages."""

from __future__ import annotations

from bot.sandbox.answers import Json, bad_request
from bot.sandbox.call import Call, Handler, extra_fields
from bot.sandbox.keyboards import check_markup_for, read_markup
from bot.sandbox.posting import post
from bot.sandbox.state import Chat, Stored
from bot.sandbox.texts import caption_fields, check_caption, read_caption

MAX_IDS = 100
_CONTENT = (
    "text",
    "entities",
    "link_preview_options",
    "photo",
    "rich_message",
    "caption",
    "caption_entities",
    "show_caption_above_media",
    "has_media_spoiler",
)


def forward_origin(chat: Chat, stored: Stored) -> Json:
    """Return where a forwarded message comes from."""
    body = stored.body
    if "forward_origin" in body:
        return dict(body["forward_origin"])
    if chat.kind == "channel":
        return {
            "type": "channel",
            "date": body["date"],
            "chat": chat.info,
            "message_id": body["message_id"],
        }
    return {"type": "user", "date": body["date"], "sender_user": body["from"]}


def copied_content(stored: Stored) -> Json:
    """Return the fields of a message that a copy of it has too."""
    return {name: stored.body[name] for name in _CONTENT if name in stored.body}


def _source(call: Call, what: str) -> tuple[Chat, Stored]:
    source = call.chat("from_chat_id")
    stored = source.living(call.params.integer("message_id"))
    if stored is None or stored.service:
        raise bad_request(f"message to {what} not found")
    if stored.body.get("has_protected_content"):
        raise bad_request("message has protected content and can't be forwarded")
    return source, stored


def copy_message(call: Call) -> Json:
    """Send the content of a message again, without a word of where it comes from."""
    markup = read_markup(call.params)
    chat, thread_id, reply_to = call.target()
    check_markup_for(chat, markup)
    _, stored = _source(call, "copy")
    content = {**copied_content(stored), **extra_fields(call.params)}
    if "caption" in call.params and "photo" in content:
        formatted = read_caption(call.params)
        check_caption(formatted)
        content = {name: value for name, value in content.items() if not name.startswith("caption")}
        content.update(caption_fields(call.world, formatted))
    copy = post(
        call.world,
        chat,
        content,
        sender=call.bot.user,
        bot_id=call.bot.id,
        thread_id=thread_id,
        reply_to=reply_to,
        markup=markup,
    )
    return {"message_id": copy.body["message_id"]}


def forward_message(call: Call) -> Json:
    """Forward a message."""
    chat, thread_id, _ = call.target()
    source, stored = _source(call, "forward")
    return _forward(call, chat, thread_id, source, stored)


def _forward(call: Call, chat: Chat, thread_id: int | None, source: Chat, stored: Stored) -> Json:
    content = {**copied_content(stored), **extra_fields(call.params)}
    content["forward_origin"] = forward_origin(source, stored)
    forwarded = post(
        call.world,
        chat,
        content,
        sender=call.bot.user,
        bot_id=call.bot.id,
        thread_id=thread_id,
        fixed=True,
    )
    return forwarded.body


def _several(call: Call) -> list[tuple[Chat, Stored]]:
    ids = call.params.integers("message_ids", "message identifiers")
    if not 1 <= len(ids) <= MAX_IDS:
        raise bad_request("too many message identifiers" if ids else "message identifiers are not specified")
    source = call.chat("from_chat_id")
    found = ((source, stored) for i in ids if (stored := source.living(i)) is not None)
    return [(chat, stored) for chat, stored in found if not stored.service]


def copy_messages(call: Call) -> list[Json]:
    """Copy up to 100 messages; missing ones are skipped."""
    chat, thread_id, _ = call.target()
    copies = []
    for _, stored in _several(call):
        copy = post(
            call.world,
            chat,
            {**copied_content(stored), **extra_fields(call.params)},
            sender=call.bot.user,
            bot_id=call.bot.id,
            thread_id=thread_id,
        )
        copies.append({"message_id": copy.body["message_id"]})
    return copies


def forward_messages(call: Call) -> list[Json]:
    """Forward up to 100 messages; missing ones are skipped."""
    chat, thread_id, _ = call.target()
    sent = (_forward(call, chat, thread_id, *found) for found in _several(call))
    return [{"message_id": body["message_id"]} for body in sent]


METHODS: dict[str, Handler] = {
    "copyMessage": copy_message,
    "copyMessages": copy_messages,
    "forwardMessage": forward_message,
    "forwardMessages": forward_messages,
}
