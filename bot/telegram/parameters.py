"""A message as the Bot API takes it: which method sends it, with which parameters. Imports no client."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.model.content import Media, MediaKind
from bot.model.message import Keyboard, OutgoingMessage

_TYPES = {
    MediaKind.PICTURE: "photo",
    MediaKind.VIDEO: "video",
    MediaKind.AUDIO: "audio",
    MediaKind.FILE: "document",
}


def method_of(message: OutgoingMessage) -> str:
    """Return the Bot API method that sends the message."""
    if message.rich:
        return "sendRichMessage"
    return "sendPhoto" if message.picture else "sendMessage"


def parameters(message: OutgoingMessage) -> dict[str, Any]:
    """Return the message's parameters, the chat apart."""
    fields: dict[str, Any]
    if message.rich:
        fields = {"rich_message": rich_message(message)}
    elif message.picture:
        fields = {"parse_mode": "HTML", "photo": picture_of(message.picture), "caption": message.html}
    else:
        fields = {"parse_mode": "HTML", "text": message.html, "link_preview_options": preview(message)}
    if message.buttons:
        fields["reply_markup"] = {"inline_keyboard": keyboard(message.buttons)}
    if message.silent:
        fields["disable_notification"] = True
    return fields


def album(messages: Sequence[OutgoingMessage]) -> dict[str, Any]:
    """Return the parameters of `sendMediaGroup` for pictures that go out together."""
    return {"media": [_item(each) for each in messages]}


def _item(message: OutgoingMessage) -> dict[str, Any]:
    assert message.picture is not None
    item = {"type": "photo", "media": picture_of(message.picture)}
    return item | ({"caption": message.html, "parse_mode": "HTML"} if message.html else {})


def calls(parts: Sequence[OutgoingMessage]) -> list[tuple[str, dict[str, Any]]]:
    """Return the calls that show all parts, in order: method and parameters of each, the chat apart."""
    made: list[tuple[str, dict[str, Any]]] = []
    at = 0
    while at < len(parts):
        end = group_end(parts, at)
        if end - at > 1:
            made.append(("sendMediaGroup", album(parts[at:end])))
        else:
            made.append((method_of(parts[at]), parameters(parts[at])))
        at = end
    return made


def group_end(parts: Sequence[OutgoingMessage], start: int) -> int:
    """Return where the album ends that begins with part `start`; the next part where it is none."""
    end = start + 1
    while end < len(parts) and parts[end].grouped:
        end += 1
    return end


def rich_message(message: OutgoingMessage) -> dict[str, Any]:
    """Return the message's InputRichMessage."""
    rich: dict[str, Any] = {"html": message.html}
    if message.media:
        rich["media"] = [
            {"id": name, "media": {"type": _TYPES[each.kind], "media": picture_of(each)}}
            for name, each in message.media
        ]
    return rich


def picture_of(picture: Media) -> str:
    """Return Telegram's id of the picture, or its address; nothing for what is neither.

    A Bot API server of one's own would read `file:` from its disk.
    """
    given = picture.file_id or picture.url or ""
    return given if ":" not in given or given.startswith(("http://", "https://")) else ""


def preview(message: OutgoingMessage) -> dict[str, Any]:
    """Return the message's `link_preview_options`: none is shown unless it is wanted."""
    if not message.preview_url:
        return {"is_disabled": True}
    return {"url": message.preview_url, "prefer_large_media": True, "show_above_text": True}


def keyboard(buttons: Keyboard) -> list[list[dict[str, str]]]:
    """Return the buttons as the Bot API takes them."""
    return [
        [
            {
                "text": button.text,
                **({"url": button.url} if button.url else {"callback_data": button.press or ""}),
                **({"style": button.style} if button.style else {}),
            }
            for button in row
        ]
        for row in buttons
    ]
