"""What comes of a story that a chat follows replies to the story's first message there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import bindparam, select

from bot.model.delivery import Lane, SubjectKind
from bot.model.release import DueDelivery
from bot.model.story.article import NOTICES
from bot.store.engine.array_param import among
from bot.store.engine.database import Transaction
from bot.store.newsroom.tables import article
from bot.store.tables.ledger import message
from bot.store.watch import stories
from bot.store.watch.stories import Spot


class Told(NamedTuple):
    """A story that is told in a chat."""

    subject_id: int
    chat_id: int


Followed = Mapping[Told, Spot]

_PARTS = (
    select(message.c.chat_id, message.c.message_id)
    .where(message.c.bot_id == bindparam("b_bot"), message.c.kind == SubjectKind.ARTICLE)
    .where(message.c.subject_id == bindparam("b_story"), among(message.c.chat_id, "b_chats"))
    .order_by(message.c.part)
)


async def followed(tx: Transaction, rows: Sequence[DueDelivery]) -> dict[Told, Spot]:
    """Return which of the deliveries go on with a story that their chat follows, and where that story stands.

    Of several stories of one thread the earliest counts.
    """
    asked: dict[int, list[DueDelivery]] = defaultdict(list)
    for row in rows:
        # Nothing replies to a message that is just being deleted.
        if row.reply_to is not None and row.lane is not Lane.KILL:
            asked[row.reply_to].append(row)
    found: dict[Told, Spot] = {}
    for reply_to, of_one in asked.items():
        thread = await stories.thread_of(tx, reply_to)
        spots = await stories.spots(tx, thread, {row.chat_id for row in of_one})
        earliest = {each.chat_id: each for each in sorted(spots, key=lambda at: thread.index(at.article_id))}
        found |= {
            Told(row.subject_id, row.chat_id): earliest[row.chat_id]
            for row in of_one
            if row.chat_id in earliest
        }
    return found


async def messages(
    tx: Transaction, bot_id: int, followed: Followed, holders: Mapping[Told, int]
) -> dict[Told, int]:
    """Return to which message each story replies that its chat follows.

    `holders` are the messages of what each replies to. A notice is about that very story, and keeps to it.
    """
    if not followed:
        return {}
    about = select(article.c.id).where(
        article.c.id.in_({each.subject_id for each in followed}), article.c.source.in_(NOTICES)
    )
    notices = set((await tx.execute(about)).scalars())
    wanted = {
        told: spot for told, spot in followed.items() if told.subject_id not in notices or told not in holders
    }
    heads = await _heads(tx, bot_id, set(wanted.values()))
    places = {told: heads.get(spot, spot.message_id) for told, spot in wanted.items()}
    return {told: message_id for told, message_id in places.items() if message_id is not None}


async def _heads(tx: Transaction, bot_id: int, spots: Collection[Spot]) -> dict[Spot, int]:
    """Return the first message of each story in its chat, as far as the ledger has it."""
    chats: dict[int, dict[int, Spot]] = defaultdict(dict)
    for each in spots:
        chats[each.article_id][each.chat_id] = each
    heads: dict[Spot, int] = {}
    for article_id, of_one in chats.items():
        asked = {"b_bot": bot_id, "b_story": article_id, "b_chats": list(of_one)}
        for row in await tx.execute(_PARTS, asked):
            heads.setdefault(of_one[row.chat_id], row.message_id)
    return heads
