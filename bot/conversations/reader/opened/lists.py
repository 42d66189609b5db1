"""The lists that stories are opened from, as the presses name them: what stands in each now, in its order.

A key is a press's data without its verb: `latest:<topic>:<how many>` and more (`reader/latest/keys.py`),
`search:<page>:<order>` and more (`search/keys.py`), `digest:<id>`, `more:<digest>:<topic>:<page>`, `saved:<page>`. The
words of a search stand in the message that its page answers, and the story that was opened in the page's place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aiogram.types import CallbackQuery

from bot.conversations.reader.latest.keys import LATEST, wanted_of
from bot.conversations.reader.latest.keys import key as latest_key
from bot.conversations.search.keys import FIND, SEARCH, choice_of, words_asked
from bot.conversations.search.keys import key as search_key
from bot.conversations.search.pages import searcher
from bot.conversations.visit import Visit
from bot.model.errors import Refusal
from bot.model.press import unpack
from bot.model.story.digest import USUAL_SIZE, Section
from bot.readers import digests, latest, saved
from bot.readers.search import find
from bot.readers.walk import Stop, stops_of


@dataclass(frozen=True, slots=True)
class Place:
    """A story's place in a list: the stop, and the key of the page that it stands on."""

    stop: Stop
    key: str


async def places(visit: Visit, press: CallbackQuery, key: str) -> list[Place]:
    """Return the stories of a list. None are in one that is nobody's, another chat's, or no list at all.

    Of a long list these are the stories of the page that the key names, and of those beside that.
    """
    said = unpack(key)
    try:
        if said.verb == LATEST:
            found = await latest.stops(visit.services.db, searcher(visit), wanted_of(key))
            return [Place(stop, latest_key(wanted)) for stop, wanted in found]
        if said.verb in (SEARCH, FIND):
            words, choice = words_asked(press), choice_of(key)
            turned = await find.stops(visit.services.db, searcher(visit), words, choice)
            return [Place(stop, search_key(choice)) for stop, choice in turned]
        if said.verb in ("digest", "more"):
            return _all(await _in_digest(visit, key), key)
        if said.verb == "saved" and visit.chat is not None:
            return _all(await saved.stops(visit.services.db, visit.chat.id), key)
    except Refusal:
        # The story itself can be read, whatever became of the list.
        return []
    return []


def key_of(found: Iterable[Place], stop: Stop, key: str) -> str:
    """Return the key of the page that a stop stands on; `key` where it stands on none."""
    return next((each.key for each in found if each.stop.id == stop.id), key)


def _all(stops: Sequence[Stop], key: str) -> list[Place]:
    return [Place(stop, key) for stop in stops]


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
