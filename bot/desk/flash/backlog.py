"""What waits before breaking news: how many messages, and for how long at a pace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.model.audience import Everybody, Followers
from bot.model.bulletin import Bulletin
from bot.model.delivery import Manner
from bot.model.languages import meet
from bot.store.engine.database import Database, Transaction
from bot.store.ledger import backlog, bulletins, plan
from bot.store.newsroom import articles


@dataclass(frozen=True, slots=True)
class Backlog:
    """The flash that is going out (the one that has most before it), what is left of all, and how long that takes.

    `messages` are those that go before a flash that is sent now, `seconds` how long they take, `own_seconds` after
    which time from now the last reader of that one has it. No `headline`: nothing is going out. `more`: there are
    more than could be counted at once.
    """

    headline: str
    messages: int
    seconds: float
    own_seconds: float
    more: bool = False


async def goes_out(db: Database, bot_id: int, at: datetime) -> bool:
    """Return whether a flash that is sent now has anything before it."""
    async with db.read() as tx:
        decided = [told for told in await bulletins.unfinished(tx, now=at) if told.lane in backlog.LANES]
        return bool(decided) or await backlog.anything_before_flash(tx, bot_id, at)


async def estimate(
    db: Database, bot_id: int, at: datetime, *, rate: float, chats: int, manner: Manner = Manner.SOUND
) -> Backlog:
    """Return what waits before a flash to so many chats; `rate` is calls a second, as they are made now.

    What is to be pinned takes two calls in each chat.
    """
    async with db.read() as tx:
        left = await backlog.waiting_before_flash(tx, bot_id, at)
        calls = messages = 0
        most, headline = 0, ""
        for told in await bulletins.unfinished(tx, now=at):
            if told.lane in backlog.LANES:
                left[told.article_id] = left.get(told.article_id, 0) + await _unplanned(tx, bot_id, told)
        pinned = await backlog.pinned_among(tx, left)
        for article_id, count in left.items():
            messages += count
            calls += count * (2 if article_id in pinned else 1)
            if count > most and (article := await articles.get(tx, article_id)):
                most, headline = count, article.content.headline
    own = chats * (2 if manner is Manner.PINNED else 1)
    return Backlog(headline, messages, calls / rate, (calls + own) / rate, messages >= backlog.MOST)


async def _unplanned(tx: Transaction, bot_id: int, told: Bulletin) -> int:
    """Return about how many deliveries of a bulletin are still to be planned: as many of the chats as before."""
    if told.bot_id not in (None, bot_id):
        return 0
    if told.cursor:
        return round(told.deliveries * max(0, told.ceiling - told.cursor) / told.cursor)
    audience = told.audience
    if isinstance(audience, Followers) and audience.topic_ids is None:
        article = await articles.get(tx, told.article_id)
        audience = Followers(article.topic_ids if article else ())
    if not isinstance(audience, (Everybody, Followers)):
        return 0
    chosen = await plan.count(tx, audience, lane=told.lane, bot_id=bot_id)
    return sum(count for choice, count in chosen.items() if meet(choice, told.languages))
