"""Who may run topics and feeds, and what they pressed: asked anew at each press, which can be forged."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiogram.types import CallbackQuery

from bot.conversations.access import need, need_for
from bot.conversations.answers import change
from bot.conversations.people.person import name_of
from bot.conversations.presses import answer_press
from bot.conversations.visit import Visit
from bot.desk.newsroom import feeds
from bot.desk.newsroom import topics as merged
from bot.desk.newsroom.feeds import FeedState
from bot.model.chat import ChatKind
from bot.model.errors import Refusal
from bot.model.message import OutgoingMessage
from bot.model.newsroom.role import Right
from bot.model.press import unpack
from bot.model.story.topic import Topic, Topics
from bot.readers import topics

Page = Callable[[], Awaitable[OutgoingMessage]]
SourceVerb = Callable[..., Awaitable[object]]
"""A verb of a topic or a feed: it takes the database, the number, and `at`, `by` and the version `seen`."""


@dataclass(frozen=True, slots=True)
class SourcePress:
    """Who pressed a button about which topic or feed, the version that it was shown for, and what it says beside."""

    by: int
    number: int
    seen: int
    word: str
    other: int | None


async def need_sources(visit: Visit, *, whole: bool = False) -> int:
    """Return the visitor's Telegram id. Refused for who may not run topics and feeds, and outside private chats.

    With `whole` the right must hold for all topics.
    """
    by = await (need_for(visit, Right.SOURCES, None) if whole else need(visit, Right.SOURCES))
    if visit.kind is not ChatKind.PRIVATE:
        raise Refusal("private-only")
    return by


async def pressed_source(press: CallbackQuery, visit: Visit) -> SourcePress:
    """Return what was pressed: `src:<verb>:<topic or feed>:<version seen>:<a word or a number>`."""
    by = await need_sources(visit)
    data = unpack(press.data or "")
    number = data.number(1)
    if number is None or number <= 0:
        raise Refusal("stale")
    return SourcePress(by, number, data.version(2), ("", *data.args[3:4])[-1], data.number(3))


async def topic_pressed(press: CallbackQuery, visit: Visit) -> tuple[SourcePress, Topic]:
    """Return what was pressed, and the topic that the press is about. Refused as in `topic_meant`."""
    said = await pressed_source(press, visit)
    return said, (await topic_meant(visit, said.number))[1]


async def feed_pressed(press: CallbackQuery, visit: Visit) -> tuple[SourcePress, FeedState]:
    """Return what was pressed, and the feed that the press is about. Refused as in `feed_meant`."""
    said = await pressed_source(press, visit)
    return said, await feed_meant(visit, said.number)


async def topic_meant(visit: Visit, topic_id: int) -> tuple[Topics, Topic]:
    """Return all topics and that one. Refused where it is not in use, and where the visitor's right is for others."""
    known = await topics.all_topics(visit.services.db)
    if topic_id not in known.by_id:
        merger = await merged.merger(visit.services.db, topic_id)
        raise Refusal("source-removed", name=await name_of(visit, merger)) if merger else Refusal("no-topic")
    await need_for(visit, Right.SOURCES, (topic_id,))
    return known, known.by_id[topic_id]


async def feed_meant(visit: Visit, feed_id: int) -> FeedState:
    """Return a feed in use. Refused where the visitor's right is for other topics than the feed's."""
    services = visit.services
    try:
        found = await feeds.find(services.db, feed_id, services.now())
    except Refusal as refusal:
        if (by := refusal.facts.get("by")) is None:
            raise
        raise Refusal(refusal.code, name=await name_of(visit, by)) from None
    known = await topics.all_topics(services.db)
    about = [each.id for each in known.all if each.slug in found.feed.topics]
    await need_for(visit, Right.SOURCES, about)
    return found


async def do_with(
    press: CallbackQuery,
    visit: Visit,
    said: SourcePress,
    verb: SourceVerb,
    *args: object,
    page: Page,
    told: str = "",
) -> None:
    """Do a verb with the topic or feed that was pressed, and show the page anew.

    Where somebody was faster, say who, and show what is there now. `told` is what is said of what was done.
    """
    services = visit.services
    try:
        await verb(services.db, said.number, *args, at=services.now(), by=said.by, seen=said.seen)
    except Refusal as refusal:
        if refusal.code not in ("source-changed", "source-removed", "already-paused", "not-paused"):
            raise
        await answer_press(press, await refused_words(visit, refusal), alert=True)
    else:
        await answer_press(press, told or visit.notice("saved"))
    await change(visit, press, await page())


async def refused_words(visit: Visit, refusal: Refusal) -> str:
    """Return why a verb was not done; where somebody was faster, with their name."""
    by = refusal.facts.get("by")
    name = await name_of(visit, by) if by is not None else ""
    facts = {"name": name} if refusal.code in ("source-changed", "source-removed") else refusal.facts
    return visit.services.talk.refusal(refusal.code, visit.language, **facts)
