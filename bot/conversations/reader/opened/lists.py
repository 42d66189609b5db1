"""The lists that stories are opened from, as the presses name them: what stands in each now, in its order.

A key is a press's data without its verb: `latest:<topic>:<how many>`, `digest:<id>`,
`more:<digest>:<topic>:<page>`, `saved:<page>`. What was found by words is not walked through: it may be long.
"""

from __future__ import annotations

from bot.conversations.visit import Visit
from bot.model.errors import Refusal
from bot.model.press import unpack
from bot.model.story.digest import USUAL_SIZE, Section
from bot.readers import digests, saved, stories
from bot.readers.stories import MOST, USUAL, Listing
from bot.readers.walk import Stop, stops_of


async def stops(visit: Visit, key: str) -> list[Stop]:
    """Return the stories of a list. None are in one that is nobody's, another chat's, or no list at all."""
    said = unpack(key)
    try:
        if said.verb == "latest":
            return stops_of((await latest(visit, key)).articles)
        if said.verb in ("digest", "more"):
            return await _in_digest(visit, key)
        if said.verb == "saved" and visit.chat is not None:
            return await saved.stops(visit.services.db, visit.chat.id)
    except Refusal:
        # The story itself can be read, whatever became of the list.
        return []
    return []


async def latest(visit: Visit, key: str) -> Listing:
    """Return the latest stories that a key names."""
    said = unpack(key)
    limit = max(1, min(MOST, said.number(1) or USUAL))
    here = visit.chat.id if visit.chat else None
    topic_id = said.number(0) or None
    services = visit.services
    return await stories.latest(
        services.db, here, topic_id, limit, language=visit.language, now=services.now()
    )


async def _in_digest(visit: Visit, key: str) -> list[Stop]:
    said = unpack(key)
    number = said.number(0)
    if number is None or visit.chat is None:
        return []
    told, _ = await digests.read(visit.services.db, visit.chat.id, number)
    if said.verb == "more":
        found = [each.articles for each in told.sections if (each.topic_id or 0) == (said.number(1) or 0)]
    else:
        size = visit.chat.digest_size or USUAL_SIZE
        found = [
            each.articles if _picked(each, told.picked) else each.articles[:size] for each in told.sections
        ]
    return stops_of(article for articles in found for article in articles)


def _picked(section: Section, picked: bool) -> bool:
    return picked and section.topic_id is None
