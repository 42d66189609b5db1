"""What happened at the desk since the last look: which cards appear in the desk's groups, and who is told.

The record says what was done; sources' new drafts are found by their numbers. Both are remembered in the transaction
that decides what follows: whatever dies in between, each deed is taken up once.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from bot.desk.live import notices
from bot.desk.story.draft import SOURCE
from bot.model.desk.deed import Deed
from bot.model.desk.shown_card import DeskGroup, ShownCard
from bot.model.story.article import NOTICES, Article
from bot.store.desk.live import groups, shown
from bot.store.engine.database import Database, Transaction
from bot.store.newsroom import articles, audit
from bot.store.newsroom.audit import Window

AT_ONCE = 200
SETTLED = timedelta(seconds=5)
"""How long a deed is looked at again: on PostgreSQL one with a smaller number may come in after it."""

LIST_EVERY = timedelta(minutes=1)
MOST_DRAFTS = 100
"""Sources' new drafts are told of once in so long, and so many at most are counted."""

APPEARS = (
    *("draft", "submit", "approve", "send-back", "return", "schedule", "publish", "correct", "accept"),
    *("kill", "takedown", "unpublish", "pause", "stop", "retry"),
)
"""Deeds with which a story's card appears in a desk group that has none."""

SINKS = ("submit", "approve", "publish", "return", "kill", "takedown", "unpublish")
"""Deeds after which a story's card stands at the group's end; with others it changes in its place."""


async def take_up(db: Database, bot_id: int, now: datetime, *, owners: Collection[int]) -> list[int]:
    """Take up what happened since the last look. Return drafts of sources of which the groups are told by a list."""
    async with db.read() as tx:
        last = await groups.told(tx, bot_id)
        known = await groups.of_bot(tx, bot_id)
        nothing = last is not None and not await audit.oldest(tx, 1, Window(bot_id, after=last[0]))
        if nothing and last is not None and not await _drafts(tx, bot_id, known, now, after=last[1]):
            return []
    async with db.write() as tx:
        last_deed, last_article = await groups.begin(tx, bot_id)
        deeds = await audit.oldest(tx, AT_ONCE, Window(bot_id, after=last_deed))
        await _tell(tx, bot_id, deeds, known, owners=owners, at=now)
        drafts = await _drafts(tx, bot_id, known, now, after=last_article)
        if drafts:
            await groups.listed(tx, bot_id, now)
        if len(drafts) == 1:
            await _want(tx, bot_id, known, drafts[0], at=now)
        settled = [each.id for each in deeds if each.at <= now - SETTLED or len(deeds) == AT_ONCE]
        await groups.note_told(
            tx, bot_id, deed_id=max([last_deed, *settled]), article_id=max([last_article, *drafts])
        )
        return drafts if len(drafts) > 1 else []


async def _tell(
    tx: Transaction,
    bot_id: int,
    deeds: Sequence[Deed],
    known: Sequence[DeskGroup],
    *,
    owners: Collection[int],
    at: datetime,
) -> None:
    numbers = sorted({each.article_id for each in deeds if each.article_id is not None})
    stories = {each.id: each for each in await articles.many(tx, numbers)}
    await notices.plan(tx, bot_id, deeds, stories, owners=owners, at=at, in_group=bool(known))
    for group in known:
        for deed in deeds:
            story = stories.get(deed.article_id or 0)
            if story is None or deed.verb not in APPEARS:
                continue
            card = await shown.get(tx, bot_id, group.chat_id, story.id)
            appears = card is None and _concerns_desk(deed, story)
            sinks = card is not None and deed.verb in SINKS and _before(card, deed)
            if appears or sinks:
                await _want(tx, bot_id, [group], story.id, at=at)


async def _drafts(
    tx: Transaction, bot_id: int, known: Sequence[DeskGroup], now: datetime, *, after: int
) -> list[int]:
    listed = max((each.listed_at for each in known if each.listed_at is not None), default=None)
    if not known or (listed is not None and listed > now - LIST_EVERY):
        return []
    return await groups.drafts_after(tx, after, SOURCE, MOST_DRAFTS)


async def _want(
    tx: Transaction, bot_id: int, known: Sequence[DeskGroup], article_id: int, *, at: datetime
) -> None:
    for group in known:
        card = ShownCard(group.chat_id, article_id, 0, at, at, thread_id=group.thread_id)
        await shown.want(tx, bot_id, card)


def _concerns_desk(deed: Deed, story: Article) -> bool:
    """Return whether people have a hand in it, or a story is taken back by whatever hand.

    What a trusted source publishes by itself is no matter for the desk.
    """
    if story.source in NOTICES:
        return False
    if deed.verb in notices.WITHDRAWALS:
        return True
    hands = (deed.actor, story.edited_by, story.approval)
    return story.source == SOURCE or any(each is not None for each in hands) or deed.verb in ("pause", "stop")


def _before(card: ShownCard, deed: Deed) -> bool:
    """Return whether the card was last shown before the deed."""
    shown_deed = card.state.rpartition(":")[2]
    return not shown_deed or int(shown_deed) < deed.id
