"""When news come: digest times, caps, absences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from bot.model.chat import Chat, topic_order
from bot.model.errors import Refusal
from bot.model.following.mode import Mode
from bot.model.hours import DigestTime, next_at
from bot.model.story.topic import Topic
from bot.store.audience import chats, choices, subscriptions
from bot.store.engine.database import Database, Transaction
from bot.store.following import carried

MOST_DIGESTS = 6
MOST_CAP = 99
EVENING = time(19)
"""When the digest comes of a chat that wants only so many stories at once, and has chosen no hour."""

MORNING = time(8)
"""When an absence ends that was to last until a day: at midnight it would wake its reader."""

LONGEST_ABSENCE = timedelta(days=366)


async def set_digests(db: Database, chat_id: int, at: datetime, times: Sequence[DigestTime]) -> Chat:
    """Let digests come at those times alone. Refused beyond six; the same time twice is one, on the days of both."""
    days: dict[time, int] = {}
    for each in times:
        days[each.at] = days.get(each.at, 0) | each.days
    if len(days) > MOST_DIGESTS:
        raise Refusal("too-many-digests", most=MOST_DIGESTS)
    async with db.write() as tx:
        chosen = tuple(DigestTime(local, bits) for local, bits in days.items() if bits)
        return await choices.change(tx, chat_id, at, digest_times=chosen)


async def toggle_digest(db: Database, chat_id: int, at: datetime, hour: time) -> Chat:
    """Let a digest come at one time more, every day, or at one less. Refused for a seventh."""
    async with db.write() as tx:
        await chats.hold(tx, chat_id)
        here = await chats.expect(tx, chat_id)
        left = tuple(each for each in here.digest_times if each.at != hour)
        if len(left) == len(here.digest_times):
            if len(left) >= MOST_DIGESTS:
                raise Refusal("too-many-digests", most=MOST_DIGESTS)
            left = (*left, DigestTime(hour))
        return await choices.change(tx, chat_id, at, digest_times=left)


async def set_days(db: Database, chat_id: int, at: datetime, *, hour: time, days: int) -> Chat:
    """Let the digest of that time come on those days; none: not at all. Refused where there is no such digest."""
    async with db.write() as tx:
        await chats.hold(tx, chat_id)
        here = await chats.expect(tx, chat_id)
        if all(each.at != hour for each in here.digest_times):
            raise Refusal("stale")
        changed = (DigestTime(hour, days) if each.at == hour else each for each in here.digest_times)
        times = tuple(each for each in changed if each.days)
        return await choices.change(tx, chat_id, at, digest_times=times)


async def cap(db: Database, chat_id: int, at: datetime, *, hour: int | None, day: int | None) -> Chat:
    """Let so many stories an hour and a day come at once; None: all. The rest come in the digest, so there is one."""
    for most in (hour, day):
        if most is not None and not 1 <= most <= MOST_CAP:
            raise Refusal("limit-range", most=MOST_CAP)
    async with db.write() as tx:
        if hour is not None or day is not None:
            await _have_a_digest(tx, chat_id, at)
        return await choices.change(tx, chat_id, at, most_hour=hour, most_day=day)


async def topic_caps(db: Database, chat_id: int) -> list[tuple[Topic, int | None]]:
    """Return the topics whose stories come at once, in the chat's order, each with how many a day; None: all."""
    async with db.read() as tx:
        known = await carried.topics_of(tx, chat_id)
        chosen = await subscriptions.of_chat(tx, chat_id)
        order = (each for each in topic_order(chosen, known) if chosen[each].mode >= Mode.AT_ONCE)
        return [(known.by_id[each], chosen[each].most) for each in order]


async def cap_topic(db: Database, chat_id: int, at: datetime, *, topic_id: int, most: int | None) -> Chat:
    """Let so many of a topic's stories a day come at once; None: all. Refused where the chat doesn't follow it."""
    if most is not None and not 1 <= most <= MOST_CAP:
        raise Refusal("limit-range", most=MOST_CAP)
    async with db.write() as tx:
        chosen = await subscriptions.of_chat(tx, chat_id)
        if topic_id not in chosen or chosen[topic_id].mode is Mode.OFF:
            raise Refusal("no-topic")
        await subscriptions.set_most(tx, chat_id, topic_id, most)
        await choices.mark_bounded(tx, chat_id)
        if most is not None:
            await _have_a_digest(tx, chat_id, at)
        return await chats.expect(tx, chat_id)


async def leave_alone(
    db: Database, chat_id: int, at: datetime, until: datetime, *, flash: bool | None = None
) -> Chat:
    """Let nothing come until then, or breaking news alone (None: as before). Refused for the past and beyond a year.

    The end of a day is put off until the morning after.
    """
    async with db.write() as tx:
        await chats.hold(tx, chat_id)
        here = await chats.expect(tx, chat_id)
        if until <= at:
            raise Refusal("time-is-past")
        if until - at > LONGEST_ABSENCE:
            raise Refusal("time-too-far")
        if until == next_at(until - timedelta(seconds=1), time(), here.zone):
            until = next_at(until, MORNING, here.zone)
        chosen = here.bounds.away_flash if flash is None else flash
        return await choices.leave_alone(tx, here, at, until, flash=chosen)


async def come_back(db: Database, chat_id: int, at: datetime) -> Chat:
    """End an absence now."""
    async with db.write() as tx:
        await chats.hold(tx, chat_id)
        return await choices.come_back(tx, await chats.expect(tx, chat_id), at)


async def _have_a_digest(tx: Transaction, chat_id: int, at: datetime) -> None:
    here = await chats.expect(tx, chat_id)
    if not here.digest_times:
        await choices.change(tx, chat_id, at, digest_times=(DigestTime(EVENING),))
