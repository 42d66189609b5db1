"""Review: submit a draft, approve what was read, send a story back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from bot.desk.story.checks import look
from bot.desk.story.story import held
from bot.model.desk.check import Verb, passed
from bot.model.desk.rules import DeskRules
from bot.model.errors import Refusal
from bot.model.story.article import Article
from bot.store.engine.database import Database
from bot.store.newsroom import articles, audit

NOTE_CHARACTERS = 1000


async def submit(
    db: Database,
    article_id: int,
    *,
    at: datetime,
    by: int | None,
    seen: int | None = None,
    passing: Collection[str] = (),
) -> Article:
    """Ask for a review of a draft; return the story as in review. `passing` names warnings to pass."""
    async with held(db, article_id, seen) as (tx, before):
        after = before.submit()
        detail = passed(await look(tx, before, Verb.SUBMIT, at), passing)
        await articles.save(tx, after, by=by)
        await audit.add(tx, at, by, "submit", article_id=article_id, revision=after.revision, detail=detail)
        return after


async def approve(
    db: Database,
    article_id: int,
    *,
    at: datetime,
    by: int | None,
    seen: int,
    rules: DeskRules,
    passing: Collection[str] = (),
) -> Article:
    """Approve the story as the editor saw it: revision `seen`, its topics and languages.

    Refused as `own-story` for who wrote that revision, where the rules ask for another person. A flash that went
    out unreviewed is approved after the fact: it only leaves the list.
    """
    async with held(db, article_id, seen) as (tx, before):
        after = before.approve(by, at)
        if rules.other_approves and by is not None and by == before.edited_by:
            raise Refusal("own-story", headline=before.content.headline)
        detail = passed(await look(tx, before, Verb.APPROVE, at), passing)
        await articles.save(tx, after, by=by)
        await audit.add(tx, at, by, "approve", article_id=article_id, revision=after.revision, detail=detail)
        return after


async def send_back(
    db: Database, article_id: int, *, at: datetime, by: int | None, note: str, seen: int | None = None
) -> Article:
    """Make what is in review or approved a draft again, with a note for its author, which the audit keeps."""
    async with held(db, article_id, seen) as (tx, before):
        after = before.send_back()
        await articles.save(tx, after, by=by)
        note = note.strip()[:NOTE_CHARACTERS]
        await audit.add(tx, at, by, "send-back", article_id=article_id, revision=after.revision, detail=note)
        return after
