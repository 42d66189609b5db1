"""Copying and forwarding messages."""

from __future__ import annotations

from bot.sandbox.calls.answers import Json, bad_request
from bot.sandbox.methods.call import Call, Handler, Target
from bot.sandbox.text.stored import check_caption, read_caption
from bot.sandbox.world.content import caption_fields, copied_content, forward_origin
from bot.sandbox.world.keyboards import check_markup_for, read_markup
from bot.sandbox.world.state import Chat, Stored

MAX_IDS = 100


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
    target = call.target()
    check_markup_for(target.chat, markup)
    _, stored = _source(call, "copy")
    content = copied_content(stored)
    if "caption" in call.params and "photo" in content:
        formatted = read_caption(call.params)
        check_caption(formatted)
        content = {name: value for name, value in content.items() if not name.startswith("caption")}
        content.update(caption_fields(call.world, formatted))
    return {"message_id": call.post(target, content, markup=markup)["message_id"]}


def forward_message(call: Call) -> Json:
    """Forward a message."""
    target = call.target()
    return _forward(call, target, *_source(call, "forward"))


def _forward(call: Call, target: Target, source: Chat, stored: Stored) -> Json:
    content = {**copied_content(stored), "forward_origin": forward_origin(source, stored)}
    return call.post(target._replace(reply_to=None), content, fixed=True)


def _several(call: Call) -> list[tuple[Chat, Stored]]:
    ids = call.params.integers("message_ids", "message identifiers")
    if not 1 <= len(ids) <= MAX_IDS:
        raise bad_request("too many message identifiers" if ids else "message identifiers are not specified")
    source = call.chat("from_chat_id")
    found = ((source, stored) for i in ids if (stored := source.living(i)) is not None)
    return [(chat, stored) for chat, stored in found if not stored.service]


def copy_messages(call: Call) -> list[Json]:
    """Copy up to 100 messages; missing ones are skipped."""
    target = call.target()._replace(reply_to=None)
    copies = (call.post(target, copied_content(stored)) for _, stored in _several(call))
    return [{"message_id": body["message_id"]} for body in copies]


def forward_messages(call: Call) -> list[Json]:
    """Forward up to 100 messages; missing ones are skipped."""
    target = call.target()
    sent = (_forward(call, target, *found) for found in _several(call))
    return [{"message_id": body["message_id"]} for body in sent]


METHODS: dict[str, Handler] = {
    "copyMessage": copy_message,
    "copyMessages": copy_messages,
    "forwardMessage": forward_message,
    "forwardMessages": forward_messages,
}
