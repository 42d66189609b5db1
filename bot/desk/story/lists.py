"""What waits at the desk: a page of each state, newest or next first, and stories by words of their headline."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from bot.model.desk.listed import Listed
from bot.model.story.article import Status
from bot.store.desk import lists
from bot.store.engine.database import Database
from bot.store.operations import bots

PAGE = 10
"""How many stories a list has, unless more are asked for."""

MOST_COUNTED = 99
"""Beyond so many it is enough to know that there are more: a count must not read a whole archive."""


class Shelf(StrEnum):
    """A list of the desk. `unreviewed` holds the flashes that went out before anybody approved them."""

    DRAFTS = "drafts"
    REVIEW = "review"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    GOING_OUT = "going-out"
    OUT = "out"
    UNREVIEWED = "unreviewed"


class Pile(NamedTuple):
    """The first stories of a list, and how many the list has, counted no further than one beyond `MOST_COUNTED`."""

    stories: list[Listed]
    size: int


async def shelf(
    db: Database, which: Shelf, at: datetime, *, limit: int = PAGE, offset: int = 0
) -> list[Listed]:
    """Return some stories of a list, after those that are left out."""
    async with db.read() as tx:
        if which is Shelf.GOING_OUT:
            found = await lists.going_out(tx, await bots.ids(tx), offset + limit, at)
            return await lists.of(tx, found[offset:], at)
        return await lists.page(tx, _LISTS[which], at, limit=limit, offset=offset)


async def overview(db: Database, at: datetime, *, limit: int = PAGE) -> dict[Shelf, Pile]:
    """Return the first stories of every list, and how many each has."""
    most = max(limit, MOST_COUNTED + 1)
    several = tuple(_LISTS.values())
    async with db.read() as tx:
        going = await lists.going_out(tx, await bots.ids(tx), most, at)
        sizes = dict(zip(_LISTS, await lists.counts(tx, several, most), strict=True))
        heads = dict(zip(_LISTS, await lists.heads(tx, several, limit), strict=True))
        sizes[Shelf.GOING_OUT], heads[Shelf.GOING_OUT] = len(going), going[:limit]
        lines = {
            each.id: each for each in await lists.of(tx, [one for ids in heads.values() for one in ids], at)
        }
    return {which: Pile([lines[each] for each in heads[which]], sizes[which]) for which in Shelf}


_LISTS = {
    Shelf.DRAFTS: lists.newest_in(Status.DRAFT),
    Shelf.REVIEW: lists.newest_in(Status.REVIEW),
    Shelf.APPROVED: lists.newest_in(Status.APPROVED),
    Shelf.SCHEDULED: lists.next_scheduled(),
    Shelf.OUT: lists.newest_out(),
    Shelf.UNREVIEWED: lists.for_review(),
}
