"""The pages of a story's topics and languages, as buttons with the state in place."""

from __future__ import annotations

from collections.abc import Iterable

from bot.conversations.access import role_of
from bot.conversations.language import own_name
from bot.conversations.visit import Visit
from bot.desk import lookup
from bot.model.desk.title import head
from bot.model.languages import primary
from bot.model.message import Button, Keyboard, OutgoingMessage
from bot.model.newsroom.role import Right
from bot.model.press import pack
from bot.model.story.article import Article
from bot.readers import settings, topics
from bot.tongues import codes

CHOSEN, OPEN, BELOW = "✅", "▫️", "›"
PER_PAGE, PER_ROW = 20, 2

OWN = "own"
"""Stands for readers of the story's own language, whichever that is."""


async def topics_page(visit: Visit, article_id: int, above: int | None, page: int) -> OutgoingMessage:
    """Return a page (from 0) of the topics right below `above`, or of the top ones, the story's own marked.

    What the editor's right does not hold for is shown disabled.
    """
    services = visit.services
    article = await lookup.get(services.db, article_id)
    known, role = await topics.all_topics(services.db), await role_of(services, visit.user_id)
    above = above if above in known.by_id else None
    every = known.children(above)
    page = max(0, min(page, (len(every) - 1) // PER_PAGE))
    shown = every[page * PER_PAGE : (page + 1) * PER_PAGE]
    checks, inner = [], []
    for topic in shown:
        name = topic.name(visit.language)
        mark = CHOSEN if topic.id in article.topic_ids else OPEN
        press = _press(article, "topic", topic.id, page)
        allowed = role.may(Right.WRITE, topic.id)
        checks.append(Button(f"{mark} {name}", press=press, disabled=not allowed))
        if known.children(topic.id):
            inner.append(Button(f"{name} {BELOW}", press=_press(article, "topics", topic.id, 0)))
    turns = [
        Button(visit.label(name, page=at + 1), press=_press(article, "topics", above or 0, at))
        for name, at in (("page_before", page - 1), ("page_after", page + 1))
        if 0 <= at * PER_PAGE < len(every)
    ]
    up = _press(article, "topics", known.by_id[above].parent_id or 0, 0) if above else _press(article, "page")
    path = " › ".join(known.names(reversed(known.chain(above)), visit.language)) if above else ""
    text = visit.say(
        "desk_topics",
        headline=head(article.id, article.content.headline),
        path=path,
        topics=known.names(article.topic_ids, visit.language),
    )
    rows = (*_grid(checks), *_grid(inner), *_grid(turns), (Button(visit.label("back"), press=up),))
    return OutgoingMessage(text, buttons=rows)


async def language_page(visit: Visit, article_id: int) -> OutgoingMessage:
    """Return the languages that the story can be in."""
    article = await lookup.get(visit.services.db, article_id)
    offered = await languages_offered(visit, article)
    rows = [
        (_marked(article, own_name(code), "lang", code, chosen=code == article.content.language),)
        for code in offered
    ]
    text = visit.say("desk_language", headline=head(article.id, article.content.headline))
    return OutgoingMessage(text, buttons=(*rows, _back(visit, article)))


async def readers_page(visit: Visit, article_id: int) -> OutgoingMessage:
    """Return the languages whose readers can get the story; none marked: those of the story's own."""
    article = await lookup.get(visit.services.db, article_id)
    own = _marked(article, visit.label("own_language"), "for", OWN, chosen=not article.languages)
    rows = [
        (_marked(article, own_name(code), "for", code, chosen=code in article.languages),)
        for code in await languages_offered(visit, article)
    ]
    text = visit.say("desk_readers", headline=head(article.id, article.content.headline))
    return OutgoingMessage(text, buttons=((own,), *rows, _back(visit, article)))


async def languages_offered(visit: Visit, article: Article) -> list[str]:
    """Return the codes of the languages that a story can be in: the bot's, those of the news, and the story's own."""
    told = await settings.news_told(visit.services.db, codes())
    own = (primary(article.content.language),) if article.content.language else ()
    return list(dict.fromkeys((*told, *own, *article.languages)))


def _marked(article: Article, name: str, verb: str, word: str, *, chosen: bool) -> Button:
    return Button(f"{CHOSEN if chosen else OPEN} {name}", press=_press(article, verb, word))


def _press(article: Article, verb: str, *args: object) -> str:
    return pack("edit", verb, article.id, article.revision, *args)


def _back(visit: Visit, article: Article) -> tuple[Button, ...]:
    return (Button(visit.label("back"), press=_press(article, "page")),)


def _grid(buttons: Iterable[Button]) -> Keyboard:
    every = tuple(buttons)
    return tuple(every[at : at + PER_ROW] for at in range(0, len(every), PER_ROW))
