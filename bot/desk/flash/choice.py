"""For whom breaking news is, and in which manner the news come: chosen on a card, which nothing has left yet."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from bot.model.audience import Audience, Everybody, Followers
from bot.model.delivery import Manner
from bot.model.desk.card import Card, CardState
from bot.model.errors import Refusal
from bot.model.languages import Codes, primary
from bot.model.story.article import IN_THE_MAKING, Article, Status
from bot.publishing.story import hold
from bot.store.engine.database import Database, Transaction
from bot.store.newsroom import articles, cards, topics

MOST_LANGUAGES = 12
"""How many languages one card can be for: far more than a newsroom has."""


class OpenCard(NamedTuple):
    """A card that is not sent yet, held by the transaction, and its story."""

    card: Card
    article: Article


async def of_story(
    db: Database, article_id: int, *, bot_id: int, chat_id: int, user_id: int, message_id: int, at: datetime
) -> Card:
    """Return a card for a story of the desk, shown in the message `message_id`: for its topics, or everybody.

    Refused for a story that is out, or was taken back.
    """
    async with db.write() as tx:
        article = await hold(tx, article_id)
        if article.status not in (*IN_THE_MAKING, Status.ARCHIVED):
            raise Refusal(f"already-{article.status}", headline=article.content.headline)
        made = await cards.add(tx, bot_id, chat_id, user_id, at=at, state=CardState.OPEN)
        await cards.address(tx, made.id, audience_of(article.topic_ids, article.languages or None))
        return await cards.change(tx, made.id, article_id=article_id, control_id=message_id, of_story=True)


async def address(db: Database, card_id: int, topic_id: int | None) -> Card:
    """Add or take away a topic of a card that is not sent yet; None means everybody."""
    async with db.write() as tx:
        card, article = await open_card(tx, card_id)
        chosen = set(card.topics)
        if topic_id is None:
            chosen.clear()
        elif topic_id in (await topics.load(tx)).by_id:
            chosen ^= {topic_id}
        ids = tuple(sorted(chosen))
        if not card.of_story:
            # Its preview shows the topics. A story of the desk changes only when it is sent.
            await articles.save(tx, replace(article, topic_ids=ids))
        return await cards.address(tx, card_id, audience_of(ids, card.audience.languages))


async def address_language(db: Database, card_id: int, code: str) -> Card:
    """Add or take away a language of a card that is not sent yet; without any, it is for the story's own language.

    Refused for a code that is no language's.
    """
    if not re.fullmatch(r"[a-z]{2,3}", code):
        raise Refusal("stale")
    async with db.write() as tx:
        card, article = await open_card(tx, card_id)
        own = card.languages(article.content)
        chosen = tuple(each for each in own if each != code) if code in own else (*own, code)
        if len(chosen) > MOST_LANGUAGES:
            raise Refusal("stale")
        # Its own language alone is no choice: another text of the card may be in another language.
        alone = chosen == (primary(article.content.language),)
        return await cards.address(tx, card_id, audience_of(card.topics, None if alone else chosen or None))


async def choose_manner(db: Database, card_id: int, manner: Manner) -> Card:
    """Let the card's news come so."""
    async with db.write() as tx:
        await open_card(tx, card_id)
        return await cards.change(tx, card_id, manner=manner)


async def open_card(tx: Transaction, card_id: int) -> OpenCard:
    """Hold a card that has its story and is not sent yet. Refused as `dropped`, or as `already-published`."""
    card = await cards.get(tx, card_id, lock=True)
    article = await articles.get(tx, card.article_id) if card and card.article_id is not None else None
    if card is None or article is None:
        raise Refusal("stale")
    if card.state is CardState.DROPPED:
        raise Refusal("dropped")
    if card.state is not CardState.OPEN:
        raise Refusal("already-published")
    return OpenCard(card, article)


def audience_of(topic_ids: tuple[int, ...], languages: Codes | None = None) -> Audience:
    """Return the followers of the topics; everybody where there are none."""
    return Followers(topic_ids, languages) if topic_ids else Everybody(languages)
