"""A message as the Bot API takes it: which method sends it, with which parameters. Imports no client."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from bot.model.message import Button, Keyboard, OutgoingMessage
from bot.model.story.content import Media, MediaKind

_TYPES = {
    MediaKind.PICTURE: "photo",
    MediaKind.VIDEO: "video",
    MediaKind.AUDIO: "audio",
    MediaKind.FILE: "document",
}


class Call(NamedTuple):
    """A call of the Bot API: the method's name and its parameters, the chat apart."""

    method: str
    fields: dict[str, Any]


def to_send(messages: Sequence[OutgoingMessage]) -> Call:
    """Return the call that sends a message, or several pictures together as one album."""
    if len(messages) > 1:
        return Call("sendMediaGroup", {"media": [_item(each) for each in messages]})
    message = messages[0]
    if message.rich:
        return Call("sendRichMessage", {"rich_message": _rich(message), **_buttons(message)})
    if message.picture:
        photo = {"photo": picture_of(message.picture), "caption": message.html}
        return Call("sendPhoto", {"parse_mode": "HTML", **photo, **_buttons(message)})
    return Call("sendMessage", {**_text(message), **_buttons(message)})


def to_edit(message: OutgoingMessage, *, caption: bool) -> Call:
    """Return the call that makes a standing message read like this one, its picture as it is.

    `caption` is set where a photo stands, of which only the caption can be changed.
    """
    if caption:
        fields = {"parse_mode": "HTML", "caption": message.html}
        return Call("editMessageCaption", {**fields, **_buttons(message)})
    text = {"parse_mode": None, "rich_message": _rich(message)} if message.rich else _text(message)
    return Call("editMessageText", {**text, **_buttons(message)})


def to_edit_buttons(buttons: Keyboard) -> Call:
    """Return the call that gives a standing message other buttons."""
    return Call("editMessageReplyMarkup", {"reply_markup": {"inline_keyboard": _keyboard(buttons)}})


def to_change_picture(message: OutgoingMessage) -> Call:
    """Return the call that gives a standing message this one's picture and caption."""
    return Call("editMessageMedia", {"media": _item(message), **_buttons(message)})


def calls(parts: Sequence[OutgoingMessage]) -> list[Call]:
    """Return the calls that send all parts, in order."""
    made: list[Call] = []
    at = 0
    while at < len(parts):
        end = group_end(parts, at)
        made.append(to_send(parts[at:end]))
        at = end
    return made


def group_end(parts: Sequence[OutgoingMessage], start: int) -> int:
    """Return where the album ends that begins with part `start`; the next part where it is none."""
    end = start + 1
    while end < len(parts) and parts[end].grouped:
        end += 1
    return end


def _text(message: OutgoingMessage) -> dict[str, Any]:
    return {"parse_mode": "HTML", "text": message.html, "link_preview_options": _preview(message)}


def _buttons(message: OutgoingMessage) -> dict[str, Any]:
    return {"reply_markup": {"inline_keyboard": _keyboard(message.buttons)}} if message.buttons else {}


def _item(message: OutgoingMessage) -> dict[str, Any]:
    assert message.picture is not None
    item = {"type": "photo", "media": picture_of(message.picture)}
    return item | ({"caption": message.html, "parse_mode": "HTML"} if message.html else {})


def _rich(message: OutgoingMessage) -> dict[str, Any]:
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


def _preview(message: OutgoingMessage) -> dict[str, Any]:
    """Return the message's `link_preview_options`: none is shown unless it is wanted."""
    if not message.preview_url:
        return {"is_disabled": True}
    return {"url": message.preview_url, "prefer_large_media": True, "show_above_text": True}


def _keyboard(buttons: Keyboard) -> list[list[dict[str, Any]]]:
    """Return the buttons as the Bot API takes them."""
    return [
        [
            {
                "text": button.text,
                **_action(button),
                **({"style": button.style} if button.style else {}),
            }
            for button in row
        ]
        for row in buttons
    ]


def _action(button: Button) -> dict[str, Any]:
    if button.disabled:
        return {"disabled": {}}
    return {"url": button.url} if button.url else {"callback_data": button.press or ""}
