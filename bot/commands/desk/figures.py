"""`stats`: print the figures of the last days, or of one story, as lines or as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.commands.session import at_the_desk
from bot.desk import lookup
from bot.desk.figures import period, story, tally
from bot.desk.figures.period import PeriodFigures
from bot.desk.figures.story import StoryFigures
from bot.settings import load_settings
from bot.store.engine.database import Database


def stats(*, days: int, article: str | None, as_json: bool) -> int:
    """Print what went out in the last `days`, today among them, in the newsroom's zone; or what became of a story.

    `article` is a story's number, or the id that the story has at its source.
    """
    settings = load_settings()
    bot_id = settings.bot_id

    async def work(db: Database) -> int:
        if article:
            figures = _of_story(await story.of_story(db, (await lookup.find(db, article)).id))
        else:
            now = datetime.now(UTC)
            # The bot may not run: nobody else counts then.
            await tally.count_pushes(db, now)
            await tally.count_audiences(db, bot_id)
            since = period.begin(now, days, settings.time_zone)
            figures = _of_period(await period.of_period(db, bot_id, since, now, zone=settings.time_zone))
        print(json.dumps(figures, ensure_ascii=False) if as_json else "\n".join(_lines(figures)))
        return 0

    return at_the_desk(settings, work)


def _of_period(found: PeriodFigures) -> dict[str, Any]:
    return {
        "since": found.since.isoformat(),
        "until": found.until.isoformat(),
        "stories": found.stories,
        "flashes": found.flashes,
        "corrections": found.corrections,
        "kills": found.kills,
        "accepted": found.accepted,
        "waiting": found.waiting,
        "failed": dict(found.failed),
        "p50_seconds": found.speed.half,
        "p90_seconds": found.speed.most,
        "flash_p50_seconds": found.flash_speed.half,
        "flash_p90_seconds": found.flash_speed.most,
        "gained": found.gained,
        "lost": found.lost,
        "chats": dict(found.kinds),
        "topics": {topic.slug: count for topic, count in found.audiences},
        "most_read": [
            {"article": each.article_id, "headline": each.headline, "reads": each.reads}
            for each in found.most_read
        ],
    }


def _of_story(found: StoryFigures) -> dict[str, Any]:
    first = found.first
    return {
        "article": found.article.id,
        "headline": found.article.content.headline,
        "reach": found.reach,
        "planned": found.planned,
        "accepted": found.accepted,
        "waiting": found.waiting,
        "in_doubt": found.in_doubt,
        "failed": found.failed,
        "skipped": found.skipped,
        "p50_seconds": first.half_seconds if first else None,
        "p90_seconds": first.most_seconds if first else None,
        "within_seconds": first.slow if first else {},
        "corrections": found.corrections,
        "reads": found.reads,
        "reactions": dict(found.reactions),
    }


def _lines(figures: Mapping[str, Any]) -> list[str]:
    return [f"{name.replace('_', ' ')}: {_words(value)}" for name, value in figures.items()]


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {count}" for name, count in value.items()) or "none"
    if isinstance(value, list):
        return "; ".join(_words(each) for each in value) or "none"
    return "unknown" if value is None else str(value)
