"""Reads and writes stories as our own JSON: one object or a list of objects."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson

from bot.model.story.content import Blocks, Media, MediaKind, Paragraph, Run
from bot.model.story.content_json import dump_blocks, dump_media, load_blocks, load_media
from bot.sources.html.blocks import to_blocks
from bot.sources.item import Item, SourceError, digest

FIELDS = frozenset(
    {
        *("id", "headline", "lead", "dateline", "blocks", "html", "text", "topics", "language", "url"),
        *("published_at", "picture", "source"),
    }
)


def read_json(data: bytes) -> list[Item]:
    """Return the stories of a JSON text; `categories` hold their topics.

    Raises SourceError that names the first mistake and the story with it.
    """
    try:
        values = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise SourceError("not-json", f"it is not JSON: {error}") from None
    stories = values if isinstance(values, list) else [values]
    if not stories:
        raise SourceError("empty", "there is no story in it")
    return [read_story(value, f"story {number}") for number, value in enumerate(stories, 1)]


def dump_item(item: Item) -> dict[str, Any]:
    """Return the item as a JSON value from which `read_story` makes the same item."""
    told = {
        "id": item.uid,
        "headline": item.headline,
        "lead": item.lead,
        "dateline": item.dateline,
        "blocks": dump_blocks(item.blocks),
        "picture": dump_media(item.picture) if item.picture else None,
        "url": item.url,
        "topics": list(item.categories),
        "published_at": item.published.isoformat() if item.published else None,
        "language": item.language,
        "source": item.source_name,
    }
    return {name: value for name, value in told.items() if value is not None}


def read_story(value: Any, place: str = "story") -> Item:
    """Return the story of one JSON value. Raises SourceError with `place: mistake`."""
    if not isinstance(value, dict):
        raise SourceError("no-object", f"{place}: an object is wanted")
    if surplus := value.keys() - FIELDS:
        raise SourceError("unknown-field", f"{place}: unknown field {min(surplus)!r}")
    words = {name: value.get(name, "") for name in ("headline", "lead", "dateline", "language", "source")}
    if wrong := next((name for name, word in words.items() if not isinstance(word, str)), None):
        raise SourceError("no-text", f"{place}: {wrong} must be text")
    url = value.get("url")
    if url is not None and not isinstance(url, str):
        raise SourceError("no-text", f"{place}: url must be text")
    if not words["headline"].strip():
        raise SourceError("no-headline", f"{place}: headline is missing")
    try:
        blocks, picture, published = _blocks(value), _picture(value), _time(value)
        topics = tuple(str(word) for word in value.get("topics", ()))
    except (ValueError, TypeError) as error:
        raise SourceError("bad-field", f"{place}: {error}") from None
    return Item(
        uid=str(value.get("id") or url or digest(words["headline"], words["dateline"])),
        headline=words["headline"],
        lead=words["lead"],
        dateline=words["dateline"],
        blocks=blocks,
        picture=picture,
        url=url,
        categories=topics,
        published=published,
        language=words["language"],
        source_name=words["source"],
    )


def _blocks(value: dict[str, Any]) -> Blocks:
    if "blocks" in value:
        return load_blocks(value["blocks"])
    if "html" in value:
        return to_blocks(str(value["html"]), value.get("url"))
    paragraphs = str(value.get("text", "")).split("\n\n")
    return tuple(Paragraph((Run(text),)) for part in paragraphs if (text := " ".join(part.split())))


def _picture(value: dict[str, Any]) -> Media | None:
    picture = value.get("picture")
    if picture is None:
        return None
    return Media(MediaKind.PICTURE, picture) if isinstance(picture, str) else load_media(picture)


def _time(value: dict[str, Any]) -> datetime | None:
    if "published_at" not in value:
        return None
    at = datetime.fromisoformat(str(value["published_at"]))
    return at if at.tzinfo else at.replace(tzinfo=UTC)
