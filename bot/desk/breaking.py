"""An editor's breaking news as a card: from the first word to the last delivery, kept across restarts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from bot.desk.flash.choice import audience_of, open_card
from bot.model.bulletin import Progress
from bot.model.delivery import Lane
from bot.model.desk.card import Card, CardState
from bot.model.errors import Refusal
from bot.model.languages import ANY, Codes, meet
from bot.model.story.article import Article, Content
from bot.model.story.topic import Topics
from bot.store.audience import languages as newsroom_languages
from bot.store.engine.database import Database, Transaction
from bot.store.ledger import bulletins, plan
from bot.store.ledger.counts import Counts, Size
from bot.store.newsroom import articles, audit, cards, topics

SOURCE = "desk"

WAITS = timedelta(hours=1)
"""How long a person's next message is taken for breaking news after they were asked for it."""


class CardStory(NamedTuple):
    """A card, its story where it has one already, and the newsroom's topics."""

    card: Card
    article: Article | None
    topics: Topics


class CardView(NamedTuple):
    """What a card shows: the card, its story, the newsroom's topics, and how many chats it would reach now.

    `readers` are how many chats of its topics read each language, the story's own language first; a chat that
    reads several counts for each. `languages` are those that the card is for.
    """

    card: Card
    article: Article | None
    topics: Topics
    audience: int
    readers: Mapping[str, int]
    languages: Codes


class CardPush(NamedTuple):
    """A card that went out, and how far its push has come."""

    card: Card
    progress: Progress


async def ask(db: Database, bot_id: int, chat_id: int, user_id: int, *, at: datetime) -> Card:
    """Take that person's next message in that chat for breaking news, for an hour."""
    async with db.write() as tx:
        waiting = await cards.newest(tx, bot_id, chat_id, user_id, since=at - WAITS)
        return waiting or await cards.add(tx, bot_id, chat_id, user_id, at=at)


async def awaited(db: Database, bot_id: int, chat_id: int, user_id: int, *, at: datetime) -> Card | None:
    """Return the card that waits for that person's next message, or None."""
    async with db.read() as tx:
        return await cards.newest(tx, bot_id, chat_id, user_id, since=at - WAITS)


async def in_preview(db: Database, bot_id: int, chat_id: int, user_id: int, *, at: datetime) -> Card | None:
    """Return the card whose preview that person has open in that chat, made within an hour, or None."""
    async with db.read() as tx:
        return await cards.newest(tx, bot_id, chat_id, user_id, since=at - WAITS, state=CardState.OPEN)


async def in_previews(db: Database, bot_id: int, *, at: datetime) -> list[Card]:
    """Return the bot's cards whose preview somebody has open, made within an hour."""
    async with db.read() as tx:
        return await cards.open_since(tx, bot_id, at - WAITS)


async def open_cards_of(db: Database, bot_id: int, article_id: int) -> list[Card]:
    """Return the bot's cards of a story that are not sent."""
    async with db.read() as tx:
        return await cards.open_of(tx, bot_id, article_id)


async def give_up(db: Database, bot_id: int, chat_id: int, user_id: int, *, at: datetime) -> None:
    """Wait no longer for that person's next message in that chat."""
    async with db.write() as tx:
        if waiting := await cards.newest(tx, bot_id, chat_id, user_id, since=at - WAITS):
            await cards.take(tx, waiting.id, CardState.ASKED, CardState.DROPPED)


async def of_message(db: Database, bot_id: int, chat_id: int, message_id: int) -> Card | None:
    """Return the card whose preview or control that message is, or None."""
    async with db.read() as tx:
        return await cards.by_message(tx, bot_id, chat_id, message_id)


async def of_article(db: Database, bot_id: int, article_id: int) -> Card | None:
    """Return the card whose story that is, or None."""
    async with db.read() as tx:
        return await cards.by_article(tx, bot_id, article_id)


async def find(db: Database, card_id: int) -> CardStory:
    """Return a card with its story and the topics. Refused where there is no such card."""
    async with db.read() as tx:
        return await _found(tx, card_id)


async def view(db: Database, counts: Counts, card_id: int, now: datetime | None = None) -> CardView:
    """Return what a card shows; its chats are counted now, or were a moment ago. Refused where no card is.

    `now` leaves out those who have muted its topics at that time.
    """
    async with db.read() as tx:
        found = await _found(tx, card_id)
        told = await newsroom_languages.told(tx)
    card = found.card
    # After the transaction: a million chats must not keep a connection from those who wait for it.
    count = partial(plan.count, audience=card.audience, lane=Lane.FLASH, now=now)
    name = ("audience", replace(card.audience, languages=None))
    chosen = await counts.of(db, name, (), count=count, size=_size)
    languages = card.languages(found.article.content) if found.article else ANY
    offered = (*languages, *told, *sorted(set().union(*chosen)))
    readers = {code: _read(chosen, (code,)) for code in dict.fromkeys(offered)}
    return CardView(*found, _read(chosen, languages), readers, languages)


