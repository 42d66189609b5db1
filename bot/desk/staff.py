"""Who may do what in the newsroom: an owner gives rights and takes them, for topics and until a date."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.model.errors import Refusal
from bot.model.newsroom.grant import ACCOUNTS_OF_MANY, Grant
from bot.model.newsroom.role import EDITOR, OWNER, READER, Right, Role, named
from bot.model.story.difference import Change
from bot.store.engine.database import Database, Transaction
from bot.store.newsroom import audit, topics
from bot.store.newsroom import staff as kept

Wish = Callable[[Grant], Grant]
"""What a grant shall become."""


async def role_of(db: Database, bot_id: int, user_id: int, at: datetime) -> Role:
    """Return what the person may do at that time, by what they were given."""
    async with db.read() as tx:
        return await _role(tx, bot_id, user_id, at)


async def find(db: Database, bot_id: int, user_id: int) -> Grant:
    """Return what the person was given; a grant without rights for who never was given any."""
    async with db.read() as tx:
        return await kept.get(tx, bot_id, user_id) or Grant(user_id)


async def everybody(db: Database, bot_id: int) -> list[Grant]:
    """Return everybody who was given rights, those whose time is over too, by name."""
    async with db.read() as tx:
        return await kept.listing(tx, bot_id)


async def holding(db: Database, bot_id: int, right: Right, at: datetime) -> list[int]:
    """Return the Telegram ids of those who were given a right that holds at that time, for whatever topics."""
    return [each.user_id for each in await everybody(db, bot_id) if each.holds(right, at)]


async def listing(db: Database, bot_id: int) -> list[tuple[str, int]]:
    """Return the names and Telegram ids of those who were given rights."""
    return [(each.name, each.user_id) for each in await everybody(db, bot_id)]


async def owners_before(db: Database, bot_id: int, owners: frozenset[int], at: datetime) -> set[int]:
    """Return who is no owner any more since the last start, and note today's owners where they have changed."""
    async with db.read() as tx:
        last = await audit.last(tx, "owners", bot_id)
    before = {int(each) for each in last.detail.split()} if last else set()
    if before != owners:
        async with db.write() as tx:
            listed = " ".join(map(str, sorted(owners)))
            await audit.add(tx, at, None, "owners", detail=listed, bot_id=bot_id)
    return before - owners


async def meet(db: Database, bot_id: int, user_id: int, name: str, *, by: int, at: datetime) -> None:
    """Remember the name of a person who may be given rights; who is known already stays as they are."""
    if user_id in ACCOUNTS_OF_MANY:
        raise Refusal("hidden-user")
    async with db.write() as tx:
        if await kept.get(tx, bot_id, user_id) is None:
            await kept.put(tx, bot_id, Grant(user_id, name, given_by=by, given_at=at))


async def add(
    db: Database, bot_id: int, user_id: int, name: str, *, by: int, at: datetime, owner: bool = True
) -> Grant:
    """Make a person an editor for all topics and for good; who has rights already keeps those too."""

    def wish(grant: Grant) -> Grant:
        rights = EDITOR.rights | begun_anew(grant, at).rights
        return replace(grant, name=name or grant.name, rights=rights, topics=None, until=None)

    return await change(db, bot_id, user_id, wish, by=by, at=at, owner=owner)


async def remove(
    db: Database, bot_id: int, user_id: int, *, by: int, at: datetime, owner: bool = True
) -> Grant:
    """Take all rights from a person. Nothing happens to who has none."""
    return await change(db, bot_id, user_id, without_rights, by=by, at=at, owner=owner)


def without_rights(grant: Grant) -> Grant:
    """Return the grant of somebody from whom all is taken."""
    return replace(grant, rights=frozenset(), topics=None, until=None)


def begun_anew(grant: Grant, at: datetime) -> Grant:
    """Return the grant to which something is added: nothing of it is left where its time is over."""
    return without_rights(grant) if grant.ended(at) else grant


