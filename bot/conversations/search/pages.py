"""The pages of a search: what was found, what may be looked for instead, and the choice of filters."""

from __future__ import annotations

from dataclasses import replace

from bot.conversations.language import own_name
from bot.conversations.search.filters import Held, Ways, narrowing
from bot.conversations.search.keys import REFINE, WATCH_THESE, key
from bot.conversations.visit import Visit
from bot.model.chat import ChatKind
from bot.model.message import Button, Keyboard, OutgoingMessage
from bot.model.search.query import Order
from bot.readers.search.asked import MOST_THINGS
from bot.readers.search.find import PER_PAGE, Choice, Instead, SearchPage, SearchReader, Terms, search
from bot.rendering.search import SearchHeading
from bot.rendering.text.breaks import shorten

_SAID = 30


def searcher(visit: Visit) -> SearchReader:
    """Return the visitor as somebody who searches."""
    here, bot = visit.chat, visit.services.bot
    zone = here.zone if here else bot.zone
    return SearchReader(here.id if here else None, visit.language, zone, visit.services.now(), bot.coverage)


async def found(visit: Visit, words: str, choice: Choice) -> SearchPage | None:
    """Return what is found for the visitor; None where the words ask for nothing."""
    return await search(visit.services.db, searcher(visit), words, choice)


def page(visit: Visit, shown: SearchPage, *, refine: bool = False) -> OutgoingMessage:
    """Return a page of a search, with the buttons that turn pages; with those of its filters where `refine`."""
    terms = shown.terms
    services = visit.services
    message = services.search.page(
        _heading(visit, terms),
        [
            (visit.story(article, shown.topics), text)
            for article, text in zip(shown.articles, shown.excerpts, strict=True)
        ],
        visit.readership,
        key=key(terms.choice),
        now=services.now(),
        first=terms.choice.page * PER_PAGE,
        instead=bool(shown.instead),
    )
    if refine:
        return replace(message, buttons=_filters(visit, shown))
    return replace(message, buttons=(*message.buttons, *_ways_on(visit, shown)))


def _heading(visit: Visit, terms: Terms) -> SearchHeading:
    asked = terms.asked
    chosen = asked.languages if not terms.choice.every_language else ()
    return SearchHeading(
        terms.things,
        [each.said for each in asked.unwanted],
        terms.topic.name(visit.language) if terms.topic else "",
        terms.since,
        terms.until,
        [own_name(code) for code in terms.languages] if chosen else (),
        every_language=not terms.languages and (terms.choice.every_language or bool(chosen)),
        no_topic=asked.no_topic,
        most=MOST_THINGS if asked.cut else 0,
        short=asked.short,
        best=terms.choice.order is Order.BEST,
    )


def _ways_on(visit: Visit, shown: SearchPage) -> Keyboard:
    choice = shown.terms.choice
    rows: list[tuple[Button, ...]] = []
    turns = []
    if choice.page:
        turns.append(Button(visit.label("search_back"), press=key(replace(choice, page=choice.page - 1))))
    if shown.more:
        turns.append(Button(visit.label("search_on"), press=key(replace(choice, page=choice.page + 1))))
    if turns:
        rows.append(tuple(turns))
    rows += [(_instead(visit, each),) for each in shown.instead]
    if shown.articles:
        refine = Button(visit.label("search_refine"), press=key(choice, REFINE))
        rows.append((_order(visit, shown.terms), refine) if shown.terms.things else (refine,))
    if shown.terms.things and not choice.page and visit.kind is ChatKind.PRIVATE:
        rows.append((Button(visit.label("alert_these"), press=WATCH_THESE),))
    return tuple(rows)


def _order(visit: Visit, terms: Terms) -> Button:
    other = Order.NEWEST if terms.choice.order is Order.BEST else Order.BEST
    return Button(
        visit.label("search_order", best=other is Order.BEST),
        press=key(replace(terms.choice, page=0, order=other)),
    )


def _instead(visit: Visit, way: Instead) -> Button:
    label = visit.label("search_instead", gives_up=way.gives_up, said=shorten(way.said, _SAID))
    return Button(label, press=key(replace(way.choice, page=0)))


def _filters(visit: Visit, shown: SearchPage) -> Keyboard:
    terms = shown.terms
    choice = replace(terms.choice, page=0)
    held = Held(
        0 if terms.since is None and terms.until is None else choice.days,
        terms.topic.id if terms.topic else 0,
        choice.every_language,
        bool(terms.languages),
    )
    ways = Ways(
        lambda days: key(replace(choice, days=days)),
        lambda topic_id: key(replace(choice, topic_id=topic_id)),
        lambda every: key(replace(choice, every_language=every)),
        key(terms.choice),
    )
    return narrowing(visit, shown.topics, held, ways)
