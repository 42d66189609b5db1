"""When a story goes out: now, at an hour, not before an embargo lifts; and the moment in which it can be undone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bot.desk.story.checks import look
from bot.desk.story.story import held
from bot.model.audience import Audience, Followers
from bot.model.delivery import Lane
from bot.model.desk.check import Verb, passed
from bot.model.desk.rules import DeskRules
from bot.model.errors import Refusal
from bot.model.story.article import Article
from bot.publishing import story_log
from bot.publishing.publish import publish as publish_story
from bot.store.desk import locks
from bot.store.engine.database import Database
from bot.store.ledger import bulletins
from bot.store.newsroom import articles, audit


@dataclass(frozen=True, slots=True)
class Released:
    """A story as it was published, its bulletin, and until when that can be undone (None: not at all)."""

    article: Article
    bulletin_id: int
    undo_until: datetime | None = None


async def publish(
    db: Database,
    article_id: int,
    *,
    at: datetime,
    by: int | None,
    rules: DeskRules,
    seen: int | None = None,
    passing: Collection[str] = (),
    audience: Audience | None = None,
    bot_id: int | None = None,
) -> Released:
    """Publish the story now. A flash starts when its undo window is over, and goes in the lane of flashes.

    `audience` is for a flash; the others go to the followers of their topics. `passing` names warnings to pass.
    Refused by a blocking check: `not-approved`, `topic-missing`, `embargoed`, `first-not-out` and so on.
    """
    async with held(db, article_id, seen) as (tx, before):
        detail = passed(await look(tx, before, Verb.PUBLISH, at, by=by, rules=rules), passing)
        not_before = at + rules.flash_undo if before.flash and rules.flash_undo else None
        made = await publish_story(
            tx,
            article_id,
            at,
            by=by,
            lane=Lane.FLASH if before.flash else Lane.STORY,
            audience=audience or Followers(languages=before.languages or None),
            bot_id=bot_id,
            not_before=not_before,
            detail=detail,
            unreviewed=before.flash and not before.approved,
        )
        await locks.fall(tx, article_id)
    story_log.published(made.article, story_log.COMMAND if by is None else by)
    return Released(made.article, made.bulletin_id, not_before)


async def undo(db: Database, article_id: int, *, at: datetime, by: int | None) -> Article:
    """Take back what was published and has not started yet, and return the story as it was before.

    Refused as `too-late` once the push has started: from then on a story is killed.
    """
    async with held(db, article_id) as (tx, before):
        after = before.recall(await bulletins.start_of(tx, article_id))
        if not await bulletins.call_off(tx, article_id, at):
            raise Refusal("too-late", headline=before.content.headline)
        await articles.save(tx, after, by=by)
        await audit.add(tx, at, by, "undo", article_id=article_id, revision=after.revision)
    return after


async def schedule(
    db: Database,
    article_id: int,
    moment: datetime,
    *,
    at: datetime,
    by: int | None,
    zone: str,
    rules: DeskRules,
    seen: int | None = None,
    passing: Collection[str] = (),
) -> Article:
    """Let the story go out at `moment` (UTC), which was given in `zone`; also in place of the hour it had.

    Refused where the moment is past, under embargo, and by a blocking check.
    """
    async with held(db, article_id, seen) as (tx, before):
        if moment <= at:
            raise Refusal("time-is-past")
        after = before.schedule(moment, zone)
        detail = passed(await look(tx, before, Verb.SCHEDULE, moment, by=by, rules=rules), passing)
        await articles.save(tx, after, by=by)
        await locks.fall(tx, article_id)
        said = f"{moment.isoformat()} {zone} {detail}".rstrip()
        await audit.add(tx, at, by, "schedule", article_id=article_id, revision=after.revision, detail=said)
        return after


async def unschedule(
    db: Database, article_id: int, *, at: datetime, by: int | None, seen: int | None = None
) -> Article:
    """Take the story's hour away: it is approved, or a draft, as it was before."""
    async with held(db, article_id, seen) as (tx, before):
        after = before.unschedule()
        await articles.save(tx, after, by=by)
        await audit.add(tx, at, by, "unschedule", article_id=article_id, revision=after.revision)
        return after


async def embargo(
    db: Database, article_id: int, until: datetime | None, *, at: datetime, by: int | None, zone: str = ""
) -> Article:
    """Let nobody see the story before `until` (UTC), which was given in `zone`; None lifts the embargo.

    Refused where the moment is past, for a scheduled story, and once readers saw the story.
    """
    async with held(db, article_id) as (tx, before):
        if until is not None and until <= at:
            raise Refusal("time-is-past")
        after = before.embargo(until, zone)
        await articles.save(tx, after, by=by)
        verb, said = ("embargo", f"{until.isoformat()} {zone}") if until else ("lift-embargo", "")
        await audit.add(tx, at, by, verb, article_id=article_id, revision=after.revision, detail=said)
        return after
