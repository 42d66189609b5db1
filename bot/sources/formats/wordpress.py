"""Reads posts as WordPress's REST interface gives them (developer.wordpress.org/rest-api/reference/posts)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bot.model.story.content import Media, MediaKind
from bot.sources.html.blocks import to_blocks, to_text
from bot.sources.html.escapes import said_plainly
from bot.sources.item import Item, digest
from bot.sources.text.links import absolute
from bot.sources.text.times import story_time


def are_posts(value: Any) -> bool:
    """Return whether a JSON value is a list of such posts."""
    return isinstance(value, list) and any(
        isinstance(each, dict) and _rendered(each, "title") for each in value
    )


def items(posts: list[Any], url: str) -> Iterator[Item]:
    """Return the posts as items; relative links start from `url`."""
    return (_item(each, url) for each in posts if isinstance(each, dict))


def _item(post: dict[str, Any], url: str) -> Item:
    link = absolute(_text(post.get("link")), url)
    headline = to_text(said_plainly(_rendered(post, "title")))
    image = absolute(_text(post.get("jetpack_featured_media_url")) or _embedded_image(post), url)
    return Item(
        uid=_rendered(post, "guid").strip() or link or digest(headline),
        headline=headline,
        lead=to_text(said_plainly(_rendered(post, "excerpt"))),
        blocks=to_blocks(said_plainly(_rendered(post, "content")), link or url),
        picture=Media(MediaKind.PICTURE, image) if image else None,
        url=link,
        categories=tuple(dict.fromkeys(_terms(post))),
        published=_time(post),
    )


def _time(post: dict[str, Any]) -> datetime | None:
    return story_time(post.get("date_gmt")) or story_time(post.get("date"))


def _rendered(post: dict[str, Any], name: str) -> str:
    value = post.get(name)
    return _text(value.get("rendered")) if isinstance(value, dict) else ""


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _embedded(post: dict[str, Any], name: str) -> list[Any]:
    """Return what a request with `_embed` adds under a name."""
    found = post.get("_embedded")
    value = found.get(name) if isinstance(found, dict) else None
    return value if isinstance(value, list) else []


def _embedded_image(post: dict[str, Any]) -> str:
    media = _embedded(post, "wp:featuredmedia")
    return next((_text(each.get("source_url")) for each in media if isinstance(each, dict)), "")


def _terms(post: dict[str, Any]) -> Iterator[str]:
    for terms in _embedded(post, "wp:term"):
        for term in terms if isinstance(terms, list) else ():
            if isinstance(term, dict) and (name := _text(term.get("name"))):
                yield to_text(name)
