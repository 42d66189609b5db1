"""Photos and albums: sending them, putting them in the place of other content, downloading them."""

from __future__ import annotations

from typing import Any

from bot.sandbox.calls.answers import Json, Refusal, bad_request, refusal
from bot.sandbox.calls.parameters import Parameters
from bot.sandbox.methods.call import Call, Handler
from bot.sandbox.methods.edits import CAPTIONED, apply, find_editable
from bot.sandbox.text.stored import check_caption, read_caption
from bot.sandbox.world.content import caption_fields
from bot.sandbox.world.keyboards import check_markup_for, read_markup

MAX_ALBUM = 10
MAX_DOWNLOAD = 20 << 20  # bytes
MAX_DOCUMENT = 50 << 20
_TOGETHER = frozenset({"photo", "video", "live_photo"})
_ALONE = frozenset({"document", "audio"})
_SHOWN = ("show_caption_above_media", "has_spoiler")
_FIELDS = {"has_spoiler": "has_media_spoiler"}  # of an InputMedia, and of a Message
_REPLACED = (
    *CAPTIONED,
    "text",
    "entities",
    "link_preview_options",
    "rich_message",
    "caption",
    "caption_entities",
    "show_caption_above_media",
    "has_media_spoiler",
)


async def _photo_content(call: Call, media: str, params: Parameters) -> Json:
    formatted = read_caption(params)
    content: Json = {"photo": await call.photo(media)}
    check_caption(formatted)
    content.update(caption_fields(call.world, formatted))
    content.update({_FIELDS.get(name, name): True for name in _SHOWN if params.flag(name)})
    return content


async def send_photo(call: Call) -> Json:
    """Send one photo."""
    markup = read_markup(call.params)
    target = call.target("photos")
    check_markup_for(target.chat, markup)
    content = await _photo_content(call, call.params.text("photo"), call.params)
    return call.post(target, content, markup=markup)


def send_document(call: Call) -> Json:
    """Send one file that is uploaded with the call."""
    markup = read_markup(call.params)
    target = call.target("documents")
    check_markup_for(target.chat, markup)
    formatted = read_caption(call.params)
    check_caption(formatted)
    content: Json = {"document": _document(call), **caption_fields(call.world, formatted)}
    return call.post(target, content, markup=markup)


def _document(call: Call) -> Json:
    value = call.params.text("document")
    upload = call.params.files.get(value.removeprefix("attach://") or "document")
    if upload is None:
        if value and not value.startswith("attach://"):
            raise refusal(501, "the sandbox sends no documents but uploads")
        raise bad_request("there is no document in the request")
    if not upload.content:
        raise bad_request("file must be non-empty")
    if len(upload.content) > MAX_DOCUMENT:
        raise refusal(413, "Request Entity Too Large")
    stored = call.world.files.add_document(upload.content, seen_by={call.bot.id})
    return {
        "file_id": stored.id,
        "file_unique_id": stored.unique_id,
        "file_name": upload.name,
        "mime_type": stored.mime,
        "file_size": len(stored.content),
    }


async def send_media_group(call: Call) -> list[Json]:
    """Send an album of photos."""
    items = call.params.json("media", "media")
    if not isinstance(items, list):
        raise bad_request("expected an Array of InputMedia")
    target = call.target("photos")
    if len(items) > MAX_ALBUM:
        raise bad_request("too many messages to send as an album")
    if len(items) < 2:
        raise bad_request("there are too few messages to send as an album")
    _check_mix(items)
    contents = [await _album_item(call, number, item) for number, item in enumerate(items, 1)]
    group = str(14_000_000_000_000_000 + call.world.serial())
    return [call.post(target, {**content, "media_group_id": group}) for content in contents]


def _check_mix(items: list[object]) -> None:
    """Refuse what no album holds, and documents and audios among others than their own kind.

    Raises:
        Refusal: the kinds do not go together.
    """
    kinds = {str(item.get("type")) for item in items if isinstance(item, dict)}
    alone = kinds & _ALONE
    if kinds - _TOGETHER - _ALONE or (alone and len(kinds) > 1):
        raise bad_request("can't use the media of the specified type in the album")


async def _album_item(call: Call, number: int, item: object) -> Json:
    try:
        return await _photo_content(call, *input_photo(item))
    except Refusal as refused:
        reason = refused.description.partition(": ")[2]
        message = f'failed to send message #{number} with the error message "{reason}"'
        raise refusal(refused.code, message) from None


def input_photo(item: object) -> tuple[str, Parameters]:
    """Return which photo an InputMediaPhoto means, and its other fields.

    Raises:
        Refusal: it is malformed, or of a kind that the sandbox does not have.
    """
    if not isinstance(item, dict) or not item.get("media"):
        raise bad_request("can't parse InputMedia: media not found")
    if item.get("type") != "photo":
        raise refusal(501, "the sandbox has no media but photos")
    return str(item["media"]), Parameters(item)


async def edit_media(call: Call) -> Any:
    """Put a photo in the place of a message's content; a text becomes a photo, never the reverse."""
    media, params = input_photo(call.params.json("media", "media"))
    chat, stored = find_editable(call)
    content = await _photo_content(call, media, params)
    return apply(call, chat, stored, content, replaced=_REPLACED)


def get_file(call: Call) -> Json:
    """Say where a file can be downloaded."""
    stored = call.world.files.get(call.params.text("file_id"))
    if stored is None or call.bot.id not in stored.seen_by:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(stored.content) > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    return {
        "file_id": stored.id,
        "file_unique_id": stored.unique_id,
        "file_size": len(stored.content),
        "file_path": stored.path,
    }


METHODS: dict[str, Handler] = {
    "getFile": get_file,
    "sendDocument": send_document,
    "sendPhoto": send_photo,
    "sendMediaGroup": send_media_group,
    "editMessageMedia": edit_media,
}
