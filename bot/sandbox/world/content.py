"""The fields of a Message that hold its content."""

from __future__ import annotations

from bot.sandbox.calls.answers import Json
from bot.sandbox.text.stored import Formatted
from bot.sandbox.world.state import Chat, Stored, World

_CONTENT = (
    "text",
    "entities",
    "link_preview_options",
    "photo",
    "video",
    "document",
    "rich_message",
    "caption",
    "caption_entities",
    "show_caption_above_media",
    "has_media_spoiler",
)


def _known(world: World, entities: list[Json]) -> list[Json]:
    """Return the entities without mentions of people who do not exist, as Telegram does."""
    if not any("_user_id" in entity for entity in entities):
        return entities
    known = []
    for entity in entities:
        user_id = entity.get("_user_id")
        if user_id is None:
            known.append(entity)
        elif person := world.people.get(user_id):
            place = {name: entity[name] for name in ("type", "offset", "length")}
            known.append({**place, "user": person.user})
    return known


def text_fields(world: World, formatted: Formatted) -> Json:
    """Return the fields of a Message that hold a text."""
    entities = _known(world, formatted["entities"])
    return {"text": formatted["text"], "entities": entities} if entities else {"text": formatted["text"]}


def caption_fields(world: World, formatted: Formatted) -> Json:
    """Return the fields of a Message that hold a caption; none, where it is empty."""
    if not formatted["text"]:
        return {}
    fields: Json = {"caption": formatted["text"]}
    if entities := _known(world, formatted["entities"]):
        fields["caption_entities"] = entities
    return fields


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
