"""What a story says, as columns of a revision, or as one JSON value."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from bot.model.story.article import Content
from bot.model.story.content_json import dump_blocks, dump_media, load_blocks, load_media

FIELDS = ("headline", "lead", "dateline", "blocks", "picture", "language", "url", "source_name")


def values(content: Content) -> dict[str, Any]:
    """Return the content's fields as they are kept."""
    return {
        "headline": content.headline,
        "lead": content.lead,
        "dateline": content.dateline,
        "blocks": dump_blocks(content.blocks),
        "picture": dump_media(content.picture) if content.picture else None,
        "language": content.language,
        "url": content.url,
        "source_name": content.source_name,
    }


def read(row: Any) -> Content:
    """Return the content of a row that has its fields."""
    return Content(
        headline=row.headline,
        lead=row.lead,
        dateline=row.dateline,
        blocks=load_blocks(row.blocks),
        picture=load_media(row.picture) if row.picture else None,
        language=row.language,
        url=row.url,
        source_name=row.source_name,
    )


def load(kept: dict[str, Any]) -> Content:
    """Return the content of one JSON value that `values` made."""
    return read(SimpleNamespace(**kept))
