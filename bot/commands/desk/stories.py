"""`draft`, `edit`, `review`, `approve`, `publish`, `schedule`, `embargo` and the like: a story on its way out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.commands.desk.correct import named, only_item
from bot.commands.session import at_the_desk
from bot.desk import lookup
from bot.desk.story import draft as drafts
from bot.desk.story import release, review
from bot.model.errors import Refusal
from bot.model.hours import zone_named
from bot.model.newsroom.moment import moment
from bot.model.story.article import Article
from bot.settings import load_settings
from bot.store.engine.database import Database


def draft(files: list[Path], slugs: list[str], *, flash: bool, update_of: str | None) -> int:
    """Keep the story of the files as a draft, and print its number."""
    settings = load_settings()

    async def work(db: Database) -> int:
        first = await lookup.find(db, update_of) if update_of else None
        content = (await only_item(files)).content(settings.language, "")
        made = await drafts.make(
            db,
            content,
            at=datetime.now(UTC),
            by=None,
            topic_ids=await named(db, slugs),
            flash=flash,
            update_of=first.id if first else None,
        )
        return _told(made)

    return at_the_desk(settings, work, begins=True)


def edit(words: str, said: dict[str, str | None], slugs: list[str], languages: list[str] | None) -> int:
    """Make what is said the draft's next revision, and print how the story stands then.

    `said` are fields by their names (None: as it is), `slugs` the topics (none: as they are). `languages` are those
    whose readers the story is for; `own` alone stands for those of its own language.
    """
    settings = load_settings()

    async def work(db: Database) -> int:
        article = await lookup.find(db, words)
        fields: dict[str, Any] = {name: value for name, value in said.items() if value is not None}
        if not fields.get("headline", "-").strip():
            raise Refusal("headline-stays")
        chosen = () if languages == ["own"] else tuple(languages) if languages else None
        after = await drafts.edit(
            db,
            article.id,
            replace(article.content, **fields),
            at=datetime.now(UTC),
            by=None,
            seen=article.revision,
            topic_ids=await named(db, slugs) if slugs else None,
            languages=chosen,
        )
        return _told(after)

    return at_the_desk(settings, work)


def take(verb: str, words: str, *, note: str = "", when: str = "", passing: list[str] | None = None) -> int:
    """Do a verb of the desk with a story, and print how the story stands then.

    `when` is a time as `schedule` and `embargo` take it, `note` is what `send-back` says, `passing` names warnings.
    """
    settings = load_settings()
    rules = settings.desk

    async def work(db: Database) -> int:
        article, now = await lookup.find(db, words), datetime.now(UTC)
        chosen = moment(when, now, settings.time_zone) if when else None
        passed = passing or []
        match verb:
            case "review":
                after = await review.submit(db, article.id, at=now, by=None, passing=passed)
            case "approve":
                after = await review.approve(
                    db, article.id, at=now, by=None, seen=article.revision, rules=rules, passing=passed
                )
            case "send-back":
                after = await review.send_back(db, article.id, at=now, by=None, note=note)
            case "publish":
                out = await release.publish(db, article.id, at=now, by=None, rules=rules, passing=passed)
                after = out.article
            case "schedule" if chosen:
                after = await release.schedule(
                    db, article.id, chosen.at, at=now, by=None, zone=chosen.zone, rules=rules, passing=passed
                )
            case "unschedule":
                after = await release.unschedule(db, article.id, at=now, by=None)
            case _:
                until, zone = (chosen.at, chosen.zone) if chosen else (None, "")
                after = await release.embargo(db, article.id, until, at=now, by=None, zone=zone)
        return _told(after)

    return at_the_desk(settings, work)


def _told(article: Article) -> int:
    print(f"article {article.id} is {article.status}: {article.content.headline}")
    if article.release_at:
        print(f"goes out at {_at(article.release_at, article.zone)}")
    if article.embargo_until:
        print(f"under embargo until {_at(article.embargo_until, article.zone)}")
    return 0


def _at(when: datetime, zone: str) -> str:
    there = zone_named(zone) or UTC
    return f"{when.astimezone(there):%Y-%m-%d %H:%M} {zone or 'UTC'}"
