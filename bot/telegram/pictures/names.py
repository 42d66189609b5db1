"""The pictures of a message, by their addresses, and the message with Telegram's ids in their place."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from bot.model.message import OutgoingMessage
from bot.model.story.content import Media, MediaKind

NAME = "tg://photo?id="
_IMAGE = re.compile(r'(<img src=")([^"]*)(")')
_FETCHED = re.compile(r'<(?:video|audio|tg-document) src="([^"]*)"')


def addresses(message: OutgoingMessage) -> Iterator[str]:
    """Yield the URLs of the pictures whose id does not stand in the message."""
    for media in (message.picture, *(each for _, each in message.media)):
        if media and media.kind is MediaKind.PICTURE and media.url and not media.file_id:
            yield media.url
    if message.rich:
        yield from (source for source in sources(message.html) if is_address(source))


def pictures_in(message: OutgoingMessage) -> Iterator[str]:
    """Yield what names each picture of a message: its URL, or else Telegram's id."""
    for media in (message.picture, *(each for _, each in message.media)):
        if media and media.kind is MediaKind.PICTURE and (name := media.url or media.file_id):
            yield name
    if message.rich:
        yield from (source for source in sources(message.html) if is_address(source))


def fetched(message: OutgoingMessage) -> list[str]:
    """Return the URLs of a rich message's videos, sounds and files, which Telegram gets by itself."""
    found = map(html.unescape, _FETCHED.findall(message.html)) if message.rich else ()
    return [source for source in found if is_address(source)]


def is_address(source: str) -> bool:
    """Return whether it is the URL of a picture, rather than an id or a name."""
    return source.startswith(("http://", "https://"))


def sources(rich: str) -> list[str]:
    """Return what the pictures of rich HTML are taken from, in order: URLs, and names after NAME."""
    return [html.unescape(source) for _, source, _ in _IMAGE.findall(rich)]


def called(urls: Iterable[str]) -> dict[str, str]:
    """Return a name for each URL by which a rich message can call its picture."""
    return {url: f"u{number}" for number, url in enumerate(dict.fromkeys(urls))}


def renamed(rich: str, names: Mapping[str, str]) -> str:
    """Return rich HTML which calls its pictures by name, those whose URL has one."""

    def name(found: re.Match[str]) -> str:
        to = names.get(html.unescape(found[2]))
        return f"{found[1]}{NAME}{to}{found[3]}" if to else found[0]

    return _IMAGE.sub(name, rich)


def with_ids(message: OutgoingMessage, ids: Mapping[str, str]) -> OutgoingMessage:
    """Return the message with Telegram's ids for its pictures, by their URLs."""

    def known(media: Media) -> Media:
        return replace(media, file_id=ids.get(media.url or "", media.file_id))

    picture = known(message.picture) if message.picture else None
    media = tuple((name, known(each)) for name, each in message.media)
    if not message.rich:
        return replace(message, picture=picture, media=media)
    names = called(url for url in sources(message.html) if url in ids)
    more = tuple((name, Media(MediaKind.PICTURE, url, ids[url])) for url, name in names.items())
    return replace(message, html=renamed(message.html, names), media=media + more)
