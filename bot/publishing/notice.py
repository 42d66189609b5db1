"""Tell who has a story something about it: a short story of its own, under no topic, so that it is nobody's news."""

from __future__ import annotations

from datetime import datetime

from bot.model.audience import HOLDERS
from bot.model.bulletin import BulletinKind
from bot.model.delivery import Lane
from bot.model.story.article import LOUD, WITHDRAWAL, Article, Content
from bot.store.engine.database import Transaction
from bot.store.ledger import bulletins
from bot.store.newsroom import articles

LANES = {LOUD: Lane.CORRECTION, WITHDRAWAL: Lane.KILL}


async def tell_holders(
    tx: Transaction, about: Article, notice: Content, at: datetime, *, by: int | None, source: str
) -> None:
    """Send a notice to whoever has the story: a loud correction replies to it; of a withdrawal who had it is told.

    `source` is one of the sources of notices. Told once for each revision of the story.
    """
    made = await articles.add(
        tx, notice, source=source, uid=f"{about.id}:{about.revision}", at=at, by=by, update_of=about.id
    )
    await articles.save(tx, made.publish(at), by=by)
    await bulletins.add(
        tx,
        article_id=made.id,
        revision=made.revision,
        kind=BulletinKind.NEW,
        lane=LANES[source],
        audience=HOLDERS,
        at=at,
        key=f"{made.id}:new",
        by=by,
        reply_to=about.id,
    )
