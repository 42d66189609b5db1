"""Rich messages, and the edit that may turn a text into one."""

from __future__ import annotations

from typing import Any

from bot.sandbox.calls.answers import Json, bad_request
from bot.sandbox.methods.call import Call, Handler
from bot.sandbox.methods.edits import TEXT_FIELDS, apply, edit_text, find_editable
from bot.sandbox.rich.message import read_rich
from bot.sandbox.world.access import check_may_write
from bot.sandbox.world.keyboards import check_markup_for, read_markup


async def _content(call: Call) -> Json:
    given = call.params.object("rich_message", "rich message")
    if not given:
        raise bad_request("rich message must be non-empty")
    rich, found = read_rich(given)
    named: dict[str, list[Json]] = {}
    for item in rich.get("media") or ():
        if sizes := await _sizes(call, item):
            named[f"tg://photo?id={item['id']}"] = sizes
    if named:
        rich["media"] = [_with_file_id(item, named) for item in rich["media"]]
    for tag, source in found.media:
        # As with a photo, Telegram fetches what is named by its URL, and refuses what it can't have.
        if tag == "img" and (sizes := named.get(source) or await call.photo(source)):
            rich["blocks"].append({"type": "photo", "photo": sizes})
    return {"rich_message": rich}


async def _sizes(call: Call, item: Json) -> list[Json]:
    media = item.get("media")
    if not isinstance(media, dict) or not media.get("media"):
        raise bad_request("can't parse InputRichMessageMedia: media not found")
    return await call.photo(str(media["media"])) if media.get("type") == "photo" else []


def _with_file_id(item: Json, named: dict[str, list[Json]]) -> Json:
    sizes = named.get(f"tg://photo?id={item['id']}")
    return {**item, "media": {**item["media"], "media": sizes[-1]["file_id"]}} if sizes else item


def _has_photo(content: Json) -> bool:
    return any(block["type"] == "photo" for block in content["rich_message"]["blocks"])


async def send_rich_message(call: Call) -> Json:
    """Send a rich message."""
    markup = read_markup(call.params)
    target = call.target()
    check_markup_for(target.chat, markup)
    content = await _content(call)
    if _has_photo(content):
        check_may_write(call.bot, target.chat, "photos")
    return call.post(target, content, markup=markup)


async def edit_message_text(call: Call) -> Any:
    """Edit a text or a rich message, into either of them."""
    if "rich_message" not in call.params:
        return edit_text(call)
    if call.params.text("text"):
        raise bad_request("only one of text and rich_message can be specified")
    chat, stored = find_editable(call)
    if "text" not in stored.body and "rich_message" not in stored.body:
        raise bad_request("there is no text in the message to edit")
    return apply(call, chat, stored, await _content(call), replaced=TEXT_FIELDS)


METHODS: dict[str, Handler] = {
    "sendRichMessage": send_rich_message,
    "editMessageText": edit_message_text,
}
