"""Editors in Telegram: a draft, people with rights, an opened card, an answered question."""

from __future__ import annotations

from bot.conversations.answers import link_asking
from bot.conversations.visit import Visit
from bot.desk import staff
from bot.model.chat import ChatKind
from bot.model.newsroom.grant import Grant
from bot.model.newsroom.role import Right
from bot.model.story.article import Article, Content
from bot.store.newsroom import articles
from bot.store.newsroom import staff as kept
from tests.support.messages import Message, labels
from tests.support.people import OWNER as OLGA
from tests.support.world import BOT, ECONOMY, World

BRIDGE = Content("Мост через Светлую открыли", "Первыми проехали автобусы.", source_name="Вести долины")
QUICK = {"global_rate": 1000, "chat_rate": 1000, "chat_burst": 100, "group_rate": 60_000}


async def draft(
    room: World, content: Content = BRIDGE, *, by: int | None = None, topic: int = ECONOMY
) -> Article:
    """Keep a draft as a feed, or an author, made it."""
    async with room.db.write() as tx:
        return await articles.add(
            tx,
            content,
            source="valley",
            uid=content.headline,
            at=room.clock.now(),
            topic_ids=(topic,),
            by=by,
        )


async def story(room: World, number: int) -> Article:
    async with room.db.read() as tx:
        found = await articles.get(tx, number)
    assert found
    return found


async def hire(
    room: World, user: int, name: str, rights: frozenset[Right], *, about: frozenset[int] | None = None
) -> None:
    await room.say(user, "/start")
    before = await staff.find(room.db, BOT, user)
    async with room.db.write() as tx:
        now = room.clock.now()
        given = Grant(user, name, rights, about, given_by=OLGA, given_at=now, version=before.version)
        assert await kept.put(tx, BOT, given)


async def opened(room: World, user: int, headline: str = BRIDGE.headline) -> Message:
    """Open a story's card from the shelves."""
    desk = await room.say(user, "/desk")
    await room.press(user, desk, headline)
    return await room.changed(desk, "Язык:")


async def more(room: World, user: int, card: Message) -> Message:
    """Return the page with what a card has no room for; the card itself where all stands on it."""
    label = next((each for each in labels(card) if each in ("Ещё…", "More…")), "")
    if not label:
        return card
    await room.press(user, card, label)
    return await room.until(lambda: (page := room.again(card)) != card and label not in labels(page) and page)


async def answered(room: World, user: int, words: str, question: str) -> Message:
    """Answer the desk's newest question, and return the bot's next message."""
    asked = await room.answer(user, question)
    return await room.say(user, words, reply_to=asked["message_id"])


async def page_of(room: World, user: int, headline: str = BRIDGE.headline) -> Message:
    """Open the page of a story's fields from its card."""
    card = await opened(room, user, headline)
    await room.press(user, card, "Изменить")
    return await room.changed(card, "Заголовок…")


def link_asked(room: World, user: int, mark: str) -> str:
    """Return the link of a question that the bot asks in somebody's own chat."""
    own = ChatKind.PRIVATE
    visit = Visit(services=room.services, user_id=user, language="ru", telegram_id=user, kind=own)
    return link_asking(visit, mark)
