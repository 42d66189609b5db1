"""aiogram's calls with pictures: which they ask for, the call with what is given, the ids in its answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from aiogram.methods import EditMessageMedia, EditMessageText, SendMediaGroup, SendPhoto, SendRichMessage
from aiogram.methods.base import TelegramMethod, TelegramType
from aiogram.types import (
    InputFile,
    InputMediaPhoto,
    InputRichMessage,
    InputRichMessageMedia,
    Message,
    RichBlockPhoto,
)
from pydantic import BaseModel

from bot.telegram.pictures.names import NAME, called, is_address, renamed, sources

Given = Mapping[str, str | InputFile]


def places(method: TelegramMethod[Any]) -> list[str]:
    """Return what each picture of a call is taken from, in the order of the answer: a URL, an id, a name."""
    match method:
        case SendPhoto(photo=str(source)):
            return [source]
        case EditMessageMedia(media=InputMediaPhoto(media=str(source))):
            return [source]
        case SendMediaGroup(media=items):
            return [each.media if isinstance(each.media, str) else "" for each in items]
        case SendRichMessage(rich_message=InputRichMessage() as rich):
            return _rich_places(rich)
        case EditMessageText(rich_message=InputRichMessage() as rich):
            return _rich_places(rich)
    return []


def filled(method: TelegramMethod[TelegramType], given: Given) -> TelegramMethod[TelegramType]:
    """Return the call with what is given for its URLs."""
    match method:
        case SendPhoto(photo=str(source)):
            return method.model_copy(update={"photo": given.get(source, source)})
        case EditMessageMedia(media=InputMediaPhoto() as item):
            return method.model_copy(update={"media": _item(item, given)})
        case SendMediaGroup(media=items):
            return method.model_copy(update={"media": [_item(each, given) for each in items]})
        case SendRichMessage(rich_message=InputRichMessage() as rich):
            return method.model_copy(update={"rich_message": _rich(rich, given)})
        case EditMessageText(rich_message=InputRichMessage() as rich):
            return method.model_copy(update={"rich_message": _rich(rich, given)})
    return method


def file_ids(answer: Any) -> list[str]:
    """Return the ids of the pictures in an answer, in order, each picture's largest size."""
    if isinstance(answer, list):
        return [each for message in answer for each in file_ids(message)]
    if not isinstance(answer, Message):
        return []
    if answer.photo:
        return [answer.photo[-1].file_id]
    return list(_in_blocks(answer.rich_message)) if answer.rich_message else []


def _rich_places(rich: InputRichMessage) -> list[str]:
    by_name = {NAME + each.id: each.media.media for each in rich.media or ()}
    found = [by_name.get(source, source) for source in sources(rich.html or "")]
    return [each if isinstance(each, str) else "" for each in found]


def _item(item: Any, given: Given) -> Any:
    return item.model_copy(update={"media": given.get(item.media, item.media)})


def _rich(rich: InputRichMessage, given: Given) -> InputRichMessage:
    html = rich.html or ""
    # Where Telegram itself is to get it, it stays an address in the text.
    names = called(url for url in sources(html) if not is_address(str(given.get(url, url))))
    media = [each.model_copy(update={"media": _item(each.media, given)}) for each in rich.media or ()]
    media += [
        InputRichMessageMedia(id=name, media=InputMediaPhoto(media=given[url]))
        for url, name in names.items()
        if url in given
    ]
    return rich.model_copy(update={"html": renamed(html, names), "media": media or None})


def _in_blocks(value: Any) -> Iterator[str]:
    """Yield the ids of the photos of a rich message's blocks, in order, nested ones included."""
    if isinstance(value, RichBlockPhoto):
        yield value.photo[-1].file_id
    elif isinstance(value, list):
        for each in value:
            yield from _in_blocks(each)
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _in_blocks(getattr(value, name))
