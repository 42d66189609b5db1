"""Finds the photo that a call means: a file id, a URL, or an upload.

Limits and texts: the Bot API's "Sending files" and the Bot API server's `Client.cpp`.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

import aiohttp

from bot.sandbox.calls.answers import Json, bad_request
from bot.sandbox.calls.parameters import Parameters
from bot.sandbox.text.links import checked_link
from bot.sandbox.world.files import Files, StoredFile, photo_sizes

MAX_UPLOAD = 10 << 20  # bytes
MAX_BY_URL = 5 << 20
MAX_SIDES = 10_000  # width and height together, pixels
MAX_RATIO = 20
FETCH_SECONDS = 10

_EXTENSIONS = frozenset({"jpg", "jpeg", "gif", "png", "tif", "bmp"})

WRONG_FILE = "wrong file identifier/HTTP URL specified"
NOT_FETCHED = "failed to get HTTP URL content"
NOT_A_PICTURE = "wrong type of the web page content"


class NoPicture(Exception):
    """A URL gives no picture; the text is Telegram's."""


async def find_photo(files: Files, params: Parameters, bot_id: int, value: str) -> list[Json]:
    """Return the sizes of the photo that `value` stands for: a file id, a URL, an upload.

    An empty `value` stands for the upload `photo`. The photo becomes known to the bot.

    Raises:
        Refusal: there is none, or Telegram would not take it.
    """
    name = value.removeprefix("attach://") if value.startswith("attach://") else "photo"
    if (upload := params.files.get(name)) is not None:
        if len(upload.content) > MAX_UPLOAD:
            size = len(upload.content)
            raise bad_request(
                f"file of size {size} bytes is too big for a photo; the maximum size is {MAX_UPLOAD} bytes"
            )
        _check_extension(upload.name)
        return _checked(files.add_picture(upload.content, {bot_id}), "IMAGE_PROCESS_FAILED")
    if not value:
        raise bad_request("there is no photo in the request")
    if "://" in value:
        try:
            content = await fetch_picture(files, value)
        except NoPicture as error:
            raise bad_request(str(error)) from None
        return _checked(files.add_picture(content, {bot_id}), NOT_A_PICTURE)
    stored = files.get(value)
    if stored is None or bot_id not in stored.seen_by:
        raise bad_request(WRONG_FILE)
    return photo_sizes(stored)


def _check_extension(name: str) -> None:
    extension = name.rpartition(".")[2].lower()
    if "." in name and extension not in _EXTENSIONS:
        raise bad_request("photo has unsupported extension. Use one of .jpg, .jpeg, .gif, .png, .tif or .bmp")


def _checked(stored: StoredFile | None, otherwise: str) -> list[Json]:
    if stored is None:
        raise bad_request(otherwise)
    short, long = sorted((stored.width, stored.height))
    if short < 1 or short + long > MAX_SIDES or long > MAX_RATIO * short:
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return photo_sizes(stored)


async def fetch_picture(files: Files, url: str) -> bytes:
    """Return the picture of a URL: one offered to the sandbox, or one fetched from a loopback address.

    Raises:
        NoPicture: nothing can be had there, or something that is no picture.
    """
    if (offered := files.offered.get(url)) is not None:
        return offered
    host = urlsplit(url).hostname or ""
    if not is_loopback(host):
        wrong = not checked_link(url.encode())
        raise NoPicture("wrong HTTP URL specified" if wrong else NOT_FETCHED)
    timeout = aiohttp.ClientTimeout(total=FETCH_SECONDS)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(url) as response:
            if response.status != 200:
                raise NoPicture(NOT_FETCHED)
            if not response.content_type.startswith("image/"):
                raise NoPicture(NOT_A_PICTURE)
            content = await response.content.read(MAX_BY_URL + 1)
    except (TimeoutError, aiohttp.ClientError, ValueError):
        raise NoPicture(NOT_FETCHED) from None
    if len(content) > MAX_BY_URL:
        raise NoPicture(NOT_FETCHED)
    return content


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine, without asking a name server."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
