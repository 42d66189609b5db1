"""The record of the desk: who did what to which revision when, and what became different."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.model.desk.deed import Deed
from bot.store.audience import chats
from bot.store.engine.database import Database, Transaction
from bot.store.newsroom import audit, staff
from bot.store.newsroom.audit import Window

ABOUT_PEOPLE = ("give-rights", "take-rights", "rights-ended", "add-editor", "remove-editor", "break-lock")
"""Deeds whose detail is a person's Telegram id."""

PASSING = ("submit", "approve", "publish", "schedule")
"""Deeds whose detail ends with the codes of the warnings that were passed."""

TIMED = ("schedule", "embargo")
"""Deeds whose detail begins with a time in ISO 8601 and the zone in which it was given."""

NOT_OF_THE_DESK = ("leave",)
"""What readers do: they are nobody's to look through in a chat. The export has them."""

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class RecordPage:
    """Some deeds, newest first, and the names of the people in them by their Telegram ids.

    `older` and `newer` say whether there are more on either side.
    """

    deeds: tuple[Deed, ...]
    names: dict[int, str]
    older: bool = False
    newer: bool = False


async def page(
    db: Database,
    bot_id: int,
    size: int,
    *,
    article_id: int | None = None,
    before: int | None = None,
    after: int | None = None,
) -> RecordPage:
    """Return a page of the record of one bot, or of one story: the newest, or next to a deed's id on either side."""
    asked = Window(bot_id, article_id, aside=NOT_OF_THE_DESK)
    async with db.read() as tx:
        if after is not None:
            found = (await audit.oldest(tx, size + 1, replace(asked, after=after)))[:size][::-1]
        else:
            found = (await audit.recent(tx, size, window=replace(asked, before=before)))[:size]
        if not found:
            return RecordPage((), {})
        older = await audit.recent(tx, 1, window=replace(asked, before=found[-1].id))
        newer = await audit.oldest(tx, 1, replace(asked, after=found[0].id))
        return RecordPage(tuple(found), await _names(tx, bot_id, found), bool(older), bool(newer))


async def of_article(db: Database, bot_id: int, article_id: int, limit: int) -> RecordPage:
    """Return what was done to a story last, newest first, for the story's card: whether there is more is not asked."""
    async with db.read() as tx:
        return await recent(tx, bot_id, article_id, limit)


async def recent(tx: Transaction, bot_id: int, article_id: int, limit: int) -> RecordPage:
    """Return the same as `of_article`, in a transaction that asks for more."""
    found = await audit.recent(tx, limit, window=Window(bot_id, article_id, aside=NOT_OF_THE_DESK))
    return RecordPage(tuple(found), await _names(tx, bot_id, found))


async def everything(
    db: Database, *, since: datetime | None = None, article_id: int | None = None
) -> AsyncIterator[Deed]:
    """Yield all deeds of all bots, oldest first, some hundreds a transaction."""
    last: int | None = None
    while True:
        window = Window(article_id=article_id, since=since, after=last)
        async with db.read() as tx:
            found = await audit.oldest(tx, AT_ONCE, window)
        for deed in found:
            yield deed
        if len(found) < AT_ONCE:
            return
        last = found[-1].id


def people_in(deed: Deed) -> tuple[int, ...]:
    """Return the Telegram ids of the people whom the deed was about."""
    about = deed.verb == "owners" or (deed.verb in ABOUT_PEOPLE and deed.detail.isdecimal())
    return tuple(map(int, deed.detail.split())) if about else ()


async def _names(tx: Transaction, bot_id: int, deeds: Sequence[Deed]) -> dict[int, str]:
    ids = set(_people(deeds))
    names = await staff.names(tx, bot_id, ids)
    for unknown in ids - names.keys():
        if (known := await chats.by_telegram(tx, bot_id, unknown)) and known.title:
            names[unknown] = known.title
    return names


def _people(deeds: Iterable[Deed]) -> Iterable[int]:
    for deed in deeds:
        yield from people_in(deed)
        if deed.actor is not None:
            yield deed.actor
