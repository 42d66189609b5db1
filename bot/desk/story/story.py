"""What the desk's verbs share: the story at hand, and who was quicker."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

from bot.model.errors import Refusal
from bot.model.story.article import Article
from bot.publishing.story import hold
from bot.store.engine.database import Database, Transaction
from bot.store.newsroom import audit


class Held(NamedTuple):
    """A transaction that holds a story, and the story as nobody else can change it until then."""

    tx: Transaction
    article: Article


@asynccontextmanager
async def held(db: Database, article_id: int, seen: int | None = None) -> AsyncIterator[Held]:
    """Hold the story in one durable transaction. A refusal inside tells what was done to the story last.

    Refused as `changed-meanwhile` where `seen`, the revision that the editor saw, is not the newest.
    """
    async with db.write(durable=True) as tx:
        try:
            article = await hold(tx, article_id)
            if seen is not None and article.revision != seen:
                facts = {"headline": article.content.headline, "revision": article.revision}
                raise Refusal("changed-meanwhile", **facts, edited_by=article.edited_by)
            yield Held(tx, article)
        except Refusal as refusal:
            for last in await audit.recent(tx, 1, article_id=article_id):
                refusal.facts |= {"last_verb": last.verb, "last_by": last.actor, "last_at": last.at}
            raise
