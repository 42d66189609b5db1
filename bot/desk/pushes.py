"""What is going out: pause it, let it go on, stop it, ask how far it has come."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.bulletin import Bulletin, Progress
from bot.model.errors import Refusal
from bot.store import audit, bulletins
from bot.store.database import reads, writes_durably


@writes_durably
async def pause(tx: AsyncConnection, bulletin_id: int, at: datetime, by: int | None = None) -> bool:
    """Let a push wait until it is resumed, between two calls. Return whether it was paused just now."""
    told = await _known(tx, bulletin_id)
    paused = await bulletins.pause(tx, bulletin_id, by, "", at)
    if paused:
        await audit.add(tx, at, by, "pause", article_id=told.article_id)
    return paused


@writes_durably
async def resume(tx: AsyncConnection, bulletin_id: int, at: datetime, by: int | None = None) -> bool:
    """Let a paused push go on; what has outlived itself meanwhile is skipped. Return whether it does."""
    told = await _known(tx, bulletin_id)
    resumed = await bulletins.resume(tx, bulletin_id)
    if resumed:
        await audit.add(tx, at, by, "resume", article_id=told.article_id)
    return resumed


@writes_durably
async def stop(tx: AsyncConnection, bulletin_id: int, at: datetime, by: int | None = None) -> bool:
    """End a push: who has the story keeps it, nobody else gets it. Return whether it was stopped just now."""
    told = await _known(tx, bulletin_id)
    stopped = await bulletins.stop(tx, bulletin_id, by, bulletins.STOPPED, at)
    if stopped:
        await audit.add(tx, at, by, "stop", article_id=told.article_id)
    return stopped


@reads
async def progress(tx: AsyncConnection, bulletin_id: int) -> Progress:
    """Return how far a push has come. Refused where there is none such."""
    found = await bulletins.progress(tx, bulletin_id)
    if found is None:
        raise Refusal("not-found")
    return found


@reads
async def of_article(tx: AsyncConnection, article_id: int) -> list[int]:
    """Return the pushes that bring the article to who has not got it. Refused where it was not published."""
    found = await bulletins.of_article(tx, article_id)
    if not found:
        raise Refusal("not-published")
    return found


async def _known(tx: AsyncConnection, bulletin_id: int) -> Bulletin:
    found = await bulletins.get(tx, bulletin_id)
    if found is None:
        raise Refusal("not-found")
    return found
