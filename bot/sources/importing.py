"""Stories from files: agency copy, our JSON, pages, feeds. The same file again is the same story."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.errors import SetupError
from bot.sources.classify import Classifier
from bot.sources.files import read_stories
from bot.sources.intake import Handling, Taken, read_content, take_item
from bot.sources.item import Item, SourceError
from bot.store import topics
from bot.store.database import writes

SOURCE = "import"


def read_file(path: Path) -> list[Item]:
    """Return the stories of a file. Raises SetupError naming it."""
    try:
        return read_stories(str(path), path.read_bytes())
    except OSError as error:
        raise SetupError(f"{path}: can't be read ({error.strerror})") from None
    except SourceError as error:
        raise SetupError(f"{path}: {error.detail or error.reason}") from None


@writes
async def take_stories(
    tx: AsyncConnection,
    items: list[Item],
    slugs: tuple[str, ...],
    *,
    language: str,
    name: str,
    edit_delivered: bool,
    at: datetime,
) -> list[Taken]:
    """Keep the stories as drafts; `slugs` are topics that all of them get beside their own.

    Raises SetupError for a topic that does not exist.
    """
    known = await topics.load(tx)
    named = [known.find(slug) for slug in slugs]
    if None in named:
        raise SetupError(f"there is no topic {slugs[named.index(None)]!r}")
    given = [topic.id for topic in named if topic]
    classifier = Classifier(known)
    taken = []
    for item in items:
        content, chosen = read_content(item, classifier, language, name, ())
        taken.append(
            await take_item(
                tx,
                item,
                source=SOURCE,
                content=content,
                topic_ids=given or chosen,
                handling=Handling.DRAFT,
                edit_delivered=edit_delivered,
                at=at,
            )
        )
    return taken
