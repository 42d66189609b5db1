"""Stories by words of their headline: a bounded walk along the newest ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select

from bot.model.desk.listed import Listed
from bot.model.story.article import Status
from bot.store.desk.lists import page
from bot.store.engine.database import Transaction
from bot.store.newsroom.tables import article, revision

LOOKED_THROUGH = 5_000
"""How many of the newest headlines a search reads."""


class Found(NamedTuple):
    """Stories that a search has found. `since` is how far back it has looked; None: at all."""

    stories: list[Listed]
    since: datetime | None = None


async def newest(
    tx: Transaction, beginnings: Sequence[str], at: datetime, *, limit: int, offset: int = 0
) -> Found:
    """Return the newest stories, in whatever state, that have each of the beginnings of words in their headline.

    Only the newest headlines are read. Small letters mean capitals too, and «е» means «ё».
    """
    last = (await tx.execute(select(func.max(article.c.id)))).scalar() or 0
    first = last - LOOKED_THROUGH + 1
    listed = (
        select(article.c.id)
        .where(article.c.id >= first, article.c.status != Status.CANARY)
        .order_by(article.c.id.desc())
    )
    if beginnings:
        listed = listed.where(*(holds(tx.dialect.name, each) for each in beginnings))
    stories = await page(tx, listed, at, limit=limit, offset=offset)
    edge = select(article.c.id, article.c.created_at).order_by(article.c.id)
    oldest = (await tx.execute(edge.limit(1))).first()
    if oldest is None or oldest.id >= first:
        return Found(stories)
    return Found(stories, (await tx.execute(edge.where(article.c.id >= first).limit(1))).one().created_at)


def holds(dialect: str, beginning: str) -> ColumnElement[bool]:
    """Return whether a headline holds the letters in either case: SQLite itself knows no Cyrillic capitals."""
    glob = dialect == "sqlite"
    any_sign = "?" if glob else "."
    signs = "".join(_either(each) if each.isalnum() else any_sign for each in beginning)
    return revision.c.headline.op("GLOB" if glob else "~", is_comparison=True)(
        f"*{signs}*" if glob else signs
    )


def _either(letter: str) -> str:
    if letter == "е":
        return "[еЕёЁ]"
    return f"[{letter}{letter.upper()}]" if letter.upper() != letter else letter
