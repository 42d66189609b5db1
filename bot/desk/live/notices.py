"""Who is told what somebody did, once, and never the one who did it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta

from bot.model.desk.deed import Deed
from bot.model.desk.shown_card import Notice
from bot.model.newsroom.role import OWNER, Right, Role
from bot.model.story.article import NOTICES, Article
from bot.store.desk.live import notices
from bot.store.engine.database import Database, Transaction
from bot.store.ledger import bulletins
from bot.store.newsroom import audit, staff, topics

TELL_WRITERS = ("send-back", "approve", "publish", "correct", "kill", "takedown", "unpublish", "return")
"""Deeds of which whoever wrote the story is told."""

LOUD = ("kill", "takedown")
"""Deeds that make a sound; so does a flash that goes out."""

WITHDRAWALS = ("kill", "takedown", "unpublish")
"""Deeds of which whoever may take a story back is told where no person did them: nobody of the desk knows of it."""

STALE = timedelta(hours=1)
"""What was done longer ago is nothing to tell any more."""

MERGED = timedelta(minutes=1)
"""A person gets one message in so long, about all that happened meanwhile; what is loud does not wait."""

PAUSE = timedelta(seconds=5)
"""How long a notice waits for others of the same moment."""

AT_ONCE, NOTE_CHARACTERS = 200, 500

PUBLISHED, UNDONE = "publish", "undo"


async def plan(
    tx: Transaction,
    bot_id: int,
    deeds: Sequence[Deed],
    stories: dict[int, Article],
    *,
    owners: Collection[int],
    at: datetime,
    in_group: bool,
) -> None:
    """Keep whom the deeds are to be told. With a desk group nobody is asked for a review in private."""
    if not deeds:
        return
    roles = await _roles(tx, bot_id, owners, at)
    for user_id in await notices.muted(tx, bot_id):
        roles.pop(user_id, None)
    wrote = await notices.writers(tx, list(stories))
    for deed in deeds:
        story = stories.get(deed.article_id or 0)
        if story is None or story.source in NOTICES or deed.at < at - STALE:
            continue
        if deed.verb == UNDONE:
            await notices.drop(tx, bot_id, story.id, PUBLISHED)
        told = set(_told(deed, story, roles, wrote.get(story.id, set()), in_group=in_group))
        flash = deed.verb == PUBLISHED and story.flash
        # Until it starts it can be undone, and nobody has it.
        start = await bulletins.start_of(tx, story.id) if flash and told else None
        made = (
            Notice(
                user_id,
                deed.id,
                story.id,
                deed.verb,
                max(deed.at, start or deed.at),
                deed.actor,
                note=deed.detail[:NOTE_CHARACTERS],
                loud=flash or deed.verb in LOUD,
            )
            for user_id in sorted(told - {deed.actor})
        )
        await notices.add(tx, bot_id, made)


async def take_due(db: Database, bot_id: int, now: datetime) -> list[list[Notice]]:
    """Return what is to be told now, the notices of each person together; from now on they count as told."""
    async with db.read() as tx:
        waiting = await notices.waiting(tx, bot_id, since=now - STALE, until=now, limit=AT_ONCE)
        due = [each for each in _by_person(waiting) if await _is_due(tx, bot_id, each, now)]
    if not due:
        return []
    async with db.write(durable=True) as tx:
        taken = set(await notices.take(tx, [notice.id for each in due for notice in each], now))
    found = [[notice for notice in each if notice.id in taken] for each in due]
    return [each for each in found if each]


async def hands_of(db: Database, told: Sequence[Notice]) -> dict[int, str]:
    """Return what did the deeds that no person did, by their ids: `command`, or nothing for the bot by itself."""
    alone = [each.deed_id for each in told if each.actor is None]
    async with db.read() as tx:
        return await audit.hands(tx, alone)


async def give_back(db: Database, told: Sequence[Notice]) -> None:
    """Note that notices were not told after all: they are tried again."""
    async with db.write() as tx:
        await notices.take(tx, [each.id for each in told], None)


async def switch(db: Database, bot_id: int, user_id: int) -> bool:
    """Let a person get notices no more, or again; return whether the person gets them now."""
    async with db.write() as tx:
        if await notices.unmute(tx, bot_id, user_id):
            return True
        await notices.mute(tx, bot_id, user_id)
        return False


async def wanted(db: Database, bot_id: int, user_id: int) -> bool:
    """Return whether a person gets notices."""
    async with db.read() as tx:
        return user_id not in await notices.muted(tx, bot_id)


def _told(
    deed: Deed, story: Article, roles: dict[int, Role], wrote: set[int], *, in_group: bool
) -> Iterator[int]:
    if deed.verb in TELL_WRITERS:
        yield from (user_id for user_id in wrote if user_id in roles)
    if deed.verb in WITHDRAWALS and deed.actor is None:
        yield from (user_id for user_id, role in roles.items() if role.covers(Right.KILL, story.topic_ids))
    unread = deed.verb == PUBLISHED and story.unreviewed
    if (deed.verb == "submit" or unread) and not in_group:
        for user_id, role in roles.items():
            if user_id not in wrote and role.covers(Right.APPROVE, story.topic_ids):
                yield user_id


async def _roles(tx: Transaction, bot_id: int, owners: Collection[int], at: datetime) -> dict[int, Role]:
    known = await topics.load(tx)
    given = {each.user_id: each.role(at, known) for each in await staff.listing(tx, bot_id)}
    given = {user_id: role for user_id, role in given.items() if role.rights}
    return given | dict.fromkeys(owners, OWNER)


def _by_person(waiting: Sequence[Notice]) -> list[list[Notice]]:
    found: dict[int, list[Notice]] = {}
    for each in waiting:
        found.setdefault(each.user_id, []).append(each)
    return list(found.values())


async def _is_due(tx: Transaction, bot_id: int, waiting: Sequence[Notice], now: datetime) -> bool:
    if any(each.loud for each in waiting):
        return True
    last = await notices.told_last(tx, bot_id, waiting[0].user_id)
    return waiting[0].at <= now - PAUSE and (last is None or last <= now - MERGED)
