"""The pages of /latest, with the buttons that turn them and that narrow them down."""

from __future__ import annotations

from dataclasses import replace

from bot.conversations.language import own_name
from bot.conversations.reader.latest.keys import LIST, NARROW, key
from bot.conversations.search.filters import PERIODS, Held, Ways, narrowing
from bot.conversations.search.pages import searcher
from bot.conversations.visit import Visit
from bot.model.message import Button, Keyboard, OutgoingMessage
from bot.model.press import pack
from bot.readers.latest import EVERY_TOPIC, Listing, Wanted, earliest
from bot.readers.search.filters import ALL
from bot.rendering.story_list import Narrowed


def page(visit: Visit, found: Listing, *, narrow: bool = False) -> OutgoingMessage:
    """Return a page of the latest, with the buttons that turn it; with those that narrow it down where `narrow`."""
    wanted = found.wanted
    languages = [own_name(code) for code in wanted.languages] if wanted.languages != ALL else []
    narrowed = Narrowed("", wanted.since, wanted.until, languages, wanted.languages == ALL)
    message = visit.services.digests.latest(
        [visit.story(each, found.topics) for each in found.articles],
        visit.readership,
        title_topic=found.topic.name(visit.language) if found.topic else None,
        narrowed=narrowed if wanted.narrowed or wanted.topic_id is not None else None,
        first=wanted.page * wanted.limit,
        instead=bool(found.instead),
        key=key(wanted),
        now=visit.services.now(),
    )
    if narrow:
        return replace(message, buttons=_filters(visit, found))
    return replace(message, buttons=(*message.buttons, *_ways_on(visit, found)))


def _ways_on(visit: Visit, found: Listing) -> Keyboard:
    wanted = found.wanted
    turns = []
    if wanted.page:
        turns.append(_button(visit.label("search_back"), replace(wanted, page=wanted.page - 1)))
    if found.more:
        turns.append(_button(visit.label("search_on"), replace(wanted, page=wanted.page + 1)))
    rows = [tuple(turns)] if turns else []
    rows += [
        (_button(visit.label("search_instead", gives_up=gives_up), way),) for gives_up, way in found.instead
    ]
    if found.articles:
        rows.append((Button(visit.label("search_refine"), press=pack(NARROW, key(wanted))),))
    return tuple(rows)


def _filters(visit: Visit, found: Listing) -> Keyboard:
    wanted, reader = replace(found.wanted, page=0), searcher(visit)
    begins = {days: earliest(reader, days) if days else None for days in PERIODS}
    held = next((days for days, day in begins.items() if (wanted.since, wanted.until) == (day, None)), None)
    own = wanted.topic_id is None
    ways = Ways(
        lambda days: _press(replace(wanted, since=begins[days], until=None)),
        lambda topic_id: _press(replace(wanted, topic_id=topic_id or EVERY_TOPIC)),
        lambda every: _press(replace(wanted, languages=ALL if every else ())),
        _press(found.wanted),
    )
    # What a chat follows is neither one topic nor all of them.
    topic_id = found.topic.id if found.topic else -1 if own else 0
    return narrowing(
        visit, found.topics, Held(held, topic_id, wanted.languages == ALL, bool(found.languages)), ways
    )


def _button(label: str, to: Wanted) -> Button:
    return Button(label, press=_press(to))


def _press(to: Wanted) -> str:
    return pack(LIST, key(to))
