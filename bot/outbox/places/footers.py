"""The lines under posts, as they are needed again and again while news goes out."""

from __future__ import annotations

from collections import OrderedDict

from bot.store.audience.places import footers
from bot.store.engine.database import Database

KEPT = 512


class Footers:
    """Gives the words of footers. A footer is never changed: what is kept is right for good."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._kept: OrderedDict[int, str] = OrderedDict()

    async def words(self, footer_id: int | None) -> str:
        """Return a footer's words (classic HTML); empty where there is none."""
        if footer_id is None:
            return ""
        if footer_id not in self._kept:
            async with self._db.read() as tx:
                found = await footers.words_of(tx, footer_id)
            if not found:
                return ""
            self._kept[footer_id] = found
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return self._kept[footer_id]