async def change(
    db: Database,
    bot_id: int,
    user_id: int,
    wish: Wish,
    *,
    by: int,
    at: datetime,
    owner: bool = True,
    version: int | None = None,
) -> Grant:
    """Let a person's rights become what is wished, and return them; what is so already stays as it is.

    `by` is who gives them, an `owner` or somebody with a grant, which is asked here. `version` is what was shown to
    them: refused where somebody else has changed the rights since. Refused, too, for more than the giver's own
    rights and topics, for a person's own rights, for a time that is over, and for accounts of many people.
    """
    async with db.write(durable=True) as tx:
        before = await kept.get(tx, bot_id, user_id) or Grant(user_id)
        giver = OWNER if owner else await _role(tx, bot_id, by, at)
        if user_id in ACCOUNTS_OF_MANY:
            raise Refusal("hidden-user")
        if version is not None and version != before.version:
            raise Refusal("rights-changed", by=before.given_by)
        after = await _within(tx, bot_id, wish(before), None if owner else by)
        if after == before:
            return before
        if user_id == by:
            raise Refusal("own-rights")
        if after.rights and after.ended(at):
            raise Refusal("time-is-past")
        if not all(giver.may_give(each.rights, each.topics) for each in (before, after) if each.rights):
            raise Refusal("beyond-own-rights")
        after = replace(after, given_by=by, given_at=at)
        if not await kept.put(tx, bot_id, after):
            raise Refusal("rights-changed", by=before.given_by)
        await _note(tx, bot_id, before, after, at=at)
        return replace(after, version=before.version + 1)


async def end_due(db: Database, bot_id: int, at: datetime) -> list[Grant]:
    """Return those whose rights ended since the last look, and note it in the audit, once for each."""
    async with db.read() as tx:
        if not await kept.any_ended(tx, bot_id, at):
            return []
    async with db.write() as tx:
        ended = await kept.take_ended(tx, bot_id, at)
        for grant in ended:
            await audit.add(tx, at, None, "rights-ended", detail=str(grant.user_id), bot_id=bot_id)
        return ended


async def told(db: Database, bot_id: int, user_id: int, *, since: datetime) -> int | None:
    """Return the message that told the person of their rights since then, or None."""
    async with db.read() as tx:
        return await kept.told(tx, bot_id, user_id, since=since)


async def note_told(db: Database, bot_id: int, user_id: int, *, message_id: int, at: datetime) -> None:
    """Remember the message that told the person of their rights."""
    async with db.write() as tx:
        await kept.note_told(tx, bot_id, user_id, message_id=message_id, at=at)


async def _role(tx: Transaction, bot_id: int, user_id: int, at: datetime) -> Role:
    grant = await kept.get(tx, bot_id, user_id)
    if grant is None or not grant.rights:
        return READER
    if grant.topics is None:
        return Role(named(grant.rights), grant.rights) if not grant.ended(at) else READER
    return grant.role(at, await topics.load(tx))


async def _within(tx: Transaction, bot_id: int, wished: Grant, giver: int | None) -> Grant:
    """Return the grant, ended with its giver's own at the latest; topics that are out of use are left out."""
    own = await kept.get(tx, bot_id, giver) if giver is not None else None
    if wished.rights and own is not None and own.until is not None:
        wished = replace(wished, until=min(filter(None, (wished.until, own.until))))
    if wished.topics:
        known = (await topics.load(tx)).by_id
        wished = replace(wished, topics=frozenset(each for each in wished.topics if each in known))
    return wished


async def _note(tx: Transaction, bot_id: int, before: Grant, after: Grant, *, at: datetime) -> None:
    changes = [
        Change(field, old, new)
        for field in ("rights", "topics", "until")
        if (old := _said(before, field)) != (new := _said(after, field))
    ]
    verb = "take-rights" if before.rights > after.rights else "give-rights"
    named_person = str(after.user_id)
    await audit.add(tx, at, after.given_by, verb, detail=named_person, bot_id=bot_id, changes=changes)


def _said(grant: Grant, field: str) -> str:
    """Return a field as the audit keeps it: rights and topics' ids apart by spaces, an instant in ISO 8601."""
    if field == "rights":
        return " ".join(sorted(grant.rights))
    if field == "topics":
        return "" if grant.topics is None else " ".join(map(str, sorted(grant.topics))) or "-"
    return grant.until.isoformat() if grant.until else ""
