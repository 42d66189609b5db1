"""Correct a published story, or take it back, and ask in which chats it stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.desk.story.checks import look
from bot.desk.story.story import held
from bot.model.desk.check import Verb, passed
from bot.model.desk.loudness import Loudness
from bot.model.errors import Refusal
from bot.model.story.article import TAKEN_BACK, Article, Content, Status
from bot.publishing import story_log
from bot.publishing.correct import correct as correct_story
from bot.publishing.kill import kill as kill_story
from bot.store.desk import locks
from bot.store.engine.database import Database, Transaction
from bot.store.ledger import bulletins, deliveries
from bot.store.ledger.deliveries import Leftover
from bot.store.newsroom import audit

MOST_LISTED, REASON_CHARACTERS = 100, 500


@dataclass(frozen=True, slots=True)
class Spread:
    """Where a story is: in how many chats it stands, in how many it is still to be changed or sent.

    `planned` is whether all chats that are concerned are known; `left` are chats from which it could not
    be taken back, up to a hundred.
    """

    shown: int
    waiting: int
    planned: bool
    left: tuple[Leftover, ...] = ()

    @property
    def settled(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.planned and not self.waiting


async def correct(
    db: Database,
    article_id: int,
    content: Content,
    at: datetime,
    *,
    by: int | None = None,
    topic_ids: tuple[int, ...] | None = None,
    seen: int | None = None,
    loudness: Loudness = Loudness.DATED,
    notice: Content | None = None,
) -> int:
    """Make `content` the story's next revision and return its number.

    Who has the story gets an edit: without a word, with the line that dates it, or loud, with `notice` as a reply
    besides. Where `topic_ids` changes its topics, who only now follows one of them gets it as news, as long as it is
    any. `by` is an editor's Telegram id; None: the command line. `seen` is the revision that the editor saw:
    refused as `changed-meanwhile` where there is a newer one.
    """
    async with held(db, article_id, seen) as (tx, before):
        article = await correct_held(
            tx, before, content, at, by=by, topic_ids=topic_ids, loudness=loudness, notice=notice
        )
    story_log.corrected(article, story_log.COMMAND if by is None else by)
    return article.revision


async def correct_held(
    tx: Transaction,
    before: Article,
    content: Content,
    at: datetime,
    *,
    by: int | None,
    topic_ids: tuple[int, ...] | None,
    loudness: Loudness,
    notice: Content | None,
) -> Article:
    """Correct a story that the transaction holds, as `correct` does, and return the story."""
    looked = await look(tx, replace(before, content=content), Verb.CORRECT, at)
    passed([each for each in looked if each.blocking], ())
    return await correct_story(
        tx,
        before.id,
        content,
        at,
        topic_ids=topic_ids,
        by=by,
        loudness=loudness,
        notice=notice,
    )


async def kill(
    db: Database,
    article_id: int,
    at: datetime,
    by: int | None = None,
    *,
    reason: str = "",
    notice: Content | None = None,
) -> Article:
    """Take the story back everywhere: it is deleted where it is shown, and never sent again.

    `notice` is what those are told who had it, mute or not, without a sound; None: nothing.
    """
    return await _take_back(db, article_id, at, by, status=Status.KILLED, reason=reason, notice=notice)


async def take_down(
    db: Database,
    article_id: int,
    at: datetime,
    by: int | None = None,
    *,
    reason: str,
    notice: Content | None = None,
) -> Article:
    """Like a kill, for legal reasons: where a message can't be deleted any more, the notice says so."""
    return await _take_back(db, article_id, at, by, status=Status.TAKEN_DOWN, reason=reason, notice=notice)


async def unpublish(
    db: Database, article_id: int, at: datetime, by: int | None = None, *, reason: str
) -> Article:
    """Like a kill, silently: where a message can't be deleted any more, a neutral line takes its place.

    Refused for what readers can't read.
    """
    return await _take_back(db, article_id, at, by, status=Status.UNPUBLISHED, reason=reason)


async def retry(db: Database, article_id: int, at: datetime, by: int | None = None) -> int:
    """Try again to take the story back where that failed, and return in how many chats.

    Refused as `not-taken-back` for a story that readers may have.
    """
    async with held(db, article_id) as (tx, article):
        if article.status not in TAKEN_BACK:
            raise Refusal("not-taken-back", headline=article.content.headline)
        count = await deliveries.withdraw_again(tx, article_id, at)
        if not count:
            return 0
        await audit.add(
            tx, at, by, "retry", article_id=article_id, revision=article.revision, detail=str(count)
        )
        return count


async def _take_back(
    db: Database,
    article_id: int,
    at: datetime,
    by: int | None,
    *,
    status: Status,
    reason: str,
    notice: Content | None = None,
) -> Article:
    async with held(db, article_id) as (tx, _):
        reason = reason.strip()[:REASON_CHARACTERS]
        article = await kill_story(tx, article_id, at, by=by, status=status, reason=reason, notice=notice)
        await locks.fall(tx, article_id)
    story_log.killed(article, story_log.COMMAND if by is None else by)
    return article


async def spread(db: Database, article_id: int) -> Spread:
    """Return where a story is. Digests that hold it are not counted."""
    async with db.read() as tx:
        shown, waiting = await deliveries.spread(tx, article_id)
        planned = not await bulletins.unplanned(tx, article_id)
        return Spread(
            shown, waiting, planned, tuple(await deliveries.left_standing(tx, article_id, MOST_LISTED))
        )
