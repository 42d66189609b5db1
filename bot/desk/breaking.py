"""Breaking news, from an editor's first word to the last delivery. The card is kept across restarts."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.desk.publish import publish_within
from bot.model.article import Article, Content
from bot.model.bulletin import Progress
from bot.model.delivery import Lane
from bot.model.errors import Refusal
from bot.model.topic import Topics
from bot.store import articles, bulletins, cards, topics
from bot.store.cards import Card, CardState
from bot.store.database import reads, writes, writes_durably

SOURCE = "desk"

WAITS = timedelta(hours=1)
"""How long a person's next message is taken for breaking news after they were asked for it."""

__all__ = ["Card", "CardState"]


@writes
async def ask(tx: AsyncConnection, bot_id: int, chat_id: int, user_id: int, at: datetime) -> Card:
    """Take that person's next message in that chat for breaking news, for an hour."""
    waiting = await cards.asked(tx, bot_id, chat_id, user_id, at - WAITS)
    return waiting or await cards.add(tx, bot_id, chat_id, user_id, at)


@reads
async def awaited(tx: AsyncConnection, bot_id: int, chat_id: int, user_id: int, at: datetime) -> Card | None:
    """Return the card that waits for that person's next message, or None."""
    return await cards.asked(tx, bot_id, chat_id, user_id, at - WAITS)


@reads
async def of_message(tx: AsyncConnection, bot_id: int, chat_id: int, message_id: int) -> Card | None:
    """Return the card whose preview or control that message is, or None."""
    return await cards.by_message(tx, bot_id, chat_id, message_id)


@reads
async def find(tx: AsyncConnection, card_id: int) -> tuple[Card, Article | None, Topics]:
    """Return a card, its story and the topics. Refused where there is none such."""
    card = await cards.get(tx, card_id)
    if card is None:
        raise Refusal("stale")
    article = await articles.get(tx, card.article_id) if card.article_id is not None else None
    return card, article, await topics.load(tx)


@writes
async def draft(
    tx: AsyncConnection, card: Card, content: Content, topic_ids: tuple[int, ...], at: datetime
) -> Card:
    """Give the card its story, once; from now on it can be sent. Refused for whoever comes second."""
    chosen = {"topics": list(topic_ids), "everybody": not topic_ids}
    if await cards.take(tx, card.id, CardState.ASKED, CardState.OPEN, **chosen) is None:
        raise Refusal("general")
    article = await articles.add(
        tx,
        content,
        source=SOURCE,
        uid=f"card:{card.id}",
        at=at,
        topic_ids=topic_ids,
        flash=True,
        by=card.user_id,
    )
    return await cards.change(tx, card.id, article_id=article.id)


@writes
async def rewrite(tx: AsyncConnection, card_id: int, content: Content, at: datetime) -> Card:
    """Change the text of a card that is not sent yet. Refused afterwards."""
    card, article = await _open(tx, card_id)
    if article.content.fingerprint() != content.fingerprint():
        await articles.save(tx, article.correct(content, at), by=card.user_id)
    return card


@writes
async def address(tx: AsyncConnection, card_id: int, topic_id: int | None) -> Card:
    """Add or take away a topic of a card that is not sent yet; None means everybody."""
    card, article = await _open(tx, card_id)
    chosen = set(card.topics)
    if topic_id is None:
        chosen.clear()
    elif topic_id in (await topics.load(tx)).by_id:
        chosen ^= {topic_id}
    ids = tuple(sorted(chosen))
    await articles.save(tx, replace(article, topic_ids=ids))
    return await cards.change(tx, card_id, topics=list(ids), everybody=not ids)


@writes
async def place(tx: AsyncConnection, card_id: int, preview_id: int | None, control_id: int) -> Card:
    """Remember which messages show the card."""
    return await cards.change(tx, card_id, preview_id=preview_id, control_id=control_id)


@reads
async def audience(tx: AsyncConnection, card: Card) -> int:
    """Return how many chats the card would reach now."""
    return await bulletins.audience(tx, card.bot_id, everybody=card.everybody, topic_ids=card.topics)


@writes_durably
async def send(tx: AsyncConnection, card_id: int, by: int, at: datetime) -> Card | None:
    """Publish the card's story, once: whoever presses second, in whatever way, gets None.

    Refused where it was dropped.
    """
    card = await cards.get(tx, card_id, lock=True)
    if card is None or card.article_id is None:
        raise Refusal("stale")
    if card.state is CardState.DROPPED:
        raise Refusal("dropped")
    # Nothing is counted here: among a million chats that would hold the first reader up.
    taken = await cards.take(tx, card_id, CardState.OPEN, CardState.SENT, sent_at=at)
    if taken is None:
        return None
    bulletin_id = await publish_within(
        tx, card.article_id, at, by=by, lane=Lane.FLASH, everybody=card.everybody
    )
    return await cards.change(tx, card_id, bulletin_id=bulletin_id)


@writes
async def drop(tx: AsyncConnection, card_id: int) -> bool:
    """Drop a card that is not sent; return whether it was dropped just now."""
    for state in (CardState.OPEN, CardState.ASKED):
        if await cards.take(tx, card_id, state, CardState.DROPPED) is not None:
            return True
    return False


@reads
async def push_of(tx: AsyncConnection, card_id: int) -> tuple[int, int]:
    """Return the bulletin and the article that the card sent out. Refused where it sent nothing."""
    card = await cards.get(tx, card_id)
    if card is None or card.bulletin_id is None or card.article_id is None:
        raise Refusal("stale")
    return card.bulletin_id, card.article_id


@writes
async def watch(tx: AsyncConnection, card_id: int) -> None:
    """Show the progress of a push that was done before: more of it goes out."""
    await cards.take(tx, card_id, CardState.DONE, CardState.SENT)


@reads
async def under_way(tx: AsyncConnection, bot_id: int) -> list[tuple[Card, Progress]]:
    """Return the cards whose push is under way, and how far it has come."""
    found = []
    for card in await cards.on_the_way(tx, bot_id):
        progress = await bulletins.progress(tx, card.bulletin_id) if card.bulletin_id else None
        if progress is not None:
            found.append((card, progress))
    return found


@writes
async def shown(tx: AsyncConnection, card_id: int, at: datetime, *, done: bool) -> None:
    """Remember that the progress was shown, and whether it is the last of it."""
    state = {"state": CardState.DONE} if done else {}
    await cards.change(tx, card_id, refreshed_at=at, **state)


async def _open(tx: AsyncConnection, card_id: int) -> tuple[Card, Article]:
    card = await cards.get(tx, card_id, lock=True)
    article = await articles.get(tx, card.article_id) if card and card.article_id is not None else None
    if card is None or article is None:
        raise Refusal("stale")
    if card.state is CardState.DROPPED:
        raise Refusal("dropped")
    if card.state is not CardState.OPEN:
        raise Refusal("already-published")
    return card, article
