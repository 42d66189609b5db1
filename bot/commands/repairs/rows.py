"""Rows that are out of order: leases of processes that are gone, a search that lacks stories, orphans."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial

from bot.commands.repairs.defect import Defect
from bot.operations.archive_index import ArchiveIndex
from bot.operations.roles.lease import lives
from bot.store.engine.database import Database
from bot.store.newsroom.search import index, upkeep
from bot.store.operations import leases
from bot.store.operations.orphans import orphans

MANY = 1000
"""Of more stories that a search lacks only 'so many at least' is said."""


async def found_rows(db: Database) -> AsyncIterator[Defect]:
    """Return what is out of order in a database of this version."""
    async with db.read() as tx:
        holders = await leases.listing(tx)
        lost = await orphans(tx)
        unwritten = len(await index.unwritten(tx, None, MANY))
        indexed = await upkeep.out_of_step(tx)
    for name, held in holders.items():
        if lives(held.owner) is False:
            says = f"the lease {name} is held by a process that is gone ({held.owner})"
            yield Defect("leases", says, "frees the lease", partial(_free, db, name, held.owner))
    for each in lost:
        yield Defect(
            "orphans", f"{each}: restore a backup, or ask for help; nothing is done about it here", wrong=True
        )
    if indexed:
        says, does = (
            "the index of full text does not fit its entries",
            "fills the index anew from its entries",
        )
        yield Defect("search", says, does, partial(_refill, db), wrong=True)
    if unwritten:
        says = (
            f"stories that a search does not find yet: {unwritten}{' at least' if unwritten == MANY else ''}"
        )
        yield Defect("search", says, "puts them into the index, as the running bot would", partial(_fill, db))


async def _free(db: Database, name: str, owner: str) -> None:
    async with db.write() as tx:
        await leases.release(tx, name, owner)


async def _refill(db: Database) -> None:
    async with db.write() as tx:
        await upkeep.refill(tx)


async def _fill(db: Database) -> None:
    archive = ArchiveIndex(db)
    while not archive.filled:
        await archive.step()
