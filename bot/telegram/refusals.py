"""The stories that Telegram refused as rich messages: nobody tries those again."""

from __future__ import annotations

import logging
from collections import OrderedDict

from bot.metrics import RICH_REFUSED

log = logging.getLogger(__name__)

KEPT = 4096


class RichRefusals:
    """Remembers articles by revision: a corrected one may be taken again."""

    def __init__(self) -> None:
        self._refused: OrderedDict[tuple[int, int], None] = OrderedDict()

    def add(self, article_id: int, revision: int, why: str = "") -> None:
        """Remember that Telegram refused it; the first time it is counted and logged."""
        if (article_id, revision) in self:
            return
        self._refused[article_id, revision] = None
        if len(self._refused) > KEPT:
            self._refused.popitem(last=False)
        RICH_REFUSED.inc()
        log.warning("%d is refused as a rich message (%s); classic ones are sent", article_id, why)

    def __contains__(self, article: tuple[int, int]) -> bool:
        return article in self._refused
