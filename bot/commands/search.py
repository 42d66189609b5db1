"""`search`: the archive as a reader searches it, with the same words."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice

from bot.commands.session import at_the_desk
from bot.log import say
from bot.model.search.query import Order
from bot.model.story.content import Mark, Text
from bot.readers.search.find import MOST_PAGES, PER_PAGE, Choice, SearchPage, SearchReader, search
from bot.settings import Settings, load_settings
from bot.store.engine.database import Database

NOTHING_ASKED = 'nothing was asked: search bridge, "new bridge", #economy, last week'


def search_archive(words: str, limit: int, *, best: bool) -> int:
    """Print the stories that readers find by the words: number, time, headline, and the place where the words stand."""
    settings = load_settings()
    choice = Choice(order=Order.BEST if best else Order.NEWEST)

    async def work(db: Database) -> int:
        reader = SearchReader(None, settings.language, settings.time_zone, datetime.now(UTC))
        found = await search(db, reader, words, choice, per_page=min(limit, MOST_PAGES * PER_PAGE))
        if found is None:
            say(NOTHING_ASKED)
            return 2
        _print(found, settings)
        return 0

    return at_the_desk(settings, work)


def _print(found: SearchPage, settings: Settings) -> None:
    for article, text in zip(found.articles, found.excerpts, strict=True):
        at = article.published_at
        say(f"{article.id:>6}  {f'{at:%Y-%m-%d %H:%M}' if at else '':<16}  {article.content.headline}")
        say(f"        {_marked(text)}")
    if not found.articles:
        say("nothing found")
    for way in islice(found.instead, 5):
        what = f"without {way.said}" if way.said else f"whatever the {way.gives_up}"
        say(f"something is found {'with no filter at all' if way.gives_up == 'all' else what}")


def _marked(text: Text) -> str:
    return "".join(f"*{run.text}*" if Mark.BOLD in run.marks else run.text for run in text)
