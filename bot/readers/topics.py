"""What a chat follows: shown, chosen, muted."""

from __future__ import annotations

from datetime import datetime

from bot.model.chat import follows, topic_order
from bot.model.errors import Refusal
from bot.model.story.topic import Topic, Topics
from bot.stemming import stems
from bot.store.audience import chats, subscriptions
from bot.store.engine.database import Database, Transaction
from bot.store.newsroom import articles, topics


async def all_topics(db: Database) -> Topics:
    """Return the topics in use."""
    async with db.read() as tx:
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


async def choices(db: Database, chat_id: int) -> tuple[Topics, dict[int, bool]]:
    """Return the topics, and what the chat chose: True where it follows, False where it mutes."""
    async with db.read() as tx:
        return await topics.load(tx), await _chosen(tx, chat_id)


async def toggle(
    db: Database, chat_id: int, topic_id: int, at: datetime, *, thread_id: int | None = None
) -> tuple[Topic, bool]:
    """Follow the topic, or leave it where it was followed; return it and whether it is followed now.

    What is followed through a topic above is muted; what was muted is followed again. Refused where the
    topic is no longer in use.
    """
    async with db.write() as tx:
        await chats.hold(tx, chat_id)
        known, chosen = await topics.load(tx), await _chosen(tx, chat_id)
        if topic_id not in known.by_id:
            raise Refusal("no-topic")
        chain = known.chain(topic_id)
        if not follows(chain, chosen):
            await _follow(tx, chat_id, topic_id, at, above=follows(chain[1:], chosen), thread_id=thread_id)
            return known.by_id[topic_id], True
        await subscriptions.unsubscribe(tx, chat_id, *known.below(topic_id))
        if follows(chain[1:], chosen):
            await subscriptions.mute(tx, chat_id, topic_id, at)
        return known.by_id[topic_id], False


async def follow(
    db: Database, chat_id: int, topic_id: int, at: datetime, *, thread_id: int | None = None
) -> Topic:
    """Follow the topic, or go on following it. Refused where the topic is no longer in use."""
    async with db.write() as tx:
        await chats.hold(tx, chat_id)
        known, chosen = await topics.load(tx), await _chosen(tx, chat_id)
        if topic_id not in known.by_id:
            raise Refusal("no-topic")
        chain = known.chain(topic_id)
        if not follows(chain, chosen):
            await _follow(tx, chat_id, topic_id, at, above=follows(chain[1:], chosen), thread_id=thread_id)
        return known.by_id[topic_id]


async def menu_stands(db: Database, chat_id: int, message_id: int) -> int | None:
    """Note that the chat's topic menu stands in that message now; return in which it stood before."""
    async with db.write() as tx:
        await chats.hold(tx, chat_id)
        known = await chats.get(tx, chat_id)
        await chats.set_menu(tx, chat_id, message_id)
        return known.menu_id if known else None


async def mute(db: Database, chat_id: int, topic_id: int, at: datetime) -> Topic:
    """Keep a topic from the chat, also where the chat follows one above. Refused where it is not in use."""
    async with db.write() as tx:
        return await _mute(tx, await topics.load(tx), chat_id, topic_id, at=at)


async def mute_story(db: Database, chat_id: int, article_id: int, at: datetime) -> list[Topic]:
    """Keep the topic of a story from the chat, and return it.

    Where the story has several topics, none is muted and all are returned, to choose from. Refused where the
    story has none that is in use.
    """
    async with db.write() as tx:
        article, known = await articles.get(tx, article_id), await topics.load(tx)
        found = [known.by_id[each] for each in (article.topic_ids if article else ()) if each in known.by_id]
        if not found:
            raise Refusal("no-topic")
        return [await _mute(tx, known, chat_id, found[0].id, at=at)] if len(found) == 1 else found


async def _follow(
    tx: Transaction, chat_id: int, topic_id: int, at: datetime, *, above: bool, thread_id: int | None
) -> None:
    await subscriptions.unsubscribe(tx, chat_id, topic_id)
    if not above or thread_id is not None:
        await subscriptions.subscribe(tx, chat_id, topic_id, at, thread_id=thread_id)


async def _mute(tx: Transaction, known: Topics, chat_id: int, topic_id: int, *, at: datetime) -> Topic:
    await chats.hold(tx, chat_id)
    chosen = await _chosen(tx, chat_id)
    if topic_id not in known.by_id:
        raise Refusal("no-topic")
    if follows(known.chain(topic_id), chosen):
        await subscriptions.unsubscribe(tx, chat_id, *known.below(topic_id))
        if follows(known.chain(topic_id)[1:], chosen):
            await subscriptions.mute(tx, chat_id, topic_id, at)
    return known.by_id[topic_id]


async def ordered(db: Database, chat_id: int) -> list[Topic]:
    """Return the topics that the chat chose to follow, in its order."""
    async with db.read() as tx:
        known = await topics.load(tx)
        return [known.by_id[at] for at in topic_order(await subscriptions.of_chat(tx, chat_id), known)]


async def move_up(db: Database, chat_id: int, topic_id: int) -> None:
    """Move a topic up by one in the chat's order. Refused where the chat doesn't follow it."""
    async with db.write() as tx:
        order = topic_order(await subscriptions.of_chat(tx, chat_id), await topics.load(tx))
        if topic_id not in order:
            raise Refusal("no-topic")
        at = order.index(topic_id)
        order.insert(max(0, at - 1), order.pop(at))
        await subscriptions.arrange(tx, chat_id, order)


async def _chosen(tx: Transaction, chat_id: int) -> dict[int, bool]:
    return {topic_id: not one.muted for topic_id, one in (await subscriptions.of_chat(tx, chat_id)).items()}
