"""All that is kept about a person: choices, topics, what was sent, and an editor's rights and deeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.model.chat import Chat, Subscription
from bot.model.desk.deed import Deed
from bot.model.newsroom.grant import Grant
from bot.model.search.alert import Alert
from bot.model.story.topic import Topics
from bot.readers.following.mutes import Muted, every_mute
from bot.store.audience import chats, own_data, saved, subscriptions
from bot.store.audience.own_data import NOTHING, Counts
from bot.store.audience.places import threads
from bot.store.engine.database import Database
from bot.store.newsroom import audit, staff, topics
from bot.store.newsroom.audit import Window
from bot.store.watch import alerts, stories
from bot.store.watch.stories import Followed

MOST_DEEDS = 1000
"""How many of an editor's deeds are told, the newest; the operator's export has them all."""


@dataclass(frozen=True, slots=True)
class Staffed:
    """An editor's part: the grant (None: an owner by the settings), the newest deeds, counts of the desk's notes."""

    grant: Grant | None
    deeds: Sequence[Deed]
    notes: dict[str, int]


@dataclass(frozen=True, slots=True)
class OwnData:
    """What is kept about a person. `chat` is None for whom the bot does not know, and then there is nothing else.

    `came_at` is when the chat began, `since` since when it stands as it does. `saved` are stories' numbers, and when
    each was saved; `alerts` are words that are watched for. `brought` are the titles of chats into which the person
    brought the bot, `set_up` of those in which they set something up last; `threads` are the names of the threads in
    the person's own chat, `told` is how many notices of troubles in chats are kept.
    """

    topics: Topics
    chat: Chat | None = None
    came_at: datetime | None = None
    since: datetime | None = None
    chosen: Sequence[Subscription] = ()
    muted: Sequence[Muted] = ()
    sent: Counts = NOTHING
    saved: Sequence[tuple[int, datetime]] = ()
    alerts: Sequence[Alert] = ()
    followed: Sequence[Followed] = ()
    brought: Sequence[str] = ()
    set_up: Sequence[str] = ()
    told: int = 0
    threads: Sequence[str] = ()
    staffed: Staffed | None = None


async def of_person(db: Database, bot_id: int, user_id: int, *, owner: bool = False) -> OwnData:
    """Return what is kept about the person with that Telegram id, who may be an `owner` by the settings."""
    async with db.read() as tx:
        known = await topics.load(tx)
        brought = await own_data.brought(tx, bot_id, user_id)
        set_up = await own_data.set_up(tx, bot_id, user_id)
        told = await own_data.chat_notices(tx, bot_id, user_id)
        grant = await staff.get(tx, bot_id, user_id)
        staffed = None
        # Nobody else has done anything: the record is not looked through for a stranger.
        if grant is not None or owner:
            window = Window(bot_id, actor=user_id)
            deeds = await audit.recent(tx, MOST_DEEDS, window=window)
            staffed = Staffed(grant, deeds, await own_data.at_the_desk(tx, bot_id, user_id))
        chat = await chats.by_telegram(tx, bot_id, user_id)
        if chat is None:
            return OwnData(known, brought=brought, set_up=set_up, told=told, staffed=staffed)
        came_at, since = await own_data.times(tx, chat.id)
        chosen = list((await subscriptions.of_chat(tx, chat.id)).values())
        muted = await every_mute(tx, chat.id, known)
        sent = await own_data.sent(tx, chat.id)
        kept = await saved.all_of(tx, chat.id)
        watched, followed = await alerts.of_chat(tx, chat.id), await stories.all_of(tx, chat.id)
        opened = [each.name for each in (await threads.of_chat(tx, chat.id)).values()]
    return OwnData(
        known,
        chat,
        came_at,
        since,
        chosen,
        muted,
        sent,
        kept,
        alerts=watched,
        followed=followed,
        brought=brought,
        set_up=set_up,
        told=told,
        threads=opened,
        staffed=staffed,
    )
