"""The set-up: from an empty bot to the first story in a test channel. Most of it is told by what is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.desk.newsroom.topics import add_held
from bot.model.chat import Chat, ChatKind, ChatState
from bot.model.errors import Refusal
from bot.model.newsroom.role import Right, Role
from bot.model.newsroom.sources import USUAL_TOPICS
from bot.model.story.article import READABLE, TAKEN_BACK, Article
from bot.model.story.content import is_blank
from bot.store.audience import chats, subscriptions
from bot.store.desk import search, sources
from bot.store.desk.sources import Setup
from bot.store.engine.database import Database
from bot.store.newsroom import articles, audit, feeds, topics

AWAITED = timedelta(minutes=15)
"""How long after the question a channel is taken for its answer."""

LOOKED_THROUGH = 5
"""Among how many times as many of the newest stories those are looked for that may be shown."""

STEPS = ("basics", "topics", "feed", "channel", "story")
"""The steps, in their order."""


@dataclass(frozen=True, slots=True)
class SetupState:
    """What there is of a newsroom. `channel` is the test channel, None where none was chosen."""

    kept: Setup
    topics: int
    feeds: int
    channel: Chat | None

    def done(self, step: str) -> bool:
        """Return whether a step is behind the owner; what was done in another way counts too."""
        match step:
            case "basics":
                return self.kept.settled_at is not None
            case "topics":
                return self.topics > 0
            case "feed":
                return self.feeds > 0
            case "channel":
                return self.channel is not None and self.channel.state is ChatState.ACTIVE
            case _:
                return self.kept.shown_at is not None

    @property
    def next(self) -> str:
        """The first step that is not done; empty where all are."""
        return next((each for each in STEPS if not self.done(each)), "")


async def state(db: Database, bot_id: int) -> SetupState:
    """Return how far the set-up of a bot came."""
    async with db.read() as tx:
        kept = await sources.setup_of(tx, bot_id)
        channel = await chats.by_telegram(tx, bot_id, kept.channel_id) if kept.channel_id else None
        known, asked = await topics.load(tx), await feeds.all_in_use(tx)
        return SetupState(kept, len(known.all), len(asked), channel)


async def settle(db: Database, bot_id: int, *, at: datetime) -> None:
    """Note that an owner has seen the newsroom's language and zone."""
    async with db.write() as tx:
        await sources.keep_setup(tx, bot_id, settled_at=at)


async def note_asked(db: Database, bot_id: int, *, at: datetime) -> None:
    """Note that an owner was asked for the test channel."""
    async with db.write() as tx:
        await sources.keep_setup(tx, bot_id, asked_at=at)


async def awaits_channel(db: Database, bot_id: int, *, at: datetime) -> bool:
    """Return whether an owner was asked for the test channel a short while ago."""
    async with db.read() as tx:
        asked = (await sources.setup_of(tx, bot_id)).asked_at
        return asked is not None and at - asked < AWAITED


async def choose_channel(
    db: Database,
    bot_id: int,
    telegram_id: int,
    *,
    title: str,
    language: str,
    zone: str,
    at: datetime,
    by: int,
) -> Chat:
    """Make a channel the test channel: it follows every topic at the top, so that whatever goes out comes there."""
    async with db.write(durable=True) as tx:
        channel, _ = await chats.join(
            tx,
            bot_id,
            telegram_id,
            ChatKind.CHANNEL,
            title=title,
            language=language,
            zone=zone,
            at=at,
            invited_by=by,
        )
        known = await topics.load(tx)
        chosen = await subscriptions.of_chat(tx, channel.id)
        for topic in known.children(None):
            if topic.id not in chosen:
                await subscriptions.subscribe(tx, channel.id, topic.id, at)
        await sources.keep_setup(tx, bot_id, channel_id=telegram_id)
        await audit.add(tx, at, by, "test-channel", detail=title, bot_id=bot_id)
        return channel


async def add_usual_topics(db: Database, *, at: datetime, by: int | None) -> int:
    """Add the usual topics of a newsroom that are not there yet, and return how many were added.

    Refused as `source-changed` where somebody else added them all.
    """
    added, there = 0, 0
    async with db.write(durable=True) as tx:
        for slug, names in USUAL_TOPICS.items():
            try:
                await add_held(tx, names, at=at, by=by, slug=slug)
            except Refusal as refusal:
                if refusal.code != "topic-there":
                    raise
                known = (await topics.load(tx)).find(slug)
                there = (known and await sources.changer_of_topic(tx, known.id)) or there
            else:
                added += 1
        if not added and there and there != by:
            raise Refusal("source-changed", by=there)
    return added


def may_show(role: Role, article: Article, at: datetime) -> bool:
    """Return whether somebody may show a story in the test channel: what readers have, and what they may publish.

    What waits for its start, or is under embargo, nobody shows.
    """
    if article.status in READABLE:
        return article.published_at is None or article.published_at <= at
    embargoed = article.embargo_until is not None and article.embargo_until > at
    right = Right.PUBLISH.for_flash if article.flash else Right.PUBLISH
    return article.status not in TAKEN_BACK and not embargoed and role.covers(right, article.topic_ids)


async def to_show(db: Database, role: Role, most: int, *, at: datetime) -> list[Article]:
    """Return the newest stories that somebody may show in the test channel."""
    async with db.read() as tx:
        newest = (await search.newest(tx, (), at, limit=most * LOOKED_THROUGH)).stories
        known = {each.id: each for each in await articles.many(tx, [each.id for each in newest])}
    ours = [known[each.id] for each in newest if each.id in known]
    return [each for each in ours if not is_blank(each.content.headline) and may_show(role, each, at)][:most]


async def note_shown(db: Database, bot_id: int, *, at: datetime) -> None:
    """Note that a story stands in the test channel: the last step is done."""
    async with db.write() as tx:
        await sources.keep_setup(tx, bot_id, shown_at=at)