async def draft(
    db: Database, card: Card, content: Content, at: datetime, *, topic_ids: tuple[int, ...], key: str = ""
) -> Card:
    """Give the card its story, once; from now on the card can be sent. Refused for whoever comes second.

    By `key`, that of the message which the story came from, the story is found when the message is edited.
    """
    async with db.write() as tx:
        if await cards.take(tx, card.id, CardState.ASKED, CardState.OPEN) is None:
            raise Refusal("general")
        await cards.address(tx, card.id, audience_of(topic_ids))
        taken = not key or await articles.by_source(tx, SOURCE, key)
        article = await articles.add(
            tx,
            content,
            source=SOURCE,
            uid=f"card:{card.id}" if taken else key,
            at=at,
            topic_ids=topic_ids,
            flash=True,
            by=card.user_id,
        )
        await audit.add(tx, at, card.user_id, "draft", article_id=article.id, revision=1, bot_id=card.bot_id)
        return await cards.change(tx, card.id, article_id=article.id)


async def rewrite(db: Database, card_id: int, content: Content, at: datetime) -> Card:
    """Change the text of a card that is not sent yet. Refused afterwards."""
    async with db.write() as tx:
        card, article = await open_card(tx, card_id)
        if article.content.fingerprint() != content.fingerprint():
            after = article.correct(content, at)
            await articles.save(tx, after, by=card.user_id)
            await audit.add(
                tx,
                at,
                card.user_id,
                "edit",
                article_id=article.id,
                revision=after.revision,
                bot_id=card.bot_id,
            )
        return card


async def place(db: Database, card_id: int, preview_id: int | None, control_id: int) -> Card:
    """Remember which messages show the card."""
    async with db.write() as tx:
        return await cards.change(tx, card_id, preview_id=preview_id, control_id=control_id)


async def drop(db: Database, card_id: int) -> bool:
    """Drop a card that is not sent; return whether it was dropped just now."""
    async with db.write() as tx:
        for state in (CardState.OPEN, CardState.ASKED):
            if await cards.take(tx, card_id, state, CardState.DROPPED) is not None:
                return True
        return False


async def push_of(db: Database, card_id: int) -> tuple[int, int]:
    """Return the bulletin and the article that the card sent out. Refused where it sent nothing."""
    async with db.read() as tx:
        card = await cards.get(tx, card_id)
        if card is None or card.bulletin_id is None or card.article_id is None:
            raise Refusal("stale")
        return card.bulletin_id, card.article_id


async def watch(db: Database, card_id: int) -> None:
    """Show the progress of a push that was done before: more of it goes out."""
    async with db.write() as tx:
        await cards.take(tx, card_id, CardState.DONE, CardState.SENT)


async def under_way(db: Database, bot_id: int, card_id: int | None = None) -> list[CardPush]:
    """Return the cards that are going out, all or that one, and how far each has come."""
    async with db.read() as tx:
        found = []
        for card in await cards.on_the_way(tx, bot_id):
            if card_id not in (None, card.id):
                continue
            progress = await bulletins.progress(tx, card.bulletin_id) if card.bulletin_id else None
            if progress is not None:
                found.append(CardPush(card, progress))
        return found


async def push(db: Database, card_id: int) -> CardPush | None:
    """Return how far a card's push has come; None where the card sent nothing, or was taken back before it began."""
    async with db.read() as tx:
        card = await cards.get(tx, card_id)
        if card is None or card.bulletin_id is None or card.state not in (CardState.SENT, CardState.DONE):
            return None
        progress = await bulletins.progress(tx, card.bulletin_id)
        return CardPush(card, progress) if progress else None


async def shown(db: Database, card_id: int, at: datetime, *, control_id: int, done: bool) -> None:
    """Remember that the progress was shown in the message `control_id`, and whether it is the last of it."""
    async with db.write() as tx:
        state = {"state": CardState.DONE} if done else {}
        await cards.change(tx, card_id, refreshed_at=at, control_id=control_id, **state)


async def _found(tx: Transaction, card_id: int) -> CardStory:
    card = await cards.get(tx, card_id)
    if card is None:
        raise Refusal("stale")
    article = await articles.get(tx, card.article_id) if card.article_id is not None else None
    return CardStory(card, article, await topics.load(tx))


def _size(chosen: Mapping[Codes, int]) -> Size:
    return Size(sum(chosen.values()), settled=False)


def _read(chosen: Mapping[Codes, int], languages: Codes) -> int:
    """Return how many of the chats, counted by their choice, read one of the languages."""
    return sum(count for choice, count in chosen.items() if meet(choice, languages))
