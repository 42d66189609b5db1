"""A story's dossier: all that its card shows, read at one moment, in few statements."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime

from bot.desk import pushes, record
from bot.desk.afterwards import aftermath
from bot.desk.afterwards.aftermath import Aftermath
from bot.desk.pushes import StoryPushes
from bot.desk.record import RecordPage
from bot.desk.story import checks
from bot.model.desk.check import Check, Verb
from bot.model.desk.lock import Lock
from bot.model.desk.rules import DeskRules
from bot.model.story.article import IN_THE_MAKING, Article, Status
from bot.model.story.topic import Topics
from bot.publishing.story import hold
from bot.store.desk import locks
from bot.store.engine.database import Database
from bot.store.ledger import bulletins
from bot.store.ledger.counts import Counts
from bot.store.newsroom import held_edits, topics

DEEDS = 3
"""How many of the last deeds on the story a dossier has."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """How a story stands: what stands in the way of its release, what goes out, and what was done to it last.

    `lock` is whose edit is under way, `held` whether an edit of its source is held.
    """

    article: Article
    checks: list[Check]
    pushes: StoryPushes
    done: RecordPage
    topics: Topics
    lock: Lock | None
    held: bool
    after: Aftermath


async def of(
    db: Database, counts: Counts, bot_id: int, article_id: int, *, at: datetime, by: int, rules: DeskRules
) -> Dossier:
    """Return a story's dossier for the editor `by`. Refused where there is no such story.

    How many chats have the story is counted afterwards, or was a moment ago.
    """
    async with db.read() as tx:
        article = await hold(tx, article_id, lock=False)
        found = []
        if article.status in (*IN_THE_MAKING, Status.ARCHIVED):
            found = await checks.look(tx, article, Verb.PUBLISH, at, by=by, rules=rules)
        told = await bulletins.all_of(tx, article_id)
        done = await record.recent(tx, bot_id, article_id, DEEDS)
        known = await topics.load(tx)
        lock = await locks.get(tx, article_id)
        held = await held_edits.standing(tx, article_id)
        planned = all(each.planned_at is not None for each in told)
        after = await aftermath.look(tx, article, planned=planned)
    # After the transaction: what takes a second to count must not keep a connection from those who wait for it.
    state: Hashable = (article.status, article.revision, done.deeds[:1] and done.deeds[0].id, planned)
    return Dossier(
        article,
        found,
        await pushes.counted(db, counts, article, told, state=state),
        done,
        known,
        lock if lock and lock.holds(at) else None,
        held,
        await aftermath.counted(db, counts, article, after, state=state),
    )
