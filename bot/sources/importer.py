"""Stories from files, taken in by hand. The same file again is the same story."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bot.model.errors import SetupError
from bot.publishing import story_log
from bot.sources.classify import Classifier
from bot.sources.intake import Handling, Taken, note, take
from bot.sources.item import Item, SourceError
from bot.sources.kinds.file import FileSource
from bot.sources.parser_pool import ParserPool
from bot.sources.submission import Origin, submission
from bot.store.engine.database import Database
from bot.store.newsroom import topics

SOURCE = "import"


async def read_file(path: Path, parsers: ParserPool) -> list[Item]:
    """Return the stories of a file. Raises SetupError naming it."""
    try:
        return list((await FileSource(str(path), None, parsers).fetch({})).items)
    except SourceError as error:
        raise SetupError(f"{path}: {error.detail or error.reason}") from None


async def take_stories(
    db: Database,
    items: Sequence[Item],
    slugs: tuple[str, ...],
    at: datetime,
    *,
    language: str = "",
    name: str,
    edit_delivered: bool,
) -> list[Taken]:
    """Keep the stories as drafts; `slugs` are topics that all of them get in place of those chosen by their words.

    `language` and `name` (of the source) hold for stories that say neither; without `language` it is detected.
    Raises SetupError for a topic that does not exist.
    """
    origin = Origin(SOURCE, language, name)
    async with db.write() as tx:
        known = await topics.load(tx)
        named = [known.find(slug) for slug in slugs]
        if None in named:
            raise SetupError(f"there is no topic {slugs[named.index(None)]!r}")
        given = tuple(topic.id for topic in named if topic)
        classifier = Classifier(known)
        taken = []
        for item in items:
            submitted = submission(item, origin, classifier)
            if given:
                submitted = replace(submitted, topic_ids=given)
            taken.append(
                await take(tx, submitted, at, handling=Handling.DRAFT, edit_delivered=edit_delivered)
            )
    for each in taken:
        note(each, by=story_log.COMMAND)
    return taken
