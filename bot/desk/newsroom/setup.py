"""The set-up: from an empty bot to the first story in a test channel. Most of it is told by what is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.desk.newsroom.topics import add
from bot.model.chat import Chat, ChatKind, ChatState
from bot.model.errors import Refusal
from bot.model.newsroom.sources import USUAL_TOPICS
from bot.store.audience import chats, subscriptions
from bot.store.desk import sources
from bot.store.desk.sources import Setup
from bot.store.engine.database import Database
from bot.store.newsroom import audit, feeds, topics

AWAITED = timedelta(minutes=15)
"""How long after the question a channel is taken for its answer."""

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
    """Add the usual topics of a newsroom that are not there yet, and return how many were added."""
    added = 0
    for slug, names in USUAL_TOPICS.items():
        try:
            await add(db, names, at=at, by=by, slug=slug)
        except Refusal as refusal:
            if refusal.code != "topic-there":
                raise
        else:
            added += 1
    return added


async def note_shown(db: Database, bot_id: int, *, at: datetime) -> None:
    """Note that a story stands in the test channel: the last step is done."""
    async with db.write() as tx:
        await sources.keep_setup(tx, bot_id, shown_at=at)
