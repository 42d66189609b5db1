"""Make a draft and edit one. Every edit is a revision: nothing that was typed is lost."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.desk.story.story import held
from bot.model.errors import Refusal
from bot.model.languages import ANY, Codes
from bot.model.story.article import IN_THE_MAKING, Article, Content
from bot.publishing import story_log
from bot.publishing.story import hold
from bot.store.desk import locks
from bot.store.engine.database import Database, Transaction
from bot.store.newsroom import articles, audit

SOURCE = "desk"


async def make(
    db: Database,
    content: Content,
    *,
    at: datetime,
    by: int | None,
    topic_ids: tuple[int, ...] = (),
    languages: Codes = ANY,
    flash: bool = False,
    update_of: int | None = None,
    key: str = "",
) -> Article:
    """Keep a draft and return the story. `languages` are those whose readers it is for; none: its own.

    `update_of` makes a follow-up (an update) of that story: it reaches who has the story as a reply, and never
    goes out before it; refused where there is no such story. The same `key`, such as the
    id of the message that the draft was made from, finds the first draft.
    """
    async with db.write(durable=True) as tx:
        if key and (known := await articles.by_source(tx, SOURCE, key)):
            return known
        if update_of is not None:
            await hold(tx, update_of)
        made = await articles.add(
            tx,
            content,
            source=SOURCE,
            uid=key or f"draft:{secrets.token_hex(8)}",
            at=at,
            topic_ids=topic_ids,
            languages=languages,
            flash=flash,
            update_of=update_of,
            by=by,
        )
        await audit.add(tx, at, by, "draft", article_id=made.id, revision=made.revision)
    story_log.came_in(made)
    return made


async def edit(
    db: Database,
    article_id: int,
    content: Content | None = None,
    *,
    at: datetime,
    by: int | None,
    seen: int,
    topic_ids: tuple[int, ...] | None = None,
    languages: Codes | None = None,
) -> Article:
    """Make what is given the draft's next revision, and return the story: a draft again, where it was approved.

    `seen` is the revision that the editor saw; where somebody was quicker the edit is refused as
    `changed-meanwhile`, with `edited_by`. Refused as `locked` while another holds the lock, and once readers saw
    the story: from then on it is corrected.
    """
    async with held(db, article_id, seen) as (tx, before):
        await _need_mine(tx, before, by, at)
        after = before.correct(content or before.content, at, topic_ids, languages)
        return await _keep(tx, after, at=at, by=by)


async def change(
    db: Database,
    article_id: int,
    field: str,
    make: Callable[[Content], Content],
    *,
    at: datetime,
    by: int | None,
    seen: int | None = None,
) -> Article:
    """Make one field of the draft's text another, and return the story: what `make` returns is its next revision.

    Whatever was changed beside the field since revision `seen` stands. Refused as `changed-meanwhile` where the
    field itself (as `Content` names it) is another by now; None as `seen` changes whatever stands there. Else
    refused as `edit` is.
    """
    async with held(db, article_id) as (tx, before):
        await _need_mine(tx, before, by, at)
        if seen is not None and await _is_another(tx, before, field, seen):
            facts = {"headline": before.content.headline, "revision": before.revision}
            raise Refusal("changed-meanwhile", **facts, edited_by=before.edited_by)
        return await _keep(tx, before.correct(make(before.content), at), at=at, by=by)


async def _need_mine(tx: Transaction, before: Article, by: int | None, at: datetime) -> None:
    if before.status not in IN_THE_MAKING:
        raise Refusal(f"already-{before.status}", headline=before.content.headline)
    await locks.need(tx, before.id, by, at)


async def _is_another(tx: Transaction, before: Article, field: str, seen: int) -> bool:
    if seen == before.revision:
        return False
    try:
        then = await articles.content_of(tx, before.id, seen)
    except LookupError:
        return True
    return bool(getattr(then, field) != getattr(before.content, field))


async def _keep(tx: Transaction, after: Article, *, at: datetime, by: int | None) -> Article:
    after = replace(after, edited_by=by)
    await articles.save(tx, after, by=by)
    await audit.add(tx, at, by, "edit", article_id=after.id, revision=after.revision)
    return after
