"""Looks whether the links of a story lead anywhere, beside the chats: no press waits for somebody's web server."""

from __future__ import annotations

import logging
from functools import partial

from bot.conversations.visit import Visit
from bot.desk import lookup
from bot.desk.story import links
from bot.log import Event
from bot.services import Services

log = logging.getLogger(__name__)


def look_at_links(visit: Visit, article_id: int) -> None:
    """Have the story's links looked at, unless that was done a moment ago; its card warns of the dead ones then."""
    visit.services.errands.ask(("links", article_id), partial(_look, visit.services, article_id))


async def _look(services: Services, article_id: int) -> None:
    article = await lookup.get(services.db, article_id)
    wanted = await links.to_look_at(services.db, article, services.now())
    if not wanted:
        return
    dead = await services.dead_links(wanted)
    await links.note(services.db, article, dead, services.now())
    log.info(Event("links.seen", article=article_id, links=len(wanted), dead=len(dead)))
