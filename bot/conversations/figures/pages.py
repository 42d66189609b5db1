"""Figures in words: the page of a period, and that of a story."""

from __future__ import annotations

from typing import Any

from bot.desk.figures.period import PeriodFigures
from bot.desk.figures.story import StoryFigures
from bot.model.desk.title import title
from bot.model.story.topic import Topic
from bot.rendering.text.times import date_words

MOST_TOPICS, MOST_REASONS, MOST_REACTIONS = 12, 5, 10
LONGEST_HEADLINE = 120


def period_facts(found: PeriodFigures, language: str, zone: str, *, days: int) -> dict[str, Any]:
    """Return what `talk/stats.j2` says of a period of so many days."""
    return {
        "report": False,
        "days": days,
        "since": date_words(found.since, found.until, language, zone),
        "zone_name": zone,
        "stories": found.stories,
        "flashes": found.flashes,
        "corrections": found.corrections,
        "kills": found.kills,
        "accepted": found.accepted,
        "waiting": found.waiting,
        "not_reached": found.not_reached,
        "failed": list(found.failed.items())[:MOST_REASONS],
        "half": found.speed.half,
        "most": found.speed.most,
        "flash_half": found.flash_speed.half,
        "flash_most": found.flash_speed.most,
        "gained": found.gained,
        "lost": found.lost,
        "kinds": _kinds(found),
        "topics": [(topic.name(language), count) for topic, count in largest(found, MOST_TOPICS)],
        "most_read": [
            (title(each.article_id, each.headline, LONGEST_HEADLINE), each.reads) for each in found.most_read
        ],
    }


def story_facts(found: StoryFigures, language: str, zone: str) -> dict[str, Any]:
    """Return what `talk/stats_story.j2` says of a story."""
    facts: dict[str, Any] = {
        "headline": title(found.article.id, found.article.content.headline, LONGEST_HEADLINE),
        "out": bool(found.pushes),
    }
    if found.first is None:
        return facts
    first = found.first
    timed = first.accepted - first.later
    within = [(seconds, round(100 * count / timed)) for seconds, count in first.slow.items()]
    begun = found.pushes[0].started_at
    return facts | {
        "since": date_words(begun, begun, language, zone),
        "zone_name": zone,
        "reach": found.reach,
        "planned": found.planned,
        "accepted": found.accepted,
        "half": first.half_seconds,
        "most": first.most_seconds,
        "within": within,
        "later": sum(each.later for each in found.pushes),
        "waiting": found.waiting,
        "in_doubt": found.in_doubt,
        "failed": list(found.failed.items())[:MOST_REASONS],
        "skipped": list(found.skipped.items())[:MOST_REASONS],
        "corrections": found.corrections,
        "edited": found.edited,
        "reads": found.reads,
        "reactions": list(found.reactions.items())[:MOST_REACTIONS],
    }


def largest(found: PeriodFigures, most: int) -> list[tuple[Topic, int]]:
    """Return the topics that reach most chats, with how many, the largest first."""
    return [each for each in found.audiences if each[1]][:most]


def _kinds(found: PeriodFigures) -> list[tuple[str, int]]:
    groups = sum(found.kinds.get(each, 0) for each in ("group", "supergroup"))
    counts = [("private", found.kinds.get("private", 0)), ("group", groups)]
    return [each for each in (*counts, ("channel", found.kinds.get("channel", 0))) if each[1]]
