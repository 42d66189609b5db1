"""Texts and captions as Telegram stores them: parsed, cleaned, trimmed, with entities.

Rules and error texts: `get_formatted_text` of the Bot API server and `fix_formatted_text` of TDLib.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TypedDict

from bot.sandbox.calls.answers import Json, bad_request
from bot.sandbox.calls.parameters import Parameters
from bot.sandbox.text.entities import detect, fix
from bot.sandbox.text.html import MarkupError
from bot.sandbox.text.markup import parse_html, parse_markdown

MAX_RAW = 32_768  # bytes, markup included
MAX_TEXT = 4096  # characters (code points), after parsing
MAX_CAPTION = 1024
MAX_ENTITIES = 100
MAX_ENTITIES_SIZE = 9_500  # bytes, about
_ENTITY_SIZE = 12  # bytes of one entity without its URL, about


class Formatted(TypedDict):
    """A text and its entities, as the server keeps them."""

    text: str
    entities: list[Json]


def read_text(params: Parameters) -> Formatted:
    """Return the parameter `text` of a call, parsed but not yet measured.

    Raises:
        Refusal: it is missing, or its markup is wrong.
    """
    if not params.text("text"):
        raise bad_request("message text is empty")
    return _read(params.text("text"), params, "entities")


def read_caption(params: Parameters) -> Formatted:
    """Return the parameter `caption` of a call, parsed but not yet measured.

    Raises:
        Refusal: its markup is wrong.
    """
    return _read(params.text("caption"), params, "caption_entities")


def _read(raw: str, params: Parameters, entities_name: str) -> Formatted:
    mode = params.text("parse_mode").lower()
    if mode and raw:
        return parse(raw, mode)
    return with_entities(raw, params.json(entities_name, "entities") or [])


def with_entities(raw: str, entities: list[Json]) -> Formatted:
    """Return a text with the entities given for it and those that Telegram finds by itself.

    Raises:
        Refusal: an entity lacks a field, or lies outside of what is possible.
    """
    if not entities:
        return parse(raw, "none")
    if not isinstance(entities, list) or not all(isinstance(entity, dict) for entity in entities):
        raise bad_request("can't parse entities JSON object")
    for entity in entities:
        if not {"type", "offset", "length"} <= entity.keys():
            raise bad_request("can't parse MessageEntity: required fields are missing")
    text, fixed = fix(raw, [dict(entity) for entity in entities])
    return {"text": text, "entities": _limited(detect(text, fixed))}


@lru_cache(maxsize=2048)
def parse(raw: str, mode: str) -> Formatted:
    """Return a text parsed by `mode` (html, markdown, markdownv2 or none), fixed, with found entities.

    The result is shared: a broadcast's text is parsed once. Nobody may change it.

    Raises:
        Refusal: the markup is wrong, too long or of an unknown mode.
    """
    if len(raw.encode("utf-8", "surrogatepass")) > MAX_RAW:
        raise bad_request("text is too long")
    text, entities = raw, list[Json]()
    try:
        if mode == "html":
            text, entities = parse_html(raw)
        elif mode in ("markdown", "markdownv2"):
            text, entities = parse_markdown(raw, 2 if mode == "markdownv2" else 1)
        elif mode != "none":
            raise bad_request("unsupported parse_mode")
    except MarkupError as error:
        raise bad_request(f"can't parse entities: {error}") from None
    text, entities = fix(text, entities)
    return {"text": text, "entities": _limited(detect(text, entities))}


def _limited(entities: list[Json]) -> list[Json]:
    kept = entities[:MAX_ENTITIES]
    if sum(_ENTITY_SIZE + len(entity.get("url", "").encode()) for entity in kept) > MAX_ENTITIES_SIZE:
        raise bad_request("ENTITIES_TOO_LONG")
    return kept


def check_text(formatted: Formatted, *, edit: bool = False) -> None:
    """Refuse a text that is empty or too long.

    Raises:
        Refusal: in the words for a send or, with `edit`, for an edit.
    """
    if not formatted["text"]:
        raise bad_request("text must be non-empty")
    if len(formatted["text"]) > MAX_TEXT:
        raise bad_request("MESSAGE_TOO_LONG" if edit else "message is too long")


def check_caption(formatted: Formatted, *, edit: bool = False) -> None:
    """Refuse a caption that is too long.

    Raises:
        Refusal: in the words for a send or, with `edit`, for an edit.
    """
    if len(formatted["text"]) > MAX_CAPTION:
        raise bad_request("MEDIA_CAPTION_TOO_LONG" if edit else "message caption is too long")
