"""What a chat follows: shown, chosen, muted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.chat import follows
from bot.model.errors import Refusal
from bot.model.topic import Topic, Topics
from bot.stemming import stems
from bot.store import articles, chats, orders, topics
from bot.store.database import reads, writes


@reads
async def all_topics(tx: AsyncConnection) -> Topics:
    """Return the topics in use."""
    return await topics.load(tx)


def meant(known: Topics, words: str) -> Topic | None:
    """Return the topic that a person means, however they inflect its name: `экономики`, `in the economy`.

    A slug, name or alias as it stands goes first; then one whose stems are all among the words,
    the longest of them; then a keyword.
    """
    if topic := known.find(words):
        return topic
    said = set(stems(words))
    called = [(name, each) for each in known.all for name in (each.slug, *each.names.values(), *each.aliases)]
    pointed = [(word, each) for each in known.all for word in each.keywords]
    for pairs in (called, pointed):
        found = [(len(name), each) for word, each in pairs if (name := stems(word)) and said.issuperset(name)]
        if found:
            return max(found, key=lambda pair: pair[0])[1]
    return None


@reads
async def choices(tx: AsyncConnection, chat_id: int) -> tuple[Topics, dict[int, bool]]:
    """Return the topics, and what the chat chose: True where it follows, False where it mutes."""
    return await topics.load(tx), await _chosen(tx, chat_id)


@writes
async def toggle(
    tx: AsyncConnection, chat_id: int, topic_id: int, at: datetime, thread_id: int | None = None
) -> tuple[Topic, bool]:
    """Follow the topic, or leave it where it was followed; return it and whether it is followed now.

    What is followed through a topic above is muted; what was muted is followed again. Refused where the
    topic is no longer in use.
    """
    await chats.hold(tx, chat_id)
    known, chosen = await topics.load(tx), await _chosen(tx, chat_id)
    if topic_id not in known.by_id:
        raise Refusal("no-topic")
    chain = known.chain(topic_id)
    if not follows(chain, chosen):
        await chats.unsubscribe(tx, chat_id, topic_id)
        above = follows(chain[1:], chosen)
        if not above or thread_id is not None:
            await chats.subscribe(tx, chat_id, topic_id, at, thread_id)
        return known.by_id[topic_id], True
    await chats.unsubscribe(tx, chat_id, *known.below(topic_id))
    if follows(chain[1:], chosen):
        await chats.mute(tx, chat_id, topic_id, at)
    return known.by_id[topic_id], False


@reads
async def topics_of(tx: AsyncConnection, article_id: int) -> list[Topic]:
    """Return the topics of a story, those in use."""
    article = await articles.get(tx, article_id)
    known = await topics.load(tx)
    return [known.by_id[at] for at in (article.topic_ids if article else ()) if at in known.by_id]


@writes
async def mute(tx: AsyncConnection, chat_id: int, topic_id: int, at: datetime) -> Topic:
    """Keep a topic from the chat, also where it follows one above. Refused where it is not in use."""
    await chats.hold(tx, chat_id)
    known, chosen = await topics.load(tx), await _chosen(tx, chat_id)
    if topic_id not in known.by_id:
        raise Refusal("no-topic")
    if follows(known.chain(topic_id), chosen):
        await chats.unsubscribe(tx, chat_id, *known.below(topic_id))
        if follows(known.chain(topic_id)[1:], chosen):
            await chats.mute(tx, chat_id, topic_id, at)
    return known.by_id[topic_id]


@reads
async def ordered(tx: AsyncConnection, chat_id: int) -> list[Topic]:
    """Return the topics that the chat chose to follow, in its order."""
    known = await topics.load(tx)
    return [known.by_id[at] for at in orders.ordered(await chats.subscriptions(tx, chat_id), known)]


@writes
async def move_up(tx: AsyncConnection, chat_id: int, topic_id: int) -> None:
    """Move a topic up by one in the chat's order. Refused where the chat doesn't follow it."""
    order = orders.ordered(await chats.subscriptions(tx, chat_id), await topics.load(tx))
    if topic_id not in order:
        raise Refusal("no-topic")
    at = order.index(topic_id)
    order.insert(max(0, at - 1), order.pop(at))
    await orders.arrange(tx, chat_id, order)


async def _chosen(tx: AsyncConnection, chat_id: int) -> dict[int, bool]:
    return {topic_id: not one.muted for topic_id, one in (await chats.subscriptions(tx, chat_id)).items()}
